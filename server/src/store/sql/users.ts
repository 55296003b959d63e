import type { AuditDraft } from "../../engine/audit/event.ts";
import type { OrganizationId, User, UserId, VerificationId } from "../../engine/model.ts";
import { userGuardPrefix } from "../../engine/policy/guards.ts";
import type { Clock } from "../../engine/tools.ts";
import type { UserStore } from "../../engine/users.ts";
import { guardFromRow } from "./counter-rows.ts";
import { erasePerson } from "./erase.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { merge, untilUnchanged } from "./merge.ts";
import { mustChange, prepareText, type Queries, statementOf } from "./queries.ts";
import { afterPrefix, authenticatorToRow, userFromRow, userToRow } from "./rows.ts";

export interface UserTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
  readonly clock: Clock;
}

/** Every conversation begins with these. Parameters: organization and what is looked for; see each. */
function hotTexts(queries: Queries) {
  const inOrganization = (any: never) =>
    queries.selectFrom("users").selectAll().where("organization", "=", any);
  return {
    byId: prepareText((any) => inOrganization(any).where("id", "=", any)),
    byExternalId: prepareText((any) => inOrganization(any).where("external_id", "=", any)),
    /** organization twice, destination key, status, limit */
    byDestination: prepareText((any) =>
      inOrganization(any)
        .where("id", "in", (nested) =>
          nested
            .selectFrom("authenticators")
            .select("user_id")
            .where("organization", "=", any)
            .where("destination_key", "=", any)
            .where("status", "=", any),
        )
        .orderBy("id")
        .limit(any),
    ),
  };
}

/** The people of the organizations; every statement carries the organization. */
export function createUserStore(tools: UserTools): UserStore {
  const { executor, queries, clock } = tools;
  const ofOrganization = (organization: OrganizationId) =>
    queries.selectFrom("users").selectAll().where("organization", "=", organization);
  const texts = hotTexts(queries);
  const findRow = async (organization: OrganizationId, id: UserId): Promise<SqlRow | undefined> =>
    (await executor.read(texts.byId(organization, id)))[0];

  return {
    insert: async (user, authenticators, audit) => {
      const statements = [
        statementOf(queries.insertInto("users").values(userToRow(user))),
        ...authenticators.map((authenticator) => {
          const row = authenticatorToRow({
            ...authenticator,
            user: user.id,
            organization: user.organization,
          });
          return statementOf(queries.insertInto("authenticators").values(row));
        }),
      ];
      await executor.write(statements, [audit], clock.now());
    },
    find: async (organization, id) => {
      const row = await findRow(organization, id);
      return row && userFromRow(row);
    },
    findByExternalId: async (organization, externalId) => {
      const [row] = await executor.read(texts.byExternalId(organization, externalId));
      return row && userFromRow(row);
    },
    findByDestination: async (organization, destinationKey, limit) => {
      const statement = texts.byDestination(organization, organization, destinationKey, "active", limit);
      return (await executor.read(statement)).map(userFromRow);
    },
    list: async (organization, page) => {
      let query = ofOrganization(organization);
      if (page.after !== undefined) query = query.where("id", ">", page.after);
      const rows = await executor.read(statementOf(query.orderBy("id").limit(page.limit)));
      return rows.map(userFromRow);
    },
    update: (organization, id, change, audit) =>
      untilUnchanged(async () => {
        const row = await findRow(organization, id);
        if (!row) return { result: undefined };
        const user = merge<User>(userFromRow(row), change);
        return updateRow(row, user, [audit], tools);
      }),
    remove: (organization, id, audit) => removeUser(organization, id, audit, tools),
    erase: async (organization, id, audit) =>
      (await disableUser(organization, id, tools)) && erasePerson({ organization, id }, audit, tools),
  };
}

/** Writes the user if the row is still the one that was read. */
async function updateRow(
  before: SqlRow,
  changed: User,
  audit: readonly AuditDraft[],
  tools: UserTools,
): Promise<{ readonly result: User } | undefined> {
  const now = tools.clock.now();
  const user: User = { ...changed, updatedAt: now };
  const { external_id, document, updated_at } = userToRow(user);
  const query = tools.queries
    .updateTable("users")
    .set({ external_id, document, updated_at })
    .where("organization", "=", user.organization)
    .where("id", "=", user.id)
    .where("document", "=", String(before["document"]))
    .where("external_id", "is not distinct from", before["external_id"] as string | null);
  const written = await tools.executor.write([mustChange(query)], audit, now);
  return written ? { result: user } : undefined;
}

/**
 * In two steps: first the user is disabled, so that no verification can start any more; then the pending ones, which the guards
 * list, are canceled together with the removal. A crash in between leaves a disabled user, and removing again finishes.
 */
async function removeUser(
  organization: OrganizationId,
  id: UserId,
  audit: AuditDraft,
  tools: UserTools,
): Promise<boolean> {
  const { executor, queries, clock } = tools;
  if (!(await disableUser(organization, id, tools))) return false;
  const now = clock.now();
  const prefix = userGuardPrefix(id);
  const guards = queries
    .selectFrom("guards")
    .selectAll()
    .where("organization", "=", organization)
    .where("key", ">=", prefix)
    .where("key", "<", afterPrefix(prefix));
  const rows = await executor.read(statementOf(guards));
  const pending = rows.flatMap((row) => Object.values(guardFromRow(row).pending));
  return executor.write(
    [
      ...cancelPending(organization, pending, now, queries),
      statementOf(
        queries
          .deleteFrom("guards")
          .where("organization", "=", organization)
          .where("key", ">=", prefix)
          .where("key", "<", afterPrefix(prefix)),
      ),
      // Authenticators and recovery codes go with their user (ON DELETE CASCADE).
      mustChange(queries.deleteFrom("users").where("organization", "=", organization).where("id", "=", id)),
    ],
    [audit],
    now,
  );
}

/** So that no verification of theirs can start any more. False: not there. */
async function disableUser(organization: OrganizationId, id: UserId, tools: UserTools): Promise<boolean> {
  const { executor, queries, clock } = tools;
  const find = queries
    .selectFrom("users")
    .selectAll()
    .where("organization", "=", organization)
    .where("id", "=", id);
  const disabled = await untilUnchanged(async () => {
    const [row] = await executor.read(statementOf(find));
    if (!row) return { result: undefined };
    const user = userFromRow(row);
    if (user.disabledAt !== undefined) return { result: user };
    return updateRow(row, { ...user, disabledAt: clock.now() }, [], tools);
  });
  return disabled !== undefined;
}

/** Closed like `closeVerification` closes: without what could still check a code. */
function cancelPending(
  organization: OrganizationId,
  ids: readonly VerificationId[],
  now: number,
  queries: Queries,
) {
  if (ids.length === 0) return [];
  return [
    statementOf(
      queries
        .updateTable("verifications")
        .set({
          status: "canceled",
          reason: "user_deleted",
          closed_at: now,
          mac: null,
          kid: null,
          sealed_code: null,
          outside: null,
        })
        .where("organization", "=", organization)
        .where("id", "in", ids)
        .where("status", "=", "pending"),
    ),
  ];
}
