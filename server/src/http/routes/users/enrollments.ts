import { type Static, Type } from "typebox";
import {
  beginDestination,
  beginRecoveryCodes,
  beginTotp,
  defaultTotp,
} from "../../../engine/enrollment/begin.ts";
import { confirmEnrollment } from "../../../engine/enrollment/confirm.ts";
import { CountersignError } from "../../../engine/errors.ts";
import type { Authenticator, DeliveryVia } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { EnrollmentView, qrSvgOf } from "../../views/enrollment.ts";
import { AuthenticatorView, viewAuthenticator } from "../../views/user.ts";
import { IdParameter, IdParameters, isoTime } from "../../views/verification.ts";
import { found, refused } from "../entries.ts";
import { grantedOf } from "../verifications/answers.ts";
import { Label } from "./authenticators.ts";
import { DestinationInput, destinationAt } from "./create.ts";
import { managedUser } from "./manage.ts";

const BeginBody = closed(
  {
    kind: Type.Enum(["totp", "recovery_code", "email", "sms", "voice"]),
    label: Type.Optional(Label),
    to: Type.Optional({ ...DestinationInput, description: "For email, sms and voice: where the code goes." }),
    algorithm: Type.Optional(
      Type.Enum(["SHA1", "SHA256", "SHA512"], {
        description: "For totp; SHA1 if not given, and the only one that every app understands.",
      }),
    ),
    digits: Type.Optional(Type.Integer({ minimum: 6, maximum: 8, description: "For totp; 6 if not given." })),
    periodSeconds: Type.Optional(
      Type.Integer({ minimum: 15, maximum: 120, description: "For totp; 30 if not given." }),
    ),
  },
  { examples: [{ kind: "totp" }, { kind: "email", to: "anna@example.com" }] },
);
type BeginBodyType = Static<typeof BeginBody>;

const ConfirmBody = closed({
  code: Type.String({
    minLength: 1,
    maxLength: 256,
    description: "What the app shows, or what was sent. Always a string.",
    examples: ["042137"],
  }),
});

/** Adding authenticators that the person confirms. */
export function enrollmentRoutes(app: App, services: EngineServices): void {
  beginRoute(app, services);
  confirmRoute(app, services);
}

function beginRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/users/:id/enrollments",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("enrollments:write"),
        importance: "start",
        problems: [
          "not_found",
          "invalid_destination",
          "number_type_blocked",
          "method_not_allowed_by_policy",
          "rate_limited",
          "send_refused",
        ],
      },
      schema: {
        operationId: "enrollments.begin",
        summary: "Begin an enrollment",
        description:
          "An authenticator app gets its seed, a new number or address gets a code: confirm within ten minutes. Recovery codes are active at once and replace the set before.",
        tags: ["enrollments"],
        params: IdParameters,
        body: BeginBody,
        response: { 201: EnrollmentView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      refuseStrayFields(request.body);
      const user = await managedUser(request.params.id, principal, services);
      const { organization, actor } = principal;
      const context = { organization, actor, user: user.id, label: request.body.label };
      return reply.code(201).send(await begin(request.body, context, principal, services));
    },
  );
}

interface Context {
  readonly organization: string;
  readonly actor: string;
  readonly user: string;
  readonly label?: string | undefined;
}

async function begin(
  body: BeginBodyType,
  context: Context,
  principal: Principal,
  services: EngineServices,
): Promise<Static<typeof EnrollmentView>> {
  switch (body.kind) {
    case "totp": {
      const { algorithm, digits, periodSeconds } = { ...defaultTotp, ...body };
      const parameters = { algorithm, digits, periodSeconds };
      const { authenticator, uri, secret } = await beginTotp({ ...context, parameters }, services);
      return { ...viewBegun(authenticator, body.kind), uri, secret, qrSvg: qrSvgOf(uri) };
    }
    case "recovery_code": {
      const { authenticator, codes } = await beginRecoveryCodes(context, services);
      return { ...viewBegun(authenticator, body.kind), codes: [...codes] };
    }
    default:
      return beginWithCode(body.kind, body.to ?? "", context, principal, services);
  }
}

async function beginWithCode(
  kind: DeliveryVia,
  to: string,
  context: Context,
  principal: Principal,
  services: EngineServices,
): Promise<Static<typeof EnrollmentView>> {
  const destination = await destinationAt("/to", kind, to, principal, services);
  const { authenticator, started } = await beginDestination({ ...context, kind, destination }, services);
  const verification = grantedOf(started, principal);
  return { ...viewBegun(authenticator, kind), to: authenticator.hint, verification: verification.id };
}

function viewBegun({ id, status, expiresAt }: Authenticator, kind: BeginBodyType["kind"]) {
  return {
    id,
    kind,
    status: status === "active" ? ("active" as const) : ("pending" as const),
    ...(expiresAt !== undefined && { expiresAt: isoTime(expiresAt) }),
  };
}

/** Fields of another kind are refused like unknown ones. */
function refuseStrayFields(body: BeginBodyType): void {
  const sent = body.kind === "email" || body.kind === "sms" || body.kind === "voice";
  if (sent && body.to === undefined)
    throw refused("invalid_request", { field: "/to", problem: "is required" });
  const { to, algorithm, digits, periodSeconds } = body;
  const stray = Object.entries({
    ...(!sent && { to }),
    ...(body.kind !== "totp" && { algorithm, digits, periodSeconds }),
  }).filter(([, value]) => value !== undefined);
  if (stray.length === 0) return;
  throw refused(
    "invalid_request",
    ...stray.map(([name]) => ({ field: `/${name}`, problem: `does not belong to the kind ${body.kind}` })),
  );
}

function confirmRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/users/:id/enrollments/:enrollment/confirm",
    {
      config: {
        access: requireScope("enrollments:write"),
        importance: "check",
        problems: ["not_found", "invalid_code_format", "enrollment_refused"],
      },
      schema: {
        operationId: "enrollments.confirm",
        summary: "Confirm an enrollment",
        description: "One right code makes the authenticator active. Wrong ones are counted.",
        tags: ["enrollments"],
        params: Type.Object({ id: IdParameter, enrollment: IdParameter }),
        body: ConfirmBody,
        response: { 200: AuthenticatorView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { organization, actor } = principal;
      const { id, enrollment } = request.params;
      await managedUser(id, principal, services);
      const outcome = await confirmEnrollment(
        { organization, actor, user: id, id: enrollment, answer: request.body.code },
        services,
      );
      switch (outcome.kind) {
        case "confirmed":
          return viewAuthenticator({ authenticator: outcome.authenticator });
        case "unknown":
          return found(undefined, "enrollment");
        case "malformed":
          throw refused("invalid_code_format", {
            field: "/code",
            problem: "has no form that a code can have",
          });
        case "refused":
          throw new CountersignError("enrollment_refused", "This code does not confirm the enrollment.");
      }
    },
  );
}
