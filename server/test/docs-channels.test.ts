import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { channels } from "../src/channels/registry.ts";
import { DialogueSettings } from "../src/dialogue/settings.ts";
import { settingsTable, tableIn } from "./docs-tables.ts";

const folder = join(import.meta.dirname, "../../docs/channels");
const read = (page: string) => readFileSync(join(folder, `${page}.md`), "utf8");

it("channels: the settings of the dialogue are those of its schema (else: node scripts/channel-docs.ts)", () => {
  expect(tableIn(read("dialogue"))).toBe(settingsTable(DialogueSettings));
});

it.each(channels.map(({ id, settings }) => [id, settings] as const))(
  "channels: %s has its page, with the settings of its schema (else: node scripts/channel-docs.ts)",
  (id, settings) => {
    expect(read("README")).toContain(`(${id}.md)`);
    expect(tableIn(read(id))).toBe(settingsTable(settings, DialogueSettings));
  },
);
