import { Webhook as Signer } from "standardwebhooks";
import type { EventView } from "../../engine/audit/view.ts";

/** Standard Webhooks asks for thin payloads of at most 20 kB. */
const largestBody = 20_000;

/** The JSON of an event, the same as on the live feed. One that would be too long leaves its details out, and says so. */
export function bodyOf(view: EventView): string {
  const body = JSON.stringify(view);
  if (Buffer.byteLength(body) <= largestBody) return body;
  return JSON.stringify({ ...view, details: {}, truncated: true });
}

export interface Signing {
  /** The event's id: the same at every try, so that the receiver can tell a repetition. */
  readonly id: string;
  readonly body: string;
  /** More than one while a secret is being changed: each signs. */
  readonly secrets: readonly string[];
  /** Time of this try. */
  readonly now: number;
}

/** The headers of Standard Webhooks 1.0. `now` is cut to whole seconds. */
export function signedHeaders({ id, body, secrets, now }: Signing): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => new Signer(secret).sign(id, new Date(now), body));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}
