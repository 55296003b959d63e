import { sql } from "kysely";
import type { AuditDraft, AuditEventType } from "../../engine/audit/event.ts";
import type { Authenticator } from "../../engine/model.ts";
import { userGuardPrefix } from "../../engine/policy/guards.ts";
import type { CommandContext } from "../../engine/store.ts";
import type { Statement } from "./executor.ts";
import { mustChange, type Queries, statementOf } from "./queries.ts";
import { authenticatorToRow } from "./rows.ts";

/** The event of an enrollment verb. */
export function enrollmentEvent(
  type: AuditEventType,
  authenticator: Authenticator,
  context: CommandContext,
): AuditDraft {
  return {
    type,
    organization: context.organization,
    user: authenticator.user,
    actor: context.actor,
    details: { authenticator: authenticator.id, kind: authenticator.kind, to: authenticator.hint },
  };
}

/** Inserts through the user's row, so that a user of another organization is nobody: then nothing is kept. */
export function insertAuthenticator(authenticator: Authenticator, queries: Queries): Statement {
  const row = authenticatorToRow(authenticator);
  const text = (value: string | null) => sql<string>`cast(${value} as text)`;
  const values = queries
    .selectFrom("users")
    .select([
      "users.id",
      text(row.id).as("authenticator"),
      "users.organization",
      text(row.kind).as("kind"),
      text(row.status).as("status"),
      text(row.destination_key).as("destination_key"),
      text(row.document).as("document"),
      sql<number>`cast(${row.created_at} as bigint)`.as("created_at"),
      text(row.number).as("number"),
    ])
    .where("users.id", "=", authenticator.user)
    .where("users.organization", "=", authenticator.organization);
  return mustChange(
    queries
      .insertInto("authenticators")
      .columns([
        "user_id",
        "id",
        "organization",
        "kind",
        "status",
        "destination_key",
        "document",
        "created_at",
        "number",
      ])
      .expression(values),
  );
}

/**
 * Ends what this enrollment takes the place of: a pending one of the same kind, and for recovery codes the set in force. Their
 * guards stay (a new enrollment must not empty the user's send log), disabled, so that nothing pending on them is approved.
 */
export function replaceEarlier(
  authenticator: Authenticator,
  now: number,
  queries: Queries,
): readonly Statement[] {
  const { organization, user, kind } = authenticator;
  const replaced = kind === "recovery_code" ? ["pending", "active", "disabled"] : ["pending"];
  const earlier = queries
    .selectFrom("authenticators")
    .where("organization", "=", organization)
    .where("user_id", "=", user)
    .where("kind", "=", kind)
    .where("status", "in", replaced);
  const guardKeys = earlier.select(sql<string>`${userGuardPrefix(user)} || id`.as("key"));
  const statements = [
    statementOf(
      queries
        .updateTable("guards")
        .set({ disabled_at: now, updated_at: now })
        .where("organization", "=", organization)
        .where("key", "in", guardKeys)
        .where("disabled_at", "is", null),
    ),
  ];
  if (kind === "recovery_code") {
    statements.push(
      statementOf(
        queries
          .deleteFrom("recovery_codes")
          .where("user_id", "=", user)
          .where((on) => on("authenticator", "in", earlier.select("id"))),
      ),
    );
  }
  statements.push(
    statementOf(
      queries
        .deleteFrom("authenticators")
        .where("organization", "=", organization)
        .where("user_id", "=", user)
        .where("kind", "=", kind)
        .where("status", "in", replaced),
    ),
  );
  return statements;
}
