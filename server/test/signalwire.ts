import type { InboxMessage } from "../src/delivery/providers/inbox.ts";
import type { Countersign } from "../src/server.ts";
import { codeIn } from "./open-server.ts";

/** What the surface answers, as text too: clients match it byte by byte. */
export interface SurfaceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: {
    readonly id: string;
    readonly success?: unknown;
    readonly error?: string;
    readonly errors?: readonly { detail: string; status: string; title: string; code: string }[];
  };
}

/** A project at the SignalWire-compatible surface of a server in this process. */
export interface SurfaceClient {
  ask(path: string, payload?: unknown, headers?: Readonly<Record<string, string>>): Promise<SurfaceAnswer>;
  sms(fields: object, headers?: Readonly<Record<string, string>>): Promise<SurfaceAnswer>;
  call(fields: object): Promise<SurfaceAnswer>;
  verify(id: string, token: unknown): Promise<SurfaceAnswer>;
}

export interface ProjectLogin {
  readonly project: string;
  readonly token: string;
}

export function basic({ project, token }: ProjectLogin): string {
  return `Basic ${Buffer.from(`${project}:${token}`).toString("base64")}`;
}

/** `serverOf`: asked each time, because a restart gives another one. */
export function surfaceClient(serverOf: () => Countersign, login: ProjectLogin): SurfaceClient {
  const ask: SurfaceClient["ask"] = async (path, payload, headers = {}) => {
    const answer = await serverOf().app.inject({
      method: "POST",
      url: `/api/relay/rest/${path}`,
      headers: { authorization: basic(login), ...headers },
      ...(payload !== undefined && { payload: payload as object }),
    });
    const text = answer.body;
    return { status: answer.statusCode, headers: answer.headers, text, body: JSON.parse(text) };
  };
  return {
    ask,
    sms: (fields, headers) => ask("mfa/sms", fields, headers),
    call: (fields) => ask("mfa/call", fields),
    verify: (id, token) => ask(`mfa/${id}/verify`, { token }),
  };
}

/** The message on the simulated phone that belongs to this id, as soon as it is there. */
export function messageFor({ inbox }: Countersign, organization: string, id: string): Promise<InboxMessage> {
  return new Promise((resolve) => {
    const stop = inbox.onMessage((message) => {
      if (message.verification === id) end(message);
    });
    const end = (message: InboxMessage) => {
      stop();
      resolve(message);
    };
    const found = inbox.list(organization, { limit: 10_000 }).find((one) => one.verification === id);
    if (found !== undefined) end(found);
  });
}

/** The digits of the token that was sent under this id. */
export async function tokenFor(server: Countersign, organization: string, id: string): Promise<string> {
  return codeIn(await messageFor(server, organization, id));
}
