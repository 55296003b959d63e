import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "../base32.ts";
import { hotp, totpStep } from "../totp.ts";
import { rfc4226AppendixD } from "./rfc4226-appendix-d.ts";
import { rfc4648Section10 } from "./rfc4648-section-10.ts";
import { rfc6238AppendixB } from "./rfc6238-appendix-b.ts";
import type { VectorFile } from "./vector-file.ts";

/** Every file with the number of cases its standard prints, so that none can get lost. */
const files: Readonly<Record<string, readonly [VectorFile, number]>> = {
  "rfc4226-appendix-d.ts": [rfc4226AppendixD, 10],
  "rfc6238-appendix-b.ts": [rfc6238AppendixB, 18],
  "rfc4648-section-10.ts": [rfc4648Section10, 7],
};

/** Every field a file or a case may have; a field that the runner does not use would be an untested claim. */
const known: Readonly<Record<VectorFile["kind"], readonly [readonly string[], readonly string[]]>> = {
  hotp: [
    ["title", "kind", "cases", "key", "digits"],
    ["counter", "code"],
  ],
  totp: [
    ["title", "kind", "cases", "keys", "digits", "periodSeconds"],
    ["seconds", "algorithm", "code"],
  ],
  base32: [
    ["title", "kind", "cases"],
    ["text", "padded"],
  ],
};

function run(file: VectorFile): void {
  const [fields, caseFields] = known[file.kind] ?? expect.fail(`unknown kind of vectors: ${file.kind}`);
  expect(Object.keys(file).sort()).toEqual([...fields].sort());
  for (const one of file.cases) expect(Object.keys(one).sort()).toEqual([...caseFields].sort());
  switch (file.kind) {
    case "hotp":
      for (const { counter, code } of file.cases) {
        expect(hotp(Buffer.from(file.key), counter, file.digits, "SHA1")).toBe(code);
      }
      return;
    case "totp":
      for (const { seconds, algorithm, code } of file.cases) {
        const step = totpStep(seconds * 1000, file.periodSeconds);
        expect(hotp(Buffer.from(file.keys[algorithm]), step, file.digits, algorithm)).toBe(code);
      }
      return;
    case "base32":
      for (const { text, padded } of file.cases) {
        expect(encodeBase32(Buffer.from(text))).toBe(padded.replaceAll("=", ""));
        expect(Buffer.from(decodeBase32(padded)).toString()).toBe(text);
        expect(Buffer.from(decodeBase32(padded.toLowerCase().replaceAll("=", ""))).toString()).toBe(text);
      }
  }
}

describe("published vectors", () => {
  it("has a runner for every file here", () => {
    const here = readdirSync(import.meta.dirname).filter(
      (name) => name.startsWith("rfc") && name.endsWith(".ts"),
    );
    expect(here.sort()).toEqual(Object.keys(files).sort());
  });

  for (const [file, count] of Object.values(files)) {
    it(file.title, () => {
      expect(file.cases).toHaveLength(count);
      run(file);
    });
  }

  it("fails on a kind or a field it does not know", () => {
    expect(() => run({ ...rfc4226AppendixD, kind: "ocra" } as unknown as VectorFile)).toThrow(/ocra/);
    expect(() => run({ ...rfc4226AppendixD, note: "new" } as unknown as VectorFile)).toThrow();
    const changed = { ...rfc4226AppendixD, cases: [{ counter: 0, code: "755225" }] } as VectorFile;
    expect(() => run(changed)).toThrow();
  });
});
