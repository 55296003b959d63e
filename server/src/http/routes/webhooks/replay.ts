import { Type } from "typebox";
import type { AuditDraft, AuditEvent } from "../../../engine/audit/event.ts";
import { eventId, seqOfEventId } from "../../../engine/audit/view.ts";
import type { Store } from "../../../engine/store.ts";
import { type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed, Time } from "../../schemas.ts";
import { IdParameters } from "../../views/verification.ts";
import { demandApp, found, refused } from "../entries.ts";
import type { WebhookParts } from "../webhooks.ts";

const ReplayBody = closed(
  {
    event: Type.Optional(
      Type.String({
        pattern: "^evt_\\d{1,15}_\\d{1,15}$",
        description: "Id of one event. It is sent whatever the filters say.",
      }),
    ),
    since: Type.Optional({
      ...Time,
      description:
        "Everything that is meant for it and happened from then on, also what had arrived already.",
    }),
  },
  { description: "One of the two.", examples: [{ since: "2026-11-22T15:00:00.000Z" }] },
);

/** `POST /v1/webhooks/:id/replay` */
export function replayRoute(app: App, { services }: WebhookParts): void {
  const { store } = services;
  app.post(
    "/v1/webhooks/:id/replay",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found"] },
      schema: {
        operationId: "webhooks.replay",
        summary: "Send again",
        description:
          "One event, or everything since a time. What is sent again carries the same `webhook-id`, so a receiver that has it already can tell. One that is off sends it when it is switched on.",
        tags: ["webhooks"],
        params: IdParameters,
        body: ReplayBody,
        response: { 202: Type.Object({ event: Type.Optional(Type.String()), since: Type.Optional(Time) }) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { event, since } = request.body;
      const { id } = request.params;
      if ((event === undefined) === (since === undefined)) {
        throw refused("invalid_request", { field: "/since", problem: "or event is needed, and not both" });
      }
      found(await store.settings.webhooks.find(principal.organization, id), "web-hook");
      const replay = { id, store, principal };
      const done = event === undefined ? await rewind(since ?? "", replay) : await repeat(event, replay);
      found(done || undefined, "web-hook");
      return reply.code(202).send({ ...(event && { event }), ...(since && { since }) });
    },
  );
}

interface Replay {
  readonly id: string;
  readonly store: Pick<Store, "audit" | "webhooks">;
  readonly principal: Principal;
}

async function repeat(event: string, { id, store, principal }: Replay): Promise<boolean> {
  const { organization } = principal;
  const { seq } = found(await eventOf(event, organization, store), "event");
  return store.webhooks.repeat(organization, id, seq, replayed({ id, event }, principal));
}

async function rewind(since: string, { id, store, principal }: Replay): Promise<boolean> {
  const position = (await store.audit.firstAt(Date.parse(since))) - 1;
  return store.webhooks.rewind(principal.organization, id, position, replayed({ id, since }, principal));
}

async function eventOf(
  id: string,
  organization: string,
  { audit }: Pick<Store, "audit">,
): Promise<AuditEvent | undefined> {
  const seq = seqOfEventId(id);
  if (seq === undefined) return undefined;
  const [event] = await audit.after(organization, seq - 1, 1);
  return event !== undefined && eventId(event) === id ? event : undefined;
}

function replayed(
  details: NonNullable<AuditDraft["details"]>,
  { organization, actor }: Principal,
): AuditDraft {
  return { type: "webhook.replayed", organization, actor, details };
}
