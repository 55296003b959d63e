import { createHmac } from "node:crypto";
import type { Arena } from "./attacks/arena.ts";
import { codeIn } from "./open-server.ts";

/** An assistant that is published in an arena, with everything that logs in there. */
export interface Assistant {
  readonly id: string;
  /** `/channels/swaig/<id>` */
  readonly path: string;
  /** As signatures know it. */
  readonly url: string;
  readonly authorization: string;
  readonly key: string;
}

export interface Told {
  readonly status: number;
  readonly text: string;
  readonly response: string;
  readonly action: readonly Action[];
}

export interface Action {
  readonly set_meta_data?: object;
  readonly toggle_functions?: readonly { readonly function: string; readonly active: boolean }[];
  readonly SWML?: { readonly sections: { readonly main: readonly Readonly<Record<string, unknown>>[] } };
}

let published = 0;

export async function addCredential(arena: Arena, secret: string): Promise<string> {
  published += 1;
  const { body, status } = await arena.admin.post("/v1/credentials", { name: `swaig ${published}`, secret });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

export async function publishAssistant(
  arena: Arena,
  settings: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<Assistant> {
  const key = `key of the assistant ${published}`;
  const access = await addCredential(arena, key);
  const { body, status } = await arena.admin.post(`/v1/apps/${arena.demo.app}/publications`, {
    name: `assistant ${published}`,
    channel: "swaig",
    settings: { access, functions: [balance], ...settings },
    ...more,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  const path = `/channels/swaig/${body.id}`;
  const authorization = `Basic ${Buffer.from(`countersign:${key}`).toString("base64")}`;
  return { id: body.id, path, url: `${arena.server.config.publicUrl}${path}`, authorization, key };
}

export const balance = {
  name: "look_up_balance",
  description: "Look up the balance.",
  allow: { text: "The balance is 120 dollars." },
};

export type Headers = Readonly<Record<string, string | undefined>>;

/** Any request to an assistant, logged in unless `headers` say otherwise. */
export async function ask(
  arena: Arena,
  assistant: Assistant,
  request: { path?: string; method?: "GET" | "POST"; body?: unknown; headers?: Headers },
): Promise<Told> {
  const { path = "/swaig", method = "POST", body, headers = {} } = request;
  const all = { authorization: assistant.authorization, "content-type": "application/json", ...headers };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const answer = await arena.server.app.inject({
    method,
    url: `${assistant.path}${path}`,
    headers: sent as Record<string, string>,
    ...(body !== undefined && { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const said = answer.body.startsWith("{") ? JSON.parse(answer.body) : {};
  return {
    status: answer.statusCode,
    text: answer.body,
    response: said.response ?? "",
    action: said.action ?? [],
  };
}

/** One call of a person: the platform keeps what it is told, and sends the whole body. */
export function callOf(
  arena: Arena,
  assistant: Assistant,
  call: { id: string; caller?: string; path?: string },
) {
  let metaData: object = {};
  const bodyOf = (name: string, given: unknown, more: object = {}) => ({
    app_name: "countersign",
    function: name,
    argument: { parsed: [given], raw: JSON.stringify(given) },
    call_id: call.id,
    meta_data_token: "countersign",
    meta_data: metaData,
    ...(call.caller && { caller_id_num: call.caller }),
    version: "2.0",
    ...more,
  });
  const use = async (name: string, given: unknown = {}, more: object = {}): Promise<Told> => {
    const told = await ask(arena, assistant, {
      path: call.path ?? "/swaig",
      body: bodyOf(name, given, more),
    });
    for (const { set_meta_data: set } of told.action) metaData = { ...metaData, ...set };
    return told;
  };
  return {
    bodyOf,
    use,
    send: () => use("send_mfa"),
    verify: (token: unknown) => use("verify_mfa", { token }),
    balance: () => use("look_up_balance"),
  };
}

export const inboxOf = ({ server, demo }: Arena) => server.inbox.list(demo.organization, { limit: 10_000 });
export const newestCode = (arena: Arena) => codeIn(inboxOf(arena)[0]);

/** hex(HMAC(key, URL + raw body)), as the platform's documentation says. */
export function signatureOf(url: string, body: string, key: string, hash = "sha1"): string {
  return createHmac(hash, key).update(url).update(body).digest("hex");
}
