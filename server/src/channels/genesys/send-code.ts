import { beginRound, cancelRound } from "../../dialogue/round.ts";
import type { Method } from "../../dialogue/state.ts";
import type { User } from "../../engine/model.ts";
import type { MethodName, Said } from "./answers.ts";
import { type Errand, findCustomer, idempotencyOf, runFor } from "./errand.ts";
import { inLane, shared } from "./lanes.ts";
import { methodNamed, offersOf } from "./methods.ts";
import { keepSeat, pointToSeat, type Seat, type SeatMemory, seatOf } from "./seats.ts";

/**
 * Send Authentication Code: one code more, the one before takes no further answer. For `Authenticator` nothing is sent; the
 * next answer is one of the customer's app.
 */
export async function sendCode(errand: Errand): Promise<Said> {
  const { conversations } = errand.tools.services.store;
  const named = await findCustomer(errand);
  const name = methodNamed(errand.parameters.get("TwoFactorAuthSelectedMethod"));
  if (named === undefined || name === undefined) return { status: "error" };
  const { user } = named;
  if (user === undefined) return { status: "not found" };
  const lane = `${errand.publication.id}/${user.id}`;
  return shared(conversations, `${lane}/${errand.parameters.session ?? ""}/${name}`, () =>
    inLane(conversations, lane, () => send(user, name, errand)),
  );
}

async function send(user: User, name: MethodName, errand: Errand): Promise<Said> {
  const offers = await offersOf(user, errand);
  if (offers === "refused") return { status: errand.publication.settings.onRefused };
  const offer = offers.find((one) => one.name === name);
  if (offer === undefined) return { status: "error" };
  const seat = await seatOf(user, errand);
  const begun = await beginIn(seat, offer.method, user, errand);
  await keepSeat(seat, { memory: begun.memory, path: begun.path }, errand);
  await pointToSeat(seat, errand);
  return { status: begun.status };
}

/** What came of a new round. `path`: the run ended with it. */
export interface RoundBegun {
  readonly status: string;
  readonly memory: SeatMemory;
  readonly path?: string | undefined;
}

/** Begins another round where the customer may have one; not kept yet. */
export async function beginIn(seat: Seat, method: Method, user: User, errand: Errand): Promise<RoundBegun> {
  const { maxSends, onSendExceeded, onDeliveryError, onRefused } = errand.publication.settings;
  const { round: before, ...rest } = seat.memory;
  const idempotency = idempotencyOf(seat, "send", method.kind, errand);
  const run = runFor({ subject: user.id, user: user.id }, errand, { seat, idempotency });
  if (before !== undefined && before.isVoid !== true) await cancelRound(before.verification, run);
  const memory: SeatMemory = { ...rest, last: undefined };
  if (memory.sends >= maxSends) return { status: onSendExceeded, memory, path: onSendExceeded };
  const { result, verification } = await beginRound(method, run);
  const counted = { ...memory, sends: memory.sends + 1 };
  switch (result.outcome) {
    case "sent": {
      if (verification === undefined) return { status: "error", memory: counted };
      const round = { kind: method.kind, verification, code: result.code };
      return { status: "success", memory: { ...counted, round } };
    }
    case "refused":
      return { status: onRefused, memory, path: onRefused };
    default:
      return { status: onDeliveryError ?? "error", memory: counted };
  }
}
