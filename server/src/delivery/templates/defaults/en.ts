import type { DefaultTexts } from "./texts.ts";

export const en: DefaultTexts = {
  sms: "${OTPFMT} is your ${from} code, valid for ${ttlMinutes} min. Never give it to anyone who calls or writes to you.",
  smsBinding:
    "${OTPFMT} is your ${from} code to approve: ${binding}. Valid for ${ttlMinutes} min. If this is not what you asked for, do not use it.",
  proof: "Our agent will say: ${words}.",
  voice:
    "Hello, this is ${from}. Your code is: ${OTPFMT}. I repeat, your code is: ${OTPFMT}. Once more: ${OTPFMT}. Never give this code to anyone who calls you. Goodbye.",
  voiceBinding:
    "Hello, this is ${from}. Your code to approve: ${binding}, is: ${OTPFMT}. I repeat, your code is: ${OTPFMT}. Once more: ${OTPFMT}. If this is not what you asked for, do not use the code. Goodbye.",
  voiceInvitation: "Hello, this is ${from}. To hear your code, press 1.",
  voiceSsml: `<voice name="en-us-female" loop="2" loop-info="I repeat">
  Your verification code is: <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Your ${from} verification code",
  email: `\${OTPFMT} is your \${from} verification code.

It is valid for \${ttlMinutes} min. Enter it, or say it, only where you asked for it yourself.
Do not share it: nobody from \${from} will ever call or write to you to ask for this code.

If you did not ask for it, you can ignore this message.
`,
  emailBinding: `\${OTPFMT} is your \${from} code to approve:

\${binding}

It is valid for \${ttlMinutes} min and for nothing else. Enter it, or say it, only where you asked for it yourself.
Do not share it: nobody from \${from} will ever call or write to you to ask for this code.

If this is not what you asked for, do not use the code.
`,
};
