import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptedLocales, canonicalLocale, chooseLocale } from "./negotiate.ts";

const ours = ["en", "de", "fr", "es", "it", "nl", "pt-BR"];

describe("choosing a language", () => {
  it.each<[readonly (string | undefined)[], string]>([
    [["de"], "de"],
    [["de-AT"], "de"],
    [["de-CH-1996"], "de"],
    [["DE_at"], "de"],
    [["gsw"], "de"],
    [["en-AU"], "en"],
    [["fr-CA"], "fr"],
    [["es-419"], "es"],
    [["pt"], "pt-BR"],
    [["pt-PT"], "pt-BR"],
    [["pt-AO"], "pt-BR"],
    [["nl-BE"], "nl"],
    [["ja"], "xx"],
    [["ja", "de"], "de"],
    [["ja", undefined, "fr"], "fr"],
    [["pt-PT", "en"], "pt-BR"],
    [["en_US"], "en"],
    [["not a lang!!", "de"], "de"],
    [["*", "de"], "de"],
    [["", "de"], "de"],
    [["de-u-nu-arab"], "de"],
    [["i-klingon"], "xx"],
    [[], "xx"],
  ])("%j gives %s", (requested, expected) => {
    expect(chooseLocale(requested, ours, "xx")).toBe(expected);
  });

  it("knows scripts, old tags and macro languages", () => {
    const many = ["zh-Hans", "zh-Hant", "he", "fil", "nb", "sr-Latn", "en", "en-GB", "pt-BR", "pt-PT"];
    const one = (tag: string) => chooseLocale([tag], many, "xx");
    expect(["zh-TW", "zh-HK", "zh-CN", "iw", "tl", "no", "nn", "pt-PT", "pt", "pt-AO"].map(one)).toEqual([
      "zh-Hant",
      "zh-Hant",
      "zh-Hans",
      "he",
      "fil",
      "nb",
      "nb",
      "pt-PT",
      "pt-BR",
      "pt-PT",
    ]);
    expect(chooseLocale(["en-AU"], ["en", "en-GB"], "xx")).toBe("en");
    expect(chooseLocale(["en-AU"], ["en-US", "en-GB"], "xx")).toBe("en-GB");
    expect(chooseLocale(["zh-TW"], ["zh", "zh-Hant"], "xx")).toBe("zh-Hant");
    expect(chooseLocale(["pt-PT"], ["pt", "pt-BR"], "xx")).toBe("pt");
  });

  it("answers in the spelling of the catalog and ignores malformed names in it", () => {
    expect(chooseLocale(["pt-br"], ["!!", "pt_BR"], "xx")).toBe("pt_BR");
    expect(chooseLocale(["de"], [], "xx")).toBe("xx");
  });

  it("never throws", () => {
    const tag = fc.oneof(
      fc.string(),
      fc.constantFrom("en", "x-private", "und", "*", "zh-Hant-TW", "root", "a-b", "en-u-ca"),
    );
    fc.assert(
      fc.property(
        fc.array(tag, { maxLength: 6 }),
        fc.array(tag, { maxLength: 6 }),
        (requested, available) => {
          expect([...available, "xx"]).toContain(chooseLocale(requested, available, "xx"));
          canonicalLocale(requested[0]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("Accept-Language", () => {
  it.each<[string | undefined, readonly string[]]>([
    ["de-AT,de;q=0.9,en;q=0.8", ["de-AT", "de", "en"]],
    ["en;q=0.5, fr", ["fr", "en"]],
    ["de;q=0, fr;q=0.1, *", ["fr"]],
    ["en_US, !!, de", ["en-US", "de"]],
    ["", []],
    [undefined, []],
    [";;;,,,", []],
  ])("%j gives %j", (header, expected) => {
    expect(acceptedLocales(header)).toEqual(expected);
  });
  it("looks at a bounded part of a header", () => {
    expect(acceptedLocales("en,".repeat(100_000)).length).toBeLessThanOrEqual(10);
  });
  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (header) => Array.isArray(acceptedLocales(header))));
  });
});
