import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Random } from "../tools.ts";
import { type AuditRow, appendEvent, type ChainHead, chainHash, emptyHead, leafText } from "./chain.ts";
import {
  type Checkpoint,
  type CheckpointVerifier,
  checkpointText,
  isCheckpointSignedBy,
  type PublicJwk,
} from "./checkpoint.ts";
import type { AuditDraft } from "./event.ts";
import { type ChainRecord, verifyChain } from "./verify.ts";

const random: Random = { integer: () => 0, bytes: (length) => randomBytes(length) };

function draft(number: number): AuditDraft {
  return {
    type: "attempt.refused",
    organization: "org_1",
    verification: `ver_${number}`,
    details: { reason: "wrong" },
  };
}

function history(length: number, tag = 0): AuditRow[] {
  const rows: AuditRow[] = [];
  let head: ChainHead = emptyHead;
  for (let seq = 1; seq <= length; seq++) {
    const appended = appendEvent(head, draft(seq + tag), seq * 10, random);
    rows.push(appended.row);
    head = appended.head;
  }
  return rows;
}

function newSigner(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "EdDSA" } as PublicJwk;
  const signRow = (row: AuditRow, origin = "here"): Checkpoint => {
    const unsigned = { origin, seq: row.seq, hash: row.hash, at: row.at, kid };
    const signature = sign(null, Buffer.from(checkpointText(unsigned)), privateKey).toString("base64url");
    return { ...unsigned, signature };
  };
  return { jwk, signRow };
}

const signer = newSigner("audit-1");
const verifier: CheckpointVerifier = {
  verifyCheckpoint: (checkpoint) => isCheckpointSignedBy(checkpoint, signer.jwk),
};

async function* stream(rows: readonly AuditRow[]): AsyncGenerator<AuditRow> {
  yield* rows;
}

function verify(rows: readonly AuditRow[], record: Partial<ChainRecord> = {}) {
  return verifyChain({ rows: stream(rows), checkpoints: [], ...record }, verifier);
}

/** What somebody with the database, but not the signing key, would do after a change: link everything again. */
function relink(rows: readonly AuditRow[]): AuditRow[] {
  let previous = emptyHead.hash;
  return rows.map((row, index) => {
    const hash = chainHash(index + 1, previous, leafText(row));
    previous = hash;
    return { ...row, seq: index + 1, hash };
  });
}

const renumber = (rows: readonly AuditRow[]) => rows.map((row, index) => ({ ...row, seq: index + 1 }));

const rows = history(60);
const checkpoints = [signer.signRow(rows[19]!), signer.signRow(rows[39]!), signer.signRow(rows[59]!)];

it("accepts what was written", async () => {
  const last = rows.at(-1)!;
  expect(await verify(rows, { checkpoints })).toEqual({
    ok: true,
    events: 60,
    erased: 0,
    checkpoints: 3,
    head: { seq: 60, hash: last.hash, at: last.at },
  });
  expect(await verify([])).toMatchObject({ ok: true, events: 0, head: emptyHead });
});

it("accepts erased details and counts them", async () => {
  const erased = rows.map((row) => (row.seq % 3 === 0 ? { ...row, details: null, salt: "" } : row));
  expect(await verify(erased, { checkpoints })).toMatchObject({ ok: true, events: 60, erased: 20 });
});

it("goes on from a checkpoint when older events were removed", async () => {
  const from = checkpoints[1]!;
  expect(await verify(rows.slice(40), { checkpoints, from })).toMatchObject({ ok: true, events: 20 });
  expect(
    await verify(rows.slice(40), { checkpoints, from: { ...from, hash: "ff".repeat(32) } }),
  ).toMatchObject({ ok: false, code: "forked" });
});

describe("AUD-01 an edited event is named", () => {
  const edits: readonly [string, (row: AuditRow) => AuditRow, string][] = [
    ["time", (row) => ({ ...row, at: row.at + 1 }), "altered"],
    ["type", (row) => ({ ...row, type: "verification.approved" }), "altered"],
    ["digest", (row) => ({ ...row, digest: "ee".repeat(32) }), "altered"],
    ["hash", (row) => ({ ...row, hash: "ee".repeat(32) }), "altered"],
    ["time that is no number", (row) => ({ ...row, at: Number.NaN }), "altered"],
    ["details", (row) => ({ ...row, details: row.details!.replace("wrong", "right") }), "details_altered"],
    ["details that are no JSON", (row) => ({ ...row, details: "{" }), "details_altered"],
    ["salt", (row) => ({ ...row, salt: "00".repeat(16) }), "details_altered"],
    ["organization", (row) => ({ ...row, organization: "org_2" }), "details_altered"],
  ];
  it.each(edits)("%s", async (_name, edit, code) => {
    const edited = rows.with(30, edit(rows[30]!));
    expect(await verify(edited, { checkpoints })).toMatchObject({ ok: false, seq: 31, code });
  });

  it("any byte of any event", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(59),
        fc.constantFrom("type", "digest", "salt", "details", "hash", "organization"),
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        async (index, column, position, flip) => {
          const row = rows[index]! as AuditRow & Record<string, string>;
          const bytes = Buffer.from(row[column]!);
          bytes[position % bytes.length]! ^= flip;
          const edited = rows.with(index, { ...row, [column]: bytes.toString() });
          const isSameSalt =
            column === "salt" && edited[index]!.salt.toLowerCase() === row["salt"]!.toLowerCase();
          fc.pre(!isSameSalt);
          expect(await verify(edited)).toMatchObject({ ok: false, seq: index + 1 });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("AUD-02 another sequence is reported", () => {
  it("an event deleted", async () => {
    expect(await verify(rows.toSpliced(24, 1), { checkpoints })).toMatchObject({ seq: 25, code: "missing" });
    expect(await verify(rows.slice(3), { checkpoints })).toMatchObject({ seq: 1, code: "missing" });
  });

  it("an event deleted and the rest renumbered", async () => {
    expect(await verify(renumber(rows.toSpliced(24, 1)), { checkpoints })).toMatchObject({
      ok: false,
      seq: 25,
    });
  });

  it("two swapped, with or without their hashes, or only in the stream", async () => {
    const swapped = rows.toSpliced(9, 2, rows[10]!, rows[9]!);
    const inPlace = renumber(swapped).map((row, index) => ({ ...row, hash: rows[index]!.hash }));
    for (const order of [swapped, renumber(swapped), inPlace]) {
      expect(await verify(order, { checkpoints })).toMatchObject({ seq: 10, code: "reordered" });
    }
  });

  it("an event inserted, or standing there twice", async () => {
    const foreign = history(12, 500)[11]!;
    expect(await verify(renumber(rows.toSpliced(12, 0, foreign)), { checkpoints })).toMatchObject({
      seq: 13,
      code: "inserted",
    });
    expect(await verify(rows.toSpliced(12, 0, rows[11]!), { checkpoints })).toMatchObject({
      seq: 12,
      code: "inserted",
    });
  });
});

it("AUD-03 a cut-off tail is reported against the last checkpoint", async () => {
  expect(await verify(rows.slice(0, 50), { checkpoints })).toMatchObject({ seq: 51, code: "truncated" });
  expect(await verify([], { checkpoints })).toMatchObject({ seq: 1, code: "truncated" });
  // Without a checkpoint kept elsewhere a shorter chain is a good chain: that is why they are kept elsewhere.
  expect(await verify(rows.slice(0, 50))).toMatchObject({ ok: true, events: 50 });
});

describe("AUD-04 a chain written anew without the signing key", () => {
  const rewritten = relink(rows.with(25, { ...rows[25]!, type: "verification.approved" }));

  it("is a fork from the checkpoints that were signed", async () => {
    expect(await verify(rewritten)).toMatchObject({ ok: true });
    expect(await verify(rewritten, { checkpoints })).toMatchObject({ seq: 21, code: "forked" });
  });

  it("has no valid checkpoint of its own", async () => {
    const forger = newSigner("audit-1");
    const forged = [forger.signRow(rewritten[59]!)];
    expect(await verify(rewritten, { checkpoints: forged })).toMatchObject({
      seq: 60,
      code: "signature_invalid",
    });
  });

  it("cannot borrow the checkpoints of another server that has the same key", async () => {
    const borrowed = [signer.signRow(rewritten[59]!, "elsewhere")];
    expect(await verify(rewritten, { checkpoints: borrowed, origin: "here" })).toMatchObject({
      code: "forked",
    });
  });

  it("two signed histories of one length are a fork", async () => {
    const both = [...checkpoints, signer.signRow(rewritten[59]!)];
    expect(await verify(rows, { checkpoints: both })).toMatchObject({ code: "forked" });
  });
});

it("AUD-05 of two writers on one head only one event can stay; the other is appended again", async () => {
  const base = appendEvent(emptyHead, draft(1), 10, random);
  const left = appendEvent(base.head, draft(2), 20, random);
  const right = appendEvent(base.head, draft(3), 20, random);
  expect(right.row.seq).toBe(left.row.seq);
  expect(await verify([base.row, left.row, right.row])).toMatchObject({ seq: 2, code: "inserted" });
  const again = appendEvent(left.head, draft(3), 20, random);
  expect(await verify([base.row, left.row, again.row])).toMatchObject({ ok: true, events: 3 });
});

it("says in a sentence what is wrong, and stops reading there", async () => {
  let read = 0;
  async function* counted() {
    for (const row of rows.with(4, { ...rows[4]!, at: 1 })) {
      read += 1;
      yield row;
    }
  }
  const report = await verify([], { rows: counted() });
  expect(report).toMatchObject({ sentence: "Event 5 is not the one that was written." });
  expect(read).toBeLessThanOrEqual(6);
});
