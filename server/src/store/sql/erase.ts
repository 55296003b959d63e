import { type Expression, type SqlBool, sql } from "kysely";
import type { CommittedDetails } from "../../engine/audit/chain.ts";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { OrganizationId, UserId } from "../../engine/model.ts";
import { destinationGuard, userGuardPrefix } from "../../engine/policy/guards.ts";
import type { SqlRow, Statement } from "./executor.ts";
import { mustChange, statementOf } from "./queries.ts";
import { afterPrefix } from "./rows.ts";
import type { UserTools } from "./users.ts";

/** Rows looked at in one read, which others wait for, and ids in one statement. */
const pageRows = 2_000;
const chunkIds = 500;

/** Everything of one person, as ids. */
interface Traces {
  /** Of destinations that nobody else of the organization has. */
  readonly destinationKeys: readonly string[];
  readonly verifications: readonly string[];
  readonly conversations: readonly string[];
  readonly references: readonly { readonly provider: string; readonly reference: string }[];
  readonly events: readonly number[];
  /** Number of the last event that was looked at. */
  readonly lookedTo: number;
}

interface Person {
  readonly organization: OrganizationId;
  readonly id: UserId;
}

/**
 * Removes a disabled user with every trace. What stands in no index is looked for page by page, so that others pass between;
 * then all of it goes in one step, together with the event. The chain keeps the digests of what it said of the person.
 * False: not there.
 */
export async function erasePerson(person: Person, audit: AuditDraft, tools: UserTools): Promise<boolean> {
  const traces = await tracesOf(person, tools);
  return tools.executor.write(
    [...verificationsErased(person, traces, tools), ...restErased(person, traces, tools)],
    [audit],
    tools.clock.now(),
  );
}

async function tracesOf(person: Person, tools: UserTools): Promise<Traces> {
  const { executor, queries } = tools;
  const own = queries
    .selectFrom("authenticators")
    .select(["id", "destination_key"])
    .where("user_id", "=", person.id)
    .where("organization", "=", person.organization);
  const authenticators = await executor.read(statementOf(own));
  const keys = unique(authenticators.map((row) => row["destination_key"]));
  const destinationKeys = await onlyTheirs(person, keys, tools);
  const verifications = await verificationsOf(person, destinationKeys, tools);
  const byUser = queries
    .selectFrom("conversations")
    .select("id")
    .where("organization", "=", person.organization)
    .where("user_id", "=", person.id);
  const conversations = (await executor.read(statementOf(byUser))).map((row) => String(row["id"]));
  const references = await referencesOf(new Set(verifications), tools);
  const names = new Set([
    person.id,
    ...verifications,
    ...conversations,
    ...authenticators.map((row) => String(row["id"])),
  ]);
  const { events, lookedTo } = await eventsOf(person, names, tools);
  return { destinationKeys, verifications, conversations, references, events, lookedTo };
}

/** A number that another user has as well stays counted: it is theirs, too. */
async function onlyTheirs(
  { organization, id }: Person,
  keys: readonly string[],
  { executor, queries }: UserTools,
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const others = queries
    .selectFrom("authenticators")
    .select("destination_key")
    .where("organization", "=", organization)
    .where("destination_key", "in", keys)
    .where("user_id", "<>", id);
  const shared = new Set((await executor.read(statementOf(others))).map((row) => row["destination_key"]));
  return keys.filter((key) => !shared.has(key));
}

/** All rows of a table by its key, a page at a time. */
async function pages(
  read: (after: SqlRow | undefined) => Promise<readonly SqlRow[]>,
  take: (row: SqlRow) => void,
): Promise<void> {
  let after: SqlRow | undefined;
  for (;;) {
    const rows = await read(after);
    for (const row of rows) take(row);
    after = rows.at(-1);
    if (rows.length < pageRows) return;
  }
}

async function verificationsOf(
  { organization, id }: Person,
  destinationKeys: readonly string[],
  { executor, queries }: UserTools,
): Promise<readonly string[]> {
  const found: string[] = [];
  const keys = new Set<unknown>(destinationKeys);
  await pages(
    (after) =>
      executor.read(
        statementOf(
          queries
            .selectFrom("verifications")
            .select(["id", "organization", "user_id", "destination_key"])
            .where("id", ">", String(after?.["id"] ?? ""))
            .orderBy("id")
            .limit(pageRows),
        ),
      ),
    (row) => {
      if (row["organization"] !== organization) return;
      if (row["user_id"] === id || keys.has(row["destination_key"])) found.push(String(row["id"]));
    },
  );
  return found;
}

async function referencesOf(
  verifications: ReadonlySet<string>,
  { executor, queries }: UserTools,
): Promise<Traces["references"]> {
  const found: { provider: string; reference: string }[] = [];
  if (verifications.size === 0) return found;
  await pages(
    (after) =>
      executor.read(
        statementOf(
          queries
            .selectFrom("delivery_references")
            .select(["provider", "reference", "verification"])
            .where(pairAfter(after))
            .orderBy("provider")
            .orderBy("reference")
            .limit(pageRows),
        ),
      ),
    (row) => {
      if (!verifications.has(String(row["verification"]))) return;
      found.push({ provider: String(row["provider"]), reference: String(row["reference"]) });
    },
  );
  return found;
}

function pairAfter(after: SqlRow | undefined): Expression<SqlBool> {
  return sql`(provider, reference) > (${after?.["provider"] ?? ""}, ${after?.["reference"] ?? ""})`;
}

/** Events that name the person, or something that was theirs. */
async function eventsOf(
  { organization, id }: Person,
  names: ReadonlySet<unknown>,
  { executor, queries }: UserTools,
): Promise<{ readonly events: readonly number[]; readonly lookedTo: number }> {
  const events: number[] = [];
  let lookedTo = 0;
  await pages(
    (after) =>
      executor.read(
        statementOf(
          queries
            .selectFrom("audit")
            .select(["seq", "organization", "details"])
            .where("seq", ">", Number(after?.["seq"] ?? 0))
            .orderBy("seq")
            .limit(pageRows),
        ),
      ),
    (row) => {
      lookedTo = Number(row["seq"]);
      const { details } = row;
      if (row["organization"] !== organization || typeof details !== "string") return;
      const committed: CommittedDetails = JSON.parse(details);
      const told = [committed.user, committed.verification, ...Object.values(committed.details ?? {})];
      if (committed.actor === `user:${id}` || told.some((value) => names.has(value))) events.push(lookedTo);
    },
  );
  return { events, lookedTo };
}

function verificationsErased(
  { organization }: Person,
  { verifications }: Traces,
  { queries, clock }: UserTools,
): readonly Statement[] {
  return inChunks(verifications).flatMap((ids) => [
    statementOf(
      queries
        .updateTable("verifications")
        .set({ status: "canceled", reason: "user_deleted", closed_at: clock.now() })
        .where("organization", "=", organization)
        .where("id", "in", ids)
        .where("status", "=", "pending"),
    ),
    statementOf(
      queries
        .updateTable("verifications")
        .set({
          user_id: null,
          authenticator: null,
          guard: "",
          destination: null,
          destination_key: null,
          hint: "",
          binding: null,
          wishes: null,
          number: null,
          source: null,
          conversation: null,
          mac: null,
          kid: null,
          sealed_code: null,
          outside: null,
        })
        .where("organization", "=", organization)
        .where("id", "in", ids),
    ),
    statementOf(queries.deleteFrom("deliveries").where("verification", "in", ids)),
    statementOf(queries.deleteFrom("call_scripts").where("verification", "in", ids)),
    statementOf(queries.deleteFrom("conversations").where("verification", "in", ids)),
  ]);
}

function restErased(
  { organization, id }: Person,
  traces: Traces,
  { queries }: UserTools,
): readonly Statement[] {
  const prefix = userGuardPrefix(id);
  const guards = queries.deleteFrom("guards").where("organization", "=", organization);
  const ofAudit = queries
    .updateTable("audit")
    .set({ details: null, salt: "" })
    .where("organization", "=", organization);
  return [
    ...inChunks(traces.conversations).map((ids) =>
      statementOf(queries.deleteFrom("conversations").where("id", "in", ids)),
    ),
    ...traces.references.map(({ provider, reference }) =>
      statementOf(
        queries
          .deleteFrom("delivery_references")
          .where("provider", "=", provider)
          .where("reference", "=", reference),
      ),
    ),
    statementOf(guards.where("key", ">=", prefix).where("key", "<", afterPrefix(prefix))),
    ...inChunks(traces.destinationKeys).map((keys) =>
      statementOf(guards.where("key", "in", keys.map(destinationGuard))),
    ),
    ...inChunks(traces.events).map((events) => statementOf(ofAudit.where("seq", "in", events))),
    // What was told of the person while the rest was looked for.
    statementOf(ofAudit.where("seq", ">", traces.lookedTo).where("details", "like", `%"${id}"%`)),
    // Authenticators and recovery codes go with their user (ON DELETE CASCADE).
    mustChange(queries.deleteFrom("users").where("organization", "=", organization).where("id", "=", id)),
  ];
}

function inChunks<Value>(values: readonly Value[]): Value[][] {
  const chunks: Value[][] = [];
  for (let at = 0; at < values.length; at += chunkIds) chunks.push(values.slice(at, at + chunkIds));
  return chunks;
}

function unique(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => typeof value === "string"))];
}
