import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeCode } from "./normalize.ts";

/**
 * What people say for a code, written by hand from knowing the languages and not from the word lists: the first column is
 * said, the second is the code. Only the code's own length is accepted, as in a dialogue that knows it.
 */
const tables: Readonly<Record<string, readonly (readonly [said: string, code: string])[]>> = {
  en: [
    ["one two three four five six", "123456"],
    ["one, two, three... four, five, six.", "123456"],
    ["One Two Three Four Five Six", "123456"],
    ["oh one two three four five", "012345"],
    ["zero zero seven four two nine", "007429"],
    ["nought four seven naught one two", "047012"],
    ["o five o five o five", "050505"],
    ["double four oh seven double one", "440711"],
    ["double oh seven nine nine two", "007992"],
    ["triple nine four two one", "999421"],
    ["treble five one two three", "555123"],
    ["quadruple eight one two", "888812"],
    ["two double three double four five", "233445"],
    ["double double zero", ""],
    ["twelve thirty four fifty six", "123456"],
    ["twelve thirty-four fifty-six", "123456"],
    ["twenty three forty five sixty seven", "234567"],
    ["twenty-three forty-five sixty-seven", "234567"],
    ["seventeen seventy six nineteen", "177619"],
    ["ninety nine oh one eleven", "990111"],
    ["ten twenty thirty", "102030"],
    ["twenty oh five eighteen", "200518"],
    ["forty two zero zero thirteen", "420013"],
    ["fourty two forty two forty two", "424242"],
    ["one twenty three four fifty six", "123456"],
    ["one twenty-three, four fifty-six", "123456"],
    ["one hundred twenty three four hundred fifty six", "123456"],
    ["one hundred and twenty-three, four hundred and fifty-six", "123456"],
    ["nine hundred ninety nine", "999"],
    ["four hundred twelve", "412"],
    ["four hundred and seven", "407"],
    ["twelve hundred thirty four", "1234"],
    ["one thousand two hundred thirty four", "1234"],
    ["one hundred twenty three thousand four hundred fifty six", "123456"],
    ["four thousand seven", "4007"],
    ["my code is one two three four five six", "123456"],
    ["the code is, um, 1 2 3 4 5 6, thank you", "123456"],
    ["Hi, it's 123 456.", "123456"],
    ["yes it's one two three, then four five six", "123456"],
    ["the pin is four oh seven", "407"],
    ["it says nine nine two one", "9921"],
    ["okay so that's two seven one eight two eight", "271828"],
    ["one to three for five six", "123456"],
    ["won two three four five ate", "123458"],
    ["niner niner fife tree one zero", "995310"],
    ["three times seven, two times one", "77711"],
    ["1 2 three four 5 6", "123456"],
    ["1-2-3-4-5-6", "123456"],
    ["twelve 34 fifty six", "123456"],
    ["double 47 double 47", "447447"],
    ["one two three four five six seven eight nine zero one two", "123456789012"],
    ["one two banana four five six", ""],
    ["one two three four five six point five please wait", ""],
  ],
  de: [
    ["eins zwei drei vier fünf sechs", "123456"],
    ["Eins, zwei, drei, vier, fünf, sechs.", "123456"],
    ["eins zwo drei vier fuenf sechs", "123456"],
    ["null null sieben vier zwei neun", "007429"],
    ["Null eins, zwei drei, vier fünf", "012345"],
    ["einundzwanzig dreiundvierzig fünfundsechzig", "214365"],
    ["dreiundzwanzig fünfundvierzig siebenundsechzig", "234567"],
    ["drei und zwanzig fünf und vierzig sieben und sechzig", "234567"],
    ["zwölf vierunddreißig sechsundfünfzig", "123456"],
    ["zwoelf vierunddreissig sechsundfuenfzig", "123456"],
    ["zehn zwanzig dreißig", "102030"],
    ["elf siebzehn sechzehn", "111716"],
    ["neunundneunzig null eins elf", "990111"],
    ["siebenundsiebzig achtundachtzig zwoundzwanzig", "778822"],
    ["hundertdreiundzwanzig vierhundertsechsundfünfzig", "123456"],
    ["einhundertdreiundzwanzig vierhundertsechsundfünfzig", "123456"],
    ["ein hundert drei und zwanzig vier hundert sechs und fünfzig", "123456"],
    ["vierhundertzwölf", "412"],
    ["vierhundertsieben", "407"],
    ["vierhundertundsieben", "407"],
    ["zwölfhundertvierunddreißig", "1234"],
    ["tausendzweihundertvierunddreißig", "1234"],
    ["eintausendzweihundertvierunddreißig", "1234"],
    ["ein tausend zweihundert vierunddreißig", "1234"],
    ["viertausendsieben", "4007"],
    ["hundertdreiundzwanzigtausendvierhundertsechsundfünfzig", "123456"],
    ["doppelvier null sieben doppeleins", "440711"],
    ["Doppel-Null sieben neun neun zwei", "007992"],
    ["doppel null sieben, doppel neun zwei", "007992"],
    ["zweimal die vier, null, sieben, zweimal die eins", "440711"],
    ["dreimal neun vier zwei eins", "999421"],
    ["drei mal die neun, vier zwei eins", "999421"],
    ["viermal die Acht, eins, zwei", "888812"],
    ["zwei mal fünf, eins, drei mal null", "551000"],
    ["Mein Code ist eins zwei drei vier fünf sechs", "123456"],
    ["mein Code lautet 123 456, danke", "123456"],
    ["ja, also, das ist die eins zwei drei vier fünf sechs", "123456"],
    ["Der Bestätigungscode heißt äh zwei sieben eins acht zwei acht bitte", "271828"],
    ["Die PIN ist vier null sieben", "407"],
    ["eins zwei und dann drei vier", "1234"],
    ["1 2 drei vier 5 6", "123456"],
    ["zwölf 34 sechsundfünfzig", "123456"],
    ["eins strich zwei strich drei", "123"],
    ["one two three four five six", "123456"],
    ["ein zwei drei vier", "1234"],
    ["sechzig sechs sechzehn", "60616"],
    ["eins zwei Banane vier", ""],
    ["nicht eins zwei drei vier", ""],
    ["doppel", ""],
  ],
  fr: [
    ["un deux trois quatre cinq six", "123456"],
    ["zéro un, deux trois, quatre cinq", "012345"],
    ["zero zero sept quatre deux neuf", "007429"],
    ["vingt-trois quarante-cinq soixante-sept", "234567"],
    ["vingt et un trente et un quarante et un", "213141"],
    ["douze trente-quatre cinquante-six", "123456"],
    ["soixante-dix soixante et onze soixante-douze", "707172"],
    ["soixante-treize soixante-dix-neuf", "7379"],
    ["quatre-vingts quatre-vingt-un quatre-vingt-neuf", "808189"],
    ["quatre-vingt-douze quatre-vingt-dix-sept", "9297"],
    ["quatre vingt dix neuf zéro un onze", "990111"],
    ["quatre-vingt-seize, dix-huit, dix-sept", "961817"],
    ["septante-deux huitante-trois nonante-neuf", "728399"],
    ["nonante et un, octante-deux", "9182"],
    ["cent vingt-trois quatre cent cinquante-six", "123456"],
    ["quatre cent sept", "407"],
    ["deux cents trois cents", "200300"],
    ["neuf cent quatre-vingt-dix-neuf", "999"],
    ["mille deux cent trente-quatre", "1234"],
    ["quatre mille sept", "4007"],
    ["cent vingt-trois mille quatre cent cinquante-six", "123456"],
    ["double quatre zéro sept double un", "440711"],
    ["triple neuf quatre deux un", "999421"],
    ["deux fois quatre, zéro, sept, deux fois le un", "440711"],
    ["trois fois neuf, quatre, deux, un", "999421"],
    ["mon code est le un deux trois quatre cinq six", "123456"],
    ["Bonjour, c'est le 123 456, merci", "123456"],
    ["le code de vérification, c'est euh deux sept un huit deux huit", "271828"],
    ["j'ai reçu quatre zéro sept", "407"],
    ["un deux banane quatre", ""],
    ["pas un deux trois quatre", ""],
  ],
  es: [
    ["uno dos tres cuatro cinco seis", "123456"],
    ["cero uno, dos tres, cuatro cinco", "012345"],
    ["cero cero siete cuatro dos nueve", "007429"],
    ["veintitrés cuarenta y cinco sesenta y siete", "234567"],
    ["veintitres cuarenta y cinco sesenta y siete", "234567"],
    ["veintiuno veintidós veintiséis", "212226"],
    ["doce treinta y cuatro cincuenta y seis", "123456"],
    ["quince dieciséis diecinueve", "151619"],
    ["diez veinte treinta", "102030"],
    ["noventa y nueve cero uno once", "990111"],
    ["treinta y uno ochenta y ocho", "3188"],
    ["ciento veintitrés cuatrocientos cincuenta y seis", "123456"],
    ["cuatrocientos siete", "407"],
    ["cien doscientos", "100200"],
    ["quinientos doce setecientos uno", "512701"],
    ["novecientos noventa y nueve", "999"],
    ["mil doscientos treinta y cuatro", "1234"],
    ["cuatro mil siete", "4007"],
    ["ciento veintitrés mil cuatrocientos cincuenta y seis", "123456"],
    ["doble cuatro cero siete doble uno", "440711"],
    ["triple nueve cuatro dos uno", "999421"],
    ["dos veces el cuatro, cero, siete, dos veces uno", "440711"],
    ["tres veces nueve, cuatro, dos, uno", "999421"],
    ["mi código es el uno dos tres cuatro cinco seis", "123456"],
    ["Hola, el código de verificación es 123 456, gracias", "123456"],
    ["pues eh dos siete uno ocho dos ocho", "271828"],
    ["he recibido cuatro cero siete", "407"],
    ["uno dos plátano cuatro", ""],
    ["no uno dos tres cuatro", ""],
  ],
  it: [
    ["uno due tre quattro cinque sei", "123456"],
    ["zero uno, due tre, quattro cinque", "012345"],
    ["zero zero sette quattro due nove", "007429"],
    ["ventitré quarantacinque sessantasette", "234567"],
    ["ventitre quarantacinque sessantasette", "234567"],
    ["ventuno ventotto trentuno trentotto", "21283138"],
    ["dodici trentaquattro cinquantasei", "123456"],
    ["undici diciassette diciotto diciannove", "11171819"],
    ["dieci venti trenta", "102030"],
    ["novantanove zero uno undici", "990111"],
    ["ottantotto settantuno", "8871"],
    ["centoventitré quattrocentocinquantasei", "123456"],
    ["cento ventitré quattrocento cinquantasei", "123456"],
    ["quattrocentosette", "407"],
    ["novecentonovantanove", "999"],
    ["centouno centotto", "101108"],
    ["milleduecentotrentaquattro", "1234"],
    ["mille duecento trentaquattro", "1234"],
    ["quattromilasette", "4007"],
    ["quattro mila sette", "4007"],
    ["centoventitremilaquattrocentocinquantasei", "123456"],
    ["doppio quattro zero sette doppio uno", "440711"],
    ["triplo nove quattro due uno", "999421"],
    ["due volte quattro, zero, sette, due volte uno", "440711"],
    ["il mio codice è uno due tre quattro cinque sei", "123456"],
    ["Buongiorno, il codice di verifica è 123 456, grazie", "123456"],
    ["allora ehm due sette uno otto due otto", "271828"],
    ["ho ricevuto quattro zero sette", "407"],
    ["uno due banana quattro", ""],
    ["non uno due tre quattro", ""],
  ],
  nl: [
    ["een twee drie vier vijf zes", "123456"],
    ["één twee drie vier vijf zes", "123456"],
    ["nul een, twee drie, vier vijf", "012345"],
    ["nul nul zeven vier twee negen", "007429"],
    ["drieëntwintig vijfenveertig zevenenzestig", "234567"],
    ["drieentwintig vijfenveertig zevenenzestig", "234567"],
    ["drie en twintig vijf en veertig zeven en zestig", "234567"],
    ["eenentwintig tweeëndertig tweeëntachtig", "213282"],
    ["twaalf vierendertig zesenvijftig", "123456"],
    ["elf zestien zeventien veertien", "11161714"],
    ["tien twintig dertig", "102030"],
    ["negenennegentig nul een elf", "990111"],
    ["honderddrieëntwintig vierhonderdzesenvijftig", "123456"],
    ["honderd drieëntwintig vierhonderd zesenvijftig", "123456"],
    ["vierhonderdzeven", "407"],
    ["vierhonderd en zeven", "407"],
    ["negenhonderdnegenennegentig", "999"],
    ["twaalfhonderdvierendertig", "1234"],
    ["twaalfhonderd vierendertig", "1234"],
    ["duizend tweehonderd vierendertig", "1234"],
    ["vierduizend zeven", "4007"],
    ["dubbel vier nul zeven dubbel een", "440711"],
    ["dubbelvier nul zeven dubbeleen", "440711"],
    ["twee keer vier, nul, zeven, twee keer de een", "440711"],
    ["driemaal negen, vier, twee, een", "999421"],
    ["mijn code is een twee drie vier vijf zes", "123456"],
    ["Hallo, de code is 123 456, dank u wel", "123456"],
    ["nou, eh, twee zeven een acht twee acht", "271828"],
    ["ik heb vier nul zeven ontvangen", "407"],
    ["een twee banaan vier", ""],
    ["niet een twee drie vier", ""],
  ],
  "pt-BR": [
    ["um dois três quatro cinco seis", "123456"],
    ["um dois tres quatro cinco meia", "123456"],
    ["zero um, dois três, quatro cinco", "012345"],
    ["zero zero sete quatro dois nove", "007429"],
    ["meia meia sete meia", "6676"],
    ["vinte e três quarenta e cinco sessenta e sete", "234567"],
    ["vinte e um trinta e um", "2131"],
    ["doze trinta e quatro cinquenta e seis", "123456"],
    ["quinze dezesseis dezenove", "151619"],
    ["catorze quatorze dezassete", "141417"],
    ["dez vinte trinta", "102030"],
    ["noventa e nove zero um onze", "990111"],
    ["cento e vinte e três quatrocentos e cinquenta e seis", "123456"],
    ["cento e vinte e três, quatrocentos e cinquenta e meia", "123456"],
    ["quatrocentos e sete", "407"],
    ["cem duzentos", "100200"],
    ["novecentos e noventa e nove", "999"],
    ["mil duzentos e trinta e quatro", "1234"],
    ["quatro mil e sete", "4007"],
    ["cento e vinte e três mil quatrocentos e cinquenta e seis", "123456"],
    ["dobro quatro zero sete duplo um", "440711"],
    ["duas vezes o quatro, zero, sete, duas vezes um", "440711"],
    ["três vezes nove, quatro, dois, um", "999421"],
    ["meu código é um dois três quatro cinco seis", "123456"],
    ["Oi, o código de verificação é 123 456, obrigado", "123456"],
    ["então, hã, dois sete um oito dois oito", "271828"],
    ["eu recebi quatro zero sete", "407"],
    ["um dois banana quatro", ""],
    ["não um dois três quatro", ""],
  ],
};

describe.each(Object.entries(tables))("%s", (locale, rows) => {
  it.each(rows)("%j", (said, code) => {
    const lengths = code === "" ? [3, 4, 5, 6, 7, 8, 9, 10] : [code.length];
    const heard = normalizeCode(said, { locale, lengths, kind: "digits" });
    if (code === "") expect(heard).toEqual({ ok: false, reason: "not_a_code" });
    else expect(heard).toEqual({ ok: true, candidates: [code] });
  });

  it("has rows enough, and none twice", () => {
    expect(new Set(rows.map(([said]) => said)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(locale === "en" || locale === "de" ? 40 : 25);
  });
});

/** How each language writes 0 to 99, by its rules of composition: shared with nothing that is tested. */
const oracle: Readonly<Record<string, { readonly names: readonly string[]; readonly double: string }>> = {
  en: { double: "double #", names: english() },
  de: { double: "doppel #", names: germanic("de") },
  fr: { double: "double #", names: french() },
  es: { double: "doble #", names: spanish() },
  it: { double: "doppio #", names: italian() },
  nl: { double: "dubbel #", names: germanic("nl") },
  "pt-BR": { double: "dobro #", names: portuguese() },
};

function split(names: string): readonly string[] {
  return names.split(" ");
}

function english() {
  const low = split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
  );
  const tens = split("twenty thirty forty fifty sixty seventy eighty ninety");
  return numbers(low, (ten, unit) => `${tens[ten - 2]}${unit === 0 ? "" : `-${low[unit]}`}`);
}

function germanic(language: "de" | "nl") {
  const low = split(
    language === "de"
      ? "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
      : "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
  );
  const tens = split(
    language === "de"
      ? "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
      : "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
  );
  const unitOf = (unit: number) => (language === "de" && unit === 1 ? "ein" : low[unit]);
  const link = (unit: number) => (language === "de" ? "und" : /e$/.test(low[unit] ?? "") ? "ën" : "en");
  return numbers(low, (ten, unit) => (unit === 0 ? "" : `${unitOf(unit)}${link(unit)}`) + tens[ten - 2]);
}

function french() {
  const low = split(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
  );
  const tens = split("vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt");
  return numbers(low, (ten, unit) => {
    const rest = ten === 7 || ten === 9 ? unit + 10 : unit;
    if (rest === 0) return ten === 8 ? "quatre-vingts" : `${tens[ten - 2]}`;
    const link = ten < 8 && (rest === 1 || rest === 11) ? " et " : "-";
    return `${tens[ten - 2]}${link}${low[rest]}`;
  });
}

function spanish() {
  const low = split(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
  );
  const twenties = split(
    "veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
  );
  const tens = split("treinta cuarenta cincuenta sesenta setenta ochenta noventa");
  return numbers(low, (ten, unit) => {
    if (ten === 2) return twenties[unit] ?? "";
    return unit === 0 ? (tens[ten - 3] ?? "") : `${tens[ten - 3]} y ${low[unit]}`;
  });
}

function italian() {
  const low = split(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
  );
  const tens = split("venti trenta quaranta cinquanta sessanta settanta ottanta novanta");
  return numbers(low, (ten, unit) => {
    const name = tens[ten - 2] ?? "";
    if (unit === 0) return name;
    if (unit === 3) return `${name}tré`;
    return (unit === 1 || unit === 8 ? name.slice(0, -1) : name) + low[unit];
  });
}

function portuguese() {
  const low = split(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
  );
  const tens = split("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa");
  return numbers(low, (ten, unit) => `${tens[ten - 2]}${unit === 0 ? "" : ` e ${low[unit]}`}`);
}

function numbers(low: readonly string[], above: (ten: number, unit: number) => string): readonly string[] {
  return Array.from({ length: 100 }, (_, value) =>
    value < 20 ? (low[value] ?? "") : above(Math.floor(value / 10), value % 10),
  );
}

const digitsOf = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: least, maxLength: most });

describe.each(Object.entries(oracle))("any code said in %s", (locale, { names, double }) => {
  const hear = (said: string, code: string) => {
    const heard = normalizeCode(said, { locale, lengths: [code.length], kind: "digits" });
    return heard.ok ? heard.candidates : [heard.reason];
  };
  const nameOf = (text: string) => names[Number(text)] ?? "";

  it("is heard digit by digit", () => {
    const separators = fc.constantFrom(" ", ", ", " - ", "... ");
    fc.assert(
      fc.property(digitsOf(3, 20), separators, (code, separator) => {
        expect(hear(Array.from(code, nameOf).join(separator), code)).toEqual([code]);
      }),
    );
  });

  it("is heard with doubles", () => {
    fc.assert(
      fc.property(digitsOf(3, 10), (code) => {
        const said = code.replace(/(\d)\1|\d/g, (digits) =>
          digits.length === 2 ? ` ${double.replace("#", nameOf(digits.charAt(0)))}` : ` ${nameOf(digits)}`,
        );
        expect(hear(said, code)).toEqual([code]);
      }),
    );
  });

  it("is heard in pairs", () => {
    const spoken = (pair: string) =>
      pair.startsWith("0") ? Array.from(pair, nameOf).join(" ") : nameOf(pair);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }).chain((pairs) => digitsOf(pairs * 2, pairs * 2)),
        (code) => {
          const said = (code.match(/../g) ?? []).map(spoken).join(", ");
          expect(hear(said, code)).toContain(code);
        },
      ),
    );
  });

  it("knows every number below a hundred", () => {
    for (let value = 10; value < 100; value += 1) {
      expect([names[value], hear(nameOf(String(value)), String(value))[0]]).toEqual([
        names[value],
        String(value),
      ]);
    }
  });
});

describe("nonsense", () => {
  const words = Object.values(tables).flatMap((rows) => rows.flatMap(([said]) => said.split(" ")));

  it("is refused or read within bounds, however long and however mixed", () => {
    const said = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((drawn) => drawn.join(" "));
    fc.assert(
      fc.property(
        said,
        fc.constantFrom(...Object.keys(tables)),
        fc.integer({ min: 3, max: 20 }),
        (text, locale, length) => {
          const heard = normalizeCode(text, { locale, lengths: [length], kind: "digits" });
          if (!heard.ok) return;
          expect(heard.candidates.length).toBeLessThanOrEqual(2);
          for (const candidate of heard.candidates)
            expect(candidate).toMatch(new RegExp(`^[0-9]{${length}}$`));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ["numbers that join with everything", "vingt "],
    ["linked numbers", "vinte e "],
    ["repeats", "double "],
    ["times", "two times "],
    ["hundreds", "cent mille "],
    ["glued letters", "tausend"],
    ["digits", "1 "],
    ["doubtful words", "for to "],
  ])("of %s costs no more than its length", (_, word) => {
    const text = word.repeat(256).slice(0, 256);
    for (const locale of Object.keys(tables)) {
      const heard = normalizeCode(text, { locale, lengths: [3, 10, 20], kind: "digits" });
      expect(heard.ok && heard.candidates.length > 2).toBe(false);
    }
    const endless = word.repeat(1_000_000);
    expect(normalizeCode(endless, { lengths: [6], kind: "digits" })).toEqual({
      ok: false,
      reason: "too_long",
    });
  });
});
