import { readFileSync } from "node:fs";
import type { ProviderDraft } from "../../delivery/genesys-settings.ts";
import type { FieldProblem } from "../../engine/errors.ts";
import type { GenesysMade } from "../../http/routes/imports/genesys-make.ts";
import {
  type DialogueChannel,
  dialogueChannels,
  type GenesysPlan,
  type GenesysWishes,
  missingProblems,
  type PublicationDraft,
  planGenesys,
} from "../../http/routes/imports/genesys-plan.ts";
import { connectApi, path } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { plain, show } from "../output.ts";

export interface ImportOptions extends ServerOptions {
  readonly from?: string;
  readonly disabled?: boolean;
  readonly besideSimulated?: boolean;
  readonly app?: string;
  readonly publication?: string;
  readonly channel?: string;
  readonly name?: string;
  readonly access?: string;
  readonly legacyPin?: boolean;
  readonly dryRun?: boolean;
}

/** Server settings become providers, the page of the MicroApp a publication. What is wrong with the file is told without a server. */
export async function importGenesys(file: string, options: ImportOptions) {
  const text = readFileSync(file, "utf8");
  const wishes = wishesOf(options);
  const plan = planGenesys(text, wishes);
  demandSound(file, [...plan.problems, ...(options.dryRun ? [] : missingProblems(plan))]);
  if (options.dryRun) return showPlan(plan, options);
  const { disabled, besideSimulated } = options;
  const body = { text, ...wishes, enabled: !disabled, besideSimulated };
  const api = connectApi(options, process.env);
  const made = await api.request<GenesysMade>("POST", path("v1", "import", "genesys-settings"), body);
  show(options, made, madeText(made).map(plain));
  return exits.ok;
}

function wishesOf(options: ImportOptions): GenesysWishes {
  const { from, app, publication, name, access, legacyPin } = options;
  return { from, publication: { app, publication, channel: channelOf(options), name, access, legacyPin } };
}

function channelOf({ channel }: ImportOptions): DialogueChannel | undefined {
  const known = dialogueChannels.find((one) => one === channel);
  if (channel === undefined || known !== undefined) return known;
  throw new CliError(exits.usage, `--channel is one of ${dialogueChannels.join(", ")}.`, "channel_unknown");
}

/** How the command line calls what the API calls by a pointer. */
const optionsByField = new Map([
  ["", undefined],
  ["/from", "--from"],
  ["/publication/access", "--access"],
  ["/publication/legacyPin", "--legacy-pin"],
]);

function demandSound(file: string, problems: readonly FieldProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ field, problem }) => {
    const name = optionsByField.has(field) ? optionsByField.get(field) : field;
    return `${name ?? file}: ${problem}`;
  });
  throw new CliError(exits.usage, plain(`Nothing was made. ${lines.join(" ")}`), "settings_refused");
}

function showPlan({ providers, publication }: GenesysPlan, options: ImportOptions) {
  const drafts = providers.map(({ kind, name, vias, settings, secrets, missing }) => ({
    provider: { kind, name, vias, settings },
    credentials: secrets.map((secret) => ({ name: secret.name, description: secret.description })),
    missing,
  }));
  const text = [
    ...providers.flatMap(draftText),
    ...(publication ? publicationText(publication, options) : []),
  ];
  show(options, { drafts, ...(publication && { publication }) }, text);
  return exits.ok;
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

function madeText({ providers, publication }: GenesysMade): readonly string[] {
  const lines = providers.map(
    ({ id, name, credentials }) =>
      `Made the provider "${name}" (${id}) with ${credentials.length} credentials.`,
  );
  if (publication === undefined) return lines;
  const { id, name, url, key, updated } = publication;
  const shown = key === undefined ? [] : [`Its key, shown this once: ${key}`];
  return updated
    ? [...lines, `Changed the publication "${name}" (${id}).`]
    : [...lines, `Made the publication "${name}" (${id}): ${url}`, ...shown];
}

function jsonText(value: object): readonly string[] {
  return JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => `  ${plain(line)}`);
}
