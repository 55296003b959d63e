import type { DefaultTexts } from "./texts.ts";

export const fr: DefaultTexts = {
  sms: "${OTPFMT} est votre code ${from}, valable ${ttlMinutes} min. Ne le donnez jamais à une personne qui vous appelle ou vous écrit.",
  smsBinding:
    "${OTPFMT} est votre code ${from} pour approuver : ${binding}. Valable ${ttlMinutes} min. Si ce n'est pas votre demande, ne l'utilisez pas.",
  proof: "Nous vous dirons: ${words}.",
  voice:
    "Bonjour, ici ${from}. Votre code est : ${OTPFMT}. Je répète, votre code est : ${OTPFMT}. Encore une fois : ${OTPFMT}. Ne donnez jamais ce code à une personne qui vous appelle. Au revoir.",
  voiceBinding:
    "Bonjour, ici ${from}. Votre code pour approuver : ${binding}, est : ${OTPFMT}. Je répète, votre code est : ${OTPFMT}. Encore une fois : ${OTPFMT}. Si ce n'est pas votre demande, n'utilisez pas ce code. Au revoir.",
  voiceInvitation: "Bonjour, ici ${from}. Pour entendre votre code, appuyez sur la touche 1.",
  voiceSsml: `<voice name="fr-fr-female" loop="2" loop-info="Je répète">
  Votre code de vérification est : <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Votre code de vérification ${from}",
  email: `\${OTPFMT} est votre code de vérification \${from}.

Il est valable \${ttlMinutes} min. Saisissez-le ou dites-le uniquement là où vous l'avez vous-même demandé.
Ne le communiquez à personne : \${from} ne vous appellera et ne vous écrira jamais pour vous demander ce code.

Si vous n'avez pas demandé de code, vous pouvez ignorer ce message.
`,
  emailBinding: `\${OTPFMT} est votre code \${from} pour approuver :

\${binding}

Il est valable \${ttlMinutes} min, et uniquement pour cela. Saisissez-le ou dites-le uniquement là où vous l'avez vous-même demandé.
Ne le communiquez à personne : \${from} ne vous appellera et ne vous écrira jamais pour vous demander ce code.

Si ce n'est pas votre demande, n'utilisez pas ce code.
`,
};
