import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { Secret } from "otpauth";
import { describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "./base32.ts";

describe("Base32", () => {
  it("agrees with otpauth in both directions", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = encodeBase32(bytes);
        expect(text).toBe(new Secret({ buffer: bytes.slice().buffer }).base32);
        expect(decodeBase32(text)).toEqual(bytes);
      }),
    );
  });

  it("agrees with coreutils' base32 where that is installed", (context) => {
    context.skip(
      spawnSync("base32", ["--version"]).error !== undefined,
      "base32 is not installed: not compared",
    );
    const bytes = Buffer.from("countersign 0\x00\xff", "latin1");
    const padded = execFileSync("base32", { input: bytes }).toString();
    expect(Buffer.from(decodeBase32(padded))).toEqual(bytes);
  });

  it("takes a secret as people paste it", () => {
    const bytes = decodeBase32("JBSWY3DPEHPK3PXP");
    expect(decodeBase32(" jbsw y3dp ehpk 3pxp\n")).toEqual(bytes);
    expect(Buffer.from(bytes.subarray(0, 6)).toString()).toBe("Hello!");
  });

  it.each([
    ["JBSW0"],
    ["JBSW1"],
    ["JBSW8"],
    ["JB-SW"],
    ["JBSÄ"],
    ["=MY"],
    ["M"],
    ["MZX"],
    ["MZXW6Y"],
    ["MZ"],
  ])("refuses %s", (text) => {
    expect(() => decodeBase32(text)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
