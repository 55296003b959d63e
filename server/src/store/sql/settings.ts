import type { SettingsChange } from "../../engine/collection.ts";
import type { Organization } from "../../engine/model.ts";
import type {
  ApiKey,
  App,
  Credential,
  Provider,
  Publication,
  SignalwireProject,
  Template,
  TestNumber,
} from "../../engine/settings.ts";
import type { SettingsStore } from "../../engine/store.ts";
import { type CollectionDefinition, type CollectionTools, createCollection } from "./collection.ts";
import { credentialUses } from "./credential-uses.ts";
import type { SqlRow } from "./executor.ts";
import { statementOf } from "./queries.ts";
import { webhooks } from "./webhook-definition.ts";

/** Who wants to know of changes. A store with several nodes also calls `tell` for what the other nodes wrote. */
export interface ChangeFeed {
  readonly tell: (change: SettingsChange) => void;
  readonly listen: (listener: (change: SettingsChange) => void) => void;
}

export function createChangeFeed(): ChangeFeed {
  const listeners: ((change: SettingsChange) => void)[] = [];
  return {
    tell: (change) => {
      for (const listener of listeners) listener(change);
    },
    listen: (listener) => listeners.push(listener),
  };
}

/** The settings over one executor; secrets arrive and leave sealed. */
export function createSettingsStore(
  changes: ChangeFeed,
  tools: Omit<CollectionTools, "changed">,
): SettingsStore {
  const parts: CollectionTools = { ...tools, changed: changes.tell };
  const { executor, queries } = tools;
  return {
    organizations: createCollection(organizations, parts),
    apps: createCollection(apps, parts),
    publications: createCollection(publications, parts),
    providers: createCollection(providers, parts),
    credentials: createCollection(credentials, parts),
    templates: createCollection(templates, parts),
    testNumbers: createCollection(testNumbers, parts),
    apiKeys: createCollection(apiKeys, parts),
    signalwireProjects: createCollection(signalwireProjects, parts),
    webhooks: createCollection(webhooks, parts),
    apiKey: async (id) => {
      const query = queries.selectFrom("api_keys").selectAll().where("id", "=", id);
      const [row] = await executor.read(statementOf(query));
      return row && apiKeys.restore(JSON.parse(String(row["document"])), row);
    },
    provider: async (id) => {
      const query = queries.selectFrom("providers").selectAll().where("id", "=", id);
      const [row] = await executor.read(statementOf(query));
      return row && providers.restore(JSON.parse(String(row["document"])), row);
    },
    publication: async (id) => {
      const query = queries.selectFrom("publications").selectAll().where("id", "=", id);
      const [row] = await executor.read(statementOf(query));
      return row && publications.restore(JSON.parse(String(row["document"])), row);
    },
    signalwireProject: async (id) => {
      const query = queries.selectFrom("signalwire_projects").selectAll().where("id", "=", id);
      const [row] = await executor.read(statementOf(query));
      return row && signalwireProjects.restore(JSON.parse(String(row["document"])), row);
    },
    onChange: changes.listen,
  };
}

interface Owned {
  readonly id: string;
  readonly organization: string;
  readonly createdAt: number;
}

function restoreOwned<Entity extends Owned>(document: Entity, row: SqlRow): Entity {
  return {
    ...document,
    id: String(row["id"]),
    organization: String(row["organization"]),
    createdAt: Number(row["created_at"]),
  };
}

function restoreDated<Entity extends Owned & { readonly updatedAt: number }>(
  document: Entity,
  row: SqlRow,
): Entity {
  return { ...restoreOwned(document, row), updatedAt: Number(row["updated_at"]) };
}

function owned(entity: { readonly organization: string; readonly updatedAt?: number }, now: number) {
  return { organization: entity.organization, updated_at: entity.updatedAt ?? now };
}

const organizations: CollectionDefinition<Organization> = {
  name: "organizations",
  table: "organizations",
  owner: "id",
  columnsOf: ({ name }) => ({ name }),
  filters: { name: "name" },
  restore: (document, row) => ({
    ...document,
    id: String(row["id"]),
    createdAt: Number(row["created_at"]),
  }),
};

const apps: CollectionDefinition<App> = {
  name: "apps",
  table: "apps",
  owner: "organization",
  columnsOf: (app, now) => ({ ...owned(app, now), name: app.name }),
  filters: { name: "name" },
  restore: restoreDated,
};

const publications: CollectionDefinition<Publication> = {
  name: "publications",
  table: "publications",
  owner: "organization",
  columnsOf: (publication, now) => ({
    ...owned(publication, now),
    name: publication.name,
    app: publication.app,
    channel: publication.channel,
  }),
  filters: { name: "name", app: "app", channel: "channel" },
  restore: restoreDated,
  references: credentialUses({ table: "publication_credential_uses", user: "publication" }),
};

const providers: CollectionDefinition<Provider> = {
  name: "providers",
  table: "providers",
  owner: "organization",
  columnsOf: (provider, now) => ({
    ...owned(provider, now),
    name: provider.name,
    kind: provider.kind,
  }),
  filters: { name: "name", kind: "kind" },
  restore: restoreDated,
  references: credentialUses({ table: "credential_uses", user: "provider" }),
};

const credentials: CollectionDefinition<Credential> = {
  name: "credentials",
  table: "credentials",
  owner: "organization",
  columnsOf: (credential, now) => ({ ...owned(credential, now), name: credential.name }),
  filters: { name: "name" },
  restore: restoreDated,
};

const templates: CollectionDefinition<Template> = {
  name: "templates",
  table: "templates",
  owner: "organization",
  columnsOf: (template, now) => ({
    ...owned(template, now),
    via: template.via,
    locale: template.locale,
    app: template.app ?? null,
    app_key: template.app ?? "",
  }),
  filters: { via: "via", locale: "locale", app: "app" },
  restore: restoreDated,
};

const testNumbers: CollectionDefinition<TestNumber> = {
  name: "testNumbers",
  table: "test_numbers",
  owner: "organization",
  columnsOf: (testNumber, now) => ({
    ...owned(testNumber, now),
    via: testNumber.via,
    destination_key: testNumber.destinationKey,
    expires_at: testNumber.expiresAt,
  }),
  filters: { via: "via", destinationKey: "destination_key" },
  restore: restoreOwned,
};

const apiKeys: CollectionDefinition<ApiKey> = {
  name: "apiKeys",
  table: "api_keys",
  owner: "organization",
  columnsOf: (apiKey, now) => ({ ...owned(apiKey, now), name: apiKey.name, app: apiKey.app ?? null }),
  filters: { name: "name", app: "app" },
  restore: restoreOwned,
};

const signalwireProjects: CollectionDefinition<SignalwireProject> = {
  name: "signalwireProjects",
  table: "signalwire_projects",
  owner: "organization",
  columnsOf: (project, now) => ({ ...owned(project, now), name: project.name, app: project.app ?? null }),
  filters: { name: "name", app: "app" },
  restore: restoreDated,
};
