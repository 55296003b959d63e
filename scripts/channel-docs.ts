import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { channels } from "../server/src/channels/registry.ts";
import { DialogueSettings } from "../server/src/dialogue/settings.ts";
import { settingsTable, withTable } from "../server/test/docs-tables.ts";

/** Writes the tables of settings into the pages of the channels, between their markers. */
const folder = fileURLToPath(new URL("../docs/channels/", import.meta.url));

function write(page: string, table: string): void {
  const path = `${folder}${page}.md`;
  if (existsSync(path)) writeFileSync(path, withTable(readFileSync(path, "utf8"), table));
}

write("dialogue", settingsTable(DialogueSettings));
for (const { id, settings } of channels) write(id, settingsTable(settings, DialogueSettings));
