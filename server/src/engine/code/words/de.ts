import { compounds, hundredsInOneWord, type LanguageWords, numbered, tens } from "./language.ts";

const units = {
  ...numbered(1, "ein zwei drei vier fünf sechs sieben acht neun"),
  eine: 1,
  zwo: 2,
};

export function german(): LanguageWords {
  const round = tens("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig");
  const teens = numbered(11, "elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn");
  const below = {
    ...numbered(1, "eins zwei drei vier fünf sechs sieben acht neun"),
    zwo: 2,
    ...numbered(10, "zehn"),
    ...teens,
    ...round,
    ...compounds(units, round, (unit, ten) => `${unit}und${ten}`),
  };
  return {
    numbers: { null: 0, ...below, ...hundredsInOneWord({ ...units, ...teens }, "hundert", below, "und") },
    // A recogniser writes "für" for "vier".
    maybeDigits: { ein: 1, eine: 1, für: 4 },
    hundred: ["hundert"],
    thousand: ["tausend"],
    and: ["und"],
    repeats: {
      doppel: 2,
      doppelt: 2,
      doppelte: 2,
      doppelter: 2,
      zweifach: 2,
      zweifache: 2,
      dreifach: 3,
      dreifache: 3,
      einmal: 1,
      zweimal: 2,
      dreimal: 3,
      viermal: 4,
    },
    times: ["mal"],
    fillers:
      "mein meine meiner der die das den dem dies dieser es er sie ist sind war lautet lauten heißt hier da also ja jawohl " +
      "gut okay ok bitte danke code codes zugangscode pin pincode tan kennwort passwort nummer zahl zahlen ziffer ziffern " +
      "einmalcode einmalpasswort einmalkennwort sicherheitscode bestätigungscode verifizierungscode prüfcode " +
      "wiederherstellungscode ich habe hab bekommen erhalten lese von vom für mit aus dann danach jetzt nochmal noch " +
      "einmalige sms nachricht e mail email steht drin geschickt kam kommt glaube müsste sollte sein hallo guten tag äh ähm hm strich bindestrich minus punkt komma leerzeichen schrägstrich",
    phrases: [["noch", "einmal"]],
    grammar: { units: "before" },
  };
}
