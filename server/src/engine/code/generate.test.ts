import { describe, expect, it } from "vitest";
import type { Random } from "../tools.ts";
import { generateCode } from "./generate.ts";
import { systemRandom } from "./random.ts";
import { seededRandom } from "./seeded-random.ts";

const allowed = { leadingZero: "allowed" } as const;
const avoided = { leadingZero: "avoided" } as const;
const samples = 200_000;

/** Pearson's statistic of how often each of `kinds` equally likely values came. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function digitCounts(codes: readonly string[], place: number): readonly number[] {
  const counts = new Array<number>(10).fill(0);
  for (const code of codes) {
    const digit = Number(code[place]);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  return counts;
}

function draw(length: number, random: Random): readonly string[] {
  return Array.from({ length: samples }, () => generateCode(length, allowed, random));
}

/**
 * With 9 degrees of freedom a fair source exceeds 40 once in 130,000 draws and 100 less than once in 10^16; the share of
 * leading zeros over 200,000 codes strays from 10 % by 1.0 points (15 standard deviations) never.
 */
const sources: readonly (readonly [string, Random, number, number])[] = [
  ["a seeded source", seededRandom("T-RNG"), 40, 0.003],
  ["the system's source", systemRandom, 100, 0.01],
];

describe.each(sources)("codes from %s", (_name, random, mostChiSquare, mostStray) => {
  it("have every digit equally often in every place, zeros in front included", () => {
    const codes = draw(6, random);
    for (const place of [0, 1, 2, 3, 4, 5]) {
      expect(chiSquare(digitCounts(codes, place))).toBeLessThan(mostChiSquare);
    }
    const share = codes.filter((code) => code.startsWith("0")).length / samples;
    expect(Math.abs(share - 0.1)).toBeLessThan(mostStray);
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
  });

  it("have pairs of neighbours that say nothing about each other", () => {
    const pairs = new Array<number>(100).fill(0);
    for (const code of draw(4, random)) {
      const pair = Number(code.slice(1, 3));
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
    // 99 degrees of freedom: beyond 250 less than once in 10^14.
    expect(chiSquare(pairs)).toBeLessThan(250);
  });
});

describe("the test itself", () => {
  it("notices the modulo bias of byte % 10", () => {
    const bytes = seededRandom("biased");
    const biased: Random = {
      bytes: bytes.bytes,
      integer: () => Number(Array.from({ length: 6 }, () => String((bytes.bytes(1)[0] ?? 0) % 10)).join("")),
    };
    const codes = draw(6, biased);
    const worst = Math.max(...[0, 1, 2, 3, 4, 5].map((place) => chiSquare(digitCounts(codes, place))));
    expect(worst).toBeGreaterThan(40);
  });
});

describe("generateCode", () => {
  it("keeps leading zeros", () => {
    const zeros: Random = { integer: () => 0, bytes: (length) => new Uint8Array(length) };
    expect(generateCode(6, allowed, zeros)).toBe("000000");
    expect(generateCode(20, allowed, zeros)).toBe("0".repeat(20));
    expect(generateCode(3, avoided, zeros)).toBe("100");
    expect(generateCode(1, avoided, zeros)).toBe("1");
  });

  it("reaches every code and no other", () => {
    const random = seededRandom("all");
    const all = new Set(Array.from({ length: 20_000 }, () => generateCode(3, allowed, random)));
    const pins = new Set(Array.from({ length: 20_000 }, () => generateCode(3, avoided, random)));
    expect(all.size).toBe(1000);
    expect(pins.size).toBe(900);
    expect([...pins].some((pin) => pin.startsWith("0"))).toBe(false);
  });

  it("is uniform over the pins without a leading zero", () => {
    const random = seededRandom("pins");
    const pins = Array.from({ length: samples }, () => generateCode(3, avoided, random));
    expect(chiSquare(digitCounts(pins, 0).slice(1))).toBeLessThan(40);
    expect(chiSquare(digitCounts(pins, 1))).toBeLessThan(40);
    expect(chiSquare(digitCounts(pins, 2))).toBeLessThan(40);
  });

  it("has exactly the length asked for", () => {
    for (let length = 1; length <= 20; length += 1) {
      expect(generateCode(length, allowed, systemRandom)).toMatch(new RegExp(`^\\d{${length}}$`));
      expect(generateCode(length, avoided, systemRandom)).toMatch(new RegExp(`^[1-9]\\d{${length - 1}}$`));
    }
  });

  it.each([0, -1, 21, 6.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a length of %s", (length) => {
    expect(() => generateCode(length, allowed, systemRandom)).toThrow(RangeError);
  });
});
