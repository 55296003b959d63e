import { decideConfirm } from "../../engine/enrollment/confirm.ts";
import { CountersignError } from "../../engine/errors.ts";
import type { Verification, VerificationState } from "../../engine/model.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CommandContext, ConsumeReceiptCommand, StartOutcome } from "../../engine/store.ts";
import type { EngineTools } from "../../engine/tools.ts";
import { decideCancel } from "../../engine/verification/cancel.ts";
import { decideCheck } from "../../engine/verification/check.ts";
import { consumedEvent } from "../../engine/verification/consume.ts";
import type { Change, Decision } from "../../engine/verification/decision.ts";
import { decideExpire } from "../../engine/verification/expire.ts";
import {
  decideCountOutside,
  decideNoteOutside,
  decideSettleOutside,
} from "../../engine/verification/outside.ts";
import { decideResend } from "../../engine/verification/resend.ts";
import { decideStart } from "../../engine/verification/start.ts";
import type { KeyRow } from "../keys/key-rows.ts";
import type { AuditAppender } from "./apply.ts";
import type { Command, OutsideAsked } from "./command.ts";
import type { Connection } from "./connection.ts";
import type { CounterTable } from "./counters.ts";
import { createIdempotency } from "./idempotency.ts";
import type { SqliteRows } from "./load.ts";
import { createOutbox } from "./outbox.ts";
import { createReport } from "./references.ts";
import { createRetention } from "./retention.ts";
import { addSealCounts, type SealCounts } from "./seal-counts.ts";
import { createStatements } from "./statements.ts";
import type { StoreTime } from "./store-time.ts";
import { createSweep } from "./sweep.ts";

/** Everything a command may touch, inside the transaction of its batch. */
export interface WriterParts {
  readonly connection: Connection;
  readonly rows: SqliteRows;
  readonly counters: CounterTable;
  readonly apply: (change: Change, now: number) => void;
  readonly audit: AuditAppender;
  /** Every decision is made by this time. */
  readonly timeOf: StoreTime;
  readonly tools: EngineTools;
  /** What this thread sealed since it was asked last. */
  readonly sealedSince: () => SealCounts;
  /** Inserts a key row and takes the key into use. */
  readonly addKey: (row: KeyRow) => void;
}

/** Runs one command inside the open transaction; a thrown error means the batch must be rolled back. */
export function createExecute(parts: WriterParts): (command: Command) => unknown {
  const { rows, tools } = parts;
  const { once, keep } = createKeep(parts);
  const consume = createConsume(parts);
  const outbox = createOutbox(parts);
  const report = createReport(parts, keep);
  const statements = createStatements(parts);
  const sweep = createSweep(parts);
  const retain = createRetention(parts);
  const policies = new Map<number, Policy>();

  return (command) => {
    switch (command.kind) {
      case "policy":
        return void policies.set(command.number, command.policy);
      case "start":
        return once(
          { ...command.command, policy: policyOf(command.policy, policies) },
          (context): Decision<StartOutcome> => decideStart(context, rows, tools),
        );
      case "check":
        return once(command.command, (context) => decideCheck(context, rows, tools));
      case "resend":
        return once(command.command, (context) => decideResend(context, rows, tools));
      case "cancel":
        return once(command.command, (context) => decideCancel(context, rows));
      case "outside":
        return decideOutside(command.asked, once, parts);
      case "confirm":
        return once(command.command, (context) => decideConfirm(context, rows, tools));
      case "consume":
        return consume(command.command);
      case "expire": {
        const now = parts.timeOf(command.now);
        return keep(decideExpire(sweep(now, command.limit), now), now);
      }
      case "retain":
        addSealCounts(parts.connection, [command.sealed, parts.sealedSince()]);
        return retain(command.rules, command.limit, parts.timeOf(command.now));
      case "find": {
        const verification = rows.verification(command.organization, command.id);
        return verification && stateOf(verification);
      }
      case "claim":
        return outbox.claim(command.ids, command.owner);
      case "finish":
        return outbox.finish(command.result);
      case "report":
        return report(command.report);
      case "leftovers":
        return outbox.leftovers(command.owner, command.limit);
      case "add_key":
        return parts.addKey(command.row);
      case "tidy":
        // Only outside of a transaction: `batches.ts` does it when this one is over.
        return undefined;
      case "read":
        return statements.read(command.statement);
      case "write":
        return statements.write(command.statements, command.audit, command.now);
      default:
        throw new CountersignError("internal_error", `unknown command ${String(command satisfies never)}`);
    }
  };
}

function decideOutside(asked: OutsideAsked, once: ReturnType<typeof createKeep>["once"], parts: WriterParts) {
  const { rows, tools } = parts;
  switch (asked.verb) {
    case "note":
      return once(asked.command, (context) => decideNoteOutside(context, rows, tools));
    case "count":
      return once(asked.command, (context) => decideCountOutside(context, rows, tools));
    case "settle":
      return once(asked.command, (context) => decideSettleOutside(context, rows));
  }
}

/** How a decision becomes durable: its changes and its events together, once per idempotency key. */
function createKeep(parts: WriterParts) {
  const idempotency = createIdempotency(parts);
  const keep = <Outcome>(decision: Decision<Outcome>, now: number): Outcome => {
    for (const change of decision.changes) parts.apply(change, now);
    for (const event of decision.events) parts.audit.append(event, now);
    return decision.outcome;
  };
  const once = <Context extends CommandContext, Outcome>(
    context: Context,
    decide: (context: Context) => Decision<Outcome>,
  ): Outcome => {
    const now = parts.timeOf(context.now);
    const current = now === context.now ? context : { ...context, now };
    return idempotency(current, () => forCaller(keep(decide(current), current.now)));
  };
  return { keep, once };
}

/** What leaves the writer: the caller needs neither the digest of a code nor a sealed value. */
function stateOf(verification: Verification): VerificationState {
  const { codeLength, maxAttempts, maxSends } = verification.rules;
  const { guard, mac, kid, sealedCode, destination, destinationKey, number, source, ...kept } = verification;
  const { outside, lastAttempt, ...state } = kept;
  return {
    ...state,
    ...(outside && { outside: { service: outside.service } }),
    rules: { codeLength, maxAttempts, maxSends },
  };
}

function forCaller<Outcome>(outcome: Outcome): Outcome {
  const told = outcome as { readonly verification?: Verification } | undefined;
  return told?.verification ? { ...outcome, verification: stateOf(told.verification) } : outcome;
}

function policyOf(number: number, policies: ReadonlyMap<number, Policy>): Policy {
  const policy = policies.get(number);
  if (!policy) throw new CountersignError("internal_error", `policy ${number} was never told`);
  return policy;
}

/** Burns a receipt; the primary key lets exactly one caller through. */
function createConsume(parts: WriterParts): (command: ConsumeReceiptCommand) => boolean {
  const { connection, rows, audit, timeOf } = parts;
  const insert = connection.prepare(
    "INSERT INTO consumed_receipts (id, organization, expires_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
  );
  const restored = connection
    .prepare<unknown[], { value: string }>("SELECT value FROM meta WHERE name = 'restored_at'")
    .get();
  const restoredAt = Number(restored?.value ?? 0);
  return (command) => {
    const { organization, receiptId, verification, issuedAt, expiresAt } = command;
    const now = timeOf(command.now);
    // A clock set back must not bring back a receipt whose burnt row was already forgotten, nor a restore one that was burnt
    // after the backup.
    if (expiresAt <= now || issuedAt < restoredAt) return false;
    if (insert.run(receiptId, organization, expiresAt).changes === 0) return false;
    audit.append(consumedEvent(command, rows.verification(organization, verification)), now);
    return true;
  };
}
