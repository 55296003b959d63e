/** A JSON Schema, as far as a form reads it. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maxLength?: number;
  /** Beside `format: "credential"`: fewest characters of its secret. */
  readonly minSecretLength?: number;
}

/** What a form asks for one value. */
export type Ask =
  | { readonly kind: "text"; readonly long: boolean }
  | { readonly kind: "number" }
  | { readonly kind: "flag" }
  | { readonly kind: "json" }
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly kind: "choices"; readonly options: readonly string[] }
  | { readonly kind: "lines"; readonly numeric: boolean }
  | { readonly kind: "credential"; readonly leastLength: number }
  | { readonly kind: "group"; readonly members: readonly Field[] }
  /** A list of things that are alike. */
  | { readonly kind: "entries"; readonly entry: Field }
  /** An object whose names are free, of values that are alike. */
  | { readonly kind: "pairs"; readonly entry: Field };

export type FieldKind = Ask["kind"];

/** One value of a form: how it is asked for, and what is said of it. */
export type Field = Ask & {
  /** Its name in the object that it belongs to. */
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  /** Whether somebody has to fill it in. */
  readonly required: boolean;
  /** The server wants it said even where its default is meant. */
  readonly said: boolean;
  /** What counts while it is not given. */
  readonly fallback: unknown;
};

export type FieldOf<Kind extends FieldKind> = Extract<Field, { readonly kind: Kind }>;

/** Text that may be longer than this gets several lines. */
const longestLine = 3_999;

/** The fields of an object. */
export function fieldsOf(schema: Schema): readonly Field[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, member]) =>
    fieldOf(member, { name, required: required.has(name) }),
  );
}

function fieldOf(
  schema: Schema,
  { name, required }: { readonly name: string; readonly required: boolean },
): Field {
  const asked = askOf(schema);
  return {
    ...asked,
    name,
    label: schema.title ?? labelOf(name),
    help: schema.description,
    required: required && schema.default === undefined,
    said: required && schema.default !== undefined,
    fallback: schema.default,
  };
}

/** `maxInputErrors` is "Max input errors". */
function labelOf(name: string): string {
  const spaced = name.replace(/(?<=[a-z0-9])[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function askOf(schema: Schema): Ask {
  // "Or null" means "or nothing", and nothing is what an empty field says.
  const alternatives = schema.anyOf?.filter(({ type }) => type !== "null");
  const [only] = alternatives ?? [];
  if (alternatives?.length === 1 && only !== undefined) return askOf(only);
  if (schema.const !== undefined) return { kind: "constant", value: schema.const };
  const options = optionsOf(schema);
  if (options !== undefined) return { kind: "choice", options };
  switch (schema.type) {
    case "string":
      return askOfText(schema);
    case "integer":
    case "number":
      return { kind: "number" };
    case "boolean":
      return { kind: "flag" };
    case "array":
      return askOfList(schema.items);
    case "object":
      return askOfObject(schema);
    default:
      return { kind: "json" };
  }
}

function optionsOf({ enum: listed, anyOf }: Schema): readonly string[] | undefined {
  const options = listed ?? anyOf?.map((one) => one.const);
  const texts = options?.filter((option) => typeof option === "string");
  return texts && texts.length > 0 && texts.length === options?.length ? texts : undefined;
}

function askOfText({ format, minSecretLength = 0, maxLength = 0 }: Schema): Ask {
  if (format === "credential") return { kind: "credential", leastLength: minSecretLength };
  return { kind: "text", long: maxLength > longestLine };
}

function askOfList(items: Schema | undefined): Ask {
  if (items === undefined) return { kind: "json" };
  const entry = fieldOf(items, { name: "", required: true });
  if (entry.kind === "choice") return { kind: "choices", options: entry.options };
  if (entry.kind === "text" || entry.kind === "number") {
    return { kind: "lines", numeric: entry.kind === "number" };
  }
  return { kind: "entries", entry };
}

function askOfObject(schema: Schema): Ask {
  const [free] = Object.values(schema.patternProperties ?? {});
  if (schema.properties !== undefined) return { kind: "group", members: fieldsOf(schema) };
  return free === undefined
    ? { kind: "json" }
    : { kind: "pairs", entry: fieldOf(free, { name: "", required: true }) };
}
