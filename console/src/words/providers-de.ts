import type { Words } from "./words.ts";

const plural = new Intl.PluralRules("de");
const messages = (count: number) =>
  `${count} ${plural.select(count) === "one" ? "Nachricht" : "Nachrichten"}`;

/** Die Seiten über Anbieter. */
export const providers: Words["providers"] = {
  title: "Anbieter",
  text: "Wer Nachrichten zu Menschen bringt. Der erste, der an ist und eine Nachricht befördern kann, bekommt sie; scheitert er, der nächste.",
  list: "In der Reihenfolge, in der sie versucht werden",
  empty: "Es gibt noch keinen Anbieter.",
  emptyHelp:
    "Ohne ihn erreicht kein Code jemanden. Fügen Sie den Mailserver oder SMS-Dienst hinzu, den Sie benutzen.",
  add: "Anbieter hinzufügen",
  states: { on: "An", off: "Aus", open: "Ausgelassen", half_open: "Auf Probe" },
  simulated: "Simuliert: erreicht niemanden",
  health: {
    title: "Wie er arbeitet",
    none: "Keine Nachricht am letzten Tag.",
    day: (calls, accepted) => `Letzter Tag: ${messages(calls)}, davon ${accepted} angenommen`,
    delivered: (count) => `${count} als zugestellt gemeldet`,
    failed: (count) => `${count} als gescheitert gemeldet`,
    answered: (count) => `${count} mit dem richtigen Code beantwortet`,
    speed: (ms) => `95 von 100 innerhalb von ${ms} ms übergeben`,
    since: (moment) => `Er hat zu oft versagt und wird seit ${moment} ausgelassen.`,
    last: (reason, moment) => `Letzter Fehler: ${reason}, ${moment}.`,
    failures: {
      unreachable: "nicht erreichbar",
      rejected: "die Nachricht wurde abgelehnt",
      invalid_recipient: "der Empfänger wurde abgelehnt",
      configuration: "Anmeldung oder Einstellungen stimmen nicht",
      throttled: "zu viele Nachrichten",
      temporary: "vorübergehende Störung",
      ambiguous: "keine eindeutige Antwort",
      unanswered: "keine Antwort in der Zeit",
    },
  },
  routing: {
    title: "Wer zuerst drankommt",
    text: "Scheitert die Nachricht eines Anbieters, folgt in jedem Fall der nächste.",
    ways: { order: "Wie aufgelistet", measured: "Wie gemessen" },
    help: {
      order: "Bei mehreren mit gleichem Rang der, der zuerst hinzugefügt wurde.",
      measured:
        "Von mehreren mit gleichem Rang der, dessen Nachrichten in dieses Land öfter ankommen und beantwortet werden. Der Rang steht in den Einstellungen jedes Anbieters.",
    },
    place: (place) => `Rang ${place}`,
  },
  up: "Nach oben",
  down: "Nach unten",
  on: "Einschalten",
  off: "Ausschalten",
  beside: {
    text: "Simulierte und echte Anbieter wären zugleich an: Manche Nachrichten erreichten niemanden. Schalten Sie die anderen aus, oder tun Sie es trotzdem.",
    action: "Trotzdem einschalten",
    check: "Trotzdem benutzen, neben den anderen",
  },
  kind: { title: "Was bringt Ihre Nachrichten?", label: "Art", action: "Weiter" },
  form: {
    title: (kind) => `Einstellungen: ${kind}`,
    name: "Bezeichnung",
    nameHelp: "So nennen ihn die Listen und die Aufzeichnung der Ereignisse.",
    vias: "Befördert",
    countries: "Länder",
    countriesHelp: "Je zwei Buchstaben, etwa DE. Keine: Nummern aller Länder.",
    place: "Rang",
    placeHelp: "Kleinere werden zuerst versucht. Anbieter mit gleichem Rang teilen ihn sich.",
    enabled: "Für Nachrichten benutzen",
    save: "Speichern",
    add: "Hinzufügen",
    saved: "Gespeichert. Die nächste Nachricht folgt diesen Einstellungen.",
    cancel: "Abbrechen",
  },
  trial: {
    title: "Probieren",
    help: "Probiert wird mit den gespeicherten Einstellungen. Fünfmal in der Minute; ein Fehler wird nach fünf Sekunden gemeldet.",
    probe: "Anmelden, ohne zu senden",
    person: "Admin, der eine Testnachricht bekommt",
    noAdmin: "In dieser Organisation gibt es keinen Admin; niemand sonst bekommt Testnachrichten.",
    send: "Testnachricht senden",
    sentTo: (message, to) => `${message} An ${to}.`,
  },
  remove: {
    action: "Entfernen",
    sure: (name) =>
      `${name} endgültig entfernen? Nachrichten gehen dann über die anderen. Die Zugangsdaten bleiben abgelegt.`,
    really: "Ja, entfernen",
    keep: "Behalten",
  },
  missing: "Diesen Anbieter gibt es in dieser Organisation nicht.",
  back: "Alle Anbieter",
};
