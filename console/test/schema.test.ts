import { describe, expect, test } from "vitest";
import { auditEventTypes } from "../../server/src/engine/audit/event.ts";
import { openServer } from "../../server/test/open-server.ts";
import { draftOfAll, valuesOf } from "../src/schema/draft.ts";
import { type Field, fieldsOf, type Schema } from "../src/schema/field.ts";
import { de } from "../src/words/de.ts";
import { en } from "../src/words/en.ts";

test("every type of event has words, and no words are left over", () => {
  expect(Object.keys(en.events).sort()).toEqual([...auditEventTypes].sort());
  expect(Object.keys(de.events).sort()).toEqual([...auditEventTypes].sort());
});

describe("forms of the kinds and channels that the server knows", async () => {
  const server = await openServer();
  const { body: kinds } = await server.api.get<{ kinds: { kind: string; settings: Schema }[] }>(
    "/v1/provider-kinds",
  );
  const { body: channels } = await server.api.get<{ channels: { channel: string; settings: Schema }[] }>(
    "/v1/channels",
  );
  await server.close();
  const all = [
    ...kinds.kinds.map(({ kind, settings }) => ({ name: kind, settings })),
    ...channels.channels.map(({ channel, settings }) => ({ name: channel, settings })),
  ];

  test.each(all)("$name: every setting has an input of its own, none is JSON", ({ settings }) => {
    const fields = allOf(fieldsOf(settings));
    expect(fields.filter(({ kind }) => kind === "json").map(({ name }) => name)).toEqual([]);
    expect(fields.length).toBeGreaterThanOrEqual(Object.keys(settings.properties ?? {}).length);
  });

  test.each(all)(
    "$name: settings come out of the form as they went in, and nothing gives nothing",
    ({ settings }) => {
      const fields = fieldsOf(settings);
      const said = fields.filter((field) => field.said).map(({ name, fallback }) => [name, fallback]);
      expect(valuesOf(fields, draftOfAll(fields, {}))).toEqual(Object.fromEntries(said));
      const full = exampleOf(settings) as Readonly<Record<string, unknown>>;
      expect(valuesOf(fields, draftOfAll(fields, full))).toEqual(full);
    },
  );
});

/** Also those within groups and lists. */
function allOf(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) => {
    if (field.kind === "group") return [field, ...allOf(field.members)];
    return field.kind === "entries" || field.kind === "pairs" ? [field, ...allOf([field.entry])] : [field];
  });
}

/** A value that says something for every member of a schema. */
function exampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum.at(-1);
  const alternative = schema.anyOf?.find(({ type }) => type !== "null");
  if (alternative !== undefined) return exampleOf(alternative);
  switch (schema.type) {
    case "array":
      return [exampleOf(schema.items ?? {}), exampleOf(schema.items ?? {})];
    case "object":
      return objectOf(schema);
    case "boolean":
      return schema.default !== true;
    case "string":
      return "text";
    default:
      return 7.5;
  }
}

function objectOf({ properties = {}, patternProperties = {} }: Schema): object {
  const named = Object.entries(properties).map(([name, member]) => [name, exampleOf(member)]);
  const free = Object.values(patternProperties).map((member) => ["a/b", exampleOf(member)]);
  return Object.fromEntries([...named, ...free]);
}
