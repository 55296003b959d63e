import type { KeyUses, SealedRow, SealedValues } from "../keys/rotate.ts";
import type { Connection } from "./connection.ts";

/**
 * Every sealed value of the database, column by column, for changing and for counting keys. `docs/cli.md` (keys) tells what
 * is done with it. A new sealed column needs a new entry here; `mentions` still finds it, so its key is not removed.
 */
interface SealedColumn {
  readonly table: string;
  /** Primary key, in order. */
  readonly key: readonly string[];
  readonly column: string;
  /** Member of the JSON document in `column`; absent: the column itself is the sealed value. */
  readonly path?: string;
  /** SQL of the place that the value was sealed for, where it is not this table, this row and the name given. */
  readonly place: { readonly table?: string; readonly column: string; readonly row: string };
}

const document = "document";

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: "authenticators",
    key: ["user_id", "id"],
    column: document,
    path: "$.destination",
    place: { column: "'destination'", row: "id" },
  },
  {
    table: "authenticators",
    key: ["user_id", "id"],
    column: document,
    path: "$.seed",
    place: { column: "'seed'", row: "id" },
  },
  {
    table: "verifications",
    key: ["id"],
    column: "destination",
    place: { column: "'destination'", row: "id" },
  },
  { table: "verifications", key: ["id"], column: "sealed_code", place: { column: "'code'", row: "id" } },
  {
    table: "verifications",
    key: ["id"],
    column: "outside",
    path: "$.reference",
    place: { column: "'outside'", row: "id" },
  },
  {
    table: "deliveries",
    key: ["id"],
    column: document,
    path: "$.code",
    place: { column: "'code'", row: "id" },
  },
  {
    table: "deliveries",
    key: ["id"],
    column: document,
    path: "$.ownText",
    place: { column: "'ownText'", row: "id" },
  },
  {
    // A copy of the destination in the row that `destinationAt` names, sealed for that place.
    table: "deliveries",
    key: ["id"],
    column: document,
    path: "$.destination",
    place: {
      table: "json_extract(document, '$.destinationAt.table')",
      column: "'destination'",
      row: "json_extract(document, '$.destinationAt.row')",
    },
  },
  { table: "conversations", key: ["id"], column: "state", place: { column: "'state'", row: "id" } },
  { table: "call_scripts", key: ["id"], column: "script", place: { column: "'script'", row: "id" } },
  { table: "idempotency", key: ["key"], column: "outcome", place: { column: "'outcome'", row: "key" } },
  {
    table: "credentials",
    key: ["id"],
    column: document,
    path: "$.secret",
    place: { column: "'secret'", row: "id" },
  },
  {
    table: "webhooks",
    key: ["id"],
    column: document,
    path: "$.secret",
    place: { column: "'secret'", row: "id" },
  },
  {
    table: "webhooks",
    key: ["id"],
    column: document,
    path: "$.previousSecret",
    place: { column: "'previousSecret'", row: "id" },
  },
  {
    table: "test_numbers",
    key: ["id"],
    column: document,
    path: "$.code",
    place: { column: "'code'", row: "id" },
  },
];

/** A sealed value together with where it is kept. */
interface KeptRow extends SealedRow {
  readonly home: SealedColumn;
  readonly keys: readonly string[];
}

export interface SealedStore extends SealedValues, KeyUses {
  replace(row: KeptRow, value: string): Promise<boolean>;
  /** How many values there are, for a progress bar. */
  count(): number;
  /** How many texts of the whole database, whatever their column, name this key as what sealed them. */
  mentions(kid: string): number;
}

const pageRows = 500;

/** All sealed values, or one organization's. Rows are read in pages, so the connection may write between them. */
export function createSealedStore(connection: Connection, organization?: string): SealedStore {
  const replacing = new Map<SealedColumn, ReturnType<Connection["prepare"]>>();
  return {
    sealedRows: () => allRows(connection, organization),
    replace: async (row, value) => {
      const statement = replacing.get(row.home) ?? connection.prepare(replaceSql(row.home));
      replacing.set(row.home, statement);
      return statement.run(value, ...row.keys, row.value).changes === 1;
    },
    macs: async (kid) =>
      connection
        .prepare<unknown[], { uses: number }>(
          "SELECT count(*) AS uses FROM verifications WHERE kid = ? AND status = 'pending'",
        )
        .get(kid)?.uses ?? 0,
    count: () =>
      sealedColumns.reduce((sum, column) => sum + countColumn(connection, column, organization), 0),
    mentions: (kid) => countMentions(connection, `v1.${kid}.`),
  };
}

function valueSql({ column, path }: SealedColumn): string {
  return path === undefined ? column : `json_extract(${column}, '${path}')`;
}

function filterSql(organization: string | undefined): string {
  return organization === undefined ? "" : "AND organization = @organization";
}

function countColumn(connection: Connection, column: SealedColumn, organization: string | undefined): number {
  const sql = `SELECT count(*) AS rows FROM ${column.table}
    WHERE ${valueSql(column)} IS NOT NULL ${filterSql(organization)}`;
  const count = connection.prepare<unknown[], { rows: number }>(sql);
  return (organization === undefined ? count.get() : count.get({ organization }))?.rows ?? 0;
}

async function* allRows(
  connection: Connection,
  organization: string | undefined,
): AsyncGenerator<SealedRow, void, void> {
  for (const column of sealedColumns) yield* columnRows(connection, column, organization);
}

function* columnRows(
  connection: Connection,
  home: SealedColumn,
  organization: string | undefined,
): Generator<KeptRow, void, void> {
  const names = home.key.map((_column, index) => `k${index}`);
  const keys = home.key.map((column, index) => `${column} AS k${index}`).join(", ");
  const select = connection.prepare<unknown[], Record<string, string>>(
    `SELECT ${keys}, organization, ${home.place.table ?? `'${home.table}'`} AS place_table,
       ${home.place.column} AS place_column, ${home.place.row} AS place_row, ${valueSql(home)} AS value
     FROM ${home.table}
     WHERE (${home.key.join(", ")}) > (${names.map((name) => `@${name}`).join(", ")})
       AND ${valueSql(home)} IS NOT NULL ${filterSql(organization)}
     ORDER BY ${home.key.join(", ")} LIMIT ${pageRows}`,
  );
  let position: Record<string, string> = Object.fromEntries(names.map((name) => [name, ""]));
  for (;;) {
    const rows = select.all({ ...position, ...(organization !== undefined && { organization }) });
    for (const row of rows) {
      yield {
        organization: row["organization"] ?? "",
        table: row["place_table"] ?? "",
        column: row["place_column"] ?? "",
        row: row["place_row"] ?? "",
        value: row["value"] ?? "",
        home,
        keys: names.map((name) => row[name] ?? ""),
      };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    position = Object.fromEntries(names.map((name) => [name, last[name] ?? ""]));
  }
}

function replaceSql(home: SealedColumn): string {
  const { table, column, path, key } = home;
  const changed = path === undefined ? "?" : `json_set(${column}, '${path}', ?)`;
  const where = key.map((name) => `${name} = ?`).join(" AND ");
  return `UPDATE ${table} SET ${column} = ${changed} WHERE ${where} AND ${valueSql(home)} = ?`;
}

/** Looks into every text of every table: slow, and sure to see also what `sealedColumns` does not name. */
function countMentions(connection: Connection, text: string): number {
  const tables = connection
    .prepare<unknown[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('audit', 'keys')",
    )
    .all();
  let mentions = 0;
  for (const { name } of tables) {
    const columns = connection
      .prepare<unknown[], { name: string }>("SELECT name FROM pragma_table_info(?)")
      .all(name);
    const test = columns.map((column) => `instr("${column.name}", @text) > 0`).join(" OR ");
    const found = connection
      .prepare<unknown[], { rows: number }>(`SELECT count(*) AS rows FROM "${name}" WHERE ${test}`)
      .get({ text });
    mentions += found?.rows ?? 0;
  }
  return mentions;
}
