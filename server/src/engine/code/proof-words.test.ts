import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { countSegments } from "../../delivery/templates/segments.ts";
import { hearWish } from "../../dialogue/hear.ts";
import { normalizeCode } from "./normalize.ts";
import { germanProofWords } from "./proof/de.ts";
import { englishProofWords } from "./proof/en.ts";
import { proofWords } from "./proof-words.ts";
import { timeOrderedId } from "./random.ts";
import { seededRandom } from "./seeded-random.ts";

const vault = (key: string) => ({
  mac: (purpose: string, fields: readonly string[]) => ({
    kid: "k",
    value: createHmac("sha256", `${key} ${purpose}`).update(JSON.stringify(fields)).digest(),
  }),
});
const of = { organization: "o1", verification: "v1", locale: "en" };

describe("the words of a verification", () => {
  it("are always the same two, from the list of its language", () => {
    const words = proofWords(of, vault("a"));
    expect(proofWords({ ...of }, vault("a"))).toBe(words);
    expect(words.split(" ").every((word) => englishProofWords.includes(word))).toBe(true);
    const german = proofWords({ ...of, locale: "de-AT" }, vault("a")).split(" ");
    expect(german.every((word) => germanProofWords.includes(word))).toBe(true);
    for (const locale of ["fr", "den", "", "pt-BR"])
      expect(proofWords({ ...of, locale }, vault("a"))).toBe(words);
  });

  it("are nothing that somebody without our key could say, nor the words of another verification", () => {
    const random = seededRandom("proof");
    const said = Array.from({ length: 4000 }, () =>
      proofWords({ ...of, verification: timeOrderedId(1_700_000_000_000, random) }, vault("a")),
    );
    expect(said.every((words) => new Set(words.split(" ")).size === 2)).toBe(true);
    expect(new Set(said.flatMap((words) => words.split(" "))).size).toBe(256);
    // 65,280 pairs: of 4,000 draws about 120 meet another one.
    expect(new Set(said).size).toBeGreaterThan(3_750);
    expect(proofWords(of, vault("b"))).not.toBe(proofWords(of, vault("a")));
    expect(proofWords({ ...of, organization: "o2" }, vault("a"))).not.toBe(proofWords(of, vault("a")));
  });
});

describe.each([
  ["en", englishProofWords],
  ["de", germanProofWords],
])("the list of %s", (locale, words) => {
  it("has 256 different words that fit an SMS and are neither numbers nor wishes", () => {
    expect(words).toHaveLength(256);
    expect(new Set(words.map((word) => word.toLowerCase())).size).toBe(256);
    expect(countSegments(words.join(" ")).encoding).toBe("GSM-7");
    for (const word of words) {
      expect(word).toMatch(/^\p{L}{3,12}$/u);
      expect([word, hearWish(word, locale)]).toEqual([word, undefined]);
      const number = normalizeCode(word, { locale, kind: "digits", lengths: [1, 2, 3, 4] });
      expect([word, number.ok]).toEqual([word, false]);
    }
  });

  it("has no two words that differ in one letter only", () => {
    const seen = new Map<string, string>();
    for (const word of words) {
      const letters = Array.from(word.toLowerCase());
      const patterns = letters.map((_, at) => letters.with(at, "*").join(""));
      for (const pattern of patterns) expect([word, seen.get(pattern)]).toEqual([word, undefined]);
      for (const pattern of patterns) seen.set(pattern, word);
    }
  });
});
