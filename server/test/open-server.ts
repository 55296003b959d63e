import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../src/config/load.ts";
import { type Demo, seedDemo } from "../src/demo/seed.ts";
import { generateApiKey } from "../src/engine/code/api-key.ts";
import { systemRandom, timeOrderedId } from "../src/engine/code/random.ts";
import type { Scope } from "../src/engine/settings.ts";
import type { Clock } from "../src/engine/tools.ts";
import type { HttpLimits } from "../src/http/settings.ts";
import { type Countersign, openCountersign } from "../src/server.ts";

/** Most answers are an entry with an id; a test that reads more of one says its shape. */
export type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Answer<Body = Entry> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The HTTP API as one key sees it. A key of undefined sends none. */
export interface Api {
  get<Body = Entry>(path: string): Promise<Answer<Body>>;
  post<Body = Entry>(
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Body>>;
  patch<Body = Entry>(path: string, body: unknown): Promise<Answer<Body>>;
  delete<Body = Entry>(path: string): Promise<Answer<Body>>;
}

export interface InboxMessage {
  readonly id: string;
  readonly via: string;
  readonly to: string;
  readonly text: string;
  readonly subject?: string;
  readonly verification: string;
  readonly at: string;
}

/** A whole server on a free port over a database of its own, with the demo in it. */
export interface OpenServer {
  readonly countersign: Countersign;
  readonly url: string;
  readonly data: string;
  readonly demo: Demo;
  /** With the demo's key, which may do everything. */
  readonly api: Api;
  as(key: string | undefined): Api;
  /** A new key of the demo organization; `more` is what `POST /v1/api-keys` also takes. */
  keyWith(scopes: readonly Scope[], more?: { readonly app?: string }): Promise<string>;
  /** A second organization, with a key that may do everything in it. */
  addOrganization(name: string): Promise<{ readonly id: string; readonly api: Api }>;
  /** The messages of a verification, newest first, once its newest delivery has ended. */
  messagesOf(verification: string): Promise<readonly InboxMessage[]>;
  /** The code of the newest message of a verification. */
  codeOf(verification: string): Promise<string>;
  /** Ends the server and, unless the folder was given, removes its data. */
  close(): Promise<void>;
}

export interface OpenServerOptions {
  /** Environment variables, as an operator would set them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For tests of the gate itself. */
  readonly limits?: Partial<HttpLimits>;
  /** Where log lines go; default: standard output, which is silent unless the environment says otherwise. */
  readonly log?: { write(line: string): void };
  /** A data folder to use again, with the demo that is in it. */
  readonly data?: { readonly folder: string; readonly demo: Demo };
  /** For what time does; default: the system's. */
  readonly clock?: Clock;
}

export async function openServer(options: OpenServerOptions = {}): Promise<OpenServer> {
  const data = options.data?.folder ?? mkdtempSync(join(tmpdir(), "countersign-test-"));
  const environment = { COUNTERSIGN_LOG_LEVEL: "silent", ...options.environment };
  const countersign = await openCountersign(loadConfig({ port: "0", data }, environment), {
    environment,
    version: "0.0.0-test",
    onFatal: (error) => {
      throw error;
    },
    // A busy machine makes the event loop late, and a late server turns requests away: not what is tested here.
    limits: { maxEventLoopDelayMs: Number.POSITIVE_INFINITY, ...options.limits },
    log: options.log,
    clock: options.clock,
  });
  const demo = options.data?.demo ?? (await seedDemo(countersign.config.publicUrl, countersign.services));
  const url = await countersign.listen();
  const as = (key: string | undefined) => apiAt(url, key);
  const api = as(demo.apiKey);
  const messagesOf = async (verification: string) => {
    await countersign.dispatcher.waitFor(verification, 5_000);
    const { body } = await api.get<{ messages: InboxMessage[] }>(`/v1/inbox?verification=${verification}`);
    return body.messages;
  };
  return {
    countersign,
    url,
    data,
    demo,
    api,
    as,
    keyWith: async (scopes, more = {}) => {
      const name = `test ${timeOrderedId(Date.now(), systemRandom)}`;
      const { body } = await api.post<{ key: string }>("/v1/api-keys", { name, scopes, ...more });
      return body.key;
    },
    addOrganization: async (name) => {
      const { id, key } = await addOrganization(name, countersign);
      return { id, api: as(key) };
    },
    messagesOf,
    codeOf: async (verification) => codeIn((await messagesOf(verification))[0]),
    close: async () => {
      await countersign.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The digits of a code as every built-in text writes them: one run or two, or one by one for a voice. */
export function codeIn(message: Pick<InboxMessage, "text"> | undefined): string {
  const found = /\d(?:[\s.,]*\d){5,9}/.exec(message?.text ?? "");
  if (found === null) throw new Error("This message holds no code.");
  return found[0].replace(/\D/g, "");
}

function apiAt(url: string, key: string | undefined): Api {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const ask = async <Body>(
    method: string,
    path: string,
    given?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...authorization,
        ...(given === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(given === undefined ? {} : { body: JSON.stringify(given) }),
    });
    const text = await answer.text();
    const body = (text === "" ? {} : JSON.parse(text)) as Body;
    return { status: answer.status, headers: answer.headers, body };
  };
  return {
    get: (path) => ask("GET", path),
    post: (path, body, headers) => ask("POST", path, body, headers),
    patch: (path, body) => ask("PATCH", path, body),
    delete: (path) => ask("DELETE", path),
  };
}

async function addOrganization(name: string, { store }: Countersign) {
  const now = Date.now();
  const id = timeOrderedId(now, systemRandom);
  const organization = id;
  const actor = "cli";
  await store.settings.organizations.insert(
    { id, name, displayName: name, locale: "en", country: "US", policy: {}, createdAt: now },
    { type: "organization.created", organization, actor },
  );
  const { key, ...made } = generateApiKey("test", systemRandom);
  await store.settings.apiKeys.insert(
    { ...made, organization, name: "first", scopes: ["admin"], createdAt: now },
    { type: "api_key.created", organization, actor },
  );
  return { id, key };
}
