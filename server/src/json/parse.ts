import { isUtf8 } from "node:buffer";
import { CountersignError } from "../engine/errors.ts";

/** Containers may stand this deep in one another; nothing the API takes is deeper than five. */
export const maxJsonDepth = 32;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** What a byte outside strings does to the depth. */
const depthChange = new Int8Array(256);
for (const opening of "{[") depthChange[opening.charCodeAt(0)] = 1;
for (const closing of "}]") depthChange[closing.charCodeAt(0)] = -1;

/** What one pass over the bytes learns that `JSON.parse` does not tell. */
interface Shape {
  /** Members of all objects as written, so that a duplicate name is one more than what was parsed. */
  readonly members: number;
  readonly depth: number;
}

/**
 * Parses a request body as I-JSON (RFC 7493): UTF-8 without a byte order mark, one object, no duplicate names, no lone
 * surrogates; and without NUL, without names that could reach a prototype, and not deeper than {@link maxJsonDepth}.
 *
 * @throws CountersignError `invalid_json` when the bytes are not such JSON, `invalid_request` when they are but we take
 * something else.
 */
export function parseJsonBody(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (!isUtf8(bytes)) throw new CountersignError("invalid_json", "The body is not UTF-8.");
  if (bytes[0] === 0xef && bytes[1] === 0xbb) {
    throw new CountersignError("invalid_json", "The body begins with a byte order mark (RFC 8259 §8.1).");
  }
  const shape = scan(bytes);
  // Before JSON.parse, so that a hostile depth never reaches a recursive walk.
  if (shape.depth > maxJsonDepth) {
    throw new CountersignError("invalid_request", `The body is nested deeper than ${maxJsonDepth} levels.`);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CountersignError("invalid_request", "The body must be a JSON object.");
  }
  const members = countMembers(value, text.includes("\\u"));
  if (members !== shape.members) {
    throw new CountersignError("invalid_json", "A name occurs twice in one object (RFC 7493 §2.3).");
  }
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold a code.
    throw new CountersignError("invalid_json", "The body is not JSON.");
  }
}

/** Bytes above 0x7f never look like structure in UTF-8, so this needs no decoding. */
function scan(bytes: Uint8Array): Shape {
  let members = 0;
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === quote) {
      index = endOfString(bytes, index + 1);
    } else {
      if (byte === colon) members += 1;
      depth += depthChange[byte] ?? 0;
      if (depth > deepest) deepest = depth;
    }
  }
  return { members, depth: deepest };
}

/** Index of the quote that ends the string whose text begins at `index`. */
function endOfString(bytes: Uint8Array, index: number): number {
  let at = index;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function countMembers(value: object, inspectStrings: boolean): number {
  if (Array.isArray(value)) {
    let members = 0;
    for (const item of value) members += countWithin(item, inspectStrings);
    return members;
  }
  let members = 0;
  for (const name in value) {
    if (name === "__proto__" || name === "constructor" || name === "prototype") {
      throw new CountersignError("invalid_request", "A field has a name that is not allowed.", {
        fields: [{ field: `/${name}`, problem: "is not a known field" }],
      });
    }
    if (inspectStrings) refuseBadText(name);
    members += 1 + countWithin((value as Record<string, unknown>)[name], inspectStrings);
  }
  return members;
}

function countWithin(value: unknown, inspectStrings: boolean): number {
  if (typeof value === "object" && value !== null) return countMembers(value, inspectStrings);
  if (inspectStrings && typeof value === "string") refuseBadText(value);
  return 0;
}

/** RFC 7493 §2.1 for surrogates; NUL because no database text column takes it. Both can only come as escapes. */
function refuseBadText(text: string): void {
  if (!text.isWellFormed()) throw new CountersignError("invalid_json", "A string holds half a character.");
  if (text.includes("\u0000")) throw new CountersignError("invalid_json", "A string holds U+0000.");
}
