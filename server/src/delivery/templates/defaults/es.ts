import type { DefaultTexts } from "./texts.ts";

/** The SMS says «clave»: «código» holds a letter outside GSM-7 and would cost a second segment. */
export const es: DefaultTexts = {
  sms: "${OTPFMT} es su clave de ${from}. Vence en ${ttlMinutes} min. Nunca se la dé a quien le llame o le escriba.",
  smsBinding:
    "${OTPFMT} es su clave de ${from} para autorizar: ${binding}. Vence en ${ttlMinutes} min. Si no es lo que ha pedido, no la use.",
  proof: "Le diremos: ${words}.",
  voice:
    "Hola, le llamamos de ${from}. Su código es: ${OTPFMT}. Repito, su código es: ${OTPFMT}. Una vez más: ${OTPFMT}. No dé nunca este código a nadie que le llame. Adiós.",
  voiceBinding:
    "Hola, le llamamos de ${from}. Su código para autorizar: ${binding}, es: ${OTPFMT}. Repito, su código es: ${OTPFMT}. Una vez más: ${OTPFMT}. Si no es lo que ha pedido, no use el código. Adiós.",
  voiceInvitation: "Hola, le llamamos de ${from}. Para escuchar su código, pulse 1.",
  voiceSsml: `<voice name="es-es-female" loop="2" loop-info="Repito">
  Su código de verificación es: <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Su código de verificación de ${from}",
  email: `\${OTPFMT} es su código de verificación de \${from}.

Vence en \${ttlMinutes} min. Introdúzcalo o dígalo solo donde usted mismo lo ha pedido.
No lo comparta: nadie de \${from} le llamará ni le escribirá nunca para pedirle este código.

Si no ha pedido ningún código, puede ignorar este mensaje.
`,
  emailBinding: `\${OTPFMT} es su código de \${from} para autorizar:

\${binding}

Vence en \${ttlMinutes} min y no sirve para nada más. Introdúzcalo o dígalo solo donde usted mismo lo ha pedido.
No lo comparta: nadie de \${from} le llamará ni le escribirá nunca para pedirle este código.

Si no es lo que ha pedido, no use el código.
`,
};
