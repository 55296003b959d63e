import { Type } from "typebox";
import { noticeStates } from "../../../engine/webhooks.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { IdParameters } from "../../views/verification.ts";
import { NoticeSchema, viewNotice } from "../../views/webhook.ts";
import { demandApp, found } from "../entries.ts";
import type { WebhookParts } from "../webhooks.ts";

const NoticesQuery = closed({
  state: Type.Optional(Type.Enum([...noticeStates])),
  before: Type.Optional(
    Type.Integer({ minimum: 1, description: "Only events older than this sequence number (`next`)." }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "50 if not given." })),
});

/** `GET /v1/webhooks/:id/notices` */
export function noticesRoute(app: App, { services }: WebhookParts): void {
  const { settings, webhooks } = services.store;
  app.get(
    "/v1/webhooks/:id/notices",
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: "webhooks.notices",
        summary: "What a web-hook was told",
        description:
          "Newest event first: all that wait for another try, and the newest thousand each of those that were delivered and those that failed for good.",
        tags: ["webhooks"],
        params: IdParameters,
        querystring: NoticesQuery,
        response: {
          200: Type.Object({
            notices: Type.Array(NoticeSchema),
            next: Type.Union([Type.Integer(), Type.Null()], {
              description: "Give it as `before` to read on; null when there are no more.",
            }),
          }),
        },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { id } = request.params;
      const { state, before = Number.MAX_SAFE_INTEGER, limit = 50 } = request.query;
      found(await settings.webhooks.find(organization, id), "web-hook");
      const read = await webhooks.notices(organization, id, { before, limit: limit + 1, state });
      const page = read.slice(0, limit);
      return {
        notices: page.map(viewNotice),
        next: read.length > limit ? (page.at(-1)?.event.seq ?? null) : null,
      };
    },
  );
}
