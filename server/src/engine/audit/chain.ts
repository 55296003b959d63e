import { hash } from "node:crypto";
import type { Random } from "../tools.ts";
import { type CanonicalValue, canonicalize } from "./canonical.ts";
import type { AuditDraft, AuditEvent, AuditEventType } from "./event.ts";

/** Where the chain stands: the last event's number, its hash (64 hex digits) and its time. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
}

/** Before the first event: h_0 is 32 zero bytes. */
export const emptyHead: ChainHead = { seq: 0, hash: "00".repeat(32), at: 0 };

/** What the chain commits to in public: no organization, no person, only a digest of the details. */
export interface AuditLeaf {
  readonly at: number;
  /** SHA-256 (hex) over the 16-byte salt and the details text. */
  readonly digest: string;
  readonly type: string;
}

/** An event as the table `audit` keeps it. Erasing a person sets `details` to null and `salt` to the empty text. */
export interface AuditRow extends AuditLeaf {
  readonly seq: number;
  readonly organization: string;
  /** 32 hex digits. */
  readonly salt: string;
  /** Canonical JSON of the details object; null once erased. */
  readonly details: string | null;
  /** h_n, 64 hex digits. */
  readonly hash: string;
}

/** What the digest of an event commits to; whoever holds it and the salt can open the commitment. */
export interface CommittedDetails {
  readonly organization: string;
  readonly verification?: string;
  readonly user?: string;
  readonly actor?: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Appended {
  readonly event: AuditEvent;
  readonly row: AuditRow;
  readonly head: ChainHead;
}

/**
 * Links one event to the chain. `now` in milliseconds; an event is never older than the one before it. The caller keeps
 * the row in the same transaction as the change it tells of, and goes on from the head that is returned.
 */
export function appendEvent(head: ChainHead, draft: AuditDraft, now: number, random: Random): Appended {
  const seq = head.seq + 1;
  const at = Math.max(now, head.at);
  const salt = Buffer.from(random.bytes(16)).toString("hex");
  const details = detailsText(draft);
  const digest = detailsDigest(salt, details);
  const chained = chainHash(seq, head.hash, leafText({ at, digest, type: draft.type }));
  return {
    event: { ...draft, seq, at },
    row: {
      seq,
      at,
      type: draft.type,
      organization: draft.organization,
      digest,
      salt,
      details,
      hash: chained,
    },
    head: { seq, hash: chained, at },
  };
}

/** The event a row holds; of an erased one only its place, type and organization are left. */
export function eventOfRow(row: AuditRow): AuditEvent {
  const committed: CommittedDetails =
    row.details === null ? { organization: row.organization } : JSON.parse(row.details);
  return { ...committed, seq: row.seq, at: row.at, type: row.type as AuditEventType };
}

/** The text whose digest a leaf carries. */
export function detailsText(draft: Omit<AuditDraft, "type">): string {
  return canonicalize({
    organization: draft.organization,
    verification: draft.verification,
    user: draft.user,
    actor: draft.actor,
    details: draft.details,
  });
}

/** SHA-256(salt | details text) in hex. The salt keeps guessable details from being found by trying. */
export function detailsDigest(salt: string, details: string): string {
  const preimage = Buffer.allocUnsafe(16 + Buffer.byteLength(details));
  // A salt that is too short would leave chance bytes of the pool in the preimage.
  preimage.fill(0, 0, 16);
  preimage.write(salt, 0, 16, "hex");
  preimage.write(details, 16);
  return hash("sha256", preimage, "hex");
}

/** The canonical text of a leaf (RFC 8785). */
export function leafText(leaf: AuditLeaf): string {
  const value: CanonicalValue = { at: leaf.at, digest: leaf.digest, type: leaf.type };
  return canonicalize(value);
}

/** h_n = SHA-256(0x00 | n as 8 bytes, big-endian | h_{n-1} | canonical leaf), in hex. */
export function chainHash(seq: number, previousHash: string, leaf: string): string {
  const preimage = Buffer.allocUnsafe(41 + Buffer.byteLength(leaf));
  // 0x00 is the leaf prefix of RFC 6962 §2.1, so that a Merkle tree can be put over the same leaves one day.
  preimage[0] = 0;
  preimage.writeUInt32BE(Math.floor(seq / 0x1_0000_0000), 1);
  preimage.writeUInt32BE(seq % 0x1_0000_0000, 5);
  preimage.fill(0, 9, 41);
  preimage.write(previousHash, 9, 32, "hex");
  preimage.write(leaf, 41);
  return hash("sha256", preimage, "hex");
}
