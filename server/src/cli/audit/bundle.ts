import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BundleSource, createBundle, verifyBundle } from "../../engine/audit/bundle.ts";
import type { Checkpoint } from "../../engine/audit/checkpoint.ts";
import { timeOfId } from "../../engine/code/random.ts";
import { receiptType } from "../../engine/verification/receipt.ts";
import { verifierFile } from "../../files.ts";
import type { Keyring } from "../../store/keys/keyring.ts";
import { readCheckpoints } from "../../store/sqlite/checkpoints.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { auditHead, auditRows, chainHeadAt, firstSeqAt } from "../../store/sqlite/inspect.ts";
import { CliError, exits } from "../exit.ts";
import { configOf, keyringOf, keysetOf, openForReading } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { show } from "../output.ts";

export interface BundleOptions extends FolderOptions {
  readonly out?: string;
  readonly receipt?: string;
}

/** `countersign audit bundle <verification>` */
export async function bundle(verification: string, options: BundleOptions) {
  const config = configOf(options);
  const folder = resolve(options.out ?? `evidence-${verification}`);
  if (existsSync(folder)) {
    throw new CliError(
      exits.usage,
      `There is already something at ${folder}; nothing was written.`,
      "file_exists",
    );
  }
  const keyset = keysetOf(config);
  const connection = openForReading(config);
  try {
    const keyring = keyringOf(connection, keyset);
    const span = spanOf(verification, connection);
    const checkpoint = checkpointAfter(span.last, readCheckpoints(config.checkpointsPath), connection);
    const source: BundleSource = {
      verification,
      previousHash: chainHeadAt(connection, span.first - 1).hash,
      rows: auditRows(connection, span.first - 1, checkpoint.seq),
      checkpoint,
      publicKey: keyOf(checkpoint.kid, keyring),
      ...(options.receipt !== undefined && { receipt: receiptOf(options.receipt, keyring) }),
    };
    const made = await createBundle(source);
    const keys = { keys: [...keyring.checkpointKeys(), ...keyring.jwks().keys] };
    const verdict = verifyBundle(made, keys.keys);
    if (made === undefined || !verdict.ok) {
      throw new CliError(
        exits.negative,
        `The evidence does not hold: ${verdict.ok ? "events are missing." : verdict.sentence} Run countersign audit verify.`,
        "evidence_broken",
      );
    }
    writeFiles(folder, made, keys);
    show(options, { folder, events: verdict.events, firstSeq: made.firstSeq, checkpoint: checkpoint.seq }, [
      `Evidence  ${folder}`,
      `Events    ${verdict.events}, between event ${made.firstSeq} and the checkpoint at event ${checkpoint.seq}`,
      `Check it  node ${join(folder, "verify.mjs")} ${join(folder, "bundle.json")} ${join(folder, "keys.json")}`,
    ]);
    return exits.ok;
  } finally {
    connection.close();
  }
}

/** Numbers of the first and last event of the verification. Throws when there is none. */
function spanOf(verification: string, connection: Connection) {
  const madeAt = timeOfId(verification);
  // An id of another form tells no time; then the record is read from its beginning.
  const from = Number.isNaN(madeAt) ? 1 : firstSeqAt(connection, madeAt);
  const named = connection
    .prepare<unknown[], { first: number | null; last: number | null }>(
      `SELECT min(seq) AS first, max(seq) AS last FROM audit
       WHERE seq >= ? AND CASE WHEN json_valid(details) THEN json_extract(details, '$.verification') = ? END`,
    )
    .get(from, verification);
  if (named?.first == null || named.last === null) {
    throw new CliError(
      exits.negative,
      `The record holds no event of the verification ${verification}.`,
      "not_found",
    );
  }
  return { first: named.first, last: named.last };
}

/** The first checkpoint that counts the last event and still agrees with the record. */
function checkpointAfter(
  seq: number,
  checkpoints: readonly Checkpoint[],
  connection: Connection,
): Checkpoint {
  const found = checkpoints
    .filter((one) => one.seq >= seq && chainHeadAt(connection, one.seq).hash === one.hash)
    .toSorted((one, other) => one.seq - other.seq)[0];
  if (found !== undefined) return found;
  const { seq: head } = auditHead(connection);
  throw new CliError(
    exits.tryAgain,
    `No signed checkpoint counts event ${seq} yet (the record has ${head}). The server writes one with the next event a minute after the last, and when it stops.`,
    "checkpoint_missing",
  );
}

function keyOf(kid: string, keyring: Keyring) {
  const key = keyring.checkpointKeys().find((one) => one.kid === kid);
  if (key !== undefined) return key;
  throw new CliError(
    exits.negative,
    `The checkpoint is signed with "${kid}", which is no key of this server.`,
    "key_unknown",
  );
}

function receiptOf(path: string, keyring: Keyring): NonNullable<BundleSource["receipt"]> {
  const token = readFileSync(path, "utf8").trim();
  const claims = keyring.verifyJwt(token, receiptType);
  const key = keyring.jwks().keys.find((one) => token.startsWith(`${headerOf(one.kid)}.`));
  if (claims === undefined || key === undefined) {
    throw new CliError(exits.negative, `${path} is not a receipt of this server.`, "receipt_invalid");
  }
  return { token, key };
}

function headerOf(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: "EdDSA", typ: receiptType, kid })).toString("base64url");
}

function writeFiles(folder: string, made: object, keys: object): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, value: object) =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`, { flag: "wx", mode: 0o600 });
  write("bundle.json", made);
  write("keys.json", keys);
  copyFileSync(verifierFile, join(folder, "verify.mjs"));
}
