import { type Static, Type } from "typebox";
import { viewEvent } from "../../engine/audit/view.ts";
import {
  type NoticeView,
  noticeStates,
  type Webhook,
  type WebhookProgress,
  webhookEnds,
} from "../../engine/webhooks.ts";
import { Time } from "../schemas.ts";
import { isoTime } from "./verification.ts";

export const EventTypes = Type.Array(Type.String({ pattern: "^[a-z_]+\\.[a-z_]+$" }), {
  uniqueItems: true,
  maxItems: 100,
  description: "Only events of these types, as the live feed names them; empty or not given: all.",
  examples: [["verification.approved", "verification.denied"]],
});

export const WebhookView = Type.Object({
  id: Type.String(),
  url: Type.String(),
  description: Type.Optional(Type.String()),
  events: EventTypes,
  publication: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  disabledReason: Type.Optional(
    Type.Enum([...webhookEnds], {
      description: "`by_admin`; `gone`: it answered 410; `failing`: nothing arrived for five days.",
    }),
  ),
  disabledAt: Type.Optional(Time),
  failingSince: Type.Optional({ ...Time, description: "Since then nothing that was sent has arrived." }),
  previousSecretUntil: Type.Optional({ ...Time, description: "Until then the secret before signs as well." }),
  createdAt: Time,
  updatedAt: Time,
});

export function viewWebhook(
  webhook: Webhook,
  progress: WebhookProgress | undefined,
): Static<typeof WebhookView> {
  const { id, url, description, events, publication, enabled, disabledReason } = webhook;
  return {
    id,
    url,
    ...(description !== undefined && { description }),
    events: [...events],
    ...(publication !== undefined && { publication }),
    enabled,
    ...(disabledReason !== undefined && { disabledReason }),
    ...timesOf({
      disabledAt: webhook.disabledAt,
      failingSince: progress?.failingSince,
      previousSecretUntil: webhook.previousSecretUntil,
    }),
    createdAt: isoTime(webhook.createdAt),
    updatedAt: isoTime(webhook.updatedAt),
  };
}

/** Those that there are, as text. */
function timesOf<Name extends string>(
  times: Readonly<Record<Name, number | undefined>>,
): Partial<Record<Name, string>> {
  const given = Object.entries<number | undefined>(times).flatMap(([name, at]) =>
    at === undefined ? [] : [[name, isoTime(at)] as const],
  );
  return Object.fromEntries(given) as Partial<Record<Name, string>>;
}

export const NoticeSchema = Type.Object({
  event: Type.String({ description: "Id of the event, and `webhook-id` of what was sent." }),
  seq: Type.Integer(),
  type: Type.String(),
  at: { ...Time, description: "When it happened." },
  verification: Type.Optional(Type.String()),
  state: Type.Enum([...noticeStates], {
    description: "`waiting` for another try, `delivered`, or `failed` for good.",
  }),
  tries: Type.Integer(),
  status: Type.Optional(
    Type.Integer({ description: "HTTP status of the newest answer; absent when nothing answered." }),
  ),
  triedAt: { ...Time, description: "Time of the newest try." },
  dueAt: Type.Optional({ ...Time, description: "When it is sent again." }),
});

export function viewNotice({ notice, event }: NoticeView): Static<typeof NoticeSchema> {
  const { id, seq, type, at, verification } = viewEvent(event);
  const { state, tries, status } = notice;
  return {
    event: id,
    seq,
    type,
    at,
    ...(verification !== undefined && { verification }),
    state,
    tries,
    ...(status !== undefined && { status }),
    triedAt: isoTime(notice.at),
    ...timesOf({ dueAt: notice.dueAt }),
  };
}
