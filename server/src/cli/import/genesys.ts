import { readFileSync } from "node:fs";
import { type ProviderDraft, readGenesysSettings, withCredentials } from "../../delivery/genesys-settings.ts";
import type { FieldProblem } from "../../engine/errors.ts";
import { type Api, connectApi, path } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { plain, show } from "../output.ts";
import { type PageSettings, settingsOfPage } from "./page-settings.ts";
import { takePage } from "./page-text.ts";
import {
  createOrUpdate,
  type PublicationDraft,
  type PublicationMade,
  type PublicationOptions,
  publicationDraft,
} from "./publication.ts";

export interface ImportOptions extends ServerOptions, PublicationOptions {
  readonly from?: string;
  readonly disabled?: boolean;
  readonly besideSimulated?: boolean;
  readonly dryRun?: boolean;
}

/** Server settings become providers, the page of the MicroApp a publication. */
export async function importGenesys(file: string, options: ImportOptions) {
  const { drafts, publication } = readFile(file, options);
  if (options.dryRun) {
    const plan = drafts.map(({ kind, name, vias, settings, secrets, missing }) => ({
      provider: { kind, name, vias, settings },
      credentials: secrets.map((secret) => ({ name: secret.name, description: secret.description })),
      missing,
    }));
    const text = [
      ...drafts.flatMap(draftText),
      ...(publication ? publicationText(publication, options) : []),
    ];
    show(options, { drafts: plan, ...(publication && { publication }) }, text);
    return exits.ok;
  }
  const made = await createAll(drafts, publication, options, connectApi(options, process.env));
  const text = made.providers.map(
    ({ provider, credentials }) =>
      `Made the provider "${provider.name}" (${provider.id}) with ${credentials.length} credentials.`,
  );
  show(options, made, [...text, ...(made.publication ? [madeText(made.publication)] : [])].map(plain));
  return exits.ok;
}

function readFile(file: string, options: ImportOptions) {
  const { entries, rest, unknown } = takePage(readFileSync(file, "utf8"));
  const page = entries.length > 0 ? settingsOfPage(entries) : undefined;
  const servers = readServers(rest, page);
  const unknowns = unknown.map((field) => ({ field, problem: "This is not a setting that we know." }));
  demandSound(file, [...servers.problems, ...unknowns, ...(page?.problems ?? [])]);
  const from = options.from ?? page?.mailFrom;
  const drafts = servers.drafts.map((draft) => withSender(draft, from));
  const missing = drafts.flatMap((draft) => draft.missing.map((name) => `${draft.name}: ${name}`));
  if (missing.length > 0 && !options.dryRun) {
    throw new CliError(
      exits.usage,
      `The file does not hold everything: ${missing.join(", ")}. Name the sender of e-mails with --from.`,
      "settings_missing",
    );
  }
  return { drafts, publication: page && publicationDraft(page, options) };
}

/** Beside the page a text need not hold server settings; what it holds must be right. */
function readServers(rest: string, page: PageSettings | undefined) {
  const read = readGenesysSettings(rest);
  if (page === undefined || read.drafts.length > 0) return read;
  return { drafts: [], problems: read.problems.filter(({ field }) => field !== "") };
}

function demandSound(file: string, problems: readonly FieldProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ field, problem }) => `${field === "" ? file : field}: ${problem}`);
  throw new CliError(exits.usage, plain(`Nothing was made. ${lines.join(" ")}`), "settings_refused");
}

function withSender(draft: ProviderDraft, from: string | undefined): ProviderDraft {
  if (from === undefined || !draft.missing.includes("from")) return draft;
  const missing = draft.missing.filter((name) => name !== "from");
  return { ...draft, missing, settings: { ...draft.settings, from } };
}

interface Made {
  readonly id: string;
  readonly name: string;
}

/** What was made until something is refused is taken back: it would be in the way of the next try. */
async function createAll(
  drafts: readonly ProviderDraft[],
  publication: PublicationDraft | undefined,
  options: ImportOptions,
  api: Api,
) {
  const undo: string[] = [];
  const create = async <Answer>(collection: readonly string[], body: object) => {
    const made = await api.request<Answer & { readonly id: string }>("POST", path("v1", ...collection), body);
    undo.push(path("v1", ...collection, made.id));
    return made;
  };
  const createIn = async (collection: string, body: object): Promise<Made> => {
    const { id, name } = await create<Made>([collection], body);
    return { id, name };
  };
  try {
    const providers = [];
    for (const draft of drafts) providers.push(await createProvider(draft, options, createIn));
    if (publication === undefined) return { providers };
    return { providers, publication: await createOrUpdate(publication, options, create, api) };
  } catch (error) {
    for (const made of undo.toReversed()) await api.request("DELETE", made).catch(() => undefined);
    throw error;
  }
}

async function createProvider(
  draft: ProviderDraft,
  { disabled, besideSimulated }: ImportOptions,
  create: (collection: string, body: object) => Promise<Made>,
) {
  const { kind, name, vias } = draft;
  const credentials = new Map<string, Made>();
  for (const { reference, name: entry, value, description } of draft.secrets) {
    credentials.set(reference, await create("credentials", { name: entry, secret: value, description }));
  }
  const settings = withCredentials(draft, (reference) => credentials.get(reference)?.id ?? reference);
  const provider = await create("providers", {
    kind,
    name,
    vias,
    settings,
    enabled: !disabled,
    besideSimulated,
  });
  return { provider, credentials: [...credentials.values()] };
}

function draftText(draft: ProviderDraft): readonly string[] {
  return [
    plain(`Provider "${draft.name}" (${draft.kind}) for ${draft.vias.join(", ")}`),
    ...jsonText(draft.settings),
    ...draft.secrets.map(({ name, description }) => plain(`  with the credential "${name}": ${description}`)),
    ...draft.missing.map((name) => `  missing: ${name}`),
    "",
  ];
}

function publicationText(
  { channel, name, settings, policy }: PublicationDraft,
  { publication }: ImportOptions,
): readonly string[] {
  const what =
    publication === undefined ? `Publication "${name}" on ${channel}` : `Publication ${publication}`;
  return [
    plain(what),
    ...jsonText(settings),
    ...(policy ? ["  with the policy", ...jsonText(policy)] : []),
    "",
  ];
}

function madeText({ id, name, url, updated }: PublicationMade): string {
  return updated
    ? `Changed the publication "${name}" (${id}).`
    : `Made the publication "${name}" (${id}): ${url}`;
}

function jsonText(value: object): readonly string[] {
  return JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => `  ${plain(line)}`);
}
