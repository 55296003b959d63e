import type { Kysely } from "kysely";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { Change, Collection, SettingsChange } from "../../engine/collection.ts";
import { CountersignError } from "../../engine/errors.ts";
import type { Clock } from "../../engine/tools.ts";
import type { SqlExecutor, SqlRow, SqlValue, Statement } from "./executor.ts";
import { merge, untilUnchanged } from "./merge.ts";
import { mustChange, type Queries, statementOf } from "./queries.ts";

export interface CollectionTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
  readonly clock: Clock;
  /** Told after each successful write. */
  readonly changed: (change: SettingsChange) => void;
}

/** How one kind of entity lies in its table. */
export interface CollectionDefinition<Entity> {
  /** Its name in `SettingsStore`, and in change notices. */
  readonly name: string;
  readonly table: string;
  /** The column that holds the organization; an organization belongs to itself. */
  readonly owner: "organization" | "id";
  /** Every column but `id`, `document` and `created_at`, taken from the entity. */
  readonly columnsOf: (entity: Entity, now: number) => Readonly<Record<string, SqlValue>>;
  /** Members a list can be filtered by, and their columns. */
  readonly filters: { readonly [Member in keyof Entity]?: string };
  /** The entity out of its document and the columns that the document leaves out. */
  readonly restore: (document: Entity, row: SqlRow) => Entity;
  /** Statements that belong to the same step as a write of this entity: rows about what it refers to. */
  readonly references?: (entity: Entity, queries: Queries) => readonly Statement[];
}

interface Identified {
  readonly id: string;
  readonly createdAt: number;
}

/** One table of settings with the verbs of the port. Every statement carries the organization. */
export function createCollection<Entity extends Identified>(
  definition: CollectionDefinition<Entity>,
  tools: CollectionTools,
): Collection<Entity> {
  const { executor, clock, changed } = tools;
  const statements = createCollectionStatements(definition, tools.queries);
  const told = (organization: string, id: string) =>
    changed({ organization, collection: definition.name, id });

  const find = async (organization: string, id: string): Promise<Stored<Entity> | undefined> => {
    const [row] = await executor.read(statements.find(organization, id));
    return row && stored(definition, row);
  };

  const updateOnce = async (organization: string, id: string, change: Change<Entity>, audit: AuditDraft) => {
    const before = await find(organization, id);
    if (!before) return { result: undefined };
    const now = clock.now();
    const merged = merge(before.entity, change);
    const entity = "updatedAt" in merged ? { ...merged, updatedAt: now } : merged;
    const written = await executor.write(
      statements.update(organization, entity, before.document, now),
      [audit],
      now,
    );
    return written ? { result: entity } : undefined;
  };

  return {
    insert: async (entity, audit) => {
      const now = clock.now();
      await executor.write(statements.insert(entity, now), [audit], now);
      told(audit.organization, entity.id);
    },
    find: async (organization, id) => (await find(organization, id))?.entity,
    list: async (organization, page, filter = {}) => {
      const rows = await executor.read(statements.list(organization, page, filter));
      return rows.map((row) => stored(definition, row).entity);
    },
    update: async (organization, id, change, audit) => {
      const entity = await untilUnchanged(() => updateOnce(organization, id, change, audit));
      if (entity) told(organization, id);
      return entity;
    },
    remove: async (organization, id, audit) => {
      const removed = await executor.write(statements.remove(organization, id), [audit], clock.now());
      if (removed) told(organization, id);
      return removed;
    },
  };
}

interface Stored<Entity> {
  readonly entity: Entity;
  readonly document: string;
}

function stored<Entity>(definition: CollectionDefinition<Entity>, row: SqlRow): Stored<Entity> {
  const document = String(row["document"]);
  return { entity: definition.restore(JSON.parse(document), row), document };
}

/** Members that stand in columns only. */
const columnMembers = new Set(["id", "organization", "createdAt", "updatedAt"]);

function documentOf(entity: object): string {
  return JSON.stringify(entity, (member, value) => (member === "" ? withoutColumns(value) : value));
}

function withoutColumns(entity: object): object {
  return Object.fromEntries(Object.entries(entity).filter(([member]) => !columnMembers.has(member)));
}

type AnyTable = Record<string, Record<string, SqlValue>>;

function createCollectionStatements<Entity extends Identified>(
  definition: CollectionDefinition<Entity>,
  queries: Queries,
) {
  const { table, owner, columnsOf, filters } = definition;
  // One implementation for all tables: which columns there are is the definition's word here, not the compiler's.
  const any = queries as unknown as Kysely<AnyTable>;
  const references = (entity: Entity) => definition.references?.(entity, queries) ?? [];

  return {
    find: (organization: string, id: string): Statement =>
      statementOf(any.selectFrom(table).selectAll().where(owner, "=", organization).where("id", "=", id)),
    list: (
      organization: string,
      page: { readonly after?: string | undefined; readonly limit: number },
      filter: Partial<Entity>,
    ): Statement => {
      let query = any.selectFrom(table).selectAll().where(owner, "=", organization);
      if (page.after !== undefined) query = query.where("id", ">", page.after);
      for (const [member, value] of Object.entries(filter)) {
        if (value === undefined) continue;
        query = query.where(filterColumn(filters, member), "=", value as SqlValue);
      }
      return statementOf(query.orderBy("id").limit(page.limit));
    },
    insert: (entity: Entity, now: number): readonly Statement[] => [
      statementOf(
        any.insertInto(table).values({
          id: entity.id,
          ...columnsOf(entity, now),
          document: documentOf(entity),
          created_at: entity.createdAt,
        }),
      ),
      ...references(entity),
    ],
    update: (organization: string, entity: Entity, before: string, now: number): readonly Statement[] => [
      mustChange(
        any
          .updateTable(table)
          .set({ ...columnsOf(entity, now), document: documentOf(entity) })
          .where(owner, "=", organization)
          .where("id", "=", entity.id)
          .where("document", "=", before),
      ),
      ...references(entity),
    ],
    remove: (organization: string, id: string): readonly Statement[] => [
      mustChange(any.deleteFrom(table).where(owner, "=", organization).where("id", "=", id)),
    ],
  };
}

function filterColumn<Entity>(filters: CollectionDefinition<Entity>["filters"], member: string): string {
  const column = Object.hasOwn(filters, member) ? filters[member as keyof Entity] : undefined;
  if (column === undefined) {
    throw new CountersignError("invalid_request", `A list cannot be filtered by ${JSON.stringify(member)}.`);
  }
  return column;
}
