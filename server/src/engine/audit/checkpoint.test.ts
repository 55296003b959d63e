import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type Checkpoint,
  checkpointText,
  isCheckpointDue,
  isCheckpointSignedBy,
  type PublicJwk,
  parseCheckpoint,
  serializeCheckpoint,
} from "./checkpoint.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "audit-1", use: "sig", alg: "EdDSA" } as PublicJwk;
const unsigned = { origin: "mfa.example.com", seq: 1_000, hash: "ab".repeat(32), at: 1_700, kid: "audit-1" };
const checkpoint: Checkpoint = {
  ...unsigned,
  signature: sign(null, Buffer.from(checkpointText(unsigned)), privateKey).toString("base64url"),
};

describe("the line", () => {
  it("carries everything and reads back", () => {
    const line = serializeCheckpoint(checkpoint);
    expect(line).toBe(
      `countersign-checkpoint/v1 mfa.example.com 1000 ${"ab".repeat(32)} 1700 audit-1 ${checkpoint.signature}`,
    );
    expect(parseCheckpoint(`${line}\n`)).toEqual(checkpoint);
  });

  it.each([
    ["nothing", ""],
    ["another format", serializeCheckpoint(checkpoint).replace("v1", "v2")],
    ["a number with a leading zero", serializeCheckpoint({ ...checkpoint }).replace(" 1000 ", " 01000 ")],
    ["a short hash", serializeCheckpoint({ ...checkpoint, hash: "ab" })],
    ["a space in the origin", serializeCheckpoint({ ...checkpoint, origin: "a b" })],
    ["a cut signature", serializeCheckpoint(checkpoint).slice(0, -1)],
  ])("is refused with %s", (_name, line) => {
    expect(parseCheckpoint(line)).toBeUndefined();
  });
});

describe("the signature", () => {
  it("holds for what was signed", () => {
    expect(isCheckpointSignedBy(checkpoint, jwk)).toBe(true);
  });

  it.each([
    { seq: 1_001 },
    { hash: "cd".repeat(32) },
    { at: 1_701 },
    { origin: "other.example.com" },
    { kid: "audit-2" },
    { signature: `${checkpoint.signature.slice(0, -1)}=` },
  ])("does not hold for %o", (change) => {
    expect(isCheckpointSignedBy({ ...checkpoint, ...change }, jwk)).toBe(false);
  });
});

describe("isCheckpointDue", () => {
  const last = { origin: "o", seq: 100, hash: "00".repeat(32), at: 50_000 };
  const head = (seq: number) => ({ seq, hash: "00".repeat(32), at: 50_000 });
  it.each([
    ["at the first event", undefined, head(1), 0, true],
    ["not for an empty chain", undefined, head(0), 99_999_999, false],
    ["not without a new event", last, head(100), 99_999_999, false],
    ["not before a minute", last, head(101), 109_999, false],
    ["after a minute", last, head(101), 110_000, true],
    ["not before 1,000 events", last, head(1_099), 50_001, false],
    ["after 1,000 events", last, head(1_100), 50_001, true],
  ])("%s", (_name, before, now, at, due) => {
    expect(isCheckpointDue(before, now, at)).toBe(due);
  });
});
