import { type Static, Type } from "typebox";
import { deliveryVias, type VerificationState, verificationStatuses, vias } from "../../engine/model.ts";
import { assuranceOf } from "../../engine/verification/assurance.ts";
import { visibleStatus } from "../../engine/verification/status.ts";

/** A point in time in answers: ISO 8601, UTC, milliseconds. */
export const TimeView = Type.String({ format: "date-time", examples: ["2026-11-22T15:38:00.000Z"] });

export const IdParameter = Type.String({
  pattern: "^[0-9A-Za-z-]{1,64}$",
  description: "Id as given when it was created.",
});

export const IdParameters = Type.Object({ id: IdParameter });

export const BindingView = Type.Object(
  {
    call: Type.Optional(Type.String({ maxLength: 128, description: "The call or conversation it is for." })),
    action: Type.Optional(
      Type.String({ maxLength: 128, description: "What will be done, as shown to the person." }),
    ),
    amount: Type.Optional(Type.String({ maxLength: 64, description: "Amount with currency, `250.00 EUR`." })),
  },
  {
    additionalProperties: false,
    description:
      "What the approval is for. It is carried into the receipt, and an approval for one opens nothing else.",
  },
);

export const DeliveryView = Type.Object({
  id: Type.String(),
  via: Type.Enum([...deliveryVias]),
  state: Type.String({
    description:
      "`queued`, `sending`, `accepted`, `delivered`, `failed`, `maybe_sent` (no answer in time, not repeated) or `dropped`.",
  }),
  provider: Type.Optional(Type.String()),
  at: TimeView,
});

export const VerificationView = Type.Object({
  id: Type.String({ description: "Time-ordered UUID." }),
  status: Type.Enum([...verificationStatuses]),
  via: Type.Enum([...vias]),
  to: Type.String({ description: "Masked destination.", examples: ["+49 *** **78"] }),
  purpose: Type.String(),
  user: Type.Optional(Type.String()),
  app: Type.Optional(Type.String()),
  publication: Type.Optional(Type.String()),
  binding: Type.Optional(BindingView),
  locale: Type.String(),
  attempts: Type.Integer(),
  maxAttempts: Type.Integer(),
  sends: Type.Integer(),
  maxSends: Type.Integer(),
  assurance: Type.Enum(["none", "restricted", "standard"], {
    description: "What an approval by this method is worth for this purpose.",
  }),
  createdAt: TimeView,
  expiresAt: TimeView,
  closedAt: Type.Optional(TimeView),
  codes: Type.Optional(
    Type.Enum(["signalwire"], {
      type: "string",
      description:
        "The service that makes, sends and compares the codes, where it is not this server. Its answers are counted here.",
    }),
  ),
  deliveries: Type.Array(DeliveryView),
});

/** A verification as its caller may see it. */
export function viewVerification(
  verification: VerificationState,
  now: number,
): Static<typeof VerificationView> {
  const { rules, via, purpose } = verification;
  return {
    id: verification.id,
    status: visibleStatus(verification, now),
    via,
    to: verification.hint,
    purpose,
    ...(verification.user !== undefined && { user: verification.user }),
    ...(verification.app !== undefined && { app: verification.app }),
    ...(verification.publication !== undefined && { publication: verification.publication }),
    ...(verification.binding !== undefined && {
      binding: verification.binding as Static<typeof BindingView>,
    }),
    locale: verification.locale,
    attempts: verification.attempts,
    maxAttempts: rules.maxAttempts,
    sends: verification.sends,
    maxSends: rules.maxSends,
    assurance: assuranceOf(via, purpose, rules.codeLength),
    createdAt: isoTime(verification.createdAt),
    expiresAt: isoTime(verification.expiresAt),
    ...(verification.closedAt !== undefined && { closedAt: isoTime(verification.closedAt) }),
    ...(verification.outside && { codes: verification.outside.service }),
    deliveries: verification.deliveries.map(({ id, via: by, state, provider, at }) => ({
      id,
      via: by,
      state,
      ...(provider !== undefined && { provider }),
      at: isoTime(at),
    })),
  };
}

/** Milliseconds since the epoch as an ISO 8601 text. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
