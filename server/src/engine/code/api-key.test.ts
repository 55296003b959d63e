import { createHash } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiKeyChecksum, apiKeyDigest, crc32, generateApiKey, parseApiKey } from "./api-key.ts";
import { systemRandom } from "./random.ts";
import { seededRandom } from "./seeded-random.ts";

describe("crc32", () => {
  it("has the check value of CRC-32", () => {
    expect(crc32(Buffer.from("123456789")).toString(16)).toBe("cbf43926");
  });

  it("agrees with zlib", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes));
      }),
    );
  });
});

describe("apiKeyChecksum", () => {
  it("has six base-62 digits, zeros in front included", () => {
    expect(apiKeyChecksum("csk_live_Id00000001Secret0123456789ABCDEFGHIJKLMN")).toBe("0Zs8Xs");
    expect(apiKeyChecksum("")).toBe("000000");
  });
});

describe("generateApiKey", () => {
  it.each(["live", "test"] as const)("makes %s keys that parse, and keeps only a digest", (mode) => {
    const made = generateApiKey(mode, systemRandom);
    expect(made.key).toMatch(new RegExp(`^cs_${mode}_[0-9A-Za-z]{46}$`));
    expect(parseApiKey(made.key)).toEqual({ mode, id: made.id });
    expect(made.key.slice(8, 18)).toBe(made.id);
    expect(made.digest).toBe(createHash("sha256").update(made.key).digest("hex"));
    expect(made.digest).toBe(apiKeyDigest(made.key));
    expect(made.key.endsWith(made.lastFour)).toBe(true);
    expect(made.lastFour).toHaveLength(4);
  });

  it("never makes the same key or id twice", () => {
    const made = Array.from({ length: 2000 }, () => generateApiKey("live", systemRandom));
    expect(new Set(made.map((one) => one.key)).size).toBe(2000);
    expect(new Set(made.map((one) => one.id)).size).toBe(2000);
  });
});

describe("parseApiKey", () => {
  const { key } = generateApiKey("live", seededRandom("key"));

  it("notices every changed character", () => {
    for (let place = 0; place < key.length; place += 1) {
      for (const character of "0aZ_-") {
        if (key[place] === character) continue;
        expect(parseApiKey(key.slice(0, place) + character + key.slice(place + 1))).toBeUndefined();
      }
    }
  });

  it("notices two exchanged neighbours", () => {
    for (let place = 8; place < key.length - 1; place += 1) {
      const swapped = `${key.slice(0, place)}${key[place + 1]}${key[place]}${key.slice(place + 2)}`;
      if (swapped !== key) expect(parseApiKey(swapped)).toBeUndefined();
    }
  });

  it("refuses other modes, prefixes, lengths and cases, even with a right checksum", () => {
    const body = key.slice(8, -6);
    const withSum = (text: string) => text + apiKeyChecksum(text);
    expect(parseApiKey(withSum(`cs_live_${body}`))).toEqual({ mode: "live", id: body.slice(0, 10) });
    for (const other of [
      `cs_prod_${body}`,
      `csk_live_${body}`,
      `cs_live_${body}0`,
      `cs_live_${body.slice(1)}`,
    ]) {
      expect(parseApiKey(withSum(other))).toBeUndefined();
    }
    expect(parseApiKey(key.toLowerCase())).toBeUndefined();
    expect(parseApiKey(` ${key}`)).toBeUndefined();
    expect(parseApiKey(`${key}\n`)).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(parseApiKey(text)).toBeUndefined();
      }),
    );
  });
});
