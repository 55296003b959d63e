import type { Authenticator, BodyOf, Via } from "@countersign/client";

/** A method of a person that works now and is answered with a code. */
export type Way = Authenticator & { readonly via: Via };
export type StartBody = BodyOf<"verifications.start">;

const answeredWithCode: ReadonlySet<string> = new Set<Via>([
  "sms",
  "voice",
  "email",
  "totp",
  "recovery_code",
]);

function isVia(kind: string): kind is Via {
  return answeredWithCode.has(kind);
}

export function waysOf(authenticators: readonly Authenticator[]): readonly Way[] {
  return authenticators.flatMap((one) =>
    one.status === "active" && isVia(one.kind) ? [{ ...one, via: one.kind }] : [],
  );
}

export interface Choice {
  readonly user: string;
  readonly way: Way;
  /** All that the person has: one of a kind need not be named. */
  readonly ways: readonly Way[];
  readonly action: string;
  readonly amount: string;
}

/** What is sent for a choice; what was left empty is left out. */
export function startOf({ user, way, ways, action, amount }: Choice): StartBody {
  const binding = {
    ...(action.trim() !== "" && { action: action.trim() }),
    ...(amount.trim() !== "" && { amount: amount.trim() }),
  };
  return {
    user,
    via: way.via,
    ...(ways.filter(({ via }) => via === way.via).length > 1 && { authenticator: way.id }),
    ...(Object.keys(binding).length > 0 && { binding }),
  };
}
