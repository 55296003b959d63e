import { sql } from "kysely";
import type { AuthenticatorView, EnrollmentStore } from "../../engine/enrollments.ts";
import { CountersignError } from "../../engine/errors.ts";
import type {
  Authenticator,
  AuthenticatorId,
  Guard,
  OrganizationId,
  RecoveryCode,
  UserId,
} from "../../engine/model.ts";
import { authenticatorGuard, emptyGuard, userGuardPrefix } from "../../engine/policy/guards.ts";
import type { CommandContext, ReasonedContext } from "../../engine/store.ts";
import { guardFromRow, guardToTable } from "./counter-rows.ts";
import { enableDestination } from "./enable-destination.ts";
import { enrollmentEvent, insertAuthenticator, replaceEarlier } from "./enrollment-statements.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { untilUnchanged } from "./merge.ts";
import { mustChange, prepareText, type Queries, statementOf } from "./queries.ts";
import {
  afterPrefix,
  authenticatorFromRow,
  authenticatorToRow,
  recoveryCodeFromRow,
  recoveryCodeToRow,
} from "./rows.ts";

export interface EnrollmentTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}

/** The verbs that are not on the hot path; `confirm` counts attempts and belongs to the concrete store. */
export type ColdEnrollments = Omit<EnrollmentStore, "confirm">;

export function createEnrollmentStore(tools: EnrollmentTools): ColdEnrollments {
  const texts = listTexts(tools.queries);
  return {
    begin: (authenticator, codes, context) => begin(authenticator, codes, context, tools),
    find: async (organization, user, id) => {
      const row = await findRow(organization, user, id, tools);
      return row && authenticatorFromRow(row);
    },
    list: (organization, user) => list(organization, user, tools.executor, texts),
    recoveryCodeFor: async (organization, verification, selector) => {
      const query = tools.queries
        .selectFrom("verifications")
        .innerJoin("recovery_codes", (join) =>
          join
            .onRef("recovery_codes.user_id", "=", "verifications.user_id")
            .onRef("recovery_codes.authenticator", "=", "verifications.authenticator"),
        )
        .selectAll("recovery_codes")
        .where("verifications.id", "=", verification)
        .where("verifications.organization", "=", organization)
        .where("verifications.status", "=", "pending")
        .where("recovery_codes.selector", "=", selector);
      const [row] = await tools.executor.read(statementOf(query));
      return row && recoveryCodeFromRow(row);
    },
    withoutNumber: async (limit) => {
      // Word for word the condition of the index, which holds nothing else.
      const query = tools.queries
        .selectFrom("authenticators")
        .selectAll()
        .where("number", "is", null)
        .where("destination_key", "is not", null)
        .where("kind", "in", [sql.lit("sms"), sql.lit("voice")])
        .limit(limit);
      return (await tools.executor.read(statementOf(query))).map(authenticatorFromRow);
    },
    noteNumber: async ({ organization, user, id }, number) => {
      const query = tools.queries
        .updateTable("authenticators")
        .set({ number: JSON.stringify(number) })
        .where("organization", "=", organization)
        .where("user_id", "=", user)
        .where("id", "=", id)
        .where("number", "is", null);
      await tools.executor.write([statementOf(query)], [], 0);
    },
    revoke: (context, user, id) =>
      untilUnchanged(async () => {
        const row = await findRow(context.organization, user, id, tools);
        if (!row || row["status"] === "revoked") return { result: false };
        const revoked = await revoke(row, context, tools);
        return revoked ? { result: true } : undefined;
      }),
    enable: (context, user, id) => enable(context, user, id, tools),
    enableDestination: (context, key, hint) => enableDestination(context, key, hint, tools),
  };
}

async function findRow(
  organization: OrganizationId,
  user: UserId,
  id: AuthenticatorId,
  { executor, queries }: EnrollmentTools,
): Promise<SqlRow | undefined> {
  const query = queries
    .selectFrom("authenticators")
    .selectAll()
    .where("organization", "=", organization)
    .where("user_id", "=", user)
    .where("id", "=", id);
  return (await executor.read(statementOf(query)))[0];
}

async function begin(
  authenticator: Authenticator,
  codes: readonly RecoveryCode[],
  context: CommandContext,
  { executor, queries }: EnrollmentTools,
): Promise<void> {
  if (authenticator.organization !== context.organization) throw noSuchUser();
  const { user } = authenticator;
  const written = await executor.write(
    [
      ...replaceEarlier(authenticator, context.now, queries),
      insertAuthenticator(authenticator, queries),
      ...codes.map((code) =>
        statementOf(queries.insertInto("recovery_codes").values(recoveryCodeToRow(user, code))),
      ),
    ],
    [
      enrollmentEvent(
        authenticator.status === "active" ? "authenticator.added" : "authenticator.enrollment_begun",
        authenticator,
        context,
      ),
    ],
    context.now,
  );
  if (!written) throw noSuchUser();
}

function noSuchUser(): CountersignError {
  return new CountersignError("not_found", "There is no such user.");
}

/** Conversations list what a person can be asked for. */
function listTexts(queries: Queries) {
  return {
    authenticators: prepareText((any) =>
      queries
        .selectFrom("authenticators")
        .selectAll()
        .where("organization", "=", any)
        .where("user_id", "=", any)
        .orderBy("id"),
    ),
    guards: prepareText((any) =>
      queries
        .selectFrom("guards")
        .selectAll()
        .where("organization", "=", any)
        .where("key", ">=", any)
        .where("key", "<", any),
    ),
    codesLeft: prepareText((any) =>
      queries
        .selectFrom("recovery_codes")
        .select(({ fn }) => ["authenticator", fn.countAll().as("left")])
        .where("user_id", "=", any)
        .where("used_at", "is", null)
        .groupBy("authenticator"),
    ),
  };
}

async function list(
  organization: OrganizationId,
  user: UserId,
  executor: SqlExecutor,
  texts: ReturnType<typeof listTexts>,
): Promise<readonly AuthenticatorView[]> {
  const prefix = userGuardPrefix(user);
  const [authenticators, guards, codes] = await Promise.all([
    executor.read(texts.authenticators(organization, user)),
    executor.read(texts.guards(organization, prefix, afterPrefix(prefix))),
    executor.read(texts.codesLeft(user)),
  ]);
  const guardOf = new Map(guards.map((row): [string, Guard] => [String(row["key"]), guardFromRow(row)]));
  const leftOf = new Map(codes.map((row) => [row["authenticator"], Number(row["left"])]));
  return authenticators.map(authenticatorFromRow).map((authenticator) => {
    const guard = guardOf.get(authenticatorGuard(user, authenticator.id));
    const recovery = authenticator.kind === "recovery_code";
    return {
      authenticator,
      ...(guard && { guard }),
      ...(recovery && { recoveryCodesLeft: leftOf.get(authenticator.id) ?? 0 }),
    };
  });
}

/**
 * The guard stays, with its counters and its send log, and is disabled in the same step: that is what makes every pending
 * verification on it unapprovable, also one that starts at this very moment. False: the row changed meanwhile.
 */
function revoke(row: SqlRow, context: CommandContext, tools: EnrollmentTools): Promise<boolean> {
  const { executor, queries } = tools;
  const { organization, now } = context;
  const {
    seed: _seed,
    destination: _destination,
    destinationKey: _key,
    number: _number,
    ...kept
  } = authenticatorFromRow(row);
  const authenticator: Authenticator = { ...kept, status: "revoked" };
  const { status, destination_key, document, number } = authenticatorToRow(authenticator);
  const key = authenticatorGuard(authenticator.user, authenticator.id);
  const guard = guardToTable({ ...emptyGuard(organization, key), disabledAt: now }, now);
  return executor.write(
    [
      mustChange(
        queries
          .updateTable("authenticators")
          .set({ status, destination_key, document, number })
          .where("organization", "=", organization)
          .where("user_id", "=", authenticator.user)
          .where("id", "=", authenticator.id)
          .where("status", "=", String(row["status"]))
          .where("document", "=", String(row["document"])),
      ),
      statementOf(
        queries
          .insertInto("guards")
          .values(guard)
          .onConflict((conflict) =>
            conflict.column("key").doUpdateSet({ disabled_at: now, updated_at: now }),
          ),
      ),
      statementOf(
        queries
          .deleteFrom("recovery_codes")
          .where("user_id", "=", authenticator.user)
          .where("authenticator", "=", authenticator.id),
      ),
    ],
    [enrollmentEvent("authenticator.revoked", authenticator, context)],
    now,
  );
}

async function enable(
  context: ReasonedContext,
  user: UserId,
  id: AuthenticatorId,
  tools: EnrollmentTools,
): Promise<boolean> {
  const { executor, queries } = tools;
  const { organization, now } = context;
  const row = await findRow(organization, user, id, tools);
  if (!row) return false;
  const event = enrollmentEvent("authenticator.enabled", authenticatorFromRow(row), context);
  const { reason } = context;
  return executor.write(
    [
      mustChange(
        queries
          .updateTable("authenticators")
          .set({ status: "active" })
          .where("organization", "=", organization)
          .where("user_id", "=", user)
          .where("id", "=", id)
          .where("status", "in", ["active", "disabled"]),
      ),
      statementOf(
        queries
          .updateTable("guards")
          .set({ failures: 0, blocked_until: null, disabled_at: null, updated_at: now })
          .where("organization", "=", organization)
          .where("key", "=", authenticatorGuard(user, id)),
      ),
    ],
    [reason === undefined ? event : { ...event, details: { ...event.details, reason } }],
    now,
  );
}
