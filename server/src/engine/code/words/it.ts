import { compounds, hundredsInOneWord, type LanguageWords, numbered, tens } from "./language.ts";

export function italian(): LanguageWords {
  const units = numbered(1, "uno due tre quattro cinque sei sette otto nove");
  const round = tens("venti trenta quaranta cinquanta sessanta settanta ottanta novanta");
  const below = {
    ...units,
    ...numbered(
      10,
      "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
    ),
    ...round,
    ...compounds(round, units, elided),
    ...compounds(round, { un: 1 }, elided),
  };
  const { uno: _, ...multipliers } = units;
  return {
    numbers: {
      zero: 0,
      ...below,
      ...hundredsInOneWord(multipliers, "cento", below),
      ...{ centotto: 108, centottanta: 180 },
    },
    maybeDigits: { un: 1, una: 1 },
    hundred: ["cento"],
    thousand: ["mila", "mille"],
    and: ["e"],
    repeats: { doppio: 2, doppia: 2, triplo: 3, tripla: 3, triplice: 3, quadruplo: 4 },
    times: ["volte", "volta"],
    fillers:
      "il lo la i gli le l mio mia miei questo questa è sono era ecco sì bene va ok okay per favore piacere cortesia grazie " +
      "codice codici pin password numero numeri cifra cifre chiave sicurezza verifica conferma accesso recupero monouso " +
      "temporaneo messaggio sms mail email inviato credo di del della ho ricevuto mi dice arrivato con poi dopo allora adesso ora ancora nuovo ciao buongiorno " +
      "eh ehm uhm mm trattino meno punto virgola spazio barra",
  };
}

/** "venti" and "uno" are "ventuno": the vowel before another vowel falls out. */
function elided(ten: string, unit: string): string {
  return /^[ou]/.test(unit) ? ten.slice(0, -1) + unit : ten + unit;
}
