import type { Random } from "../../engine/tools.ts";
import { KeyFileError } from "./errors.ts";

/**
 * The key-encryption keys, kept outside the database: one wraps, all of them unwrap. Plain data, so that it can be posted
 * to a worker.
 */
export interface Keyset {
  readonly active: string;
  /** By kid: 32 bytes in base64. */
  readonly keys: Readonly<Record<string, string>>;
}

const kidPattern = /^[a-z0-9][a-z0-9-]{0,31}$/;
const keyBytes = 32;

/** Reads `{"active":"k1","keys":{"k1":"<base64 of 32 bytes>"}}`; `source` names it in the error. */
export function parseKeyset(text: string, source: string): Keyset {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is made of keys.
    throw malformed(source, "it is not valid JSON");
  }
  if (!isRecord(value) || Object.keys(value).some((name) => name !== "active" && name !== "keys")) {
    throw malformed(source, 'it must hold exactly the members "active" and "keys"');
  }
  const { active, keys } = value;
  if (!isRecord(keys) || Object.keys(keys).length === 0) {
    throw malformed(source, '"keys" must be an object with at least one key');
  }
  const entries = Object.entries(keys).map(([kid, key]) => [kid, checkedKey(kid, key, source)] as const);
  if (typeof active !== "string" || !Object.hasOwn(keys, active)) {
    throw malformed(source, '"active" must name one of the keys');
  }
  return { active, keys: Object.fromEntries(entries) };
}

/** The text of a key file. */
export function serializeKeyset(keyset: Keyset): string {
  return `${JSON.stringify({ active: keyset.active, keys: keyset.keys }, null, 2)}\n`;
}

/** A keyset of one new key, `k1`. */
export function newKeyset(random: Random): Keyset {
  return { active: "k1", keys: { k1: newKey(random) } };
}

/** The keyset with one more key, which wraps from now on. */
export function withNewKey(keyset: Keyset, random: Random): Keyset {
  const numbers = Object.keys(keyset.keys).map((kid) => Number(/^k(\d{1,9})$/.exec(kid)?.[1] ?? 0));
  const kid = `k${Math.max(...numbers) + 1}`;
  return { active: kid, keys: { ...keyset.keys, [kid]: newKey(random) } };
}

/** The keyset without a key that wraps nothing any more. */
export function withoutKey(keyset: Keyset, kid: string): Keyset {
  if (!Object.hasOwn(keyset.keys, kid)) {
    throw new KeyFileError("key_unknown", `There is no key "${kid}". Name one of the keys in the key file.`);
  }
  if (kid === keyset.active) {
    throw new KeyFileError("key_active", `The key "${kid}" is the active one. Rotate to a new key first.`);
  }
  const entries = Object.entries(keyset.keys).filter(([other]) => other !== kid);
  return { active: keyset.active, keys: Object.fromEntries(entries) };
}

function newKey(random: Random): string {
  return Buffer.from(random.bytes(keyBytes)).toString("base64");
}

function checkedKey(kid: string, key: unknown, source: string): string {
  if (!kidPattern.test(kid)) {
    throw malformed(source, "a key's name must be made of a–z, 0–9 and hyphens");
  }
  const bytes = Buffer.from(typeof key === "string" ? key : "", "base64");
  if (bytes.length !== keyBytes || bytes.toString("base64") !== key) {
    throw malformed(source, `the key "${kid}" must be ${keyBytes} bytes in base64`);
  }
  return key;
}

function malformed(source: string, problem: string): KeyFileError {
  return new KeyFileError(
    "key_file_malformed",
    `The keyset in ${source} cannot be used: ${problem}. Restore it from its backup; do not make a new one for an existing database.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
