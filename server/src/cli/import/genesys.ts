import { readFileSync } from "node:fs";
import { type ProviderDraft, readGenesysSettings, withCredentials } from "../../delivery/genesys-settings.ts";
import { type Api, connectApi, path } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { plain, show } from "../output.ts";

export interface ImportOptions extends ServerOptions {
  readonly from?: string;
  readonly disabled?: boolean;
  readonly besideSimulated?: boolean;
  readonly dryRun?: boolean;
}

export async function importGenesys(file: string, options: ImportOptions) {
  const drafts = draftsOf(file, options);
  if (options.dryRun) {
    const plan = drafts.map(({ kind, name, vias, settings, secrets, missing }) => ({
      provider: { kind, name, vias, settings },
      credentials: secrets.map((secret) => ({ name: secret.name, description: secret.description })),
      missing,
    }));
    show(options, { drafts: plan }, drafts.flatMap(draftText));
    return exits.ok;
  }
  const created = await createAll(drafts, options, connectApi(options, process.env));
  show(
    options,
    { providers: created },
    created.map(({ provider, credentials }) =>
      plain(`Made the provider "${provider.name}" (${provider.id}) with ${credentials.length} credentials.`),
    ),
  );
  return exits.ok;
}

function draftsOf(file: string, { from, dryRun }: ImportOptions): readonly ProviderDraft[] {
  const { drafts, problems } = readGenesysSettings(readFileSync(file, "utf8"));
  if (problems.length > 0) {
    const lines = problems.map(({ field, problem }) => `${field === "" ? file : field}: ${problem}`);
    throw new CliError(exits.usage, plain(`Nothing was made. ${lines.join(" ")}`), "settings_refused");
  }
  const completed = drafts.map((draft) => withSender(draft, from));
  const missing = completed.flatMap((draft) => draft.missing.map((name) => `${draft.name}: ${name}`));
  if (missing.length > 0 && !dryRun) {
    throw new CliError(
      exits.usage,
      `The file does not hold everything: ${missing.join(", ")}. Name the sender of e-mails with --from.`,
      "settings_missing",
    );
  }
  return completed;
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
async function createAll(drafts: readonly ProviderDraft[], options: ImportOptions, api: Api) {
  const undo: string[] = [];
  const create = async (collection: string, body: object): Promise<Made> => {
    const { id, name } = await api.request<Made>("POST", path("v1", collection), body);
    undo.push(path("v1", collection, id));
    return { id, name };
  };
  try {
    const created = [];
    for (const draft of drafts) created.push(await createProvider(draft, options, create));
    return created;
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
    ...JSON.stringify(draft.settings, null, 2)
      .split("\n")
      .map((line) => `  ${plain(line)}`),
    ...draft.secrets.map(({ name, description }) => plain(`  with the credential "${name}": ${description}`)),
    ...draft.missing.map((name) => `  missing: ${name}`),
    "",
  ];
}
