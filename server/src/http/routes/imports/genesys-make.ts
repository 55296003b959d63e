import { publicationUrl } from "../../../channels/publications.ts";
import type { ChannelRegistry } from "../../../channels/registry.ts";
import { type ProviderDraft, withCredentials } from "../../../delivery/genesys-settings.ts";
import type { AuditDraft } from "../../../engine/audit/event.ts";
import type { Publication } from "../../../engine/settings.ts";
import type { Principal } from "../../access.ts";
import { insertCredential } from "../credentials.ts";
import { found, refused, settingsEvent } from "../entries.ts";
import { insertProvider, type SavingParts } from "../providers/save.ts";
import { changePublication, insertPublication } from "../publications.ts";
import {
  dialogueChannels,
  type GenesysPlan,
  type GenesysWishes,
  type PublicationDraft,
} from "./genesys-plan.ts";

export interface ImportParts extends SavingParts {
  readonly channels: ChannelRegistry;
}

export interface MakingWishes extends GenesysWishes {
  /** Whether the providers are used at once; true if not given. */
  readonly enabled?: boolean | undefined;
  readonly besideSimulated?: boolean | undefined;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface GenesysMade {
  readonly providers: (Named & { readonly credentials: Named[] })[];
  readonly publication?: PublicationMade;
}

export interface PublicationMade extends Named {
  readonly url: string;
  /** A key that was made for it, told this once. */
  readonly key?: string;
  readonly updated: boolean;
}

interface Making {
  readonly wishes: MakingWishes;
  readonly principal: Principal;
  readonly parts: ImportParts;
  /** How what was made is taken back, newest last. */
  readonly undo: (() => Promise<unknown>)[];
}

/** Makes what the plan says. What was made until something is refused is taken back: it would be in the way of the next try. */
export async function makeGenesys(
  plan: GenesysPlan,
  wishes: MakingWishes,
  principal: Principal,
  parts: ImportParts,
): Promise<GenesysMade> {
  const making: Making = { wishes, principal, parts, undo: [] };
  try {
    const providers = [];
    for (const draft of plan.providers) providers.push(await makeProvider(draft, making));
    const publication = plan.publication && (await makePublication(plan.publication, making));
    return { providers, ...(publication && { publication }) };
  } catch (error) {
    for (const takeBack of making.undo.toReversed()) await takeBack();
    throw error;
  }
}

async function makeCredential(
  given: { readonly name: string; readonly secret: string; readonly description?: string },
  making: Making,
): Promise<Named> {
  const { principal, parts, undo } = making;
  const { services } = parts;
  const made = await insertCredential(given, principal, services);
  undo.push(() =>
    services.store.settings.credentials.remove(
      made.organization,
      made.id,
      deleted("credential", made.id, making),
    ),
  );
  return { id: made.id, name: made.name };
}

function deleted(kind: string, id: string, { principal }: Making): AuditDraft {
  return settingsEvent("deleted", { kind, id }, principal);
}

async function makeProvider(draft: ProviderDraft, making: Making) {
  const { principal, parts, undo } = making;
  const { enabled, besideSimulated } = making.wishes;
  const credentials = new Map<string, Named>();
  for (const { reference, name, value, description } of draft.secrets) {
    credentials.set(reference, await makeCredential({ name, secret: value, description }, making));
  }
  const { kind, name, vias } = draft;
  const settings = withCredentials(draft, (reference) => credentials.get(reference)?.id ?? reference);
  const body = {
    ...{ kind, name, vias: [...vias], settings },
    ...(enabled !== undefined && { enabled }),
    ...(besideSimulated !== undefined && { besideSimulated }),
  };
  const { id, organization } = await insertProvider(body, principal, parts);
  const { providers } = parts.services.store.settings;
  undo.push(() => providers.remove(organization, id, deleted("provider", id, making)));
  return { id, name, credentials: [...credentials.values()] };
}

async function makePublication(draft: PublicationDraft, making: Making): Promise<PublicationMade> {
  const { principal, parts } = making;
  const { publication: id, access, app } = making.wishes.publication ?? {};
  if (id !== undefined) return changed(draft, id, making);
  const { services } = parts;
  const home = app ?? (await onlyApp(making));
  const key = access === undefined && Buffer.from(services.random.bytes(24)).toString("base64url");
  const opening = key
    ? (await makeCredential({ name: `Key of ${draft.name}`, secret: key }, making)).id
    : access;
  const { channel, name, settings, policy } = draft;
  const body = { name, channel, settings: { ...settings, access: opening }, ...(policy && { policy }) };
  const made = await insertPublication(home, body, principal, parts);
  return { ...told(made, making), ...(key && { key }), updated: false };
}

function told(publication: Publication, { parts }: Making): Named & { readonly url: string } {
  const { id, name } = publication;
  return { id, name, url: publicationUrl(publication, parts.services.settings.issuer) };
}

/** What the page does not name stays as it is. */
async function changed(draft: PublicationDraft, id: string, making: Making): Promise<PublicationMade> {
  const { principal, parts } = making;
  const { publications } = parts.services.store.settings;
  const before = found(await publications.find(principal.organization, id), "publication");
  const channels: readonly string[] = dialogueChannels;
  if (!channels.includes(before.channel)) {
    throw refused("invalid_settings", {
      field: "/publication/publication",
      problem: `is on the channel ${before.channel}, which has no such settings`,
    });
  }
  const { ws } = before.settings;
  const settings = { ...before.settings, ...draft.settings, ws: { ...(ws as object), ...draft.settings.ws } };
  const policy = draft.policy && { ...before.policy, ...draft.policy };
  const body = { settings, ...(policy && { policy }) };
  return { ...told(await changePublication(before, body, principal, parts), making), updated: true };
}

/** The only app, where none is named. */
async function onlyApp({ principal, parts }: Making): Promise<string> {
  const { apps } = parts.services.store.settings;
  const [only, ...others] = await apps.list(principal.organization, { limit: 2 });
  if (only !== undefined && others.length === 0) return only.id;
  throw refused("invalid_settings", {
    field: "/publication/app",
    problem: "is needed: there is more than one app, or none",
  });
}
