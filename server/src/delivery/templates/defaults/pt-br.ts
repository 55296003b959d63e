import type { DefaultTexts } from "./texts.ts";

/** The SMS says “token”: “código”, “não” and “você” hold letters outside GSM-7 and would cost a second segment. */
export const ptBr: DefaultTexts = {
  sms: "${OTPFMT} é o seu token ${from}. Expira em ${ttlMinutes} min. Nunca informe o token a quem ligar ou mandar mensagem.",
  smsBinding:
    "${OTPFMT} é o seu token ${from} para autorizar: ${binding}. Expira em ${ttlMinutes} min. Se isso estiver errado, ignore esta mensagem.",
  proof: "Vamos dizer: ${words}.",
  voice:
    "Olá, aqui é ${from}. Seu código é: ${OTPFMT}. Repito, seu código é: ${OTPFMT}. Mais uma vez: ${OTPFMT}. Nunca informe este código a quem ligar para você. Até logo.",
  voiceBinding:
    "Olá, aqui é ${from}. Seu código para autorizar: ${binding}, é: ${OTPFMT}. Repito, seu código é: ${OTPFMT}. Mais uma vez: ${OTPFMT}. Se você não pediu isso, não use o código. Até logo.",
  voiceInvitation: "Olá, aqui é ${from}. Para ouvir seu código, tecle 1.",
  voiceSsml: `<voice name="pt-br-female" loop="2" loop-info="Repito">
  Seu código de verificação é: <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Seu código de verificação ${from}",
  email: `\${OTPFMT} é o seu código de verificação \${from}.

Ele expira em \${ttlMinutes} min. Digite ou fale o código somente onde você mesmo o solicitou.
Não o compartilhe: ninguém de \${from} vai ligar ou escrever para você pedindo este código.

Se você não solicitou um código, pode ignorar esta mensagem.
`,
  emailBinding: `\${OTPFMT} é o seu código \${from} para autorizar:

\${binding}

Ele expira em \${ttlMinutes} min e vale somente para isso. Digite ou fale o código somente onde você mesmo o solicitou.
Não o compartilhe: ninguém de \${from} vai ligar ou escrever para você pedindo este código.

Se você não pediu isso, não use o código.
`,
};
