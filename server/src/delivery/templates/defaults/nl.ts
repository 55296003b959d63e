import type { DefaultTexts } from "./texts.ts";

export const nl: DefaultTexts = {
  sms: "${OTPFMT} is uw code voor ${from}, ${ttlMinutes} min. geldig. Geef de code nooit aan iemand die u belt of een bericht stuurt.",
  smsBinding:
    "${OTPFMT} is uw code voor ${from} ter goedkeuring van: ${binding}. ${ttlMinutes} min. geldig. Klopt dit niet, gebruik de code dan niet.",
  proof: "Wij noemen u: ${words}.",
  voice:
    "Goedendag, dit is ${from}. Uw code is: ${OTPFMT}. Ik herhaal, uw code is: ${OTPFMT}. Nog een keer: ${OTPFMT}. Geef deze code nooit aan iemand die u belt. Tot ziens.",
  voiceBinding:
    "Goedendag, dit is ${from}. Uw code ter goedkeuring van: ${binding}, is: ${OTPFMT}. Ik herhaal, uw code is: ${OTPFMT}. Nog een keer: ${OTPFMT}. Klopt dit niet, gebruik de code dan niet. Tot ziens.",
  voiceInvitation: "Goedendag, dit is ${from}. Om uw code te horen, toets 1.",
  voiceSsml: `<voice name="nl-nl-female" loop="2" loop-info="Ik herhaal">
  Uw verificatiecode is: <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Uw verificatiecode voor ${from}",
  email: `\${OTPFMT} is uw verificatiecode voor \${from}.

De code is \${ttlMinutes} min. geldig. Voer de code alleen in, of noem hem alleen, waar u er zelf om hebt gevraagd.
Deel de code met niemand: niemand van \${from} zal u ooit bellen of schrijven om naar deze code te vragen.

Hebt u geen code aangevraagd, dan kunt u dit bericht negeren.
`,
  emailBinding: `\${OTPFMT} is uw code voor \${from} ter goedkeuring van:

\${binding}

De code is \${ttlMinutes} min. en alleen hiervoor geldig. Voer de code alleen in, of noem hem alleen, waar u er zelf om hebt gevraagd.
Deel de code met niemand: niemand van \${from} zal u ooit bellen of schrijven om naar deze code te vragen.

Hebt u hier niet om gevraagd, gebruik de code dan niet.
`,
};
