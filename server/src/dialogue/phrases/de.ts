import {
  byManner,
  counted,
  endingOf,
  given,
  keyOf,
  mailboxOf,
  menuLines,
  nameOf,
  say,
  type Wanting,
} from "./compose.ts";
import type { PhraseSet, PhraseValues } from "./phrase.ts";

export const german: PhraseSet = {
  phrases: {
    intro: () => say`Zu Ihrer Sicherheit bestätigen Sie bitte, dass Sie es sind.`,
    menu: (values) => say`Wie möchten Sie bestätigen, dass Sie es sind? ${lines(values)}`,
    "menu.invalid": () => say`Diese Auswahl gibt es leider nicht.`,
    "sent.email": (values) =>
      say`Wir haben Ihnen ${code(values)} per E-Mail geschickt${given(mailbox(values.masked), (address) => say`,${address}`)}.`,
    "sent.sms": (values) =>
      say`Wir haben Ihnen ${code(values)} per SMS geschickt${given(number(values.masked), (ending) => say`,${ending}`)}.`,
    "sent.voice": (values) =>
      say`Wir rufen Sie mit ${values.code === "new" ? "einem neuen" : "einem"} Code an${given(endingOf(values.masked), (ending) => say`, unter der Nummer mit der Endung ${ending}`)}.`,
    enter: (values) =>
      say`Bitte ${enter(values)} Sie den ${given(values.digits, (digits) => `${digits}-stelligen `)}Code${particle(values)}.`,
    "enter.again": (values) => say`${again(values)}`,
    "enter.authenticator": (values) =>
      say`Bitte öffnen Sie ${app(values)} und ${enter(values)} Sie den angezeigten Code${particle(values)}.`,
    wrong: (values) => say`Dieser Code stimmt nicht.${left(values)}`,
    "wrong.last": () => say`Dieser Code stimmt nicht. Sie haben noch einen Versuch.`,
    "wrong.length": (values) => say`Der Code hat ${digits(values)}.`,
    expired: () => say`Dieser Code ist abgelaufen.`,
    resent: () => say`Frühere Codes gelten nicht mehr.`,
    replaced: () => say`Dieser Code stimmt nicht und gilt nicht mehr.`,
    noinput: () => say`Wir haben leider nichts gehört.`,
    nomatch: () => say`Das haben wir leider nicht verstanden.`,
    success: () => say`Vielen Dank. Das ist bestätigt.`,
    "success.earlier": () => say`Vielen Dank. Sie haben schon bestätigt, dass Sie es sind.`,
    exceeded: () => say`Wir konnten leider nicht bestätigen, dass Sie es sind.`,
    "method.none": () => say`Wir können Ihnen leider keinen Code schicken.`,
    "method.only": () => say`Einen anderen Weg gibt es im Moment leider nicht.`,
    error: () => say`Bei uns ist leider etwas schiefgegangen.`,
    help: (values) =>
      byManner(values, {
        keys: say`Für einen anderen Weg drücken Sie Stern. Zum Wiederholen drücken Sie Stern und ${keyOf("1")}. Für einen neuen Code drücken Sie Stern und ${keyOf("2")}.`,
        speech: spoken,
        either: spoken,
        text: say`Sie können schreiben: noch einmal, neuer Code, anderer Weg, Mitarbeiter oder abbrechen.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Bitte drücken Sie die Taste Ihrer Wahl. Um die Auswahl noch einmal zu hören, drücken Sie Stern und ${keyOf("1")}.`,
        speech: say`Bitte sagen Sie den Namen oder die Nummer Ihrer Wahl. Sie können auch sagen: noch einmal, Mitarbeiter oder abbrechen.`,
        either: say`Bitte sagen Sie Ihre Wahl oder drücken Sie die Taste. Sie können auch sagen: noch einmal, Mitarbeiter oder abbrechen.`,
        text: say`Bitte schreiben Sie den Namen oder die Nummer Ihrer Wahl. Sie können auch schreiben: Mitarbeiter oder abbrechen.`,
      }),
    canceled: () => say`In Ordnung, das ist abgebrochen.`,
    agent: () => say`Einen Moment bitte. Es hilft Ihnen gleich jemand weiter.`,
    "delivery.failed": () => say`Die Nachricht konnte leider nicht gesendet werden.`,
    delayed: () => say`Die Nachricht braucht länger als gewöhnlich. Bitte warten Sie einen Moment.`,
    slower: () => say`Gerne, etwas langsamer.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`So erkennen Sie uns: In unserer Nachricht stehen die Wörter ${words}.`,
    goodbye: () => say`Auf Wiederhören.`,
  },
  methods: {
    sms: ({ masked }) => say`SMS${number(masked)}`,
    voice: ({ masked }) => say`Anruf${number(masked)}`,
    email: ({ masked }) =>
      say`E-Mail${given(mailboxOf(masked), ({ letter, domain }) => ` an ${letter ?? ""}… bei ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Authenticator-App"}`,
    external: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Authenticator-App"}`,
    passkey: () => say`Passkey`,
    recovery_code: () => say`Wiederherstellungscode`,
  },
};

const spoken = say`Sie können sagen: noch einmal, langsamer, neuer Code, anderer Weg, Mitarbeiter oder abbrechen.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` an die Nummer mit der Endung ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined
      ? ` an Ihre Adresse bei ${domain}`
      : ` an Ihre Adresse bei ${domain}, die mit ${letter} beginnt`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`Für eine SMS${number(masked)}`,
  voice: (masked) => say`Für einen Anruf${number(masked)}`,
  email: (masked) => say`Für eine E-Mail${given(mailbox(masked), (address) => say`${address},`)}`,
  totp: (_, values) => say`Für ${app(values)}`,
  external: (_, values) => say`Für ${app(values)}`,
  passkey: () => say`Für Ihren Passkey`,
  recovery_code: () => say`Für einen Wiederherstellungscode`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, {
    keys: "drücken Sie die",
    speech: "sagen Sie",
    either: "drücken oder sagen Sie",
    text: "schreiben Sie",
  });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted} ${press} ${key}.`,
    (label) => say`Für ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "Ihre Authenticator-App";
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "einen neuen Code" : "einen Code";
}

/** The verb before "Sie"; what it leaves for the end of the sentence is the particle. */
function enter(values: PhraseValues): string {
  return byManner(values, { keys: "geben", speech: "sagen", either: "sagen", text: "geben" });
}

function particle(values: PhraseValues): string {
  return byManner(values, { keys: " ein", speech: "", either: " oder geben Sie ihn ein", text: " ein" });
}

function again(values: PhraseValues): string {
  return byManner(values, {
    keys: "Bitte geben Sie den Code noch einmal ein.",
    speech: "Bitte sagen Sie den Code noch einmal.",
    either: "Bitte sagen Sie den Code noch einmal oder geben Sie ihn ein.",
    text: "Bitte geben Sie den Code noch einmal ein.",
  });
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("de", attemptsLeft, {
    one: " Sie haben noch # Versuch.",
    other: " Sie haben noch # Versuche.",
  });
}

function digits({ digits }: PhraseValues): string {
  return counted("de", digits, { one: "# Ziffer", other: "# Ziffern" }) ?? "mehr Ziffern";
}
