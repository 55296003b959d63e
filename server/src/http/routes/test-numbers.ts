import { type Static, Type } from "typebox";
import { timeOrderedId } from "../../engine/code/random.ts";
import { CountersignError } from "../../engine/errors.ts";
import { deliveryVias } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { TestNumber } from "../../engine/settings.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed, Time } from "../schemas.ts";
import { TestNumberView, viewTestNumber } from "../views/settings.ts";
import { deleteRoute, demandApp, readRoutes, refused, settingsEvent } from "./entries.ts";
import { DestinationInput, destinationAt } from "./users/create.ts";

const longestLifeMs = 30 * 24 * 3600 * 1000;

const CreateBody = closed(
  {
    via: Type.Enum([...deliveryVias]),
    to: DestinationInput,
    code: Type.String({ pattern: "^[0-9]{6,10}$", description: "The code that is always right for it." }),
    expiresAt: { ...Time, description: "At most 30 days from now." },
  },
  { examples: [{ via: "sms", to: "+12025550123", code: "424242", expiresAt: "2026-12-01T00:00:00.000Z" }] },
);

/** `/v1/test-numbers`: destinations with a fixed code, for automated tests. In production mode there are none. */
export function testNumberRoutes(services: EngineServices): RoutePlugin {
  const collection = services.store.settings.testNumbers;
  const entries = {
    path: "/v1/test-numbers",
    name: "testNumbers",
    noun: "test number",
    kind: "test_number",
    collection,
  };
  return (app) => {
    createRoute(app, services);
    readRoutes(app, { ...entries, view: TestNumberView, viewOf: viewTestNumber });
    deleteRoute(app, entries);
  };
}

function createRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/test-numbers",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["invalid_destination", "number_type_blocked", "name_taken"],
      },
      schema: {
        operationId: "testNumbers.create",
        summary: "Create a test number",
        description: "Nothing is sent to it, and its code is always the same. Refused in production mode.",
        tags: ["settings"],
        body: CreateBody,
        response: { 201: TestNumberView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      if (services.settings.production) {
        throw new CountersignError("forbidden", "There are no test numbers in production mode.");
      }
      const entity = await testNumberOf(request.body, principal, services);
      const event = settingsEvent("created", { kind: "test_number", id: entity.id }, principal);
      await services.store.settings.testNumbers.insert(entity, event);
      return reply.code(201).send(viewTestNumber(entity));
    },
  );
}

async function testNumberOf(
  body: Static<typeof CreateBody>,
  principal: Principal,
  services: EngineServices,
): Promise<TestNumber> {
  const { organization } = principal;
  const now = services.clock.now();
  const expiresAt = Date.parse(body.expiresAt);
  if (!(expiresAt > now && expiresAt <= now + longestLifeMs)) {
    throw refused("invalid_request", {
      field: "/expiresAt",
      problem: "must be in the future and at most 30 days away",
    });
  }
  const { key, hint } = await destinationAt("/to", body.via, body.to, principal, services);
  const id = timeOrderedId(now, services.random);
  const place = { organization, table: "test_numbers", column: "code", row: id };
  return {
    id,
    organization,
    via: body.via,
    hint,
    destinationKey: key,
    code: services.vault.seal(place, body.code),
    expiresAt,
    createdAt: now,
  };
}
