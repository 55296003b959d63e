import { type Static, Type } from "typebox";
import type { AuthenticatorView as StoredView } from "../../engine/enrollments.ts";
import { type AuthenticatorKind, authenticatorKinds, roles, type User } from "../../engine/model.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { Time } from "../schemas.ts";
import { PolicyLayerSchema } from "./settings.ts";
import { IdParameter, isoTime } from "./verification.ts";

export const UserView = Type.Object({
  id: Type.String(),
  externalId: Type.Optional(Type.String({ description: "The calling system's own id of this person." })),
  displayName: Type.Optional(Type.String()),
  locale: Type.Optional(Type.String()),
  role: Type.Enum([...roles]),
  policy: PolicyLayerSchema,
  disabledAt: Type.Optional(Time),
  createdAt: Time,
  updatedAt: Time,
});

export function viewUser(user: User): Static<typeof UserView> {
  const { id, externalId, displayName, locale, role, policy, disabledAt, createdAt, updatedAt } = user;
  return {
    id,
    ...(externalId !== undefined && { externalId }),
    ...(displayName !== undefined && { displayName }),
    ...(locale !== undefined && { locale }),
    role,
    policy,
    ...(disabledAt !== undefined && { disabledAt: isoTime(disabledAt) }),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

export const AuthenticatorParameters = Type.Object({ id: IdParameter, authenticator: IdParameter });

export const AuthenticatorView = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...authenticatorKinds]),
  status: Type.Enum(["pending", "active", "disabled"], {
    description: "`disabled` without `disabledAt`: it failed more often than the policy allows by now.",
  }),
  hint: Type.String({ description: "Masked destination, or what kind of app." }),
  label: Type.Optional(Type.String()),
  createdAt: Time,
  confirmedAt: Type.Optional(Time),
  expiresAt: Type.Optional(Type.String({ format: "date-time", description: "End of a pending enrollment." })),
  failures: Type.Integer({ description: "Failures in a row since the last success." }),
  disabledAt: Type.Optional(Time),
  recoveryCodesLeft: Type.Optional(Type.Integer()),
});

/**
 * An authenticator with its counters, as admins see it. A budget that was lowered after the failures holds for them, too: starts
 * are refused, whatever stands in the row. Of one that was just added or enabled nothing is counted yet.
 */
export function viewAuthenticator(
  view: StoredView,
  { failureBudget }: Pick<Policy, "failureBudget"> = { failureBudget: Number.POSITIVE_INFINITY },
): Static<typeof AuthenticatorView> {
  const { authenticator, guard, recoveryCodesLeft } = view;
  const { id, hint, label, createdAt, confirmedAt, expiresAt } = authenticator;
  const kind: AuthenticatorKind = authenticator.kind;
  const disabledAt = guard?.disabledAt;
  const isSpent = disabledAt !== undefined || (guard?.failures ?? 0) >= failureBudget;
  return {
    id,
    kind,
    status: isSpent ? "disabled" : statusOf(authenticator.status),
    hint,
    ...(label !== undefined && { label }),
    createdAt: isoTime(createdAt),
    ...(confirmedAt !== undefined && { confirmedAt: isoTime(confirmedAt) }),
    ...(expiresAt !== undefined && { expiresAt: isoTime(expiresAt) }),
    failures: guard?.failures ?? 0,
    ...(disabledAt !== undefined && { disabledAt: isoTime(disabledAt) }),
    ...(recoveryCodesLeft !== undefined && { recoveryCodesLeft }),
  };
}

function statusOf(status: StoredView["authenticator"]["status"]): "pending" | "active" | "disabled" {
  return status === "revoked" ? "disabled" : status;
}

/** Revoked ones and enrollments that ran out are history: they stand in the audit record, not in lists. */
export function isLiving({ authenticator }: StoredView, now: number): boolean {
  if (authenticator.status === "revoked") return false;
  return authenticator.expiresAt === undefined || authenticator.expiresAt > now;
}
