import { path, type Send } from "./send.ts";
import type { AnswerOf, BodyOf, CallOptions, QueryOf } from "./types.ts";

/** Collections whose entries are made, listed, read, changed and deleted alike. */
type Editable = "apps" | "providers" | "credentials" | "templates" | "signalwireProjects";

/** The same five verbs for every collection; operations `<Name>.create` and so on. */
export interface Collection<Name extends Editable> {
  create(body: BodyOf<`${Name}.create`>, options?: CallOptions): Promise<AnswerOf<`${Name}.create`>>;
  list(query?: QueryOf<`${Name}.list`>, options?: CallOptions): Promise<AnswerOf<`${Name}.list`>>;
  get(id: string, options?: CallOptions): Promise<AnswerOf<`${Name}.get`>>;
  /** Fields not given stay as they are; null empties one. */
  update(
    id: string,
    body: BodyOf<`${Name}.update`>,
    options?: CallOptions,
  ): Promise<AnswerOf<`${Name}.update`>>;
  /** Refused with `in_use` while something needs it. */
  delete(id: string, options?: CallOptions): Promise<void>;
}

/** The organization that the key belongs to. */
export interface OrganizationSettings {
  get(options?: CallOptions): Promise<AnswerOf<"organization.get">>;
  update(
    body: BodyOf<"organization.update">,
    options?: CallOptions,
  ): Promise<AnswerOf<"organization.update">>;
}

/** An app on one channel. */
export interface Publications {
  create(
    app: string,
    body: BodyOf<"publications.create">,
    options?: CallOptions,
  ): Promise<AnswerOf<"publications.create">>;
  list(
    app: string,
    query?: QueryOf<"publications.list">,
    options?: CallOptions,
  ): Promise<AnswerOf<"publications.list">>;
  get(app: string, publication: string, options?: CallOptions): Promise<AnswerOf<"publications.get">>;
  update(
    app: string,
    publication: string,
    body: BodyOf<"publications.update">,
    options?: CallOptions,
  ): Promise<AnswerOf<"publications.update">>;
  delete(app: string, publication: string, options?: CallOptions): Promise<void>;
}

export interface Policy {
  /** The policy in force and which layer each setting comes from. */
  explain(query?: QueryOf<"policy.explain">, options?: CallOptions): Promise<AnswerOf<"policy.explain">>;
  /** What other send rules would have blocked of the messages of the last days; nothing is changed. */
  rehearse(body: BodyOf<"policy.rehearse">, options?: CallOptions): Promise<AnswerOf<"policy.rehearse">>;
}

/** What goes to telephones. */
export interface Sending {
  /** Messages, spending, and where new numbers get nothing for now. */
  get(options?: CallOptions): Promise<AnswerOf<"sending.get">>;
  /** What the send rules would say of one message; nothing is sent or counted. */
  explain(body: BodyOf<"sending.explain">, options?: CallOptions): Promise<AnswerOf<"sending.explain">>;
}

export interface ProviderKinds {
  /** The kinds of provider that this server knows, with the schema of their settings. */
  list(options?: CallOptions): Promise<AnswerOf<"providerKinds.list">>;
}

export interface Channels {
  /** Where an app can be published, with the schema of each channel's settings. */
  list(options?: CallOptions): Promise<AnswerOf<"channels.list">>;
}

export interface Providers extends Collection<"providers"> {
  /** Asks the provider whether it would work, without sending anything to anyone. */
  probe(id: string, options?: CallOptions): Promise<AnswerOf<"providers.probe">>;
  /** Sends a message without a code to an admin. */
  test(
    id: string,
    body: BodyOf<"providers.test">,
    options?: CallOptions,
  ): Promise<AnswerOf<"providers.test">>;
  /** How each provider does: left out or not, what went wrong last, what arrived and was answered. */
  health(options?: CallOptions): Promise<AnswerOf<"providers.health">>;
}

export interface Templates extends Collection<"templates"> {
  /** A text as it would arrive, with its length as a message. */
  preview(body: BodyOf<"templates.preview">, options?: CallOptions): Promise<AnswerOf<"templates.preview">>;
}

export interface ApiKeys {
  /** The key stands in this answer only. */
  create(body: BodyOf<"apiKeys.create">, options?: CallOptions): Promise<AnswerOf<"apiKeys.create">>;
  list(query?: QueryOf<"apiKeys.list">, options?: CallOptions): Promise<AnswerOf<"apiKeys.list">>;
  get(id: string, options?: CallOptions): Promise<AnswerOf<"apiKeys.get">>;
  revoke(id: string, options?: CallOptions): Promise<void>;
}

/** Settings of other products, by their own names. */
export interface Imports {
  /** Providers and a publication of the settings of Genesys Intelligent Automation; a new key stands in this answer only. */
  genesysSettings(
    body: BodyOf<"imports.genesysSettings">,
    options?: CallOptions,
  ): Promise<AnswerOf<"imports.genesysSettings">>;
}

/** Numbers and addresses with a fixed code, for tests. */
export interface TestNumbers {
  create(body: BodyOf<"testNumbers.create">, options?: CallOptions): Promise<AnswerOf<"testNumbers.create">>;
  list(query?: QueryOf<"testNumbers.list">, options?: CallOptions): Promise<AnswerOf<"testNumbers.list">>;
  get(id: string, options?: CallOptions): Promise<AnswerOf<"testNumbers.get">>;
  delete(id: string, options?: CallOptions): Promise<void>;
}

/** Everything that is set for an organization, by the names of the operations. */
export interface Settings {
  readonly organization: OrganizationSettings;
  readonly apps: Collection<"apps">;
  readonly publications: Publications;
  readonly channels: Channels;
  readonly policy: Policy;
  readonly sending: Sending;
  readonly providerKinds: ProviderKinds;
  readonly providers: Providers;
  readonly credentials: Collection<"credentials">;
  readonly templates: Templates;
  readonly apiKeys: ApiKeys;
  readonly testNumbers: TestNumbers;
  readonly imports: Imports;
  /** Who may log in to the SignalWire-compatible API; a token that is made stands in the first answer only. */
  readonly signalwireProjects: Collection<"signalwireProjects">;
}

export function settings(send: Send): Settings {
  return {
    organization: {
      get: (options) => send({ method: "GET", path: "/v1/organization", ...options }),
      update: (body, options) => send({ method: "PATCH", path: "/v1/organization", body, ...options }),
    },
    apps: collection<"apps">("/v1/apps", send),
    publications: publications(send),
    channels: {
      list: (options) => send({ method: "GET", path: "/v1/channels", ...options }),
    },
    policy: {
      explain: (query, options) => send({ method: "GET", path: "/v1/policy/explain", query, ...options }),
      rehearse: (body, options) => send({ method: "POST", path: "/v1/policy/rehearse", body, ...options }),
    },
    sending: {
      get: (options) => send({ method: "GET", path: "/v1/sending", ...options }),
      explain: (body, options) => send({ method: "POST", path: "/v1/sending/explain", body, ...options }),
    },
    providerKinds: {
      list: (options) => send({ method: "GET", path: "/v1/provider-kinds", ...options }),
    },
    providers: {
      ...collection<"providers">("/v1/providers", send),
      probe: (id, options) => send({ method: "POST", path: path`/v1/providers/${id}/probe`, ...options }),
      test: (id, body, options) =>
        send({ method: "POST", path: path`/v1/providers/${id}/test`, body, ...options }),
      health: (options) => send({ method: "GET", path: "/v1/providers/health", ...options }),
    },
    credentials: collection<"credentials">("/v1/credentials", send),
    templates: {
      ...collection<"templates">("/v1/templates", send),
      preview: (body, options) => send({ method: "POST", path: "/v1/templates/preview", body, ...options }),
    },
    apiKeys: {
      create: (body, options) => send({ method: "POST", path: "/v1/api-keys", body, ...options }),
      list: (query, options) => send({ method: "GET", path: "/v1/api-keys", query, ...options }),
      get: (id, options) => send({ method: "GET", path: path`/v1/api-keys/${id}`, ...options }),
      revoke: (id, options) => send({ method: "DELETE", path: path`/v1/api-keys/${id}`, ...options }),
    },
    testNumbers: {
      create: (body, options) => send({ method: "POST", path: "/v1/test-numbers", body, ...options }),
      list: (query, options) => send({ method: "GET", path: "/v1/test-numbers", query, ...options }),
      get: (id, options) => send({ method: "GET", path: path`/v1/test-numbers/${id}`, ...options }),
      delete: (id, options) => send({ method: "DELETE", path: path`/v1/test-numbers/${id}`, ...options }),
    },
    imports: {
      genesysSettings: (body, options) =>
        send({ method: "POST", path: "/v1/import/genesys-settings", body, ...options }),
    },
    signalwireProjects: collection<"signalwireProjects">("/v1/signalwire-projects", send),
  };
}

function collection<Name extends Editable>(at: string, send: Send): Collection<Name> {
  const one = (id: string) => `${at}/${encodeURIComponent(id)}`;
  return {
    create: (body, options) => send({ method: "POST", path: at, body, ...options }),
    list: (query, options) => send({ method: "GET", path: at, query, ...options }),
    get: (id, options) => send({ method: "GET", path: one(id), ...options }),
    update: (id, body, options) => send({ method: "PATCH", path: one(id), body, ...options }),
    delete: (id, options) => send({ method: "DELETE", path: one(id), ...options }),
  };
}

function publications(send: Send): Publications {
  const at = (app: string) => path`/v1/apps/${app}/publications`;
  const one = (app: string, id: string) => path`/v1/apps/${app}/publications/${id}`;
  return {
    create: (app, body, options) => send({ method: "POST", path: at(app), body, ...options }),
    list: (app, query, options) => send({ method: "GET", path: at(app), query, ...options }),
    get: (app, id, options) => send({ method: "GET", path: one(app, id), ...options }),
    update: (app, id, body, options) => send({ method: "PATCH", path: one(app, id), body, ...options }),
    delete: (app, id, options) => send({ method: "DELETE", path: one(app, id), ...options }),
  };
}
