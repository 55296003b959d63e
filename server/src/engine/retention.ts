/** How long what is over is kept, in milliseconds from its end. */
export interface RetentionRules {
  /** Destinations, their masks and everything else of a closed verification that is somebody's. */
  readonly destinationsMs: number;
  /** What is left of it: that it was, how it ended, how its messages fared. */
  readonly verificationsMs: number;
  /** Details of audit events; the chain keeps their digests. Undefined: for good. */
  readonly auditDetailsMs?: number | undefined;
}

export const retainedKinds = [
  "destinations",
  "verifications",
  "guards",
  "idempotency_keys",
  "receipts",
  "audit_details",
] as const;
/** What is forgotten when its time is over. `receipts`: notes of those that were taken, after they have expired. */
export type RetainedKind = (typeof retainedKinds)[number];

export interface RetentionStep {
  /** Rows that were removed or emptied. */
  readonly removed: Readonly<Partial<Record<RetainedKind, number>>>;
  /** The step ended at its limit: there may be more to do at once. */
  readonly more: boolean;
}

/**
 * Forgets what is over, a few rows at a time. Once a day each organization's record tells how much of its data went
 * (`retention.applied`).
 */
export interface RetentionStore {
  /** One atomic step that looks at `limit` rows at most; where the next one goes on is kept. `now` in milliseconds. */
  step(rules: RetentionRules, limit: number, now: number): Promise<RetentionStep>;
}
