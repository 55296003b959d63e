import { type Static, Type } from "typebox";
import { demandUsable } from "../../../delivery/destination-known.ts";
import { timeOrderedId } from "../../../engine/code/random.ts";
import { vouchedDestination } from "../../../engine/enrollment/begin.ts";
import { CountersignError, type ErrorCode } from "../../../engine/errors.ts";
import { type Authenticator, type DeliveryVia, roles, type User } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { PolicyLayerSchema } from "../../views/settings.ts";
import { UserView, viewUser } from "../../views/user.ts";
import { localeOf, policyLayerOf } from "../entries.ts";
import { knownDestination } from "../verifications/target.ts";
import { demandRole } from "./manage.ts";

/** Fields of a user that a caller may set. */
export const userFields = {
  externalId: Type.String({
    minLength: 1,
    maxLength: 128,
    description: "The calling system's own id of this person; unique in the organization.",
  }),
  displayName: Type.String({ minLength: 1, maxLength: 200 }),
  locale: Type.String({ maxLength: 35, description: "Language of messages, BCP 47.", examples: ["de-AT"] }),
  role: Type.Enum([...roles], { description: "`member` if not given; others need the scope `admin`." }),
};

/** A destination as people write it. */
export const DestinationInput = Type.String({ minLength: 3, maxLength: 320 });

const CreateBody = closed(
  {
    externalId: Type.Optional(userFields.externalId),
    displayName: Type.Optional(userFields.displayName),
    locale: Type.Optional(userFields.locale),
    role: Type.Optional(userFields.role),
    email: Type.Optional({
      ...DestinationInput,
      description: "Becomes an active authenticator: you vouch for it.",
    }),
    phone: Type.Optional({
      ...DestinationInput,
      description: "Becomes authenticators for sms and voice; a fixed line for voice only.",
    }),
    policy: Type.Optional(PolicyLayerSchema),
  },
  {
    examples: [
      { externalId: "1001", displayName: "Anna Adler", email: "anna@example.com", phone: "+491713920012" },
    ],
  },
);

/** `POST /v1/users` */
export function createUserRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/users",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("users:write"),
        problems: ["invalid_destination", "number_type_blocked", "invalid_policy", "name_taken"],
      },
      schema: {
        operationId: "users.create",
        summary: "Create a user",
        description: "With the e-mail address and number that you already know to be theirs.",
        tags: ["users"],
        body: CreateBody,
        response: { 201: UserView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const user = userOf(request.body, principal, services);
      const authenticators = await authenticatorsOf(user, request.body, principal, services);
      const { organization, actor } = principal;
      await services.store.users.insert(user, authenticators, {
        type: "user.created",
        organization,
        user: user.id,
        actor,
        details: { role: user.role, kinds: authenticators.map(({ kind }) => kind).join(",") },
      });
      return reply.code(201).send(viewUser(user));
    },
  );
}

function userOf(body: Static<typeof CreateBody>, principal: Principal, services: EngineServices): User {
  const role = body.role ?? "member";
  demandRole(principal, role);
  const now = services.clock.now();
  return {
    id: timeOrderedId(now, services.random),
    organization: principal.organization,
    externalId: body.externalId,
    displayName: body.displayName,
    locale: localeOf(body.locale),
    role,
    policy: policyLayerOf(body.policy, "user") ?? {},
    createdAt: now,
    updatedAt: now,
  };
}

async function authenticatorsOf(
  user: User,
  { email, phone }: Pick<Static<typeof CreateBody>, "email" | "phone">,
  principal: Principal,
  services: EngineServices,
): Promise<readonly Authenticator[]> {
  const { organization, actor } = principal;
  const vouched = async (kind: DeliveryVia, field: string, input: string): Promise<Authenticator> => {
    const destination = await destinationAt(field, kind, input, principal, services);
    return vouchedDestination({ organization, actor, user: user.id, kind, destination }, services);
  };
  const made: Authenticator[] = [];
  if (email !== undefined) made.push(await vouched("email", "/email", email));
  if (phone !== undefined) {
    // What can be called and takes no text message is a fixed line, and still of use.
    made.push(...(await vouched("sms", "/phone", phone).then((sms) => [sms], refusedDestination)));
    made.push(await vouched("voice", "/phone", phone));
  }
  return made;
}

const refusals: readonly ErrorCode[] = ["invalid_destination", "number_type_blocked"];

function refusedDestination(error: unknown): readonly Authenticator[] {
  if (error instanceof CountersignError && error.code === "number_type_blocked") return [];
  throw error;
}

/** Reads a destination to save. Throws `invalid_destination` or `number_type_blocked` that names the field. */
export async function destinationAt(
  field: string,
  via: DeliveryVia,
  input: string,
  principal: Principal,
  services: EngineServices,
) {
  try {
    const known = await knownDestination(principal.organization, via, input, services);
    demandUsable(via, known);
    return known;
  } catch (error) {
    if (!(error instanceof CountersignError) || !refusals.includes(error.code)) throw error;
    throw new CountersignError(error.code, error.message, { fields: [{ field, problem: error.message }] });
  }
}
