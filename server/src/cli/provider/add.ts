import { readFileSync } from "node:fs";
import { type Api, connectApi, path } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { show } from "../output.ts";
import type { ProviderAnswer } from "./answers.ts";

export interface AddOptions extends ServerOptions {
  readonly secret: readonly string[];
  readonly besideSimulated?: true;
}

interface Secret {
  /** Member of the settings that names the credential; dots lead into members and lists: `headers.0.credential`. */
  readonly member: string;
  readonly value: string;
}

/** Credentials that were made are taken away again when the provider is refused. */
export async function addProvider(file: string, options: AddOptions) {
  const draft = readDraft(file);
  const secrets = options.secret.map(readSecret);
  const api = connectApi(options, process.env);
  const made: string[] = [];
  try {
    const settings = structuredClone(draft.settings ?? {});
    for (const { member, value } of secrets) {
      const id = await keep(`${draft.name} ${member}`, value, api);
      made.push(id);
      place(settings, member, id);
    }
    const besideSimulated = options.besideSimulated;
    const body = { ...draft, settings, ...(besideSimulated && { besideSimulated }) };
    const added = await api.request<ProviderAnswer>("POST", "/v1/providers", body);
    show(options, added, [`${added.name} is added (${added.kind}, ${added.vias.join(", ")}).`, added.id]);
    return exits.ok;
  } catch (error) {
    for (const id of made) await api.request("DELETE", path("v1", "credentials", id)).catch(() => undefined);
    throw error;
  }
}

/** Members on the way must be there; what is wrong with the last one, the server says. */
function place(settings: object, member: string, id: string): void {
  const names = member.split(".");
  const last = names.pop() ?? "";
  let inner: unknown = settings;
  for (const name of names) inner = isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  if (!isRecord(inner) || last === "" || last === "__proto__") {
    throw new CliError(
      exits.usage,
      `The settings have no place for a secret at ${member}.`,
      "secret_misplaced",
    );
  }
  inner[last] = id;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

async function keep(name: string, secret: string, api: Api): Promise<string> {
  const body = { name: name.slice(0, 100), secret };
  return (await api.request<{ readonly id: string }>("POST", "/v1/credentials", body)).id;
}

interface Draft {
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

function readDraft(file: string): Draft {
  const draft = parse(read(file));
  if (typeof draft === "object" && draft !== null && "name" in draft && typeof draft.name === "string") {
    return draft as Draft;
  }
  throw new CliError(
    exits.usage,
    `${file} is not a provider: a JSON object with name, kind, vias and settings.`,
    "provider_malformed",
  );
}

function readSecret(given: string): Secret {
  const [member, ...rest] = given.split("=");
  const file = rest.join("=");
  if (!member || file === "") {
    throw new CliError(exits.usage, "A secret is given as member=file.", "secret_malformed");
  }
  return { member, value: read(file).trim() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CliError(exits.configuration, `The file ${file} cannot be read.`, "file_unreadable");
  }
}
