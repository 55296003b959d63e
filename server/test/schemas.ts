import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Folder of published schemas that are not ours to pass on: from COUNTERSIGN_SCHEMAS, or `shared/schemas` beside a folder
 * above this one. Undefined, with a printed notice, where it is not there: what needs it is then skipped.
 */
export function schemasFolder(name: string): string | undefined {
  const found = candidates()
    .map((folder) => join(folder, name))
    .find(existsSync);
  if (found === undefined) console.log(`${name}: no published schema here (COUNTERSIGN_SCHEMAS); skipped.`);
  return found;
}

function candidates(): readonly string[] {
  const given = process.env["COUNTERSIGN_SCHEMAS"];
  if (given !== undefined) return [given];
  const above: string[] = [];
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    above.push(join(dirname(folder), "shared", "schemas"));
  }
  return above;
}
