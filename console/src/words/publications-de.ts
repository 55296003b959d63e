import type { Words } from "./words.ts";

/** Die Seiten über Apps und ihre Veröffentlichungen. */
export const publications: Words["publications"] = {
  title: "Veröffentlichungen",
  text: "Ihre Apps, und die Kanäle, auf denen man sie erreicht. Jede Veröffentlichung hat eine Adresse für die Plattform ihres Kanals.",
  empty: "Es gibt noch keine App.",
  emptyHelp:
    "Eine App ist, was Sie schützen: ein Dienst, ein Telefonmenü, ein Assistent. Fügen Sie eine hinzu und veröffentlichen Sie sie auf einem Kanal.",
  none: "Diese App ist noch auf keinem Kanal.",
  publish: "Auf einem Kanal veröffentlichen",
  mfa: { on: "Fragt nach einem Code", off: "Fragt nach keinem Code" },
  copyUrl: "Adresse kopieren",
  app: {
    title: "App hinzufügen",
    name: "Bezeichnung der App",
    action: "Hinzufügen",
    remove: {
      action: "App entfernen",
      sure: (name) =>
        `Die App ${name} endgültig entfernen? Zuerst müssen ihre Veröffentlichungen entfernt sein.`,
      really: "Ja, entfernen",
      keep: "Behalten",
    },
  },
  form: {
    create: "Neue Veröffentlichung",
    title: "Einstellungen",
    name: "Bezeichnung",
    channel: "Kanal",
    channelHelp: "Er bleibt, wie er ist, sobald es die Veröffentlichung gibt.",
    mfa: "Menschen müssen nachweisen, wer sie sind",
    mfaHelp: "Solange das aus ist, antworten die meisten Kanäle, als gäbe es die Veröffentlichung nicht.",
    settings: (channel) => `Einstellungen des Kanals: ${channel}`,
    noSettings: "Dieser Kanal hat keine Einstellungen.",
    policy: "Richtlinie",
    policyHelp:
      "Leer: wie App und Organisation es sagen. Eine Veröffentlichung kann nur strenger sein. Andere Einstellungen der Richtlinie bleiben, wie sie sind.",
    save: "Speichern",
    add: "Veröffentlichen",
    saved: "Gespeichert. Es gilt ab dem nächsten Dialog.",
    cancel: "Abbrechen",
  },
  policy: {
    codeTtlSeconds: "Gültigkeit eines Codes, in Sekunden",
    maxAttempts: "Antworten je Prüfung",
    maxSends: "Nachrichten je Prüfung",
    codeLength: "Stellen eines Codes",
  },
  connect: {
    title: "So wird verbunden",
    address: "Adresse",
    noAddress:
      "Anwendungen starten ihre Prüfungen über die API: POST /v1/verifications mit einem Schlüssel dieser App.",
    more: "Alles über diesen Kanal steht in der Dokumentation:",
    channels: {
      voicexml:
        "Rufen Sie die Adresse als Unterdialog Ihres VoiceXML-Ablaufs auf, mit POST und dem Schlüssel dahinter als ?key=.",
      twiml:
        "Tragen Sie die Adresse bei der Plattform als Web-Hook für eingehende Anrufe ein, mit HTTP POST.",
      swml: "Tragen Sie die Adresse bei SignalWire als externes SWML-Skript ein, mit dem Schlüssel dahinter als ?key=.",
      swaig:
        "Tragen Sie die Adresse bei SignalWire als externes SWML-Skript ein, mit dem Schlüssel als Passwort (https://countersign:<Schlüssel>@…).",
      chat: "Ihr Bot sendet jede Äußerung als JSON per POST an die Adresse, mit einem API-Schlüssel oder dem Schlüssel dieser Veröffentlichung als Bearer-Token.",
      genesys:
        "Tragen Sie hinter der Adresse /checkVerifiedContactMethods, /sendAuthenticationCode und /codeAuthentication als die drei Webdienste ein, mit dem Schlüssel im Header X-API-Key.",
    },
  },
  channels: { api: "API (Programmierschnittstelle)" },
  remove: {
    action: "Entfernen",
    sure: (name) => `${name} endgültig entfernen? Die Adresse antwortet dann niemandem mehr.`,
    really: "Ja, entfernen",
    keep: "Behalten",
  },
  missing: "Diese Veröffentlichung gibt es in dieser Organisation nicht.",
  back: "Alle Veröffentlichungen",
};
