import { proofWords } from "../engine/code/proof-words.ts";
import type { Collection } from "../engine/collection.ts";
import { CountersignError } from "../engine/errors.ts";
import type { DeliveryVia, Organization, OrganizationId } from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import type { EngineSettings } from "../engine/services.ts";
import type { Credential, Provider, Template } from "../engine/settings.ts";
import type { SettingsStore } from "../engine/store.ts";
import type { Vault } from "../engine/tools.ts";
import type { OutboundMessage } from "./provider.ts";
import { composeMessage } from "./templates/compose.ts";

/** What an organization configured for its messages, remembered until it changes. */
export interface OrganizationDelivery {
  /** Enabled providers of a via, in the organization's order. */
  providersOf(organization: OrganizationId, via: DeliveryVia): Promise<readonly Provider[]>;
  /** How the organization wants providers of the same position to be ordered. */
  routingOf(organization: OrganizationId): Promise<Organization["routing"]>;
  compose(delivery: Delivery, code: string, destination: string): Promise<OutboundMessage>;
  /** Plain secret of a credential; throws `not_found` when it is not this organization's. */
  secretOf(organization: OrganizationId, credential: string): Promise<string>;
  /** Called when an organization's providers or credentials changed. */
  onChange(listener: (organization: OrganizationId) => void): void;
}

/** Most credentials remembered; then memory starts anew. */
const mostCredentials = 1_000;

interface Parts {
  /** Whether providers of this kind may deliver on this server. */
  readonly isUsable: (kind: string) => boolean;
  readonly store: SettingsStore;
  readonly settings: EngineSettings;
  readonly vault: Vault;
}

export function createOrganizationDelivery(parts: Parts): OrganizationDelivery {
  const { store, settings, vault, isUsable } = parts;
  const providers = new Map<string, Promise<readonly Provider[]>>();
  const templates = new Map<string, Promise<readonly Template[]>>();
  const routings = new Map<string, Promise<Organization["routing"]>>();
  const listeners: ((organization: OrganizationId) => void)[] = [];
  store.onChange(({ collection, organization }) => {
    if (collection === "templates") templates.delete(organization);
    if (collection === "organizations") routings.delete(organization);
    if (collection !== "providers" && collection !== "credentials") return;
    providers.delete(organization);
    for (const listener of listeners) listener(organization);
  });

  return {
    providersOf: async (organization, via) => {
      const all = await remember(providers, organization, () => readAll(store.providers, organization));
      return all
        .filter((provider) => provider.enabled && provider.vias.includes(via) && isUsable(provider.kind))
        .toSorted((a, b) => a.position - b.position);
    },
    routingOf: (organization) =>
      remember(routings, organization, async () => {
        return (await store.organizations.find(organization, organization))?.routing;
      }),
    compose: async (delivery, code, destination) => {
      const { id, organization, via, locale, app, binding, wishes, ttlSeconds, createdAt } = delivery;
      const message = composeMessage({
        via,
        code,
        locales: [locale, (await settings.scopeOf({ organization, app })).locale],
        templates: await remember(templates, organization, () => readAll(store.templates, organization)),
        app,
        brand: await settings.displayNameOf(organization),
        ttlSeconds,
        createdAt,
        binding,
        ownText: openOwnText(delivery, vault),
        wishes,
        words: proofWords(delivery, vault),
      });
      const { text, subject, from, speech, locale: used } = message;
      return {
        id,
        verification: delivery.publicId ?? delivery.verification,
        organization,
        via,
        to: destination,
        from,
        subject,
        text,
        code,
        speech,
        locale: used,
        ttlSeconds,
      };
    },
    secretOf: createSecrets(store, vault),
    onChange: (listener) => listeners.push(listener),
  };
}

/** Secrets of credentials, which are remembered as the store has them: sealed. */
function createSecrets(store: SettingsStore, vault: Vault): OrganizationDelivery["secretOf"] {
  const credentials = new Map<string, Promise<Credential>>();
  const keyOf = (organization: OrganizationId, id: string) => `${organization}|${id}`;
  store.onChange(({ collection, organization, id }) => {
    if (collection === "credentials") credentials.delete(keyOf(organization, id));
  });
  return async (organization, id) => {
    if (credentials.size >= mostCredentials) credentials.clear();
    const key = keyOf(organization, id);
    const { secret } = await remember(credentials, key, async () => {
      const credential = await store.credentials.find(organization, id);
      if (!credential) throw new CountersignError("not_found", "There is no such credential.");
      return credential;
    });
    const place = { organization, table: "credentials", column: "secret", row: id };
    try {
      return Buffer.from(vault.open(place, secret)).toString();
    } catch (error) {
      // It may have been sealed anew since.
      credentials.delete(key);
      throw error;
    }
  };
}

function openOwnText({ id, organization, ownText }: Delivery, vault: Vault): string | undefined {
  if (ownText === undefined) return undefined;
  const place = { organization, table: "deliveries", column: "ownText", row: id };
  return Buffer.from(vault.open(place, ownText)).toString();
}

const pageLength = 200;

async function readAll<Entity extends { readonly id: string }>(
  collection: Collection<Entity>,
  organization: OrganizationId,
): Promise<readonly Entity[]> {
  const all: Entity[] = [];
  for (;;) {
    const page = await collection.list(organization, { after: all.at(-1)?.id, limit: pageLength });
    all.push(...page);
    if (page.length < pageLength) return all;
  }
}

/** A failed read is forgotten at once, so that it is tried again. */
function remember<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  read: () => Promise<Value>,
): Promise<Value> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = read();
  memory.set(key, value);
  value.catch(() => memory.delete(key));
  return value;
}
