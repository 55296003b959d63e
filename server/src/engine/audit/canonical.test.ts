import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CanonicalValue, canonicalize } from "./canonical.ts";

describe("RFC 8785", () => {
  it("§3.2.2 serialises the sample of the RFC", () => {
    const sample = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonicalize(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("§3.2.3 sorts members by UTF-16 code units", () => {
    const sample = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    expect([...canonicalize(sample).matchAll(/:"([^"]*)"/g)].map((match) => match[1])).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  const numbers: readonly [ieee: string, text: string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  it.each(numbers)("Appendix B: %s is %s", (ieee, text) => {
    expect(canonicalize(Buffer.from(ieee, "hex").readDoubleBE())).toBe(text);
  });

  it("Appendix B: refuses NaN and Infinity, §3.2.2.2: refuses a lone surrogate", () => {
    expect(() => canonicalize(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalize([Number.POSITIVE_INFINITY])).toThrow(TypeError);
    expect(() => canonicalize({ text: "\ud800" })).toThrow(TypeError);
    expect(() => canonicalize({ "\udc00": 1 })).toThrow(TypeError);
  });
});

it("leaves undefined members out, as JSON does, but not out of a list", () => {
  expect(canonicalize({ b: undefined, a: {}, c: undefined })).toBe('{"a":{}}');
  expect(canonicalize({ b: undefined })).toBe("{}");
  expect(() => canonicalize([undefined] as unknown as CanonicalValue)).toThrow(TypeError);
});

const values = fc.jsonValue({ stringUnit: "grapheme" }) as fc.Arbitrary<CanonicalValue>;

describe("for any value", () => {
  it("JSON.parse reads back what was written", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(canonicalize(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("the text does not depend on the order of members and is a fixed point", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), values), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        const text = canonicalize(value);
        expect(canonicalize(reversed)).toBe(text);
        expect(canonicalize(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("the members stand in the order of their UTF-16 code units", () => {
    const name = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/^(0|[1-9]\d*)$/.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        const text = canonicalize(Object.fromEntries(names.map((each) => [each, 0])));
        const utf16 = (value: string) => Buffer.from(value, "utf16le").swap16();
        // JSON.parse keeps the order of the text for names that are not array indexes.
        expect(Object.keys(JSON.parse(text))).toEqual(
          names.toSorted((left, right) => Buffer.compare(utf16(left), utf16(right))),
        );
      }),
    );
  });
});
