import { Type } from "typebox";
import { createOpenProviders } from "../../../delivery/open-providers.ts";
import type { DeliveryTools, OutboundMessage } from "../../../delivery/provider.ts";
import { timeOrderedId } from "../../../engine/code/random.ts";
import { type Authenticator, type DeliveryVia, isDeliveryVia } from "../../../engine/model.ts";
import type { Provider } from "../../../engine/settings.ts";
import { type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { IdParameters } from "../../views/verification.ts";
import { demandApp, found, refused } from "../entries.ts";
import { runTrial, type TrialTools } from "./trial.ts";

const TestBody = closed({
  user: Type.String({ description: "An admin of the organization: nobody else gets test messages." }),
  via: Type.Optional(Type.Enum(["sms", "email"], { description: "The first that both have, if not given." })),
});

const TestView = Type.Object({
  ok: Type.Boolean({ description: "The provider took the message." }),
  message: Type.String(),
  to: Type.String({ description: "Where it went, masked." }),
});

/** `POST /v1/providers/:id/test` */
export function testRoute(app: App, tools: TrialTools): void {
  const { providers } = tools.services.store.settings;
  app.post(
    "/v1/providers/:id/test",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_request", "rate_limited"],
      },
      schema: {
        operationId: "providers.test",
        summary: "Send a test message",
        description:
          "A message without a code, to an admin, by this provider alone, also when it is disabled. Tells a failure after five seconds. Five times a minute.",
        tags: ["settings"],
        params: IdParameters,
        body: TestBody,
        response: { 200: TestView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const provider = found(await providers.find(principal.organization, request.params.id), "provider");
      const { authenticator, via } = await recipientOf(request.body, provider, principal, tools);
      const message = await messageTo(authenticator, via, tools);
      const trial = {
        kind: "message",
        provider,
        ask: (delivering: DeliveryTools) => sendOne(provider, message, delivering, tools),
        success: "The provider took the message.",
      } as const;
      return { ...(await runTrial(trial, principal, tools)), to: authenticator.hint };
    },
  );
}

/** An active authenticator of an admin; throws `not_found` for anybody else, `invalid_request` where there is none. */
async function recipientOf(
  { user: id, via }: { readonly user: string; readonly via?: "sms" | "email" | undefined },
  provider: Provider,
  { organization }: Principal,
  { services }: TrialTools,
): Promise<{ readonly authenticator: Authenticator; readonly via: DeliveryVia }> {
  const { users, enrollments } = services.store;
  const user = await users.find(organization, id);
  const isAdmin = user?.role === "admin" && user.disabledAt === undefined;
  const listed = found(isAdmin ? await enrollments.list(organization, id) : undefined, "admin");
  const vias = provider.vias.filter((one) => one !== "voice" && (via === undefined || one === via));
  for (const { authenticator } of listed) {
    const { kind, status } = authenticator;
    if (status === "active" && isDeliveryVia(kind) && vias.includes(kind))
      return { authenticator, via: kind };
  }
  throw refused("invalid_request", {
    field: "/user",
    problem: "has no active authenticator for a message or e-mail of this provider",
  });
}

/** `code` is for a provider that has the words and takes only the code; it opens nothing. */
async function messageTo(
  { organization, id: row, destination = "" }: Authenticator,
  via: DeliveryVia,
  { services }: TrialTools,
): Promise<OutboundMessage> {
  const { vault, settings, clock, random } = services;
  const brand = await settings.displayNameOf(organization);
  const place = { organization, table: "authenticators", column: "destination", row };
  const id = timeOrderedId(clock.now(), random);
  return {
    id,
    verification: id,
    organization,
    via,
    to: Buffer.from(vault.open(place, destination)).toString(),
    subject: `Test message of ${brand}`,
    text: `This is a test message of ${brand}. There is no code in it.`,
    code: "000000",
    locale: "en",
    ttlSeconds: 60,
  };
}

async function sendOne(
  provider: Provider,
  message: OutboundMessage,
  { fetch, addressesOf, secret, signal }: DeliveryTools,
  { registry, services }: TrialTools,
): Promise<{ readonly ok: boolean }> {
  const secretOf = (_organization: string, id: string) => secret(id);
  const own = createOpenProviders({ registry, fetch, addressesOf, secretOf, clock: services.clock });
  try {
    return { ok: (await own.send(provider, message, signal)).ok };
  } finally {
    await own.close();
  }
}
