import { createHash } from "node:crypto";
import type { Random } from "../tools.ts";

/**
 * Repeatable randomness for tests and rehearsals: SHA-256 over the seed and a block number. Never for a running server,
 * because whoever knows the seed knows every code.
 */
export function seededRandom(seed: string): Random {
  let block = Buffer.alloc(0);
  let blockNumber = 0;
  let used = 0;

  function nextByte(): number {
    if (used === block.length) {
      block = createHash("sha256").update(`${blockNumber}:${seed}`).digest();
      blockNumber += 1;
      used = 0;
    }
    const byte = block[used] ?? 0;
    used += 1;
    return byte;
  }

  function integer(limit: number): number {
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 2 ** 48) {
      throw new RangeError("The limit must be an integer from 1 to 2^48.");
    }
    const usable = 2 ** 48 - (2 ** 48 % limit);
    for (;;) {
      let value = 0;
      for (let count = 0; count < 6; count += 1) value = value * 256 + nextByte();
      // Values beyond the last whole multiple would favour the small remainders.
      if (value < usable) return value % limit;
    }
  }

  return { integer, bytes: (length) => Uint8Array.from({ length }, nextByte) };
}
