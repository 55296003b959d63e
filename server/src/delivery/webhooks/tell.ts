import type { EventView } from "../../engine/audit/view.ts";
import type { Clock, Vault } from "../../engine/tools.ts";
import type { Webhook } from "../../engine/webhooks.ts";
import { OutboundError, type OutboundFetch } from "../provider.ts";
import { bodyOf, signedHeaders } from "./message.ts";
import { secretsOf } from "./secret.ts";

/** What a web-hook answered. Its body is of no interest: it is neither kept nor shown. */
export interface Told {
  /** 2xx; a redirect is none, and is not followed. */
  readonly ok: boolean;
  /** Absent: there was no answer in time, or the address is not allowed. */
  readonly status?: number | undefined;
  /** How long it asks to be left alone, from now. */
  readonly retryAfterMs?: number | undefined;
}

export interface TellTools {
  /** The guarded way out: no private addresses, no redirects. */
  readonly fetch: OutboundFetch;
  readonly vault: Pick<Vault, "open">;
  readonly clock: Clock;
}

export interface TellLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Tells a web-hook of one event, once. Never rejects. */
export async function tell(
  webhook: Webhook,
  view: EventView,
  limits: TellLimits,
  tools: TellTools,
): Promise<Told> {
  const now = tools.clock.now();
  try {
    const body = bodyOf(view);
    const headers = signedHeaders({ id: view.id, body, secrets: secretsOf(webhook, now, tools.vault), now });
    const answer = await tools.fetch(webhook.url, { method: "POST", headers, body, ...limits });
    return toldBy(answer.status, retryAfterMs(answer.headers["retry-after"], tools.clock.now()));
  } catch (error) {
    // A status that came before the trouble stands: what follows it is not read anyway.
    if (error instanceof OutboundError && error.status !== undefined) return toldBy(error.status, undefined);
    return { ok: false };
  }
}

function toldBy(status: number, waitMs: number | undefined): Told {
  const ok = status >= 200 && status < 300;
  return { ok, status, ...(!ok && waitMs !== undefined && { retryAfterMs: waitMs }) };
}

const longestWaitMs = 24 * 3_600_000;

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), at most a day. */
function retryAfterMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^\s*\d{1,9}\s*$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(0, milliseconds), longestWaitMs);
}
