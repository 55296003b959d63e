import { type LanguageWords, numbered } from "./language.ts";

export function french(): LanguageWords {
  return {
    numbers: {
      zéro: 0,
      ...numbered(2, "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"),
      ...{ vingt: 20, vingts: 20, trente: 30, quarante: 40, cinquante: 50, soixante: 60 },
      // Belgium and Switzerland.
      ...{ septante: 70, huitante: 80, octante: 80, nonante: 90 },
    },
    maybeDigits: { un: 1, une: 1 },
    hundred: ["cent", "cents"],
    thousand: ["mille", "mil"],
    ending: ["vingts", "cents"],
    and: ["et"],
    repeats: { double: 2, triple: 3, quadruple: 4 },
    times: ["fois"],
    fillers:
      "mon ma mes à le la les l ce cet cette c c'est est sont était voici voilà oui bien ok d'accord d accord s il vous plaît " +
      "s'il te plait merci code codes pin mot passe de du des numéro nombre chiffre chiffres sécurité vérification " +
      "confirmation validation accès secours récupération j'ai j ai je reçu lis pour avec dans puis ensuite alors " +
      "maintenant encore message sms texto mail e email dit envoyé crois bonjour euh heu hm tiret trait union moins point virgule espace",
    phrases: [["usage", "unique"]],
    grammar: { counting: "twenties" },
  };
}
