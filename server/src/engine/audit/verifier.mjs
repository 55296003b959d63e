// Verifies an evidence bundle of Countersign. It needs Node.js 20 or later and nothing else:
//
//   node verify.mjs bundle.json [trusted-keys.json]
//
// `trusted-keys.json` holds the server's public keys as you received them another way: one JSON Web Key, a list of
// them, or {"keys": [...]}. Without it this program can only tell whether the bundle agrees with itself.
// Exit status: 0 the bundle holds, 1 it does not, 2 it could not be read.
//
// What is checked:
//   1. each event opens its commitment:  digest = SHA-256(salt, 16 bytes | canonical JSON of the details)
//   2. the chain of all events in the span:  h_n = SHA-256(0x00 | n, 8 bytes | h_{n-1} | canonical JSON of the leaf)
//   3. the last hash is the one in the checkpoint, and the checkpoint is signed (Ed25519)
//   4. the receipt, if there is one, is signed (JWS, EdDSA) and is about this verification
// Canonical JSON is RFC 8785.

import { createHash, createPublicKey, verify } from "node:crypto";

/**
 * @typedef {{ kty: string, crv: string, x: string, kid: string }} Jwk
 * @typedef {{ at: number, digest: string, type: string }} Leaf
 * @typedef {{ seq: number, at: number, type: string, salt: string, details: { [name: string]: unknown } | null }} OwnEvent
 * @typedef {{ origin: string, seq: number, hash: string, at: number, kid: string, signature: string }} Checkpoint
 * @typedef {{ format: string, verification: string, firstSeq: number, previousHash: string, events: OwnEvent[],
 *   links: Leaf[], checkpoint: Checkpoint, publicKey: Jwk, receipt?: string, receiptKey?: Jwk }} Bundle
 * @typedef {"malformed" | "untrusted_key" | "signature_invalid" | "altered" | "missing" | "details_altered"
 *   | "receipt_invalid"} BundleProblemCode
 * @typedef {{ ok: true, events: number, erased: number, trusted: boolean, checkpoint: Checkpoint }} BundleProof
 * @typedef {{ ok: false, code: BundleProblemCode, seq?: number, sentence: string }} BundleProblem
 * @typedef {BundleProof | BundleProblem} BundleVerdict
 */

/** A reason to say no. */
class Refusal extends Error {
  /**
   * @param {BundleProblemCode} code
   * @param {string} sentence
   * @param {number} [seq]
   */
  constructor(code, sentence, seq) {
    super(sentence);
    this.code = code;
    this.seq = seq;
  }
}

/**
 * @param {unknown} value the parsed bundle
 * @param {readonly Jwk[]} [trustedKeys] public keys received another way
 * @returns {BundleVerdict}
 */
export function verifyBundle(value, trustedKeys = []) {
  try {
    const bundle = readBundle(value);
    checkTrust(bundle, trustedKeys);
    checkEvents(bundle);
    checkChain(bundle);
    checkSignature(bundle);
    checkReceipt(bundle);
    return {
      ok: true,
      events: bundle.events.length,
      erased: bundle.events.filter((event) => event.details === null).length,
      trusted: trustedKeys.length > 0,
      checkpoint: bundle.checkpoint,
    };
  } catch (error) {
    if (error instanceof Refusal) {
      const seq = error.seq === undefined ? {} : { seq: error.seq };
      return { ok: false, code: error.code, ...seq, sentence: error.message };
    }
    return { ok: false, code: "malformed", sentence: "The bundle holds a value that no bundle has." };
  }
}

/**
 * @param {unknown} value
 * @returns {Bundle}
 */
function readBundle(value) {
  const bundle = /** @type {Bundle} */ (value);
  if (bundle?.format !== "countersign-evidence/v1") {
    throw new Refusal("malformed", "This is not a bundle of the format countersign-evidence/v1.");
  }
  if (!Array.isArray(bundle.links) || !Array.isArray(bundle.events) || bundle.events.length === 0) {
    throw new Refusal("malformed", "The bundle holds no events.");
  }
  if (!Number.isSafeInteger(bundle.firstSeq) || bundle.firstSeq < 1 || !isHash(bundle.previousHash)) {
    throw new Refusal("malformed", "The bundle does not say where in the chain it begins.");
  }
  if (!isHash(bundle.checkpoint?.hash) || typeof bundle.publicKey?.x !== "string") {
    throw new Refusal("malformed", "The bundle holds no checkpoint, or no key to check it with.");
  }
  return bundle;
}

/**
 * @param {Bundle} bundle
 * @param {readonly Jwk[]} trustedKeys
 */
function checkTrust(bundle, trustedKeys) {
  const used = bundle.receiptKey === undefined ? [bundle.publicKey] : [bundle.publicKey, bundle.receiptKey];
  for (const key of used) {
    if (trustedKeys.length > 0 && !trustedKeys.some((trusted) => trusted.x === key.x)) {
      throw new Refusal("untrusted_key", `The key "${key.kid}" in the bundle is none of the keys you trust.`);
    }
  }
}

/** @param {Bundle} bundle */
function checkEvents(bundle) {
  let previous = 0;
  for (const event of bundle.events) {
    const leaf = bundle.links[event.seq - bundle.firstSeq];
    if (leaf === undefined || event.seq <= previous) {
      throw new Refusal("missing", `Event ${event.seq} has no place in the chain.`, event.seq);
    }
    if (leaf.at !== event.at || leaf.type !== event.type) {
      throw new Refusal("altered", `Event ${event.seq} is not the one in the chain.`, event.seq);
    }
    if (event.details !== null && !isOpened(event, leaf, bundle.verification)) {
      throw new Refusal(
        "details_altered",
        `The details of event ${event.seq} are not those that were written.`,
        event.seq,
      );
    }
    previous = event.seq;
  }
}

/**
 * @param {OwnEvent} event
 * @param {Leaf} leaf
 * @param {string} verification
 */
function isOpened(event, leaf, verification) {
  const digest = createHash("sha256")
    .update(Buffer.from(event.salt, "hex"))
    .update(canonicalize(event.details))
    .digest("hex");
  return (
    /^[0-9a-f]{32}$/.test(event.salt) &&
    digest === leaf.digest &&
    event.details?.["verification"] === verification
  );
}

/** @param {Bundle} bundle */
function checkChain(bundle) {
  const lastSeq = bundle.firstSeq + bundle.links.length - 1;
  if (lastSeq !== bundle.checkpoint.seq) {
    throw new Refusal("missing", `The chain ends at event ${lastSeq}, not at ${bundle.checkpoint.seq}.`);
  }
  let hash = Buffer.from(bundle.previousHash, "hex");
  bundle.links.forEach((leaf, index) => {
    const seq = Buffer.alloc(8);
    seq.writeBigUInt64BE(BigInt(bundle.firstSeq + index));
    const text = canonicalize({ at: leaf.at, digest: leaf.digest, type: leaf.type });
    hash = createHash("sha256").update(Buffer.of(0)).update(seq).update(hash).update(text).digest();
  });
  if (hash.toString("hex") !== bundle.checkpoint.hash) {
    const span = `${bundle.firstSeq} to ${lastSeq}`;
    throw new Refusal("altered", `The events ${span} do not lead to the hash that was signed.`);
  }
}

/** @param {Bundle} bundle */
function checkSignature(bundle) {
  const { origin, seq, hash, at, kid, signature } = bundle.checkpoint;
  const text = `countersign-checkpoint/v1 ${origin} ${seq} ${hash} ${at} ${kid}`;
  if (kid !== bundle.publicKey.kid || !isSigned(text, signature, bundle.publicKey)) {
    throw new Refusal(
      "signature_invalid",
      `The checkpoint at event ${seq} was not signed with the key given.`,
    );
  }
}

/** @param {Bundle} bundle */
function checkReceipt(bundle) {
  if (bundle.receipt === undefined) {
    return;
  }
  const [header = "", payload = "", signature = ""] = bundle.receipt.split(".");
  const { alg, typ } = JSON.parse(Buffer.from(header, "base64url").toString());
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const signed =
    bundle.receiptKey !== undefined && isSigned(`${header}.${payload}`, signature, bundle.receiptKey);
  if (!signed || alg !== "EdDSA" || typ !== "cs-receipt+jwt" || claims.verification !== bundle.verification) {
    throw new Refusal("receipt_invalid", "The receipt was not signed for this verification.");
  }
}

/**
 * @param {string} text
 * @param {string} signature
 * @param {Jwk} key
 */
function isSigned(text, signature, key) {
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.x }, format: "jwk" });
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "base64url"));
}

/** @param {unknown} value */
function isHash(value) {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function canonicalize(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalize).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalize(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** @param {string[]} files */
async function main([bundleFile = "", keysFile]) {
  const { readFileSync } = await import("node:fs");
  const bundle = JSON.parse(readFileSync(bundleFile, "utf8"));
  const keys = keysFile === undefined ? [] : JSON.parse(readFileSync(keysFile, "utf8"));
  const verdict = verifyBundle(bundle, keys.keys ?? [keys].flat());
  process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  if (verdict.ok && !verdict.trusted) {
    process.stdout.write(
      "The bundle agrees with itself. Name a file with keys you trust to know who signed it.\n",
    );
  }
  process.exitCode = verdict.ok ? 0 : 1;
}

/** @param {string | undefined} path */
function fileName(path) {
  return path?.split(/[\\/]/).at(-1);
}

// Run as a program, not imported. Only the names are compared: the folders may be reached through a link.
if (fileName(process.argv[1]) === fileName(import.meta.filename)) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`The bundle cannot be read: ${error.message}\n`);
    process.exitCode = 2;
  });
}
