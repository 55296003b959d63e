import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Random } from "../tools.ts";
import { type BundleSource, createBundle, type EvidenceBundle, verifyBundle } from "./bundle.ts";
import { type AuditRow, appendEvent, type ChainHead, emptyHead } from "./chain.ts";
import { checkpointText, type PublicJwk } from "./checkpoint.ts";
import type { AuditDraft } from "./event.ts";

const random: Random = { integer: () => 0, bytes: (length) => randomBytes(length) };

function newKey(kid: string): { privateKey: KeyObject; jwk: PublicJwk } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey,
    jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "EdDSA" } as PublicJwk,
  };
}
const audit = newKey("audit-1");
const receipts = newKey("receipt-1");
const stranger = newKey("audit-1");

const rows: AuditRow[] = [];
const own = [7, 9, 12];
{
  let head: ChainHead = emptyHead;
  for (let seq = 1; seq <= 20; seq++) {
    const mine = own.includes(seq);
    const draft: AuditDraft = {
      type: mine ? "attempt.refused" : "user.created",
      organization: mine ? "org_1" : "org_secret",
      ...(mine ? { verification: "ver_1" } : { user: `user_secret_${seq}` }),
      details: { reason: "größer ✓", attempts: seq },
    };
    const appended = appendEvent(head, draft, seq, random);
    rows.push(appended.row);
    head = appended.head;
  }
}

function checkpointAt(seq: number, key = audit.privateKey) {
  const row = rows[seq - 1]!;
  const unsigned = { origin: "mfa.example.com", seq, hash: row.hash, at: row.at, kid: "audit-1" };
  return {
    ...unsigned,
    signature: sign(null, Buffer.from(checkpointText(unsigned)), key).toString("base64url"),
  };
}

async function* stream(list: readonly AuditRow[]): AsyncGenerator<AuditRow> {
  yield* list;
}

const source = (change: Partial<BundleSource> = {}): BundleSource => ({
  verification: "ver_1",
  previousHash: rows[5]!.hash,
  rows: stream(rows.slice(6, 15)),
  checkpoint: checkpointAt(15),
  publicKey: audit.jwk,
  ...change,
});

let bundle: EvidenceBundle;
let withReceipt: EvidenceBundle;
let directory: string;

beforeAll(async () => {
  bundle = (await createBundle(source()))!;
  const token = await new SignJWT({ verification: "ver_1", sub: "user_1" })
    .setProtectedHeader({ alg: "EdDSA", typ: "cs-receipt+jwt", kid: "receipt-1" })
    .sign(receipts.privateKey);
  withReceipt = (await createBundle(source({ receipt: { token, key: receipts.jwk } })))!;
  directory = mkdtempSync(join(tmpdir(), "bundle-"));
  copyFileSync(new URL("./verifier.mjs", import.meta.url), join(directory, "verify.mjs"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("createBundle", () => {
  it("holds the verification's own events in full and only leaves of all others", () => {
    expect(bundle.events.map(({ seq }) => seq)).toEqual(own);
    expect(bundle.links).toHaveLength(9);
    expect(bundle.links.map((link) => Object.keys(link))).toEqual(
      bundle.links.map(() => ["at", "digest", "type"]),
    );
    expect(JSON.stringify(bundle)).not.toContain("secret");
  });

  it("is undefined when the span does not fit", async () => {
    expect(await createBundle(source({ verification: "ver_2" }))).toBeUndefined();
    expect(await createBundle(source({ checkpoint: checkpointAt(16) }))).toBeUndefined();
    expect(await createBundle(source({ rows: stream([]) }))).toBeUndefined();
  });
});

/** Whatever was done to a copy of the bundle, and what the verifier has to say about it. */
type Loose = {
  -readonly [Key in keyof EvidenceBundle]: EvidenceBundle[Key] extends object | undefined
    ? Record<string, never> & Record<number, Record<string, unknown>> & Record<string, unknown>
    : unknown;
};
const tampered: readonly [string, (copy: Loose) => void, object][] = [
  [
    "an event's details",
    (copy) => Object.assign(copy.events[1]!["details"]!, { user: "x" }),
    { code: "details_altered", seq: 9 },
  ],
  [
    "an event's salt",
    (copy) => Object.assign(copy.events[2]!, { salt: "00".repeat(16) }),
    { code: "details_altered", seq: 12 },
  ],
  [
    "a salt that is too long",
    (copy) => Object.assign(copy.events[2]!, { salt: `${copy.events[2]!["salt"]}zz` }),
    { code: "details_altered", seq: 12 },
  ],
  ["an event's time", (copy) => Object.assign(copy.events[0]!, { at: 1 }), { code: "altered", seq: 7 }],
  [
    "an event's type",
    (copy) => Object.assign(copy.events[0]!, { type: "verification.approved" }),
    { code: "altered", seq: 7 },
  ],
  [
    "another verification's name",
    (copy) => Object.assign(copy, { verification: "ver_2" }),
    { code: "details_altered" },
  ],
  ["a foreign leaf", (copy) => Object.assign(copy.links[1]!, { at: 1 }), { code: "altered" }],
  [
    "a leaf and its event alike",
    (copy) => {
      Object.assign(copy.links[0]!, { at: 1 });
      Object.assign(copy.events[0]!, { at: 1 });
    },
    { code: "altered" },
  ],
  ["the start", (copy) => Object.assign(copy, { previousHash: "00".repeat(32) }), { code: "altered" }],
  ["a shifted start", (copy) => Object.assign(copy, { firstSeq: 6 }), { ok: false }],
  [
    "a leaf taken out",
    (copy) => Object.assign(copy, { links: bundle.links.slice(0, -1) }),
    { code: "missing" },
  ],
  [
    "an event outside the span",
    (copy) => Object.assign(copy.events[2]!, { seq: 99 }),
    { code: "missing", seq: 99 },
  ],
  [
    "an event told twice",
    (copy) => Object.assign(copy, { events: [bundle.events[0], bundle.events[0]] }),
    { code: "missing", seq: 7 },
  ],
  ["no events", (copy) => Object.assign(copy, { events: [] }), { code: "malformed" }],
  [
    "the checkpoint's hash",
    (copy) => Object.assign(copy.checkpoint, { hash: "00".repeat(32) }),
    { code: "altered" },
  ],
  [
    "the checkpoint's time",
    (copy) => Object.assign(copy.checkpoint, { at: 1 }),
    { code: "signature_invalid" },
  ],
  [
    "another key under the same name",
    (copy) => Object.assign(copy, { publicKey: stranger.jwk }),
    { code: "signature_invalid" },
  ],
  [
    "a key that is none",
    (copy) => Object.assign(copy, { publicKey: { ...audit.jwk, x: "AAAA" } }),
    { code: "malformed" },
  ],
  ["another format", (copy) => Object.assign(copy, { format: "v2" }), { code: "malformed" }],
  ["another receipt", (copy) => Object.assign(copy, { receipt: "a.b.c" }), { ok: false }],
  [
    "a receipt without its key",
    (copy) => Object.assign(copy, { receipt: withReceipt.receipt }),
    { code: "receipt_invalid" },
  ],
];
const tamperedBundle = (tamper: (copy: Loose) => void): unknown => {
  const copy = JSON.parse(JSON.stringify(bundle));
  tamper(copy);
  return copy;
};

describe("verifyBundle", () => {
  it("accepts what was written, and says whose word it is", () => {
    expect(verifyBundle(bundle)).toMatchObject({ ok: true, events: 3, erased: 0, trusted: false });
    expect(verifyBundle(bundle, [audit.jwk])).toMatchObject({ ok: true, trusted: true });
    expect(verifyBundle(withReceipt, [audit.jwk, receipts.jwk])).toMatchObject({ ok: true, trusted: true });
    expect(verifyBundle(JSON.parse(JSON.stringify(bundle)), [audit.jwk])).toMatchObject({ ok: true });
  });

  it("accepts erased details", () => {
    const events = bundle.events.map((event) => ({ ...event, details: null, salt: "" }));
    expect(verifyBundle({ ...bundle, events })).toMatchObject({ ok: true, erased: 3 });
  });

  it.each(tampered)("AUD-01 refuses %s", (_name, tamper, problem) => {
    expect(verifyBundle(tamperedBundle(tamper))).toMatchObject({ ok: false, ...problem });
  });

  it("AUD-04 refuses a bundle that a stranger signed, once it is told whom to trust", async () => {
    const forged = await createBundle(
      source({ checkpoint: checkpointAt(15, stranger.privateKey), publicKey: stranger.jwk }),
    );
    expect(verifyBundle(forged)).toMatchObject({ ok: true, trusted: false });
    expect(verifyBundle(forged, [audit.jwk])).toMatchObject({ ok: false, code: "untrusted_key" });
    expect(verifyBundle(withReceipt, [audit.jwk])).toMatchObject({ ok: false, code: "untrusted_key" });
  });

  it("refuses a receipt of another verification or type", async () => {
    for (const [verification, typ] of [
      ["ver_2", "cs-receipt+jwt"],
      ["ver_1", "at+jwt"],
    ] as const) {
      const receipt = await new SignJWT({ verification })
        .setProtectedHeader({ alg: "EdDSA", typ })
        .sign(receipts.privateKey);
      expect(verifyBundle({ ...withReceipt, receipt })).toMatchObject({ code: "receipt_invalid" });
    }
  });

  it.each([null, 1, "x", [], {}, { format: "countersign-evidence/v1", links: 1 }])("refuses %j", (value) => {
    expect(verifyBundle(value)).toMatchObject({ ok: false, code: "malformed" });
  });
});

describe("the file that is handed out with a bundle", () => {
  function run(value: unknown, ...more: string[]): Promise<{ status: number; output: string }> {
    const file = join(directory, `${randomBytes(6).toString("hex")}.json`);
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
    return new Promise((resolve) => {
      // Nothing of this project is in reach there: no packages, no environment.
      const program = [join(directory, "verify.mjs"), file, ...more];
      execFile(process.execPath, program, { cwd: directory, env: {} }, (error, stdout, stderr) => {
        resolve({ status: Number(error?.code ?? 0), output: stdout + stderr });
      });
    });
  }

  it("accepts a good bundle alone", async () => {
    const keys = join(directory, "keys.json");
    writeFileSync(keys, JSON.stringify({ keys: [audit.jwk, receipts.jwk] }));
    expect(await run(withReceipt, keys)).toMatchObject({
      status: 0,
      output: expect.stringContaining('"trusted": true'),
    });
    expect((await run(bundle)).output).toContain("keys you trust");
  });

  it("refuses what the server refuses, with the same words", async () => {
    for (const index of [0, 6, 10, 15]) {
      const [, tamper, problem] = tampered[index]!;
      const value = tamperedBundle(tamper);
      const { status, output } = await run(value);
      expect(status).toBe(1);
      expect(JSON.parse(output)).toEqual(verifyBundle(value));
      expect(JSON.parse(output)).toMatchObject(problem);
    }
  });

  it("trusts one key from a file of its own", async () => {
    const keys = join(directory, "key.json");
    writeFileSync(keys, JSON.stringify(stranger.jwk));
    expect(await run(bundle, keys)).toMatchObject({
      status: 1,
      output: expect.stringContaining("untrusted_key"),
    });
  });

  it("says that it could not read", async () => {
    expect(await run("no json")).toMatchObject({ status: 2 });
    expect(await run(bundle, join(directory, "none.json"))).toMatchObject({ status: 2 });
  });
});
