import type { Static, TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";

const compiled = new WeakMap<TSchema, Validator>();

/** Whether a value fits a schema that lives as long as the process: it is compiled when first asked for. */
export function matches<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  const validator = compiled.get(schema) ?? (Compile(schema) as unknown as Validator);
  compiled.set(schema, validator);
  return validator.Check(value);
}
