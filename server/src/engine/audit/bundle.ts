import type { AuditLeaf, AuditRow, CommittedDetails } from "./chain.ts";
import type { Checkpoint, PublicJwk } from "./checkpoint.ts";
import { type BundleVerdict, verifyBundle as verifyValue } from "./verifier.mjs";

export const bundleFormat = "countersign-evidence/v1";

/** One event with everything that opens its commitment. */
export interface BundleEvent {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  /** 32 hex digits; empty once erased. */
  readonly salt: string;
  readonly details: CommittedDetails | null;
}

/**
 * The evidence of one verification: its own events in full, and the public leaves of all events between its first one and
 * the next signed checkpoint, which tell nothing about anyone else. It proves that these events were part of the record
 * that was signed, in this order; it cannot prove that no further event of the verification exists outside its span.
 */
export interface EvidenceBundle {
  readonly format: typeof bundleFormat;
  readonly verification: string;
  /** Number of the event that `links[0]` belongs to. */
  readonly firstSeq: number;
  /** h of the event before it. */
  readonly previousHash: string;
  readonly events: readonly BundleEvent[];
  readonly links: readonly AuditLeaf[];
  readonly checkpoint: Checkpoint;
  /** The key that signed the checkpoint. Compare it with one you got another way. */
  readonly publicKey: PublicJwk;
  /** The receipt as it was given to the calling system, and the key that signed it. */
  readonly receipt?: string | undefined;
  readonly receiptKey?: PublicJwk | undefined;
}

/** What a bundle is made of. */
export interface BundleSource {
  readonly verification: string;
  /** h of the event before the first row. */
  readonly previousHash: string;
  /** All events of the store from the verification's first one up to the checkpoint, ascending. */
  readonly rows: AsyncIterable<AuditRow>;
  /** The first checkpoint that counts the verification's last event. */
  readonly checkpoint: Checkpoint;
  readonly publicKey: PublicJwk;
  readonly receipt?: { readonly token: string; readonly key: PublicJwk } | undefined;
}

/** Gathers the evidence; undefined when the rows hold no event of the verification or stop short of the checkpoint. */
export async function createBundle(source: BundleSource): Promise<EvidenceBundle | undefined> {
  const events: BundleEvent[] = [];
  const links: AuditLeaf[] = [];
  let firstSeq: number | undefined;
  for await (const row of source.rows) {
    firstSeq ??= row.seq;
    links.push({ at: row.at, digest: row.digest, type: row.type });
    const event = ownEvent(row, source.verification);
    if (event !== undefined) {
      events.push(event);
    }
  }
  const lastSeq = (firstSeq ?? 0) + links.length - 1;
  if (firstSeq === undefined || events.length === 0 || lastSeq !== source.checkpoint.seq) {
    return undefined;
  }
  return {
    format: bundleFormat,
    verification: source.verification,
    firstSeq,
    previousHash: source.previousHash,
    events,
    links,
    checkpoint: source.checkpoint,
    publicKey: source.publicKey,
    ...(source.receipt && { receipt: source.receipt.token, receiptKey: source.receipt.key }),
  };
}

function ownEvent(row: AuditRow, verification: string): BundleEvent | undefined {
  // Parsing every foreign event of the span would cost more than looking for the id first.
  if (!row.details?.includes(verification)) {
    return undefined;
  }
  const details: CommittedDetails = JSON.parse(row.details);
  return details.verification === verification
    ? { seq: row.seq, at: row.at, type: row.type, salt: row.salt, details }
    : undefined;
}

/**
 * Checks a bundle as a stranger would, with the code that is handed out beside it. With `trustedKeys` the keys inside the
 * bundle must be among them; without, the answer says `trusted: false` and proves only that the bundle agrees with itself.
 */
export function verifyBundle(bundle: unknown, trustedKeys: readonly PublicJwk[] = []): BundleVerdict {
  return verifyValue(bundle, trustedKeys);
}
