import type { DefaultTexts } from "./texts.ts";

export const it: DefaultTexts = {
  sms: "${OTPFMT} è il suo codice ${from}, valido ${ttlMinutes} min. Non lo comunichi mai a chi la chiama o le scrive.",
  smsBinding:
    "${OTPFMT} è il suo codice ${from} per autorizzare: ${binding}. Valido ${ttlMinutes} min. Se non lo ha richiesto, non lo usi.",
  proof: "Le diremo: ${words}.",
  voice:
    "Buongiorno, la chiamiamo da ${from}. Il suo codice è: ${OTPFMT}. Ripeto, il suo codice è: ${OTPFMT}. Ancora una volta: ${OTPFMT}. Non comunichi mai questo codice a chi la chiama. Arrivederci.",
  voiceBinding:
    "Buongiorno, la chiamiamo da ${from}. Il suo codice per autorizzare: ${binding}, è: ${OTPFMT}. Ripeto, il suo codice è: ${OTPFMT}. Ancora una volta: ${OTPFMT}. Se non lo ha richiesto, non usi il codice. Arrivederci.",
  voiceInvitation: "Buongiorno, la chiamiamo da ${from}. Per ascoltare il suo codice, prema 1.",
  voiceSsml: `<voice name="it-it-female" loop="2" loop-info="Ripeto">
  Il suo codice di verifica è: <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Il suo codice di verifica ${from}",
  email: `\${OTPFMT} è il suo codice di verifica \${from}.

È valido \${ttlMinutes} min. Lo inserisca o lo pronunci solo dove lo ha richiesto personalmente.
Non lo condivida: nessuno di \${from} la chiamerà o le scriverà mai per chiederle questo codice.

Se non ha richiesto alcun codice, può ignorare questo messaggio.
`,
  emailBinding: `\${OTPFMT} è il suo codice \${from} per autorizzare:

\${binding}

È valido \${ttlMinutes} min e solo per questo. Lo inserisca o lo pronunci solo dove lo ha richiesto personalmente.
Non lo condivida: nessuno di \${from} la chiamerà o le scriverà mai per chiederle questo codice.

Se non lo ha richiesto, non usi il codice.
`,
};
