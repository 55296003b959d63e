import type { VerificationId } from "../../engine/model.ts";
import type { ChannelTools, Published } from "../channel.ts";
import type { Seat } from "./memory.ts";

/** A proof that this very call holds. */
export interface Approval {
  readonly verification: VerificationId;
}

/**
 * The approval of this call, while it lasts; undefined otherwise. It is read from the engine's own record, whoever compared the
 * code: an answer given on another surface counts at once, and what a model or the platform's memory says does not.
 */
export async function approvalOf(
  { id, memory: { asked } }: Seat,
  { organization, id: publication }: Pick<Published<unknown>, "organization" | "id">,
  { services }: Pick<ChannelTools, "services">,
): Promise<Approval | undefined> {
  if (asked === undefined) return undefined;
  const found = await services.store.verifications.find(organization, asked.verification);
  if (found === undefined || found.status !== "approved" || found.closedAt === undefined) return undefined;
  const isOfThisCall = found.conversation === id && found.publication === publication;
  return isOfThisCall && services.clock.now() < found.closedAt + asked.grantSeconds * 1000
    ? { verification: found.id }
    : undefined;
}
