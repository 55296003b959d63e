/** How much of a rate has been used; it begins at 0, or at any time that has passed. */
export interface Bucket {
  /** When everything that was taken will have been paid back; milliseconds of a clock that never goes back. */
  paidAt: number;
}

export interface Rate {
  readonly perSecond: number;
  /** What may come at once: as much as this many seconds allow. */
  readonly burstSeconds: number;
}

/**
 * Milliseconds until one more may be taken; 0 or less: now. The bucket is kept as one time, which is the generic cell rate
 * algorithm (ITU-T I.371, virtual scheduling): nothing has to be filled up while nobody asks.
 */
export function waitMs(bucket: Bucket, { perSecond, burstSeconds }: Rate, now: number): number {
  return Math.max(bucket.paidAt, now) + 1000 / perSecond - now - burstSeconds * 1000;
}

export function take(bucket: Bucket, { perSecond }: Rate, now: number): void {
  bucket.paidAt = Math.max(bucket.paidAt, now) + 1000 / perSecond;
}

/** Buckets by name. Those that are full again are forgotten: a new one is the same. */
export interface Buckets {
  of(name: string): Bucket;
  forget(now: number): void;
  readonly size: number;
}

/** @param most remembered; beyond it, and when none is full again, all begin anew. */
export function createBuckets(most: number): Buckets {
  const buckets = new Map<string, Bucket>();
  return {
    of(name) {
      const known = buckets.get(name);
      if (known !== undefined) return known;
      if (buckets.size >= most) buckets.clear();
      const bucket: Bucket = { paidAt: 0 };
      buckets.set(name, bucket);
      return bucket;
    },
    forget(now) {
      for (const [name, { paidAt }] of buckets) if (paidAt <= now) buckets.delete(name);
    },
    get size() {
      return buckets.size;
    },
  };
}
