import { randomBytes } from "node:crypto";
import type { DialogueSettings } from "../../dialogue/settings.ts";
import { type Api, path } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { PageSettings } from "./page-settings.ts";

export interface PublicationOptions {
  readonly app?: string;
  readonly publication?: string;
  readonly channel?: string;
  readonly name?: string;
  readonly access?: string;
  readonly legacyPin?: boolean;
}

/** What an import would make of the MicroApp's page, or change. */
export interface PublicationDraft {
  readonly channel: string;
  readonly name: string;
  readonly settings: DialogueSettings;
  readonly policy?: { readonly legacyPin: true; readonly codeLength: number } | undefined;
}

/** Channels whose key is one of ours; the others hold a secret of the platform, which the import cannot know. */
const ownKey = ["voicexml", "swml", "chat"];
const dialogueChannels = [...ownKey, "twiml"];

/** @throws CliError for options that do not fit. */
export function publicationDraft(
  { settings, pinDigits }: PageSettings,
  {
    channel = "voicexml",
    name = "Genesys two-factor authentication",
    legacyPin,
    access,
    publication,
  }: PublicationOptions,
): PublicationDraft {
  if (!dialogueChannels.includes(channel)) {
    throw new CliError(exits.usage, `--channel is one of ${dialogueChannels.join(", ")}.`, "channel_unknown");
  }
  if (publication === undefined && access === undefined && !ownKey.includes(channel)) {
    throw new CliError(
      exits.usage,
      `On the channel ${channel} the platform signs: name the credential with its secret by --access.`,
      "access_missing",
    );
  }
  if (pinDigits === undefined) return { channel, name, settings };
  if (!legacyPin) {
    throw new CliError(
      exits.usage,
      `Codes of ${pinDigits} digits are easily guessed. Raise the number of digits to 6, or allow it with --legacy-pin.`,
      "legacy_pin_needed",
    );
  }
  return { channel, name, settings, policy: { legacyPin: true, codeLength: pinDigits } };
}

interface Kept {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly channel: string;
  readonly settings: Readonly<Record<string, unknown>> & { readonly ws?: object };
  readonly policy: Readonly<Record<string, unknown>>;
}

export interface PublicationMade {
  readonly id: string;
  readonly name: string;
  /** With the new key in it, told this once. */
  readonly url: string;
  readonly updated: boolean;
}

type Create = <Made>(collection: readonly string[], body: object) => Promise<Made & { readonly id: string }>;

export async function createOrUpdate(
  draft: PublicationDraft,
  options: PublicationOptions,
  create: Create,
  api: Api,
): Promise<PublicationMade> {
  const app = await appOf(options, api);
  if (options.publication !== undefined)
    return update(draft, ["v1", "apps", app, "publications", options.publication], api);
  const key = options.access === undefined ? randomBytes(24).toString("base64url") : undefined;
  const access =
    key === undefined
      ? options.access
      : (await create(["credentials"], { name: `Key of ${draft.name}`, secret: key })).id;
  const { channel, name, settings, policy } = draft;
  const made = await create<Kept>(["apps", app, "publications"], {
    name,
    channel,
    settings: { ...settings, access },
    ...(policy && { policy }),
  });
  const inAddress = key !== undefined && channel !== "chat";
  return {
    id: made.id,
    name: made.name,
    url: inAddress ? `${made.url}?key=${key}` : made.url,
    updated: false,
  };
}

/** What the page does not name stays as it is. */
async function update(draft: PublicationDraft, at: readonly string[], api: Api): Promise<PublicationMade> {
  const before = await api.request<Kept>("GET", path(...at));
  if (!dialogueChannels.includes(before.channel)) {
    throw new CliError(exits.usage, `The channel ${before.channel} has no such settings.`, "channel_unknown");
  }
  const settings = {
    ...before.settings,
    ...draft.settings,
    ws: { ...before.settings.ws, ...draft.settings.ws },
  };
  const { id, name, url } = await api.request<Kept>("PATCH", path(...at), {
    settings,
    ...(draft.policy && { policy: { ...before.policy, ...draft.policy } }),
  });
  return { id, name, url, updated: true };
}

/** The only app where none is named. */
async function appOf({ app }: PublicationOptions, api: Api): Promise<string> {
  if (app !== undefined) return app;
  const [only, ...others] = await api.all<{ readonly id: string }>("/v1/apps", "apps");
  if (only !== undefined && others.length === 0) return only.id;
  throw new CliError(exits.usage, "There is more than one app, or none: name one with --app.", "app_missing");
}
