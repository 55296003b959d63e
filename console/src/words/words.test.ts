import { describe, expect, test } from "vitest";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { wordsFor } from "./words.ts";

/** Every sentence with the place where it stands. A function is a sentence with a gap. */
function sentences(words: object, place = ""): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([name, value]) => {
      const at = `${place}/${name}`;
      if (typeof value === "function") return [[at, String((value as (...gaps: number[]) => string)(7, 9))]];
      return typeof value === "string" ? [[at, value]] : [...sentences(value as object, at)];
    }),
  );
}

/** Names and words that both languages share. */
const alike = new Set([
  "/app/name",
  "/app/connection/open",
  "/errors/quote",
  "/vias/passkey",
  "/tryIt/person",
  "/tryIt/code",
  "/receipt/token",
  "/receipt/claims/sub",
  "/verification/fields/id",
  "/facts/later",
  "/people/roles/operator",
  "/people/roles/admin",
  "/people/form/name",
  "/people/fields/id",
  "/why/policy/person",
  "/why/policy/levels/server",
  "/why/policy/levels/app",
  "/why/policy/levels/user",
]);

describe("the catalogs", () => {
  test("say the same things, also where a catalog is open", () => {
    expect([...sentences(de).keys()].sort()).toEqual([...sentences(en).keys()].sort());
  });

  test("leave nothing empty or untranslated", () => {
    const english = sentences(en);
    const same = [...sentences(de)].filter(([place, text]) => text === english.get(place));
    expect(same.map(([place]) => place).filter((place) => !alike.has(place))).toEqual([]);
    expect([...english.values(), ...sentences(de).values()].filter((text) => text.trim() === "")).toEqual([]);
  });

  test("count in the grammar of the language", () => {
    expect([en.tryIt.left(1), en.tryIt.left(2)]).toEqual(["1 try left.", "2 tries left."]);
    expect([de.tryIt.left(1), de.tryIt.left(2)]).toEqual(["Noch 1 Versuch.", "Noch 2 Versuche."]);
  });

  test("the first language that there is a catalog for is taken, else English", () => {
    expect(wordsFor(["fr-CA", "de-AT", "en"])).toEqual({ ...de, language: "de-AT" });
    expect(wordsFor(["EN-gb"])).toEqual({ ...en, language: "EN-gb" });
    expect(wordsFor(["fr"])).toBe(en);
    expect(wordsFor(["de-DE@posix"])).toEqual(de);
    expect(wordsFor([])).toBe(en);
  });
});
