import { parseDestination } from "../../delivery/destination.ts";
import { keyedDestination } from "../../delivery/destination-known.ts";
import { findMethods } from "../../dialogue/methods.ts";
import type { Run } from "../../dialogue/run.ts";
import { settingsInForce } from "../../dialogue/settings.ts";
import type { Method } from "../../dialogue/state.ts";
import { isCountersignError } from "../../engine/errors.ts";
import type { DeliveryVia, User } from "../../engine/model.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { narrowForUser } from "../../engine/policy/resolve.ts";
import type { StartTarget } from "../../engine/store.ts";
import type { ChannelTools, Published } from "../channel.ts";
import { numberOf } from "../heard.ts";
import type { Seat } from "./memory.ts";
import type { SwaigSettings } from "./settings.ts";

export interface Asking {
  readonly via: Method["kind"];
  readonly target: StartTarget;
  readonly user?: User | undefined;
  /** Masked, where it may be told. */
  readonly masked?: string | undefined;
  readonly digits?: number | undefined;
  readonly policy: Policy;
}

export type Found =
  | { readonly kind: "found"; readonly asking: Asking }
  /** Nobody, or somebody without anything that could be asked. */
  | { readonly kind: "nobody"; readonly policy: Policy }
  | { readonly kind: "refused" };

/**
 * Whom a code goes to: the person that the calling system named, else the one of the publication's table, else the one who has
 * the caller's number on record; and only where the setting says so the number itself. Nothing that the model says counts.
 */
export async function findAsking(
  wanted: string | undefined,
  seat: Seat,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<Found> {
  const { organization, id, settings } = publication;
  const scope = await tools.services.settings.scopeOf({ organization, publication: id });
  const run = runFor(seat, publication, tools);
  const { result, user } = await findMethods(run);
  if (result.outcome === "refused") return { kind: "refused" };
  if (result.outcome === "found" && user !== undefined) {
    const method = result.methods.find(({ kind }) => kind === wanted) ?? result.methods[0];
    if (method?.authenticator !== undefined) {
      const policy = narrowForUser(scope.policy, user.policy);
      const { kind: via, authenticator, masked, digits } = method;
      return {
        kind: "found",
        asking: { via, target: { user: user.id, authenticator }, user, masked, digits, policy },
      };
    }
  }
  const target =
    settings.sendToCaller && user === undefined ? await callerTarget(seat, publication, tools) : undefined;
  if (target === undefined) return { kind: "nobody", policy: scope.policy };
  return { kind: "found", asking: { ...target, policy: scope.policy } };
}

/** What the search for a person reads of a dialogue's run. */
function runFor(
  { id, externalId, memory }: Seat,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Run {
  const { settings } = publication;
  const { identify, methods, purpose } = settings;
  const { caller } = memory;
  const mapped =
    caller === undefined || !Object.hasOwn(settings.people, caller) ? undefined : settings.people[caller];
  return {
    conversation: id,
    externalId,
    publication: { ...publication, settings: {} },
    settings: settingsInForce({ identify, methods, purpose }),
    generation: "internal",
    facts: { subject: memory.subject ?? mapped, caller: numberOf(caller) },
    name: id,
    idempotency: () => ({ key: id, fingerprint: "" }),
    tools,
  };
}

async function callerTarget(
  { memory }: Seat,
  { organization, settings }: Published<SwaigSettings>,
  { services }: ChannelTools,
): Promise<Pick<Asking, "via" | "target" | "masked"> | undefined> {
  const number = numberOf(memory.caller);
  const via = settings.methods.find((one): one is DeliveryVia => one === "sms" || one === "voice");
  // Somebody whom the calling system named, and we do not know, is not whoever calls from this number.
  if (number === undefined || via === undefined || memory.subject !== undefined) return undefined;
  try {
    const {
      sendTo,
      key,
      hint,
      number: facts,
    } = keyedDestination(organization, via, parseDestination(via, number), services.vault);
    return { via, target: { destination: sendTo, destinationKey: key, hint, number: facts }, masked: hint };
  } catch (error) {
    if (isCountersignError(error) && error.code === "invalid_destination") return undefined;
    throw error;
  }
}
