import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { HOTP, Secret, TOTP, URI } from "otpauth";
import { describe, expect, it } from "vitest";
import { decodeBase32 } from "./base32.ts";
import { hotp, keyUri, matchTotp, totpStep } from "./totp.ts";

const algorithms = fc.constantFrom("SHA1" as const, "SHA256" as const, "SHA512" as const);
const secrets = fc.uint8Array({ minLength: 16, maxLength: 64 });
const oathtoolIsMissing = spawnSync("oathtool", ["--version"]).error !== undefined;
const year2200 = 7_258_118_400_000;
const parameters = { algorithm: "SHA1", digits: 6, periodSeconds: 30 } as const;

function theirSecret(bytes: Uint8Array): Secret {
  return new Secret({ buffer: bytes.slice().buffer });
}

describe("hotp", () => {
  it("agrees with otpauth for any secret, counter, length and algorithm", () => {
    fc.assert(
      fc.property(secrets, fc.maxSafeNat(), fc.integer({ min: 6, max: 10 }), algorithms, (...drawn) => {
        const [secret, counter, digits, algorithm] = drawn;
        const theirs = HOTP.generate({ secret: theirSecret(secret), counter, digits, algorithm });
        expect(hotp(secret, counter, digits, algorithm)).toBe(theirs);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with oathtool, also for a counter beyond 2^53", (context) => {
    context.skip(oathtoolIsMissing, "oathtool is not installed: its codes are not compared with ours");
    const secret = Buffer.from("3132333435363738393031323334353637383930", "hex");
    for (const counter of [0n, 4_294_967_296n, 9_007_199_254_740_993n]) {
      const options = ["--hotp", "-d", "8", "-c", String(counter), secret.toString("hex")];
      expect(hotp(secret, counter, 8, "SHA1")).toBe(execFileSync("oathtool", options).toString().trim());
    }
  });

  it("refuses a counter or a length that RFC 4226 does not have", () => {
    const secret = new Uint8Array(20);
    expect(() => hotp(secret, -1, 6, "SHA1")).toThrow(RangeError);
    expect(() => hotp(secret, 2n ** 64n, 6, "SHA1")).toThrow(RangeError);
    for (const digits of [5, 11, 6.5, Number.NaN])
      expect(() => hotp(secret, 0, digits, "SHA1")).toThrow(RangeError);
  });
});

describe("matchTotp", () => {
  it("finds what otpauth generates, at the same step", () => {
    fc.assert(
      fc.property(
        secrets,
        fc.integer({ min: 0, max: year2200 }),
        fc.constantFrom(15, 30, 60),
        fc.integer({ min: 6, max: 8 }),
        algorithms,
        (secret, now, periodSeconds, digits, algorithm) => {
          const options = { secret: theirSecret(secret), period: periodSeconds, digits, algorithm };
          const code = TOTP.generate({ ...options, timestamp: now });
          const own = { algorithm, digits, periodSeconds };
          const step = matchTotp({ secret, candidates: [code], now, window: 0, parameters: own });
          expect(step).toBe(totpStep(now, periodSeconds));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("finds what oathtool generates", (context) => {
    context.skip(oathtoolIsMissing, "oathtool is not installed: its codes are not compared with ours");
    for (const algorithm of ["SHA1", "SHA256", "SHA512"] as const) {
      for (const digits of [6, 7, 8]) {
        const secret = Buffer.from(`${algorithm}-${digits}-a-secret-of-some-length`);
        const now = Date.UTC(2025, 1, 25, 17, 33, 30);
        const mode = `--totp=${algorithm.toLowerCase()}`;
        const at = "2025-02-25 17:33:30 UTC";
        const options = [mode, "-d", String(digits), "-s", "30s", "--now", at, secret.toString("hex")];
        const code = execFileSync("oathtool", options).toString().trim();
        const own = { algorithm, digits, periodSeconds: 30 };
        const step = matchTotp({ secret, candidates: [code], now, window: 0, parameters: own });
        expect(step).toBe(totpStep(now, 30));
      }
    }
  });

  const secret = Buffer.from("12345678901234567890");
  const now = 1_234_567_890_000;
  const current = totpStep(now, 30);
  const codeAt = (offset: number) => hotp(secret, current + offset, 6, "SHA1");

  it("accepts one step before and after, and none beyond (RFC 6238 §5.2)", () => {
    const match = (offset: number) =>
      matchTotp({ secret, candidates: [codeAt(offset)], now, window: 1, parameters });
    expect([-2, -1, 0, 1, 2].map(match)).toEqual([undefined, current - 1, current, current + 1, undefined]);
  });

  it("changes exactly at the step's border", () => {
    const atStart = current * 30_000;
    const match = (at: number) =>
      matchTotp({ secret, candidates: [codeAt(0)], now: at, window: 0, parameters });
    expect([atStart - 1, atStart, atStart + 29_999, atStart + 30_000].map(match)).toEqual([
      undefined,
      current,
      current,
      undefined,
    ]);
  });

  it("takes any of the candidates and says the latest step", () => {
    const match = (candidates: readonly string[]) =>
      matchTotp({ secret, candidates, now, window: 1, parameters });
    expect(match(["000000", codeAt(-1)])).toBe(current - 1);
    expect(match([codeAt(1), codeAt(-1)])).toBe(current + 1);
    expect(match([])).toBeUndefined();
    expect(match(["", codeAt(0).slice(1), `${codeAt(0)}0`, "１２３４５６"])).toBeUndefined();
  });

  it("starts at step 0, however wide the window", () => {
    const first = hotp(secret, 0, 6, "SHA1");
    expect(matchTotp({ secret, candidates: [first], now: 0, window: 3, parameters })).toBe(0);
  });
});

describe("keyUri", () => {
  const secret = Buffer.from("12345678901234567890");

  it("is the text that authenticator apps know", () => {
    expect(keyUri({ issuer: "Acme Portal", account: "jane@example.com", secret, parameters })).toBe(
      "otpauth://totp/Acme%20Portal:jane%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" +
        "&issuer=Acme%20Portal&algorithm=SHA1&digits=6&period=30",
    );
  });

  it("is read back by otpauth as it was meant, whatever the names hold", () => {
    const names = fc
      .string({ unit: "binary", minLength: 1, maxLength: 100 })
      .filter((name) => /\w/.test(name));
    fc.assert(
      fc.property(names, names, secrets, algorithms, (issuer, account, bytes, algorithm) => {
        const own = { algorithm, digits: 8, periodSeconds: 60 };
        const uri = keyUri({ issuer, account, secret: bytes, parameters: own });
        const url = new URL(uri);
        const [issuerInLabel, accountInLabel, ...more] = url.pathname
          .slice(1)
          .split(":")
          .map(decodeURIComponent);
        expect(more).toEqual([]);
        expect(url.searchParams.get("issuer")).toBe(issuerInLabel);
        expect([...(issuerInLabel ?? "")].length).toBeLessThanOrEqual(32);
        expect([...(accountInLabel ?? "")].length).toBeLessThanOrEqual(64);
        expect(uri).not.toContain("+");
        expect(decodeBase32(url.searchParams.get("secret") ?? "")).toEqual(bytes);
      }),
    );
  });

  it("gives otpauth the same codes", () => {
    const own = { algorithm: "SHA256", digits: 8, periodSeconds: 60 } as const;
    const theirs = URI.parse(keyUri({ issuer: "A:B", account: "jane:doe", secret, parameters: own }));
    expect([theirs.issuer, theirs.label]).toEqual(["A-B", "jane-doe"]);
    const now = 1_700_000_000_000;
    const code = (theirs as TOTP).generate({ timestamp: now });
    expect(matchTotp({ secret, candidates: [code], now, window: 0, parameters: own })).toBe(
      totpStep(now, 60),
    );
  });

  it("cuts long names between characters", () => {
    const uri = keyUri({ issuer: "🔐".repeat(40), account: "ä".repeat(70), secret, parameters });
    expect(new URL(uri).searchParams.get("issuer")).toBe("🔐".repeat(32));
    expect(decodeURIComponent(uri)).toContain(`:${"ä".repeat(64)}?`);
  });
});
