import { compounds, hundredsInOneWord, type LanguageWords, numbered, tens } from "./language.ts";

export function dutch(): LanguageWords {
  const units = numbered(1, "een twee drie vier vijf zes zeven acht negen");
  const round = tens("twintig dertig veertig vijftig zestig zeventig tachtig negentig");
  const teens = numbered(11, "elf twaalf dertien veertien vijftien zestien zeventien achttien negentien");
  const below = {
    ...units,
    ...numbered(10, "tien"),
    ...teens,
    ...round,
    ...compounds(units, round, (unit, ten) => `${unit}en${ten}`),
  };
  const { een: _, ...certain } = below;
  return {
    numbers: { nul: 0, ...certain, ...hundredsInOneWord({ ...units, ...teens }, "honderd", below, "en") },
    // Without its accents the digit "één" is written like the article.
    maybeDigits: { een: 1 },
    hundred: ["honderd"],
    thousand: ["duizend"],
    and: ["en"],
    repeats: { dubbel: 2, dubbele: 2, driedubbel: 3, driedubbele: 3, tweemaal: 2, driemaal: 3, viermaal: 4 },
    times: ["keer", "maal"],
    fillers:
      "mijn de het dit deze die dat is zijn was luidt hier ja oké ok prima graag alstublieft alsjeblieft dank u wel je bedankt dankjewel nou dus sms bericht mail e email gestuurd denk " +
      "code codes pin pincode wachtwoord nummer getal cijfer cijfers toegangscode beveiligingscode verificatiecode " +
      "bevestigingscode herstelcode eenmalige ik heb kreeg ontvangen van voor met dan daarna nu nog nogmaals opnieuw " +
      "hallo goedendag uh eh ehm hm streep streepje koppelteken min punt komma spatie",
    grammar: { units: "before" },
  };
}
