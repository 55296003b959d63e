import { readFileSync } from "node:fs";
import type { Demo } from "../../demo/seed.ts";
import { type Api, accessOf, path, readDemo } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import type { CallPlan, PhoneChannel } from "./phone/open.ts";

export interface PublicationOptions extends ServerOptions {
  readonly publication?: string;
  readonly accessFile?: string;
}

/** The publication as its platform knows it. */
export interface CalledPublication extends Pick<CallPlan, "url" | "secret"> {
  readonly id: string;
  readonly name: string;
  /** Name of the value that holds the path. */
  readonly pathName: string;
}

interface View {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly url?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Finds what is to be called, and what opens it: in the demo, or by the API and a file with the secret. */
export async function findPublication(
  channel: PhoneChannel,
  options: PublicationOptions,
  api: Api,
): Promise<CalledPublication> {
  const demo = readDemo(options, process.env);
  const known = demo?.publications[channel];
  const id = options.publication ?? known?.id;
  if (id === undefined) throw missing("Name a publication with --publication; there is no demo here.");
  const view = await viewOf(id, demo, api);
  if (view.channel !== channel || view.url === undefined) {
    throw missing(`The publication ${id} is one of the channel ${view.channel}.`);
  }
  const told = demo !== undefined && known?.id === id ? known.url : view.url;
  const secret = secretOf(options);
  return {
    id,
    name: view.name,
    pathName: String(view.settings["resultVariable"] ?? "path"),
    ...opened(channel, { told, secret }, view, options),
  };
}

function opened(
  channel: PhoneChannel,
  { told, secret }: { readonly told: string; readonly secret: string | undefined },
  { settings }: View,
  options: PublicationOptions,
): Pick<CallPlan, "url" | "secret"> {
  if (channel === "chat") return { url: told, secret: secret ?? accessOf(options, process.env).key };
  const signs =
    channel === "twiml"
      ? (settings["signature"] ?? "twilio") !== "none"
      : settings["signingKey"] !== undefined;
  if (channel !== "voicexml" && signs) {
    if (secret !== undefined) return { url: told, secret };
    throw missing(
      "Its platform signs: name a file that holds the secret of the signature with --access-file.",
    );
  }
  if (secret === undefined) {
    if (new URL(told).searchParams.has("key")) return { url: told };
    throw missing("Name a file that holds the publication's key (`access`) with --access-file.");
  }
  const url = new URL(told);
  url.searchParams.set("key", secret);
  return { url: url.href };
}

function secretOf({ accessFile }: PublicationOptions): string | undefined {
  if (accessFile === undefined) return undefined;
  try {
    return readFileSync(accessFile, "utf8").trim();
  } catch {
    throw missing(`The file ${accessFile} cannot be read.`);
  }
}

async function viewOf(id: string, demo: Demo | undefined, api: Api): Promise<View> {
  const apps = demo === undefined ? [] : [demo.app];
  const all = await api.all<{ readonly id: string }>("/v1/apps", "apps");
  for (const app of new Set([...apps, ...all.map((one) => one.id)])) {
    const publications = await api
      .all<View>(path("v1", "apps", app, "publications"), "publications")
      .catch(noneOfThem);
    const view = publications.find((one) => one.id === id);
    if (view !== undefined) return view;
  }
  throw new CliError(exits.negative, `There is no publication ${id}.`, "not_found");
}

/** The demo's app is not one of another organization's. */
function noneOfThem(error: unknown): readonly View[] {
  if (error instanceof CliError && error.code === "not_found") return [];
  throw error;
}

function missing(sentence: string): CliError {
  return new CliError(exits.configuration, sentence, "publication_missing");
}
