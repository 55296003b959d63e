import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { type Demo, seedDemo } from "../../src/demo/seed.ts";
import { generateApiKey } from "../../src/engine/code/api-key.ts";
import { systemRandom, timeOrderedId } from "../../src/engine/code/random.ts";
import type { Scope } from "../../src/engine/settings.ts";
import { type Countersign, openCountersign } from "../../src/server.ts";
import { codeIn } from "../open-server.ts";

/** What any answer of the API may hold, as far as an attack looks at it. */
export interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly approved?: boolean;
  readonly status?: string;
  readonly reason?: string;
  readonly receipt?: string;
  readonly code?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
}

/** One caller: what its key can reach. */
export interface Caller {
  readonly key: string;
  ask(
    method: Method,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}
export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** A person with every kind of authenticator that a code can answer. */
export interface Person {
  readonly user: string;
  readonly phone: string;
  readonly email: string;
}

/** The whole server in this process, with a clock that only moves when it is told to, and everything it ever said. */
export interface Arena {
  readonly server: Countersign;
  readonly clock: { at: number; now(): number };
  readonly demo: Demo;
  readonly data: string;
  /** May do everything in the demo organization. */
  readonly admin: Caller;
  /** Every log line. */
  readonly log: readonly string[];
  /** Every answer that was given, as text. */
  readonly answers: readonly { readonly place: string; readonly text: string }[];
  as(key: string): Caller;
  callerWith(scopes: readonly Scope[], more?: object): Promise<Caller>;
  /** Another organization with a caller who may do everything in it. */
  stranger(name: string): Promise<Caller & { readonly organization: string }>;
  person(policy?: object): Promise<Person>;
  start(user: string, via: string, more?: object): Promise<Body>;
  check(id: string, code: string, headers?: Readonly<Record<string, string>>): Promise<Body>;
  /** The code of the newest message of a verification. */
  codeOf(verification: string): Promise<string>;
  /** Counters of a user's authenticators, by kind. */
  failures(user: string): Promise<Readonly<Record<string, { failures: number; status: string }>>>;
  /** Ends the server and opens the folder again: what a restart leaves. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

let born = 0;

export async function openArena(environment: Readonly<Record<string, string>> = {}): Promise<Arena> {
  const data = mkdtempSync(join(tmpdir(), "countersign-attack-"));
  const log: string[] = [];
  const answers: { place: string; text: string }[] = [];
  const clock = { at: Date.now() + 60_000, now: () => clock.at };
  const open = () =>
    openCountersign(loadConfig({ data, port: "0" }, { COUNTERSIGN_LOG_LEVEL: "trace", ...environment }), {
      environment: {},
      version: "0.0.0-test",
      clock,
      log: { write: (line) => log.push(line) },
      limits: { maxEventLoopDelayMs: Number.POSITIVE_INFINITY },
      onFatal: (error) => {
        throw error;
      },
    });
  let server = await open();
  const demo = await seedDemo(server.config.publicUrl, server.services);
  const as = (key: string): Caller => {
    const ask: Caller["ask"] = async (method, path, body, headers = {}) => {
      const answer = await server.app.inject({
        method,
        url: path,
        headers: { authorization: `Bearer ${key}`, ...headers },
        ...(body !== undefined && { payload: body as object }),
      });
      answers.push({ place: `${method} ${path}`, text: `${JSON.stringify(answer.headers)}\n${answer.body}` });
      const parsed = answer.body.startsWith("{") ? JSON.parse(answer.body) : {};
      return { status: answer.statusCode, headers: answer.headers, body: parsed };
    };
    return {
      key,
      ask,
      post: (path, body, headers) => ask("POST", path, body, headers),
      get: (path) => ask("GET", path),
    };
  };
  const admin = as(demo.apiKey);
  const arena: Arena = {
    get server() {
      return server;
    },
    clock,
    demo,
    data,
    admin,
    log,
    answers,
    as,
    callerWith: async (scopes, more = {}) => {
      born += 1;
      const { body } = await admin.post("/v1/api-keys", { name: `key ${born}`, scopes, ...more });
      return as(String(body["key"]));
    },
    stranger: async (name) => {
      const { organization, key } = await addOrganization(name, arena);
      return { ...as(key), organization };
    },
    person: async (policy = {}) => {
      born += 1;
      const phone = `+4915110${100_000 + born}`;
      const email = `victim${born}@example.com`;
      const { body, status } = await admin.post("/v1/users", { phone, email, policy });
      if (status !== 201) throw new Error(`no person: ${JSON.stringify(body)}`);
      return { user: body.id, phone, email };
    },
    start: async (user, via, more = {}) => {
      const { status, body } = await admin.post("/v1/verifications", { user, via, ...more });
      if (status !== 201) throw new Error(`not started: ${JSON.stringify(body)}`);
      return body;
    },
    check: async (id, code, headers) =>
      (await admin.post(`/v1/verifications/${id}/check`, { code }, headers)).body,
    codeOf: async (verification) => {
      await server.dispatcher.waitFor(verification, 5_000);
      const messages = server.inbox.list(demo.organization, { limit: 10_000 });
      return codeIn(messages.find((one) => one.verification === verification));
    },
    failures: async (user) => {
      const { body } = await admin.get(`/v1/users/${user}/authenticators`);
      const list = body["authenticators"] as readonly { kind: string; failures: number; status: string }[];
      return Object.fromEntries(list.map(({ kind, failures, status }) => [kind, { failures, status }]));
    },
    restart: async () => {
      await server.close();
      server = await open();
    },
    close: async () => {
      await server.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
  return arena;
}

async function addOrganization(name: string, { server, clock }: Arena) {
  const now = clock.now();
  const organization = timeOrderedId(now, systemRandom);
  const { settings } = server.store;
  await settings.organizations.insert(
    { id: organization, name, displayName: name, locale: "en", country: "DE", policy: {}, createdAt: now },
    { type: "organization.created", organization, actor: "cli" },
  );
  const { key, ...made } = generateApiKey("test", systemRandom);
  await settings.apiKeys.insert(
    { ...made, organization, name: "first", scopes: ["admin"], createdAt: now },
    { type: "api_key.created", organization, actor: "cli" },
  );
  return { organization, key };
}

/** A code of the same length that differs in every digit. */
export function wrongFor(code: string): string {
  return code.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10));
}

/** What two answers must have in common so that nobody can tell their causes apart. */
export function shapeOf({ status, headers, body }: Answer) {
  const { instance: _, ...said } = body;
  // The length counts the request's id, which grows with their number; the rest of the body is compared.
  const { date: __, "x-request-id": ___, "content-length": ____, ...sent } = headers;
  return JSON.stringify({ status, said, sent });
}
