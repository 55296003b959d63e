import type { Words } from "./words.ts";

/** Formulare, die aus einem Schema gezeichnet werden. */
export const schema: Words["schema"] = {
  more: (count) => `Weitere Einstellungen (${count})`,
  onePerLine: "Je Zeile eines.",
  usual: (value) => `Ohne Angabe: ${value}`,
  notGiven: "Nicht angegeben",
  choose: "Bitte wählen",
  inOrder: (list) => `In dieser Reihenfolge: ${list}.`,
  entry: (place) => `Eintrag ${place}`,
  name: "Bezeichnung",
  value: "Wert",
  twice: "Diese Bezeichnung gibt es schon.",
  add: "Einen hinzufügen",
  remove: "Entfernen",
  problems: { "is required": "Bitte ausfüllen." },
  credential: {
    make: "Neue Zugangsdaten",
    title: (label) => `Neue Zugangsdaten: ${label}`,
    name: "Name der Zugangsdaten",
    nameHelp: "Daran finden Sie die Zugangsdaten wieder.",
    secret: "Geheimnis",
    secretHelp: "Es wird versiegelt und nie wieder gezeigt.",
    least: (count) => `Mindestens ${count} Zeichen. Es wird versiegelt und nie wieder gezeigt.`,
    show: "Geheimnis zeigen oder verbergen",
    random: "Zufälliges ausdenken",
    copy: "Geheimnis kopieren",
    store: "Ablegen",
    cancel: "Abbrechen",
  },
};
