import { readFileSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { CliError, exits } from "./exit.ts";

/** The file beside a backup that says what it is. */
const ManifestSchema = Type.Object({
  format: Type.Literal("countersign-backup/v1"),
  /** Of the program that made it. */
  version: Type.String(),
  schema: Type.Integer({ minimum: 1 }),
  auditHead: Type.Object({ seq: Type.Integer({ minimum: 0 }), hash: Type.String() }),
  createdAt: Type.String(),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String(),
  origin: Type.Optional(Type.String()),
});
export type Manifest = Static<typeof ManifestSchema>;

export function manifestPath(backup: string): string {
  return `${backup}.json`;
}

/** Undefined when there is none. Throws when there is one that cannot be read (exit 65). */
export function readManifest(backup: string): Manifest | undefined {
  const path = manifestPath(backup);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return Value.Parse(ManifestSchema, JSON.parse(text));
  } catch {
    throw new CliError(exits.dataDamaged, `The manifest ${path} is damaged.`, "manifest_damaged");
  }
}
