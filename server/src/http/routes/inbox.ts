import { type Static, Type } from "typebox";
import { CountersignError } from "../../engine/errors.ts";
import { deliveryVias } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import { principalOf, requireScope } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { listOf, pageParameters } from "../page.ts";
import { closed, Time } from "../schemas.ts";
import { IdParameter, isoTime } from "../views/verification.ts";
import { demandApp } from "./entries.ts";

/** A message as the simulated phone and mailbox keeps it. */
export interface StoredMessage {
  readonly id: string;
  readonly verification: string;
  readonly via: (typeof deliveryVias)[number];
  readonly to: string;
  readonly text: string;
  readonly subject?: string | undefined;
  readonly at: number;
}

export interface InboxParts {
  readonly services: EngineServices;
  /** Newest first, behind the message `after`. */
  readonly inbox: {
    list(
      organization: string,
      page: { readonly limit: number; readonly after?: string | undefined },
    ): readonly StoredMessage[];
  };
  /** Kinds of provider that deliver into it. */
  readonly kinds: readonly string[];
}

const InboxQuery = closed({
  ...pageParameters,
  verification: Type.Optional({ ...IdParameter, description: "Only the messages of this verification." }),
  to: Type.Optional(
    Type.String({ maxLength: 320, description: "Only messages to this number (E.164) or address." }),
  ),
});

const MessageView = Type.Object(
  {
    id: Type.String(),
    via: Type.Enum([...deliveryVias]),
    to: Type.String({ description: "The whole number or address: here it is the point." }),
    text: Type.String({ description: "With the code." }),
    subject: Type.Optional(Type.String()),
    verification: Type.String(),
    at: Time,
  },
  { description: "A message on the simulated phone or in the simulated mailbox." },
);

/** `GET /v1/inbox`: what the simulated phone and mailbox received. Nobody else can be read here. */
export function inboxRoutes(parts: InboxParts): RoutePlugin {
  return (app) => {
    app.get(
      "/v1/inbox",
      {
        config: { access: requireScope("inbox:read"), importance: "status", problems: ["not_found"] },
        schema: {
          operationId: "inbox.list",
          summary: "Read the simulated phone and mailbox",
          description: "Newest first. It exists only while the organization sends to it.",
          tags: ["verifications"],
          querystring: InboxQuery,
          response: { 200: listOf("messages", MessageView) },
        },
      },
      async (request) => {
        const principal = principalOf(request);
        demandApp(principal);
        await demandInbox(principal.organization, parts);
        const { limit = 50, after, verification, to } = request.query;
        // A plus sign that was not encoded arrives as a space.
        const number = to?.replace(/^ /, "+");
        const found = search(parts, principal.organization, { limit: limit + 1, after }, (message) => {
          const fits = verification === undefined || message.verification === verification;
          return fits && (number === undefined || message.to === number);
        });
        const messages = found.slice(0, limit);
        return {
          messages: messages.map(viewMessage),
          next: found.length > limit ? (messages.at(-1)?.id ?? null) : null,
        };
      },
    );
  };
}

/** Without an enabled simulated provider there is nothing here, and never was. */
async function demandInbox(organization: string, { services, kinds }: InboxParts): Promise<void> {
  const { providers } = services.store.settings;
  for (const kind of kinds) {
    const some = await providers.list(organization, { limit: 200 }, { kind });
    if (some.some(({ enabled }) => enabled)) return;
  }
  throw new CountersignError("not_found", "There is no such thing here.");
}

const pageLength = 500;

/** The newest messages that fit, at most `limit`. */
function search(
  { inbox }: InboxParts,
  organization: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  fits: (message: StoredMessage) => boolean,
): readonly StoredMessage[] {
  const matching: StoredMessage[] = [];
  let last = after;
  for (;;) {
    const page = inbox.list(organization, { limit: pageLength, after: last });
    matching.push(...page.filter(fits));
    last = page.at(-1)?.id;
    if (page.length < pageLength || matching.length >= limit) return matching.slice(0, limit);
  }
}

function viewMessage(message: StoredMessage): Static<typeof MessageView> {
  const { id, via, to, text, subject, verification, at } = message;
  return { id, via, to, text, ...(subject !== undefined && { subject }), verification, at: isoTime(at) };
}
