import { randomFillSync, randomInt } from "node:crypto";
import type { Random } from "../tools.ts";

/** Bytes drawn from the operating system's generator at once: one call costs far more than the copy of a few bytes. */
const poolBytes = 4096;

let pool: Buffer | undefined;
let poolUsed = 0;

/** `node:crypto`'s generator. Small requests are cut from a pool, and a byte that was handed out is wiped from it. */
export const systemRandom: Random = {
  integer: (limit) => randomInt(limit),
  bytes: (length) => (length > poolBytes / 8 ? randomFillSync(new Uint8Array(length)) : fromPool(length)),
};

function fromPool(length: number): Uint8Array {
  if (pool === undefined || poolUsed + length > poolBytes) {
    pool = randomFillSync(pool ?? Buffer.alloc(poolBytes));
    poolUsed = 0;
  }
  const end = poolUsed + length;
  const taken = new Uint8Array(length);
  taken.set(pool.subarray(poolUsed, end));
  // What became a seed or a key must not stay readable in a buffer that lives as long as the process.
  pool.fill(0, poolUsed, end);
  poolUsed = end;
  return taken;
}

/** Where the ids of one source of randomness have got to. */
interface Sequence {
  milliseconds: number;
  counter: number;
}

/** Kept per source, of which a process has one, so that a rehearsal with a seeded source repeats exactly. */
const sequences = new WeakMap<Random, Sequence>();

/** 12 bits of `rand_a` count inside a millisecond. */
const counterLimit = 0x1000;

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * UUID version 7 as lower-case text (RFC 9562 §5.7): 48 bits of `now` in milliseconds, a 12-bit counter that starts at a
 * random place in each millisecond (§6.2 method 1), and 62 random bits. Every id is greater than the one before, also
 * when the clock steps back; then, and when a millisecond has no numbers left, the time in it runs ahead of `now`.
 */
export function timeOrderedId(now: number, random: Random): string {
  let sequence = sequences.get(random);
  if (sequence === undefined) {
    sequence = { milliseconds: -1, counter: 0 };
    sequences.set(random, sequence);
  }
  const bytes = random.bytes(10);
  const byte = (index: number) => bytes[index] ?? 0;
  advance(sequence, Math.floor(now), ((byte(8) << 8) | byte(9)) & 0x7ff);
  const pair = (index: number) => hex[byte(index)] ?? "";
  const variant = hex[0x80 | (byte(0) & 0x3f)] ?? "";
  return (
    `${timePart(sequence.milliseconds)}-7${hexOf(sequence.counter, 3)}-${variant}${pair(1)}-` +
    `${pair(2)}${pair(3)}${pair(4)}${pair(5)}${pair(6)}${pair(7)}`
  );
}

/** `start` has its top bit at zero: at least 2048 ids fit before a millisecond is used up. */
function advance(sequence: Sequence, milliseconds: number, start: number): void {
  if (milliseconds > sequence.milliseconds) {
    sequence.milliseconds = milliseconds;
    sequence.counter = start;
  } else if (sequence.counter + 1 < counterLimit) {
    sequence.counter += 1;
  } else {
    sequence.milliseconds += 1;
    sequence.counter = start;
  }
}

/** UUID version 4 as lower-case text (RFC 9562 §5.4), for what must have one by somebody else's rules: it is a bad key of a table. */
export function randomId(random: Random): string {
  const text = Buffer.from(random.bytes(16)).toString("hex");
  const variant = hex[0x80 | (Number.parseInt(text.slice(16, 18), 16) & 0x3f)] ?? "";
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(18, 20)}-${text.slice(20)}`;
}

/** The smallest id of a millisecond: ids made before it are smaller, whatever else they hold. */
export function firstIdAt(milliseconds: number): string {
  return `${timePart(Math.floor(milliseconds))}-7000-8000-000000000000`;
}

/** The milliseconds inside an id that `timeOrderedId` made; NaN for text of another shape. */
export function timeOfId(id: string): number {
  return idPattern.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : Number.NaN;
}

/** Text of an id as `timeOrderedId` writes it. */
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function timePart(milliseconds: number): string {
  const text = hexOf(Math.max(0, milliseconds), 12);
  return `${text.slice(0, 8)}-${text.slice(8)}`;
}

function hexOf(value: number, width: number): string {
  return value.toString(16).padStart(width, "0");
}
