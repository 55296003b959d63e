import { type Cipheriv, createCipheriv, createDecipheriv, type Decipheriv } from "node:crypto";
import type { Vault } from "../../../engine/tools.ts";

/**
 * Ids as clients of SignalWire expect them: UUIDs of version 4, of which some accept nothing else.
 *
 * Inside, ids are of version 7: time-ordered, so that an insert lands on the last page, and read as a time by the sweep. A random
 * id beside them would cost a second, random key on the insert path and a row to keep in step. Both versions leave 122 bits
 * free, so one can be turned into the other: the 122 bits pass through a keyed permutation. That is AES over the whole block,
 * repeated until the six fixed bits are those of version 4 again ("cycle walking": Black and Rogaway, Ciphers with Arbitrary
 * Finite Domains, CT-RSA 2002, which is as good a permutation of the smaller set as AES is of the larger one). 64 rounds on
 * average, some 30 microseconds. To whoever has no key such an id tells nothing: no time, no order.
 *
 * Each project has a key of its own. An id of another project turns into something that is no id at all, and so does a made-up
 * one: in 2^122 there is nothing to hit.
 */
export interface PublicIds {
  /** Version 4 for an id of version 7. */
  publicOf(project: string, id: string): string;
  /** And back; undefined for what has not the form of a UUID of version 4. In any case of letters. */
  internalOf(project: string, publicId: string): string | undefined;
}

interface Ciphers {
  readonly forward: Cipheriv;
  readonly backward: Decipheriv;
}

/** Most projects whose ciphers are remembered; then memory starts anew. */
const mostProjects = 1_000;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function createPublicIds(vault: Pick<Vault, "mac">): PublicIds {
  const known = new Map<string, Ciphers>();
  const ciphersOf = (project: string): Ciphers => {
    const found = known.get(project);
    if (found !== undefined) return found;
    if (known.size >= mostProjects) known.clear();
    const made = openCiphers(vault.mac("index", ["countersign/signalwire-id/v1", project]).value);
    known.set(project, made);
    return made;
  };
  return {
    publicOf: (project, id) => {
      const block = Buffer.from(id.replaceAll("-", ""), "hex");
      setVersion(block, 4);
      return textOf(walk(block, ciphersOf(project).forward));
    },
    internalOf: (project, publicId) => {
      if (!uuid.test(publicId)) return undefined;
      const block = Buffer.from(publicId.replaceAll("-", ""), "hex");
      const found = walk(block, ciphersOf(project).backward);
      setVersion(found, 7);
      return textOf(found);
    },
  };
}

/** Single blocks, each for itself: the mode has no state, so one cipher serves for good. */
function openCiphers(key: Uint8Array): Ciphers {
  const forward = createCipheriv("aes-256-ecb", key, null);
  const backward = createDecipheriv("aes-256-ecb", key, null);
  forward.setAutoPadding(false);
  backward.setAutoPadding(false);
  return { forward, backward };
}

/** Ends: a permutation comes back to where it began, which has the form. */
function walk(from: Buffer, cipher: Cipheriv | Decipheriv): Buffer {
  let block = from;
  do block = cipher.update(block);
  while (!isVersionFour(block));
  return block;
}

/** RFC 9562 §4: the version in the upper half of octet 6, the variant in the two upper bits of octet 8. */
function isVersionFour(block: Buffer): boolean {
  return ((block[6] ?? 0) & 0xf0) === 0x40 && ((block[8] ?? 0) & 0xc0) === 0x80;
}

function setVersion(block: Buffer, version: 4 | 7): void {
  block[6] = ((block[6] ?? 0) & 0x0f) | (version << 4);
}

function textOf(block: Buffer): string {
  const text = block.toString("hex");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    "-",
  );
}
