/** The part of a JSON Schema that a table shows. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
}

interface Row {
  readonly path: string;
  readonly schema: Shape;
  readonly isRequired: boolean;
}

/** The settings of a schema as a table, one row each; those of `without` stand on another page. */
export function settingsTable(schema: unknown, without?: unknown): string {
  const elsewhere = new Set(Object.keys((without as Shape | undefined)?.properties ?? {}));
  const rows = rowsOf(schema as Shape).filter(({ path }) => !elsewhere.has(path.split(/[.[]/)[0] ?? ""));
  return ["| setting | | |", "|---|---|---|", ...rows.map(line)].join("\n");
}

function rowsOf(schema: Shape, before = ""): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${before}${name}`;
    const isRequired = schema.required?.includes(name) ?? false;
    const below =
      inner.items?.properties === undefined ? rowsOf(inner, `${path}.`) : rowsOf(inner.items, `${path}[].`);
    return [{ path, schema: inner, isRequired }, ...below];
  });
}

function line({ path, schema, isRequired }: Row): string {
  const notes = [
    ...(isRequired ? ["required"] : []),
    ...(schema.format === "credential" ? ["credential"] : []),
    ...(schema.default === undefined || schema.properties !== undefined
      ? []
      : [`\`${shown(schema.default)}\``]),
  ];
  return `| \`${path}\` | ${notes.join(", ")} | ${(schema.description ?? "").replaceAll("|", "\\|")} |`;
}

function shown(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

const markers = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;

/** The table between the markers of a page; undefined when it has none. */
export function tableIn(page: string): string | undefined {
  return markers.exec(page)?.[0].split("\n").slice(1, -1).join("\n");
}

export function withTable(page: string, table: string): string {
  return page.replace(markers, (_all, before: string, after: string) => `${before}${table}\n${after}`);
}
