import { createPublicKey, verify } from "node:crypto";
import type { ChainHead } from "./chain.ts";

/** A public signing key as a JSON Web Key (RFC 8037): what a checkpoint, a receipt or a bundle is checked with. */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "EdDSA";
}

/** What a checkpoint says: "at this time my chain had this length and ended in this hash". */
export interface CheckpointNote {
  /** Which server's chain this is; no white space. */
  readonly origin: string;
  readonly seq: number;
  /** h_seq, 64 hex digits. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A signed note. Kept away from the database it is the only thing that shows a cut-off tail. */
export interface Checkpoint extends CheckpointNote {
  readonly kid: string;
  /** Ed25519 over `checkpointText`, base64url. */
  readonly signature: string;
}

/** Who can sign checkpoints (the keyring). */
export interface CheckpointSigner {
  signCheckpoint(note: CheckpointNote): Checkpoint;
}

/** Who knows the public keys checkpoints are signed with. */
export interface CheckpointVerifier {
  verifyCheckpoint(checkpoint: Checkpoint): boolean;
}

export const checkpointFormat = "countersign-checkpoint/v1";
export const checkpointEveryEvents = 1_000;
export const checkpointEveryMs = 60_000;

/** Whether events have come since the last checkpoint, and enough of them or long enough ago. */
export function isCheckpointDue(last: CheckpointNote | undefined, head: ChainHead, now: number): boolean {
  const events = head.seq - (last?.seq ?? 0);
  if (events <= 0) {
    return false;
  }
  return last === undefined || events >= checkpointEveryEvents || now - last.at >= checkpointEveryMs;
}

/** The signed text: everything of the line except the signature. */
export function checkpointText(checkpoint: Omit<Checkpoint, "signature">): string {
  const { origin, seq, hash, at, kid } = checkpoint;
  return `${checkpointFormat} ${origin} ${seq} ${hash} ${at} ${kid}`;
}

/** One line without its end: it fits an append-only file and a syslog message alike. */
export function serializeCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpointText(checkpoint)} ${checkpoint.signature}`;
}

const linePattern =
  /^countersign-checkpoint\/v1 (\S{1,255}) ([1-9]\d{0,15}) ([0-9a-f]{64}) (\d{1,16}) ([\w-]{1,64}) ([\w-]{86})$/;

/** Reads one line; undefined when it is not a checkpoint. It says nothing about the signature. */
export function parseCheckpoint(line: string): Checkpoint | undefined {
  const match = linePattern.exec(line.trimEnd());
  if (match === null) {
    return undefined;
  }
  const [, origin = "", seq = "", hash = "", at = "", kid = "", signature = ""] = match;
  return { origin, seq: Number(seq), hash, at: Number(at), kid, signature };
}

/** Checks the Ed25519 signature (RFC 8032) with the public key that the checkpoint names. */
export function isCheckpointSignedBy(checkpoint: Checkpoint, key: PublicJwk): boolean {
  if (checkpoint.kid !== key.kid || parseCheckpoint(serializeCheckpoint(checkpoint)) === undefined) {
    return false;
  }
  const publicKey = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: "jwk" });
  const signature = Buffer.from(checkpoint.signature, "base64url");
  return verify(null, Buffer.from(checkpointText(checkpoint)), publicKey, signature);
}
