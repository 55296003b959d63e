import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authenticatorKinds } from "../../engine/model.ts";
import type { SpeechPart } from "../model.ts";
import { type Manner, type PhraseKey, type PhraseValues, phraseKeys } from "./phrase.ts";
import { paced, plainText } from "./plain.ts";
import { methodLabel, phraseLocale, phraseLocales, sayPhrase } from "./say.ts";

const manners: readonly Manner[] = ["keys", "speech", "either", "text"];
const phone = "+49 *** **78";
const mail = "a***@example.com";
const whole: PhraseValues = {
  methods: authenticatorKinds.map((kind, index) => ({
    key: String(index + 1),
    label: kind,
    kind,
    masked: kind === "email" ? mail : phone,
  })),
  masked: phone,
  digits: 6,
  authenticatorName: "Acme Safe",
  attemptsLeft: 2,
  words: "amber river",
};
const read = (key: PhraseKey, values: PhraseValues, locale: string) =>
  plainText(sayPhrase(key, key === "sent.email" ? { ...values, masked: mail } : values, locale), "read");

describe.each(phraseLocales)("%s", (locale) => {
  it.each(phraseKeys)("says %s shortly and politely", (key) => {
    for (const manner of manners) {
      for (const values of [whole, {}]) {
        const said = read(key, { ...values, manner }, locale);
        if (values === whole) expect(said).not.toBe("");
        if (said === "") {
          expect(["proof.words"]).toContain(key);
          continue;
        }
        if (!key.startsWith("menu") || key === "menu.invalid") {
          expect(said.split(" ").length).toBeLessThanOrEqual(25);
        }
        expect(said).toMatch(/[.?]$/);
        expect(said).not.toMatch(/!|\*|undefined|\bnull\b|[<>&{}]| {2}| [.,]|\.\./);
        expect(said.normalize("NFC")).toBe(said);
      }
    }
  });

  it("says of a destination its last two digits, or its first letter and domain", () => {
    for (const key of ["sent.sms", "sent.voice"] as const) {
      const parts = sayPhrase(key, { masked: phone }, locale);
      expect(parts).toContainEqual({ kind: "digits", digits: "78" });
      expect(plainText(parts, "read")).not.toMatch(/49|\+/);
      expect(read(key, { masked: "+* *** **?" }, locale)).not.toMatch(/\d/);
    }
    const said = read("sent.email", {}, locale);
    expect(said).toContain("example.com");
    expect(said).toMatch(/\bA\b/);
    const strange = plainText(
      sayPhrase("sent.email", { masked: "_***@xn--mnchen-3ya.example" }, locale),
      "read",
    );
    expect(strange).toContain("münchen.example");
    expect(strange).not.toMatch(/_|xn--/);
  });

  it("counts in the language's own plural", () => {
    const one = read("wrong", { attemptsLeft: 1 }, locale);
    const two = read("wrong", { attemptsLeft: 2 }, locale);
    expect(one.replace("1", "2")).not.toBe(two);
    expect(read("wrong", {}, locale)).toBe(read("wrong", { attemptsLeft: 0 }, locale));
    expect(read("wrong", {}, locale).length).toBeLessThan(one.length);
    expect(read("enter", { digits: 8 }, locale)).toContain("8");
    expect(read("enter", {}, locale)).not.toMatch(/\d/);
  });

  it("asks to press, to say or to type", () => {
    const asked = (key: PhraseKey) => manners.map((manner) => read(key, { ...whole, manner }, locale));
    expect(new Set(asked("menu")).size).toBe(4);
    expect(new Set(asked("enter").slice(0, 3)).size).toBe(3);
    for (const line of asked("menu")) expect(line).toMatch(/1.*2.*3.*4.*5.*6.*7/s);
  });

  it("names the app as the publication does", () => {
    expect(read("enter.authenticator", { authenticatorName: "Acme Safe" }, locale)).toContain("Acme Safe");
    const hostile = read(
      "enter.authenticator",
      { authenticatorName: `A\n\u202e\u0000${"B".repeat(500)}` },
      locale,
    );
    expect(hostile).not.toMatch(/\p{C}/u);
    expect(hostile.length).toBeLessThan(200);
  });

  it("has a name of its own for each kind of method, and the caller's for others", () => {
    const labels = authenticatorKinds.map((kind) => methodLabel({ kind }, locale));
    expect(new Set(labels).size).toBe(authenticatorKinds.length - 1);
    for (const label of labels) expect(label).toMatch(/^\p{Lu}\S/u);
    expect(methodLabel({ kind: "sms", masked: phone }, locale)).toMatch(/ 78$/);
    const parts = sayPhrase("menu", { methods: [{ key: "1", label: "Büro 4711" }] }, locale);
    expect(parts).toContainEqual({ kind: "digits", digits: "4711" });
    expect(plainText(parts, "read")).toContain("Büro 4711");
  });
});

describe("the languages", () => {
  it("say nothing in another language's words", () => {
    for (const key of phraseKeys) {
      const said = phraseLocales.map((locale) => read(key, { ...whole, manner: "either" }, locale));
      expect([key, new Set(said).size]).toEqual([key, phraseLocales.length]);
    }
  });

  it.each([
    [["de-AT"], "de"],
    [["pt-PT"], "pt-BR"],
    [["pt_br"], "pt-BR"],
    [["gsw"], "de"],
    [["ja", "fr-CA"], "fr"],
    [["ja"], "en"],
    [["not a tag!!", undefined, "it"], "it"],
    [[], "en"],
  ])("serve %j in %s", (wanted, locale) => {
    expect(phraseLocale(wanted)).toBe(locale);
    if (wanted.length === 1) {
      expect(sayPhrase("goodbye", {}, wanted[0] ?? "")).toEqual(sayPhrase("goodbye", {}, locale));
    }
  });

  it("end every phrase with a pause, so that two never run together", () => {
    const parts = [...sayPhrase("wrong", {}, "en"), ...sayPhrase("enter.again", {}, "en")];
    expect(plainText(parts, "spoken")).toBe("That code is not right. Please enter the code again.");
    for (const key of phraseKeys) expect(sayPhrase(key, whole, "de").at(-1)).toMatchObject({ kind: "pause" });
    expect(sayPhrase("proof.words", {}, "de")).toEqual([]);
  });
});

const part = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    text: fc.string({ unit: fc.constantFrom("a", "B", " ", ".", ",") }),
  }),
  fc.record({ kind: fc.constant("digits" as const), digits: fc.stringMatching(/^[0-9]{1,8}$/) }),
  fc.record({ kind: fc.constant("pause" as const), ms: fc.integer({ min: 0, max: 2000 }) }),
);

describe("plain text", () => {
  const parts: readonly SpeechPart[] = [
    { kind: "text", text: "The number ending in " },
    { kind: "digits", digits: "78" },
    { kind: "text", text: "." },
    { kind: "pause", ms: 300 },
    { kind: "text", text: "Press " },
    { kind: "digits", digits: "1" },
    { kind: "text", text: "." },
  ];

  it("is written for the eyes and for engines without markup", () => {
    expect(plainText(parts, "read")).toBe("The number ending in 78. Press 1.");
    expect(plainText(parts, "spoken")).toBe("The number ending in 7, 8; Press 1");
    expect(plainText([], "read")).toBe("");
    const apart = [{ kind: "text", text: "one" } as const, { kind: "text", text: "two" } as const];
    expect(plainText(apart, "read")).toBe("one two");
  });

  it("keeps every digit in its place, and two digits apart", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (drawn) => {
        const digits = drawn.map((one) => (one.kind === "digits" ? one.digits : "")).join("");
        expect(plainText(drawn, "spoken").replace(/\D/g, "")).toBe(digits);
        expect(plainText(drawn, "spoken")).not.toMatch(/\d{2}|\d\./);
        expect(plainText(drawn, "read").replace(/\D/g, "")).toBe(digits);
        expect(plainText(drawn, "read")).not.toMatch(/^\s|\s$|\s{2}/);
      }),
    );
  });
});

describe("a slow pace", () => {
  it("says the digits one by one with pauses between them, and pauses longer", () => {
    const parts: readonly SpeechPart[] = [
      { kind: "text", text: "Ending in " },
      { kind: "digits", digits: "78" },
      { kind: "pause", ms: 300 },
    ];
    expect(paced(parts, "normal")).toBe(parts);
    const slow = paced(parts, "slow");
    expect(slow.filter(({ kind }) => kind === "digits")).toEqual([
      { kind: "digits", digits: "7" },
      { kind: "digits", digits: "8" },
    ]);
    expect(slow.at(-1)).toEqual({ kind: "pause", ms: 600 });
    expect(plainText(slow, "spoken")).toBe("Ending in 7, 8");
  });

  it("says the same, and never faster", () => {
    const silence = (parts: readonly SpeechPart[]) =>
      parts.reduce((sum, one) => sum + (one.kind === "pause" ? one.ms : 0), 0);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (drawn) => {
        const slow = paced(drawn, "slow");
        const letters = (parts: readonly SpeechPart[]) => plainText(parts, "read").replace(/\s/g, "");
        expect(letters(slow)).toBe(letters(drawn));
        expect(silence(slow)).toBeGreaterThanOrEqual(silence(drawn));
      }),
    );
  });
});
