import type { DefaultTexts } from "./texts.ts";

export const de: DefaultTexts = {
  sms: "${OTPFMT} ist Ihr Code für ${from}, ${ttlMinutes} Min. gültig. Geben Sie ihn niemandem, der Sie anruft oder Ihnen schreibt.",
  smsBinding:
    "${OTPFMT} ist Ihr Code für ${from} zur Freigabe von: ${binding}. ${ttlMinutes} Min. gültig. Stimmt das nicht, verwenden Sie den Code nicht.",
  proof: "Wir nennen Ihnen: ${words}.",
  voice:
    "Guten Tag, hier ist ${from}. Ihr Code lautet: ${OTPFMT}. Ich wiederhole, Ihr Code lautet: ${OTPFMT}. Noch einmal: ${OTPFMT}. Geben Sie diesen Code niemandem, der Sie anruft. Auf Wiederhören.",
  voiceBinding:
    "Guten Tag, hier ist ${from}. Ihr Code zur Freigabe von: ${binding}, lautet: ${OTPFMT}. Ich wiederhole, Ihr Code lautet: ${OTPFMT}. Noch einmal: ${OTPFMT}. Stimmt das nicht, verwenden Sie den Code nicht. Auf Wiederhören.",
  voiceInvitation: "Guten Tag, hier ist ${from}. Um Ihren Code zu hören, drücken Sie bitte die 1.",
  voiceSsml: `<voice name="de-de-female" loop="2" loop-info="Ich wiederhole">
  Ihr Bestätigungscode lautet: <break strength="medium" />
  <prosody rate="x-slow">
    <say-as interpret-as="number_digit">\${OTPFMTSSML}</say-as>
  </prosody>
</voice>`,
  emailSubject: "Ihr Bestätigungscode für ${from}",
  email: `\${OTPFMT} ist Ihr Bestätigungscode für \${from}.

Er ist \${ttlMinutes} Min. gültig. Geben Sie ihn nur dort ein oder nennen Sie ihn nur dort, wo Sie ihn selbst angefordert haben.
Geben Sie ihn nicht weiter: Niemand von \${from} wird Sie jemals anrufen oder Ihnen schreiben, um nach diesem Code zu fragen.

Falls Sie keinen Code angefordert haben, können Sie diese Nachricht ignorieren.
`,
  emailBinding: `\${OTPFMT} ist Ihr Code für \${from} zur Freigabe von:

\${binding}

Er ist \${ttlMinutes} Min. und nur dafür gültig. Geben Sie ihn nur dort ein oder nennen Sie ihn nur dort, wo Sie ihn selbst angefordert haben.
Geben Sie ihn nicht weiter: Niemand von \${from} wird Sie jemals anrufen oder Ihnen schreiben, um nach diesem Code zu fragen.

Wenn Sie das nicht angefordert haben, verwenden Sie den Code nicht.
`,
};
