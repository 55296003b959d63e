import {
  type Compilable,
  type DialectAdapter,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { SqlValue, Statement } from "./executor.ts";
import type { Dialect } from "./migrations/index.ts";
import type { Tables } from "./schema.ts";

/** A builder of typed SQL that executes nothing itself. */
export type Queries = Kysely<Tables>;

/**
 * SQLite plans a statement anew each time that a parameter is bound whose value it looked at while planning: one after `LIMIT`, and those of
 * an `ORDER BY` or `GROUP BY` by a key. That takes five to ten times as long as running it. What stands behind a sign is not looked at.
 */
class SteadyQueryCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return "+?";
  }
}

export function createQueries(dialect: Dialect): Queries {
  const sqlite = dialect === "sqlite";
  return new Kysely<Tables>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: (): DialectAdapter => (sqlite ? new SqliteAdapter() : new PostgresAdapter()),
      createIntrospector: (database) =>
        sqlite ? new SqliteIntrospector(database) : new PostgresIntrospector(database),
      createQueryCompiler: () => (sqlite ? new SteadyQueryCompiler() : new PostgresQueryCompiler()),
    },
  });
}

/** The text and parameters of a query, ready for an executor. */
export function statementOf(query: Compilable): Statement {
  const { sql, parameters } = query.compile();
  return { sql, parameters: parameters as readonly SqlValue[] };
}

/** Stands for a parameter in a query whose text alone is wanted. */
const any = "" as never;

/** A hot query put together once: building one costs more than running it. `build` gets a stand-in for every parameter. */
export function prepareText(
  build: (any: never) => Compilable,
): (...parameters: readonly SqlValue[]) => Statement {
  let sql: string | undefined;
  return (...parameters) => {
    sql ??= build(any).compile().sql;
    return { sql, parameters };
  };
}

/** The same, and the whole step is given up when it touches no row. */
export function mustChange(query: Compilable): Statement {
  return { ...statementOf(query), mustChange: true };
}
