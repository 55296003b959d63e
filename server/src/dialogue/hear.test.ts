import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heardLanguages } from "./hear/languages.ts";
import { hearWish, keyWishes } from "./hear.ts";
import { hearChoice } from "./hear-choice.ts";
import type { Option, Wish } from "./model.ts";
import { plainText } from "./phrases/plain.ts";
import { methodLabel, sayPhrase } from "./phrases/say.ts";

const locales = ["en", "de", "fr", "es", "it", "nl", "pt-BR"] as const;

describe("a wish", () => {
  it.each<[locale: string, said: string, wish: Wish]>([
    ["en", "again", "repeat"],
    ["en", "Say that again, please.", "repeat"],
    ["en", "Could you repeat that?", "repeat"],
    ["en", "one more time", "repeat"],
    ["en", "Pardon?", "repeat"],
    ["en", "slower please", "slower"],
    ["en", "Can you say it again more slowly", "slower"],
    ["en", "that's too fast", "slower"],
    ["en", "send a new code", "resend"],
    ["en", "Can you send me a new one?", "resend"],
    ["en", "send it again", "resend"],
    ["en", "I didn't get the code", "resend"],
    ["en", "nothing arrived", "resend"],
    ["en", "another way", "other_method"],
    ["en", "is there a different method", "other_method"],
    ["en", "agent", "agent"],
    ["en", "I'd like to speak to a real person", "agent"],
    ["en", "get me a human", "agent"],
    ["en", "oh, can you help me", "help"],
    ["en", "what can I say", "help"],
    ["en", "I don't understand", "help"],
    ["en", "cancel", "cancel"],
    ["en", "I want to stop", "cancel"],
    ["en", "never mind", "cancel"],
    ["de", "Noch einmal bitte", "repeat"],
    ["de", "Wie bitte?", "repeat"],
    ["de", "Könnten Sie das wiederholen?", "repeat"],
    ["de", "bitte etwas langsamer", "slower"],
    ["de", "nicht so schnell", "slower"],
    ["de", "Schicken Sie mir bitte einen neuen Code", "resend"],
    ["de", "ich habe keinen Code bekommen", "resend"],
    ["de", "Es ist nichts angekommen", "resend"],
    ["de", "Code nochmal schicken", "resend"],
    ["de", "gibt es einen anderen Weg", "other_method"],
    ["de", "Ich möchte mit einem Menschen sprechen", "agent"],
    ["de", "Mitarbeiter", "agent"],
    ["de", "Hilfe", "help"],
    ["de", "Was kann ich sagen?", "help"],
    ["de", "Abbrechen", "cancel"],
    ["de", "vergessen Sie es", "cancel"],
    ["fr", "Pouvez-vous répéter, s'il vous plaît ?", "repeat"],
    ["fr", "encore une fois", "repeat"],
    ["fr", "plus lentement s'il vous plait", "slower"],
    ["fr", "envoyez-moi un nouveau code", "resend"],
    ["fr", "je n'ai rien reçu", "resend"],
    ["fr", "un autre moyen", "other_method"],
    ["fr", "je voudrais parler à un conseiller", "agent"],
    ["fr", "aidez-moi", "help"],
    ["fr", "annuler", "cancel"],
    ["es", "otra vez, por favor", "repeat"],
    ["es", "más despacio", "slower"],
    ["es", "no me ha llegado el código", "resend"],
    ["es", "envíeme otro código", "resend"],
    ["es", "de otra forma", "other_method"],
    ["es", "quiero hablar con una persona", "agent"],
    ["es", "no entiendo", "help"],
    ["es", "cancelar", "cancel"],
    ["it", "può ripetere per favore?", "repeat"],
    ["it", "più lentamente", "slower"],
    ["it", "mi mandi un nuovo codice", "resend"],
    ["it", "non è arrivato niente", "resend"],
    ["it", "in un altro modo", "other_method"],
    ["it", "vorrei parlare con un operatore", "agent"],
    ["it", "aiuto", "help"],
    ["it", "annulla", "cancel"],
    ["nl", "kunt u dat herhalen", "repeat"],
    ["nl", "wat langzamer alstublieft", "slower"],
    ["nl", "stuur mij een nieuwe code", "resend"],
    ["nl", "ik heb niets ontvangen", "resend"],
    ["nl", "op een andere manier", "other_method"],
    ["nl", "ik wil een medewerker spreken", "agent"],
    ["nl", "wat kan ik zeggen", "help"],
    ["nl", "annuleren", "cancel"],
    ["pt-BR", "pode repetir, por favor?", "repeat"],
    ["pt-BR", "mais devagar", "slower"],
    ["pt-BR", "não recebi o código", "resend"],
    ["pt-BR", "manda de novo", "resend"],
    ["pt-BR", "de outra forma", "other_method"],
    ["pt-BR", "quero falar com um atendente", "agent"],
    ["pt-BR", "me ajuda", "help"],
    ["pt-BR", "cancelar", "cancel"],
    ["de", "new code", "resend"],
    ["ja", "agent", "agent"],
  ])("in %s: %s is %s", (locale, said, wish) => {
    expect(hearWish(said, locale)).toBe(wish);
  });

  it.each([
    ["en", "", "nothing"],
    ["en", "   ", "nothing"],
    ["en", "please", "politeness alone"],
    ["en", "yes", "politeness alone"],
    ["en", "no", "an answer to another question"],
    ["en", "don't cancel", "the opposite"],
    ["en", "I do not want to cancel", "the opposite"],
    ["en", "cancel or agent", "two wishes"],
    ["en", "no agent, send a new code", "two wishes"],
    ["en", "one two three four five six", "a code"],
    ["en", "123456", "a code"],
    ["en", "again 123456", "a code beside a wish"],
    ["en", "one two three again", "a code beside a wish"],
    ["en", "double four oh seven two one", "a code"],
    ["en", "what is the balance of my savings account", "talk"],
    ["en", "my agent told me last week that I could pay the bill tomorrow", "talk"],
    ["en", "agent <script>", "symbols"],
    ["de", "nicht abbrechen", "the opposite"],
    ["de", "kein agent", "the opposite"],
    ["de", "Abbrechen oder Mitarbeiter", "two wishes"],
    ["de", "dreiundzwanzig einundvierzig", "a code"],
    ["fr", "ne pas annuler", "the opposite"],
    ["fr", "quatre-vingt-douze", "a code"],
    ["es", "no cancelar", "the opposite"],
    ["pt-BR", "meia dúzia", "half a code"],
    ["de", "cancelar", "another language"],
    ["en", "0", "a key that a code may begin with"],
    ["en", "*7", "an unknown key"],
  ])("in %s: %j is none (%s)", (locale, said) => {
    expect(hearWish(said, locale)).toBeUndefined();
  });

  it("is a key with a star, and a # ends the input", () => {
    for (const [keys, wish] of Object.entries(keyWishes)) {
      expect(hearWish(keys, "de")).toBe(wish);
      expect(hearWish(` ${keys}#`, "de")).toBe(wish);
    }
    expect(Object.keys(keyWishes).every((keys) => keys.startsWith("*"))).toBe(true);
  });

  it.each(locales)("is whatever the help says in %s", (locale) => {
    for (const [key, manner] of [
      ["help", "speech"],
      ["help", "text"],
      ["help.menu", "speech"],
      ["help.menu", "either"],
      ["help.menu", "text"],
    ] as const) {
      const list =
        plainText(sayPhrase(key, { manner }, locale), "read")
          .split(":")
          .at(-1) ?? "";
      const sayings = list
        .split(/,| or | oder | ou | o | of /)
        .map((saying) => saying.replace(".", "").trim());
      expect(sayings.length).toBeGreaterThan(1);
      for (const saying of sayings) expect([saying, hearWish(saying, locale)]).not.toContain(undefined);
    }
  });

  it("is never heard in a code, however it is spoken", () => {
    const words: Readonly<Record<(typeof locales)[number], string>> = {
      en: "zero oh one two three four five six seven eight nine double triple",
      de: "null eins zwei drei vier fünf sechs sieben acht neun einundzwanzig doppel",
      fr: "zéro un deux trois quatre cinq six sept huit neuf vingt soixante-dix",
      es: "cero uno dos tres cuatro cinco seis siete ocho nueve veinte doble",
      it: "zero uno due tre quattro cinque sei sette otto nove venti doppio",
      nl: "nul één twee drie vier vijf zes zeven acht negen twintig dubbel",
      "pt-BR": "zero um dois três quatro cinco meia sete oito nove vinte",
    };
    const spoken = fc
      .constantFrom(...locales)
      .chain((locale) =>
        fc.tuple(
          fc.constant(locale),
          fc.array(fc.constantFrom(...words[locale].split(" ")), { minLength: 3, maxLength: 8 }),
        ),
      );
    fc.assert(
      fc.property(spoken, ([locale, said]) => {
        expect(hearWish(said.join(" "), locale)).toBeUndefined();
      }),
    );
  });

  it("has no saying that means two things, and none without words", () => {
    for (const locale of locales) {
      const own = heardLanguages(locale)[0];
      const wishOf = new Map<string, Wish>();
      for (const { wish, words } of own?.sayings ?? []) {
        const saying = words.join(" ");
        expect(saying).not.toBe("");
        expect([locale, saying, wishOf.get(saying) ?? wish]).toEqual([locale, saying, wish]);
        wishOf.set(saying, wish);
      }
      expect(wishOf.size).toBeGreaterThan(70);
    }
  });

  it("answers anything at once", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.constantFrom(...locales, ""),
        (text, locale) => {
          const wish = hearWish(text, locale);
          expect(wish === undefined || Object.values(keyWishes).includes(wish)).toBe(true);
        },
      ),
    );
    expect(hearWish("again ".repeat(100_000), "en")).toBeUndefined();
  });
});

const option = (key: string, value: string, label: string): Option => ({ key, value, label });
const menu = (locale: string): readonly Option[] => [
  option("1", "email", methodLabel({ kind: "email", masked: "a***@example.com" }, locale)),
  option("2", "sms", methodLabel({ kind: "sms", masked: "+49 *** **78" }, locale)),
  option("3", "totp", methodLabel({ kind: "totp", authenticatorName: "Acme Safe" }, locale)),
];
const chosen = (said: string, locale: string, options = menu(locale)) =>
  hearChoice(said, options, locale)?.value;

describe("a choice", () => {
  it.each([
    ["en", "2", "sms"],
    ["en", "２", "sms"],
    ["en", "2#", "sms"],
    ["en", "two", "sms"],
    ["en", "to", "sms"],
    ["en", "option two please", "sms"],
    ["en", "press one", "email"],
    ["en", "text message", "sms"],
    ["en", "by text please", "sms"],
    ["en", "send me an e-mail", "email"],
    ["en", "email", "email"],
    ["en", "the second one", "sms"],
    ["en", "the last one", "totp"],
    ["en", "the one by email", "email"],
    ["en", "the app", "totp"],
    ["en", "Acme", "totp"],
    ["en", "the one ending in seven eight", "sms"],
    ["en", "seventy eight", "sms"],
    ["de", "SMS", "sms"],
    ["de", "per E-Mail bitte", "email"],
    ["de", "Nummer zwei", "sms"],
    ["de", "die erste", "email"],
    ["de", "eine", "email"],
    ["de", "Authenticator-App", "totp"],
    ["de", "die Nummer mit der Endung achtundsiebzig", "sms"],
    ["fr", "par SMS", "sms"],
    ["fr", "le deuxième", "sms"],
    ["fr", "l'application", "totp"],
    ["fr", "numéro un", "email"],
    ["es", "mensaje de texto", "sms"],
    ["es", "la primera", "email"],
    ["es", "opción tres", "totp"],
    ["it", "il secondo", "sms"],
    ["it", "per posta elettronica", "email"],
    ["it", "tre", "totp"],
    ["nl", "de tweede", "sms"],
    ["nl", "een sms", "sms"],
    ["nl", "nummer één", "email"],
    ["pt-BR", "mensagem de texto", "sms"],
    ["pt-BR", "a última", "totp"],
    ["pt-BR", "opção um", "email"],
    ["pt-BR", "por e-mail", "email"],
    ["de", "text message", "sms"],
  ])("in %s: %s is %s", (locale, said, value) => {
    expect(chosen(said, locale)).toBe(value);
  });

  it.each([
    ["en", "nine"],
    ["en", "0"],
    ["en", "call me"],
    ["en", "not the text message"],
    ["en", "text message or email"],
    ["en", "e-mail, no, the text message"],
    ["en", "number two, the email"],
    ["en", "the fourth"],
    ["en", "whatever you like"],
    ["en", ""],
    ["en", "123456"],
    ["de", "nicht die SMS"],
    ["de", "Anruf"],
    ["fr", "ni l'un ni l'autre"],
  ])("in %s: %j chooses nothing", (locale, said) => {
    expect(chosen(said, locale)).toBeUndefined();
  });

  it("between two of a kind needs more than the kind", () => {
    const two = [
      option("1", "0192-a", methodLabel({ kind: "sms", masked: "+49 *** **78" }, "en")),
      option("2", "0192-b", methodLabel({ kind: "sms", masked: "+49 *** **12" }, "en")),
      option("3", "0192-c", methodLabel({ kind: "voice", masked: "+49 *** **12" }, "en")),
    ];
    expect(chosen("text message", "en", two)).toBeUndefined();
    expect(chosen("twelve", "en", two)).toBeUndefined();
    expect(chosen("text message to one two", "en", two)).toBe("0192-b");
    expect(chosen("the text to 78", "en", two)).toBe("0192-a");
    expect(chosen("phone call", "en", two)).toBe("0192-c");
  });

  it("knows the customer's own words", () => {
    const own = [option("1", "x", "Branch office"), option("2", "y", "Head office")];
    expect(chosen("head office", "en", own)).toBe("y");
    expect(chosen("the office", "en", own)).toBeUndefined();
  });

  it("answers anything with one of the options or nothing", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.constantFrom(...locales, "x"),
        (text, locale) => {
          const options = menu("en");
          const found = hearChoice(text, options, locale);
          expect(found === undefined || options.includes(found)).toBe(true);
        },
      ),
    );
  });
});
