import { scryptSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemRandom } from "./random.ts";
import { generateRecoveryCodes, hashRecoverySecret, recoveryHash } from "./recovery.ts";
import { formatRecoveryCode, parseRecoveryCode, recoveryAlphabet } from "./recovery-text.ts";
import { seededRandom } from "./seeded-random.ts";

const texts = fc.record({
  selector: fc.integer({ min: 1, max: 10 }),
  secret: fc.string({ unit: fc.constantFrom(...recoveryAlphabet), minLength: 16, maxLength: 16 }),
});

describe("generateRecoveryCodes", () => {
  it("makes ten numbered codes, each under its own salt, that check against their own hash only", async () => {
    const codes = await generateRecoveryCodes(systemRandom);
    expect(codes.map((code) => code.selector)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const salts = new Set(codes.map((code) => code.hash.split("$")[3]));
    expect(salts.size).toBe(10);
    for (const [index, code] of codes.entries()) {
      expect(code.text).toMatch(/^\d{1,2}(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
      const parsed = parseRecoveryCode(code.text);
      expect(parsed?.selector).toBe(code.selector);
      const other = codes[(index + 1) % codes.length];
      if (index < 2) {
        expect(await recoveryHash(parsed?.secret ?? "", code)).toBe(code.hash);
        expect(await recoveryHash(parsed?.secret ?? "", other)).not.toBe(other?.hash);
      }
    }
  });

  it("spends all eighty bits and nothing else on the characters", async () => {
    const random = seededRandom("eighty");
    const [first] = await generateRecoveryCodes({ ...random, bytes: (length) => random.bytes(length) });
    const drawn = seededRandom("eighty").bytes(10);
    const bits = [...drawn].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const secret = (first?.text ?? "").slice(2).replaceAll("-", "");
    const back = [...secret]
      .map((one) => recoveryAlphabet.indexOf(one).toString(2).padStart(5, "0"))
      .join("");
    expect(back).toBe(bits);
  });
});

describe("hashes", () => {
  it("are scrypt with the parameters they name", async () => {
    const salt = Buffer.from("0123456789abcdef");
    const [N, r, p, saltText, hash] = (await hashRecoverySecret("ABCD0123EFGH4567", salt)).split("$");
    expect([N, r, p]).toEqual(["16384", "8", "1"]);
    expect(Buffer.from(saltText ?? "", "base64url")).toEqual(salt);
    const own = scryptSync("ABCD0123EFGH4567", salt, 32, { N: 16384, r: 8, p: 1 }).toString("base64url");
    expect(hash).toBe(own);
  });

  it("follow the stored parameters, so that older codes stay valid", async () => {
    const salt = Buffer.from("fedcba9876543210");
    const own = scryptSync("ABCD0123EFGH4567", salt, 32, { N: 1024, r: 4, p: 2 }).toString("base64url");
    const stored = { hash: `1024$4$2$${salt.toString("base64url")}$${own}` };
    expect(await recoveryHash("ABCD0123EFGH4567", stored)).toBe(stored.hash);
    expect(await recoveryHash("ABCD0123EFGH4568", stored)).not.toBe(stored.hash);
  });

  it("do the same work for an unknown selector, and equal nothing", async () => {
    const unknown = await recoveryHash("ABCD0123EFGH4567", undefined);
    const known = await hashRecoverySecret("ABCD0123EFGH4567", systemRandom.bytes(16));
    expect(unknown.split("$").slice(0, 3)).toEqual(known.split("$").slice(0, 3));
    expect(unknown).toHaveLength(known.length);
    expect(unknown).not.toBe(known);
  });

  it.each(["", "x", "16384$8$1$short$short", `16384$8$1$${"A".repeat(22)}$${"A".repeat(43)}$`])(
    "refuse a stored text that is not theirs: %j",
    async (hash) => {
      await expect((async () => recoveryHash("ABCD0123EFGH4567", { hash }))()).rejects.toThrow(
        "unknown form",
      );
    },
  );
});

describe("parseRecoveryCode", () => {
  it("reads back what is printed, in any case and grouping", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom("-", " ", "", ".", "–", "\u00a0", " - "), (code, separator) => {
        const printed = formatRecoveryCode(code);
        expect(parseRecoveryCode(printed)).toEqual(code);
        expect(parseRecoveryCode(` ${printed.toLowerCase().replaceAll("-", separator)}\n`)).toEqual(code);
      }),
    );
  });

  const code = { selector: 3, secret: "AB011XYZ22QRSTV9" };

  it.each([
    "3-AB01-1XYZ-22QR-STV9",
    "3-ABOI-LXYZ-22QR-STV9",
    "3-aboi-lxyz-22qr-stv9",
    "３－ＡＢ０１－１ＸＹＺ－２２ＱＲ－ＳＴＶ９",
    "3: AB01 1XYZ 22QR STV9.",
    "3 a b o i l x y z 2 2 q r s t v 9",
    "three a b zero one one x y z double two q r s t v nine",
    "my recovery code is three, dash, a b oh one one x y z, two two, q r, s t v niner, please",
  ])("understands %j", (answer) => {
    expect(parseRecoveryCode(answer)).toEqual(code);
  });

  it("understands spoken digits of the person's language", () => {
    expect(parseRecoveryCode("drei a b null eins eins x y z doppel zwei q r s t v neun", "de")).toEqual(code);
    expect(
      parseRecoveryCode("drei a b null eins eins x y z doppel zwei q r s t v neun", "en"),
    ).toBeUndefined();
  });

  it.each([
    "",
    "AB01-1XYZ-22QR-STV9",
    "0-AB01-1XYZ-22QR-STV9",
    "11-AB01-1XYZ-22QR-STV9",
    "03-AB01-1XYZ-22QR-STV9",
    "3-AB01-1XYZ-22QR-STV",
    "3-AB01-1XYZ-22QR-STV99",
    "3-ABU1-1XYZ-22QR-STV9",
    "3-AB01-1XYZ-22QR-ST$9",
    "123456",
    `3-AB01-1XYZ-22QR-STV9${" ".repeat(300)}`,
  ])("refuses %j", (answer) => {
    expect(parseRecoveryCode(answer)).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void parseRecoveryCode(text)),
    );
  });
});
