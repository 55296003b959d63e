import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NormalizeOptions, normalizeCode } from "./normalize.ts";

const six: NormalizeOptions = { lengths: [6], kind: "digits" };
const locales = ["en", "de", "fr", "es", "it", "nl", "pt-BR"] as const;

function candidates(input: string, options: Partial<NormalizeOptions> = {}): readonly string[] {
  const normalized = normalizeCode(input, { ...six, ...options });
  if (!normalized.ok) expect.fail(`${input}: ${normalized.reason}`);
  return normalized.candidates;
}

function reason(input: string, options: Partial<NormalizeOptions> = {}): string {
  const normalized = normalizeCode(input, { ...six, ...options });
  return normalized.ok ? `understood as ${normalized.candidates.join(" or ")}` : normalized.reason;
}

describe("one code in many spellings", () => {
  const spellings = [
    "123456",
    " 123456",
    "123456 ",
    "123 456",
    "123456\n",
    "\t123456\r\n",
    "12 34 56",
    "1 2 3 4 5 6",
    "123-456",
    "123\u2013456",
    "123\u2014456",
    "123\u2011456",
    "123\u2212456",
    "123\u00a0456",
    "123\u202f456",
    "123\u3000456",
    "123.456",
    "1.2.3.4.5.6.",
    "123,456",
    "1, 2, 3, 4, 5, 6",
    "12:34:56",
    "12/34/56",
    "123_456",
    "123456#",
    "\ufeff123456",
    "123\u200b456",
    "\u200e123456\u200f",
    "123\u00ad456",
    "１２３４５６",
    "１２３－４５６",
    "١٢٣٤٥٦",
    "۱۲۳۴۵۶",
    "१२३ ४५६",
    "১২৩৪৫৬",
    "๑๒๓๔๕๖",
    "𝟏𝟐𝟑𝟒𝟓𝟔",
    "①②③④⑤⑥",
    "१२३456",
    "my code is 123456, please",
    "one two three four five six",
    "It's 1-2-3, then 4-5-6. Thank you!",
    "ONE TWO THREE FOUR FIVE SIX",
  ];

  it.each(spellings)("%j is 123456", (spelling) => {
    expect(candidates(spelling)).toEqual(["123456"]);
  });

  it("has at least forty of them", () => {
    expect(new Set(spellings).size).toBeGreaterThanOrEqual(40);
  });
});

describe("what holds for any answer", () => {
  const anyOptions = fc.record({
    locale: fc.constantFrom(...locales, "de-AT", "PT_br", "xx", "", "constructor", undefined),
    lengths: fc.constantFrom([6], [4], [3, 4, 5, 6, 7, 8, 9, 10], [], [0], [20]),
    kind: fc.constantFrom("digits" as const, "recovery" as const),
  });
  const words =
    "one oh double zwei mal ein und zwanzig vier hundert cent quatre vingt y e um meia o times 7 42 - please";
  const anyAnswer = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: fc.constantFrom("0", "1", "9", " ", "-", "٣", "８", "o", "O", "x"), maxLength: 12 }),
    fc.array(fc.constantFrom(...words.split(" ")), { maxLength: 14 }).map((drawn) => drawn.join(" ")),
  );

  it("is never an error, never more than two candidates, and always canonical", () => {
    fc.assert(
      fc.property(anyAnswer, anyOptions, (answer, options) => {
        const normalized = normalizeCode(answer, options);
        if (!normalized.ok) return;
        expect([1, 2]).toContain(normalized.candidates.length);
        expect(new Set(normalized.candidates).size).toBe(normalized.candidates.length);
        for (const candidate of normalized.candidates) {
          if (options.kind === "digits") {
            expect(candidate).toMatch(/^[0-9]+$/);
            expect(options.lengths).toContain(candidate.length);
          }
          expect(normalizeCode(candidate, options)).toEqual({ ok: true, candidates: [candidate] });
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("is the same in every script that ICU writes numbers in", () => {
    const scripts = Intl.supportedValuesOf("numberingSystem").filter((script) => {
      const zero = new Intl.NumberFormat(`en-u-nu-${script}`).format(0);
      return /^\p{Nd}$/u.test(zero);
    });
    expect(scripts.length).toBeGreaterThan(50);
    for (const script of scripts) {
      const format = new Intl.NumberFormat(`en-u-nu-${script}`, { useGrouping: false });
      const written = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => format.format(digit)).join("");
      expect([script, candidates(written, { lengths: [10] })]).toEqual([script, ["0123456789"]]);
    }
  });

  it("does not depend on separators", () => {
    const separators = [
      " ",
      "\u00a0",
      "\u2009",
      "-",
      "\u2010",
      "\u2015",
      ".",
      ":",
      ",",
      "/",
      "_",
      "\n",
      " - ",
    ];
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 6, maxLength: 6 });
    const between = fc.array(fc.constantFrom("", ...separators), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(digits, between, (code, drawn) => {
        const written = [...code].reduce(
          (text, digit, index) => text + digit + drawn[index + 1],
          drawn[0] ?? "",
        );
        expect(candidates(written)).toEqual([code]);
      }),
    );
  });

  it("keeps leading zeros", () => {
    expect(candidates("000000")).toEqual(["000000"]);
    expect(candidates("0 0 1 2 3 4")).toEqual(["001234"]);
    expect(candidates("oh oh one two three four")).toEqual(["001234"]);
  });

  it("looks at no answer beyond 256 characters", () => {
    expect(candidates(`123456${" ".repeat(250)}`)).toEqual(["123456"]);
    expect(reason(`123456${" ".repeat(251)}`)).toBe("too_long");
    expect(reason("1".repeat(1_000_000))).toBe("too_long");
  });
});

/** Each language's own words for 0 to 9, written by hand rather than taken from the word lists. */
const spoken: Readonly<Record<(typeof locales)[number], string>> = {
  en: "zero one two three four five six seven eight nine",
  de: "Null eins zwei drei vier fünf sechs sieben acht neun",
  fr: "zéro un deux trois quatre cinq six sept huit neuf",
  es: "cero uno dos tres cuatro cinco seis siete ocho nueve",
  it: "zero uno due tre quattro cinque sei sette otto nove",
  nl: "nul één twee drie vier vijf zes zeven acht negen",
  "pt-BR": "zero um dois três quatro cinco seis sete oito nove",
};

describe("spoken digits", () => {
  it.each(locales)("are understood in %s", (locale) => {
    expect(candidates(spoken[locale], { locale, lengths: [10] })).toEqual(["0123456789"]);
    expect(candidates(spoken[locale].toUpperCase(), { locale, lengths: [10] })).toEqual(["0123456789"]);
    expect(candidates(spoken[locale].normalize("NFD"), { locale, lengths: [10] })).toEqual(["0123456789"]);
    expect(candidates(spoken.en, { locale, lengths: [10] })).toEqual(["0123456789"]);
  });

  it("are understood in the person's own language and English only", () => {
    expect(reason(spoken.de, { lengths: [10] })).toBe("not_a_code");
    expect(reason(spoken.fr, { locale: "de", lengths: [10] })).toBe("not_a_code");
    // Eleven in Spanish is a word of no other language here.
    expect(candidates("once dos", { locale: "es", lengths: [3] })).toEqual(["112"]);
    expect(reason("once dos", { lengths: [3] })).toBe("not_a_code");
  });

  it.each([
    ["en", "double four, oh, seven, triple nine", "4407999"],
    ["en", "double oh seven", "007"],
    ["en", "two times three, double 47", "33447"],
    ["en", "fourteen twelve", "1412"],
    ["en", "twenty one forty two", "2142"],
    ["en", "four hundred seven", "407"],
    ["en", "four hundred and seven", "407"],
    ["en", "a hundred", "100"],
    ["en", "twelve hundred and twenty-two", "1222"],
    ["en", "won too for ate", "1248"],
    ["en", "the pin is one two three four five six", "123456"],
    ["en", "my one-time code is 1 2 3 4 5 6", "123456"],
    ["de", "Mein Code lautet einundzwanzig, zwo, null, Doppelsieben bitte", "212077"],
    ["de", "zweimal die drei, zwei mal die vier, doppel fuenf", "334455"],
    ["de", "ein und zwanzig dreißig", "2130"],
    ["de", "dreissig fuenfunddreissig", "3035"],
    ["de", "vierhundertsieben", "407"],
    ["de", "vier hundert sieben", "407"],
    ["de", "hunderteinundzwanzig", "121"],
    ["fr", "quatre-vingt-dix-sept soixante et onze", "9771"],
    ["fr", "vingt et un, quatre-vingts, nonante-deux", "218092"],
    ["fr", "deux fois le sept, double zéro, un, dix-huit", "7700118"],
    ["fr", "Mon code, c'est un deux trois quatre cinq six s'il vous plaît", "123456"],
    ["es", "veintiuno treinta y dos", "2132"],
    ["es", "doble cero, dos veces el siete, dieciséis", "007716"],
    ["es", "ciento veintitrés", "123"],
    ["it", "ventuno novantotto cinquantatré", "219853"],
    ["it", "il mio codice è doppio zero, due volte sette, quarantuno", "007741"],
    ["it", "duecentodue", "202"],
    ["nl", "eenentwintig drieëndertig tweeënveertig", "213342"],
    ["nl", "dubbel nul, twee keer zeven, een en twintig", "007721"],
    ["nl", "dubbelnul vier vier vijf vijf", "004455"],
    ["pt-BR", "meia dois, vinte e um, dobro zero", "622100"],
    ["pt-BR", "o meu código é duas vezes o sete, triplo zero, meia", "770006"],
    ["pt-BR", "cento e vinte e três", "123"],
  ])("in %s: %s is %s", (locale, said, heard) => {
    expect(candidates(said, { locale, lengths: [heard.length] })).toEqual([heard]);
  });
});

describe("two readings", () => {
  const any = { lengths: [3, 4, 5, 6, 7, 8, 9, 10] };

  it("are a compound taken together and word by word", () => {
    expect(candidates("twenty one five", any)).toEqual(["215", "2015"]);
    expect(candidates("twenty one five", { lengths: [3] })).toEqual(["215"]);
    expect(candidates("twenty one five", { lengths: [4] })).toEqual(["2015"]);
    expect(candidates("ein und zwanzig fünf", { ...any, locale: "de" })).toEqual(["215"]);
  });

  it("are a word at the edge that may be a digit", () => {
    expect(candidates("123456 for you", any)).toEqual(["1234564", "123456"]);
    expect(candidates("123456 for you")).toEqual(["123456"]);
    expect(candidates("one two for five")).toEqual(["001245"]);
    expect(candidates("mon code, un code : 123456", { locale: "fr" })).toEqual(["123456"]);
  });

  it("are never more than two", () => {
    expect(candidates("for twenty one thirty two to", any)).toHaveLength(2);
  });

  it("restore zeros that a recogniser took from the front, where nothing else fits", () => {
    expect(candidates("412", { lengths: [4] })).toEqual(["0412"]);
    expect(candidates("42", { lengths: [4] })).toEqual(["0042"]);
    expect(candidates("twenty one", { lengths: [4] })).toEqual(["0021", "0201"]);
    expect(candidates("12345", { lengths: [6, 8] })).toEqual(["012345"]);
    expect(candidates("412", any)).toEqual(["412"]);
  });
});

describe("no attempt", () => {
  it.each(["", " ", "\n", "-", "...", "\u200b"])("%j is empty", (input) => {
    expect(reason(input)).toBe("empty");
  });

  it.each([
    "?!x",
    "what is my balance",
    "send it again",
    "please",
    "1e5000",
    "0x10",
    "code123456",
    "123456a",
    '{"$ne":null}',
    '["123456"]',
    "' OR 1=1 --",
    "+123456",
    "123456\u0000",
    "12345\ud800",
    "double",
    "1 2 3 4 5 double",
    "double twenty",
    "times four",
    "double double four",
    "constructor",
    "__proto__",
    "not 123456",
  ])("%j is no code", (input) => {
    expect(reason(input)).toBe("not_a_code");
  });

  it.each(["1", "123", "1234567", "one two three", "12345678901234567890"])(
    "%j has no right length",
    (input) => {
      expect(reason(input)).toBe("wrong_length");
    },
  );
});

describe("recovery codes", () => {
  it("have one canonical form too", () => {
    const options: NormalizeOptions = { lengths: [], kind: "recovery" };
    const canonical = { ok: true, candidates: ["3-AB01-1XYZ-22QR-STV9"] };
    expect(normalizeCode("3-AB01-1XYZ-22QR-STV9", options)).toEqual(canonical);
    expect(normalizeCode(" 3 aboi lxyz 22qr stv9 ", options)).toEqual(canonical);
    expect(reason("123456", options)).toBe("not_a_code");
    expect(reason(" ", options)).toBe("empty");
    expect(reason("3".repeat(300), options)).toBe("too_long");
  });

  it("are no digits", () => {
    expect(reason("3-AB01-1XYZ-22QR-STV9", { lengths: [3, 4, 5, 6, 7, 8, 9, 10] })).toBe("not_a_code");
  });
});
