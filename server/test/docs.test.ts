import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Value } from "typebox/value";
import { expect, it } from "vitest";
import { loadConfig } from "../src/config/load.ts";
import { ConfigSchema, settings } from "../src/config/schema.ts";
import { createInbox } from "../src/delivery/providers/inbox.ts";
import { createRegistry } from "../src/delivery/registry.ts";
import { placeholderNames } from "../src/delivery/templates/placeholders.ts";
import type { TemplateProblemCode } from "../src/delivery/templates/validate.ts";
import { keyWishes } from "../src/dialogue/hear.ts";
import { auditEventTypes } from "../src/engine/audit/event.ts";
import { normalizeCode } from "../src/engine/code/normalize.ts";
import { defaultPolicy, policyBounds } from "../src/engine/policy/defaults.ts";
import { sendRuleNames } from "../src/engine/policy/sending.ts";
import {
  conversionPercentBounds,
  defaultSending,
  sendingBounds,
} from "../src/engine/policy/sending-defaults.ts";
import { scopes } from "../src/engine/settings.ts";
import { renderProblems } from "../src/http/docs/problems.ts";
import { problemKinds } from "../src/http/problem.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = globSync("**/*.md", { cwd: root, exclude: (name) => name.startsWith("node_modules") })
  .filter((path) => !path.includes("node_modules/"))
  .sort();

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The cells of the table row whose first cell is exactly this. */
function rowOf(page: string, first: string): readonly string[] | undefined {
  const line = page.split("\n").find((one) => one.startsWith(`| ${first} |`));
  return line
    ?.split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function wordsOf(schema: unknown): readonly string[] {
  const { enum: words } = schema as { readonly enum?: readonly string[] };
  return words ?? [];
}

/** As the page writes the default of an entry: paths relative to where the server was started. */
function shownDefault(name: string): string {
  const config = loadConfig({}, {});
  const paths: Readonly<Record<string, string | undefined>> = {
    data: config.data,
    databaseUrl: config.databasePath,
    keyFile: config.keyFile,
    checkpointsFile: config.checkpointsPath,
  };
  const path = paths[name];
  const value = path === undefined ? config[name as keyof typeof config] : relative(process.cwd(), path);
  return value === undefined || (Array.isArray(value) && value.length === 0) ? "none" : `\`${value}\``;
}

it("speech: every key that is a wish", () => {
  const page = read("docs/speech.md");
  for (const keys of Object.keys(keyWishes)) expect(rowOf(page, `\`${keys}\``), keys).toHaveLength(3);
  expect(page.match(/^\| `\*/gm)).toHaveLength(Object.keys(keyWishes).length);
});

it("speech: what is heard is heard so", () => {
  const rows =
    read("docs/speech.md")
      .split("## Codes")[1]
      ?.matchAll(/^\| (.+"|.+\)) \| ([0-9 ·]+) \|$/gm) ?? [];
  const heard = [...rows].flatMap(([, said = "", codes = ""]) =>
    [...said.matchAll(/"([^"]+)"/g)].map(([, text = ""], index) => {
      const code = codes.split(" · ")[index] ?? codes.split(" · ")[0] ?? "";
      const readings = ["en", "de", "fr", "pt-BR"].map((locale) =>
        normalizeCode(text, { locale, lengths: [code.length], kind: "digits" }),
      );
      const right = readings.some((reading) => reading.ok && reading.candidates.join() === code);
      return [text, right];
    }),
  );
  expect(heard.length).toBeGreaterThan(12);
  expect(heard.filter(([, right]) => !right)).toEqual([]);
});

it("configuration: every entry with its variable, its default and every word it takes", () => {
  const page = read("docs/configuration.md");
  expect(settings.map(({ name }) => name).sort()).toEqual(Object.keys(ConfigSchema.properties).sort());
  for (const { name, variable } of settings) {
    const row = rowOf(page, `\`${name}\``);
    expect(row?.slice(1, 3), name).toEqual([`\`${variable}\``, shownDefault(name)]);
    for (const word of wordsOf(ConfigSchema.properties[name]))
      expect(row?.[3], name).toContain(`\`${word}\``);
  }
});

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
}

interface Setting {
  readonly path: string;
  readonly schema: Shape;
  readonly required: boolean;
}

/** Every setting with its path: `dkim.domain`, `headers[].name`. */
function settingsIn(schema: Shape, before = ""): readonly Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${before}${name}`;
    const own = { path, schema: inner, required: schema.required?.includes(name) ?? false };
    if (inner.items?.properties !== undefined) return settingsIn(inner.items, `${path}[].`);
    if (inner.properties !== undefined) return settingsIn(inner, `${path}.`);
    return [own];
  });
}

const kinds = createRegistry([createInbox().provider]).all;

it.each(kinds.map((kind) => [kind.id, kind] as const))("delivery: %s has its page", (id, kind) => {
  const page = read(`docs/delivery/${id}.md`);
  expect(read("docs/delivery/README.md")).toContain(`(${id}.md)`);
  for (const via of kind.vias) expect(page).toContain(`\`${via}\``);
  for (const { path, schema, required } of settingsIn(kind.settings as Shape)) {
    const note = rowOf(page, `\`${path}\``)?.[1];
    expect(note, path).toBeDefined();
    if (required) expect(note, path).toContain("required");
    if (schema.format === "credential") expect(note, path).toContain("credential");
    if (schema.default !== undefined && !required) expect(note, path).toContain(`\`${schema.default}\``);
  }
});

it("delivery: where every setting is described, the page says it in the same words", () => {
  const members = (schema: unknown) => Object.entries((schema as Shape).properties ?? {});
  const described = kinds.filter(
    ({ settings }) =>
      members(settings).length > 0 && members(settings).every(([, { description }]) => description),
  );
  expect(described.map(({ id }) => id)).toEqual(expect.arrayContaining(["infobip", "whatsapp"]));
  for (const { id, settings } of described) {
    for (const [name, { description }] of members(settings))
      expect(rowOf(read(`docs/delivery/${id}.md`), `\`${name}\``)?.[2], `${id} ${name}`).toBe(description);
  }
});

it("delivery: the example of every page would be taken", () => {
  let examples = 0;
  for (const { id, vias, settings, validate } of kinds) {
    const blocks = read(`docs/delivery/${id}.md`).matchAll(/^```json\n([\s\S]*?)^```/gm);
    for (const [, json] of blocks) {
      const example = JSON.parse(json!);
      expect(example, id).toMatchObject({ kind: id, settings: {} });
      expect(vias).toEqual(expect.arrayContaining(example.vias));
      expect(Value.Errors(settings, example.settings), id).toEqual([]);
      expect(validate?.(example.settings) ?? [], id).toEqual([]);
      examples += 1;
    }
  }
  expect(examples).toBeGreaterThanOrEqual(kinds.length - 1);
});

it("delivery: no page names a setting that there is not", () => {
  for (const kind of kinds) {
    const known = new Set(settingsIn(kind.settings as Shape).map(({ path }) => path));
    const named = [...read(`docs/delivery/${kind.id}.md`).matchAll(/^\| `([^`]+)` \|/gm)].map(
      ([, name]) => name!,
    );
    const groups = new Set([...known].map((path) => path.split(".")[0]!));
    expect(named.filter((name) => !known.has(name) && !groups.has(name))).toEqual([]);
  }
});

it.each(["smtp.json", "gateway.json"])("example: %s is a provider that would be taken", (name) => {
  const example = JSON.parse(read(`examples/smtp-and-gateway/${name}`));
  const kind = kinds.find(({ id }) => id === example.kind)!;
  expect(Value.Check(kind.settings, example.settings)).toBe(true);
  expect(kind.validate?.(example.settings) ?? []).toEqual([]);
  expect(kind.vias).toEqual(expect.arrayContaining(example.vias));
});

it("errors: every code is on the problems page, and in the table of the guide with its status", () => {
  const served = renderProblems();
  const page = read("docs/api.md");
  for (const [code, { status, title }] of Object.entries(problemKinds)) {
    expect(served).toContain(`<article id="${code}">`);
    expect(rowOf(page, `\`${code}\``), code).toEqual([`\`${code}\``, `${status}`, title]);
  }
});

it("api: every scope is in the table", () => {
  const page = read("docs/api.md");
  for (const scope of scopes) expect(rowOf(page, `\`${scope}\``), scope).toHaveLength(2);
});

it("events: every type is in the table, and no other", () => {
  const page = read("docs/events.md").split("## Types")[1] ?? "";
  const named = [...page.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
    cell!.split(", ").map((type) => type.slice(1, -1)),
  );
  expect(named.sort()).toEqual(auditEventTypes.toSorted());
});

it("policy: every setting with its default and its range", () => {
  const page = read("docs/policy.md");
  for (const [name, value] of Object.entries(defaultPolicy)) {
    const row = rowOf(page, `\`${name}\``);
    expect(row, name).toBeDefined();
    if (typeof value === "number" || typeof value === "boolean") expect(row?.[1], name).toBe(`\`${value}\``);
    const bounds = name in policyBounds ? policyBounds[name as keyof typeof policyBounds] : undefined;
    if (bounds) expect(row?.[2], name).toBe(`${bounds.least}–${bounds.most}`);
  }
  for (const { failures, seconds } of defaultPolicy.failureDelays) {
    expect(rowOf(page, `${failures}`)?.[1]).toBe(`${seconds.toLocaleString("en")} s`);
  }
});

it("send rules: every rule, every setting with its default and its range", () => {
  const page = read("docs/delivery/send-rules.md");
  for (const rule of sendRuleNames) {
    expect(rowOf(page, `\`${rule}\``)?.[2], rule).toBe(`${problemKinds[rule].status}`);
  }
  for (const [name, value] of Object.entries(defaultSending)) {
    const bounds: Record<string, { least: number; most: number } | undefined> = sendingBounds;
    const range = name === "conversionPercent" ? conversionPercentBounds : bounds[name];
    expect(page, name).toContain(`\`${name}\``);
    if (!range) continue;
    const shown = `${range.least}–${range.most.toLocaleString("en")}`;
    expect(rowOf(page, `\`${name}\``)?.slice(1, 3), name).toEqual([`\`${value}\``, shown]);
  }
});

/** Exhaustive: a new code of a problem does not compile without a line here. */
const templateProblems: Readonly<Record<TemplateProblemCode, true>> = {
  missing_code: true,
  incomplete_digits: true,
  digit_index_out_of_range: true,
  unknown_placeholder: true,
  code_in_subject: true,
  sender_invalid: true,
  web_otp_domain_invalid: true,
  locale_invalid: true,
  field_not_applicable: true,
  control_character: true,
  malformed_ssml: true,
  too_long: true,
  too_many_segments: true,
};

it("templates: every placeholder and every problem", () => {
  const page = read("docs/templates.md");
  for (const name of placeholderNames) {
    const shown = name === "OTPDIGIT" ? "OTPDIGIT[0]" : name;
    expect(rowOf(page, `\`\${${shown}}\``), name).toHaveLength(4);
  }
  for (const code of Object.keys(templateProblems)) expect(rowOf(page, `\`${code}\``), code).toBeDefined();
});

it("security: every test that it names is there", () => {
  const named = [...read("docs/security.md").matchAll(/`((?:server|client|console)\/[^`]+\.ts)`/g)].map(
    ([, path]) => path!,
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** As the usual renderers make them of a heading. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...page.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replace(/\s/g, "-"),
    ),
  );
}

it.each(pages)("%s: its links lead somewhere", (path) => {
  const text = read(path).replace(/^```[\s\S]*?^```/gm, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).has(anchor);
    });
  expect(broken).toEqual([]);
});
