import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Random } from "../tools.ts";
import { appendEvent, chainHash, emptyHead, eventOfRow } from "./chain.ts";
import type { AuditDraft } from "./event.ts";

const random: Random = {
  integer: () => 0,
  bytes: (length) => new Uint8Array(length).fill(0xab),
};
const draft: AuditDraft = {
  type: "verification.denied",
  organization: "org_1",
  verification: "ver_1",
  actor: "api_key:k",
  details: { reason: "wrong", attempts: 3 },
};

it("computes the two known links of the chain", () => {
  const first = chainHash(1, emptyHead.hash, '{"a":1}');
  expect(first).toBe("fa481681385b20010eaf0c0419c211695a59ddc23e3a5affc339cfa8a7e43158");
  expect(chainHash(2, first, '{"a":2}')).toBe(
    "4e5832ff3c67056e052ae233ed6b3866d07cbbc00a50f94ae5b7fb82e213fbfc",
  );
});

it("writes the number of the event as 8 bytes, big-endian, beyond 32 bits too", () => {
  const seq = 2 ** 40 + 7;
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(seq));
  const expected = createHash("sha256")
    .update(Buffer.concat([Buffer.of(0), number, Buffer.alloc(32), Buffer.from("{}")]))
    .digest("hex");
  expect(chainHash(seq, emptyHead.hash, "{}")).toBe(expected);
});

describe("appendEvent", () => {
  it("links a public leaf and commits to the details by a salted digest", () => {
    const { row, event, head } = appendEvent(emptyHead, draft, 1_700, random);
    const details =
      '{"actor":"api_key:k","details":{"attempts":3,"reason":"wrong"},"organization":"org_1","verification":"ver_1"}';
    const digest = createHash("sha256").update(Buffer.alloc(16, 0xab)).update(details).digest("hex");
    const leaf = `{"at":1700,"digest":"${digest}","type":"verification.denied"}`;
    expect(row).toEqual({
      seq: 1,
      at: 1_700,
      type: "verification.denied",
      organization: "org_1",
      digest,
      salt: "ab".repeat(16),
      details,
      hash: chainHash(1, "00".repeat(32), leaf),
    });
    expect(head).toEqual({ seq: 1, hash: row.hash, at: 1_700 });
    expect(event).toEqual({ ...draft, seq: 1, at: 1_700 });
    expect(eventOfRow(row)).toEqual(event);
  });

  it("never goes back in time", () => {
    const first = appendEvent(emptyHead, draft, 2_000, random);
    const second = appendEvent(first.head, draft, 1_999, random);
    expect([second.row.seq, second.row.at, second.event.at, second.head.at]).toEqual([
      2, 2_000, 2_000, 2_000,
    ]);
  });

  it("salts equal events differently", () => {
    const salted: Random = { integer: () => 0, bytes: (length) => randomBytes(length) };
    const digests = [1, 2, 3].map((now) => appendEvent(emptyHead, draft, now, salted).row.digest);
    expect(new Set(digests).size).toBe(3);
  });

  it("leaves of an erased event its place, type and organization", () => {
    const { row } = appendEvent(emptyHead, draft, 5, random);
    expect(eventOfRow({ ...row, details: null, salt: "" })).toEqual({
      seq: 1,
      at: 5,
      type: "verification.denied",
      organization: "org_1",
    });
  });
});
