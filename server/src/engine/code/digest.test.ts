import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeFields, equalBytes, lengthPrefixed } from "./digest.ts";

const text = fc.string({ unit: "binary" }).map((drawn) => drawn.toWellFormed());

describe("lengthPrefixed", () => {
  it("gives the published HMAC", () => {
    const fields = ["countersign/otp/v1", "org_1", "chl_1", "sub_1", "login", "", "012345"];
    const hmac = createHmac("sha256", Buffer.alloc(32, 7)).update(lengthPrefixed(fields)).digest("hex");
    expect(hmac).toBe("1b0cf32f5ec11a4b2ef05e421f6f5239aa3b6332d313899d6b1135b6602e3e30");
  });

  it("writes lengths in bytes, not in characters", () => {
    expect(lengthPrefixed(["é", ""]).toString("hex")).toBe("00000002c3a900000000");
    expect(lengthPrefixed([])).toHaveLength(0);
  });

  it("can be read back, so no two lists give the same bytes", () => {
    fc.assert(
      fc.property(fc.array(text), (fields) => {
        const bytes = lengthPrefixed(fields);
        const read: string[] = [];
        for (let offset = 0; offset < bytes.length; ) {
          const end = offset + 4 + bytes.readUInt32BE(offset);
          read.push(bytes.toString("utf8", offset + 4, end));
          offset = end;
        }
        expect(read).toEqual(fields);
      }),
    );
  });

  it("tells fields apart that would be the same text in a row", () => {
    expect(lengthPrefixed(["ab", "c"])).not.toEqual(lengthPrefixed(["a", "bc"]));
    expect(lengthPrefixed(["a", ""])).not.toEqual(lengthPrefixed(["a"]));
  });
});

describe("codeFields", () => {
  it("names its purpose first and binds the code to organization and verification", () => {
    expect(codeFields("org", "ver", "012345")).toEqual(["countersign/otp/v1", "org", "ver", "012345"]);
  });
});

describe("equalBytes", () => {
  it("is true for equal bytes only, and false instead of an error for other lengths", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(equalBytes(bytes, Buffer.from([1, 2, 3]))).toBe(true);
    expect(equalBytes(bytes, Uint8Array.of(1, 2, 4))).toBe(false);
    expect(equalBytes(bytes, Uint8Array.of(1, 2))).toBe(false);
    expect(equalBytes(new Uint8Array(), bytes)).toBe(false);
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });
});
