import { lengthsOf } from "../../dialogue/understand.ts";
import { normalizeCode } from "../../engine/code/normalize.ts";
import type { User } from "../../engine/model.ts";
import { type CheckResult, checkVerification } from "../../engine/verification/check.ts";
import type { Said } from "./answers.ts";
import { digestOf, type Errand, findCustomer, idempotencyOf } from "./errand.ts";
import { inLane } from "./lanes.ts";
import { offersOf } from "./methods.ts";
import { keepSeat, pointToSeat, type Round, type Seat, seatOf } from "./seats.ts";
import { beginIn } from "./send-code.ts";

const wrong: Said = { status: "incorrect code" };
/** Far longer than any code, also in words. */
const longestAnswer = 200;
/** A platform that tries again does so soon; a person needs longer to be asked and to type. */
const repeatMs = 20_000;

/** Code Authentication. Only the best hypothesis is looked at: every further one would be a guess more. */
export async function verifyCode(errand: Errand): Promise<Said> {
  const answer = errand.parameters.get("authCode_nbest1");
  const named = await findCustomer(errand);
  if (named === undefined || answer === undefined) return { status: "error" };
  const { user } = named;
  if (user === undefined) return { status: "not found" };
  if (answer.length > longestAnswer) return wrong;
  const { conversations } = errand.tools.services.store;
  return inLane(conversations, `${errand.publication.id}/${user.id}`, () => verify(answer, user, errand));
}

async function verify(answer: string, user: User, errand: Errand): Promise<Said> {
  const seat = await seatOf(user, errand);
  const digest = digestOf([seat.id, answer.replace(/[\s-]/g, "")], errand.tools);
  const known = repeated(digest, seat, errand);
  if (known !== undefined) return known;
  const { round } = seat.memory;
  if (round === undefined) return verifyApp(answer, digest, seat, user, errand);
  if (round.isVoid) {
    const status = statusOfVoid(seat, errand);
    // The flow asks its authenticator app for another code without telling us (reading A9).
    const again = round.kind === "totp" && status === wrong.status;
    return again ? verifyApp(answer, digest, seat, user, errand) : { status };
  }
  return check({ answer, digest, round }, seat, user, errand);
}

/** The same answer in the same call, soon after: its result is known, and nothing is counted twice. */
function repeated(digest: string, { session, memory }: Seat, { tools }: Errand): Said | undefined {
  const { last } = memory;
  const isRepeat =
    session !== undefined && last?.digest === digest && tools.services.clock.now() - last.at < repeatMs;
  return isRepeat ? { status: last.status } : undefined;
}

/** The flow skips the send service for an authenticator app (reading A8), so its round begins with its first answer. */
async function verifyApp(
  answer: string,
  digest: string,
  seat: Seat,
  user: User,
  errand: Errand,
): Promise<Said> {
  const offers = await offersOf(user, errand);
  if (offers === "refused") return { status: errand.publication.settings.onRefused };
  const app = offers.find(({ method }) => method.kind === "totp");
  if (app === undefined || !isCode(answer, app.method.digits ?? 6, user)) return wrong;
  const begun = await beginIn(seat, app.method, user, errand);
  const kept = await keepSeat(seat, { memory: begun.memory, path: begun.path }, errand);
  await pointToSeat(kept, errand);
  const { round } = kept.memory;
  return round === undefined
    ? { status: begun.status }
    : check({ answer, digest, round }, kept, user, errand);
}

/** What can be no code begins no round: it would use one up. */
function isCode(answer: string, digits: number, { locale }: User): boolean {
  return normalizeCode(answer, { kind: "digits", locale, lengths: [digits] }).ok;
}

interface Answered {
  readonly answer: string;
  readonly digest: string;
  readonly round: Round;
}

async function check(
  { answer, digest, round }: Answered,
  seat: Seat,
  user: User,
  errand: Errand,
): Promise<Said> {
  const { publication, tools } = errand;
  const result = await checkVerification(
    {
      organization: publication.organization,
      actor: `channel:${publication.id}`,
      idempotency: idempotencyOf(seat, "check", digest, errand),
      id: round.verification,
      answer,
      locale: user.locale,
      lengths: lengthsOf(round.code),
    },
    tools.services,
  );
  // Silence, or another number of digits, is no answer to the code (reading A5).
  if (result.kind === "malformed") return wrong;
  const { status, change, path } = outcomeOf(result, round, seat, errand);
  const last = { digest, at: tools.services.clock.now(), status };
  await keepSeat(seat, { memory: { ...seat.memory, ...change, last }, path }, errand);
  return { status };
}

interface Outcome {
  readonly status: string;
  readonly change: Partial<Seat["memory"]>;
  readonly path?: string | undefined;
}

function outcomeOf(
  result: Exclude<CheckResult, { readonly kind: "malformed" }>,
  round: Round,
  seat: Seat,
  errand: Errand,
): Outcome {
  const { onRefused } = errand.publication.settings;
  if (result.kind === "approved") return { status: "success", change: { passed: true }, path: "success" };
  if (result.kind === "unknown") return { status: wrong.status, change: { round: undefined } };
  const { reason, verification } = result;
  const isLocked = reason === "disabled" || verification.reason === "authenticator_disabled";
  if (isLocked || reason === "throttled") return { status: onRefused, change: {}, path: onRefused };
  // An expired one, or one that was closed elsewhere, was not looked at: the flow has another one sent (A6).
  if (verification.status === "pending" || reason === "expired" || reason === "closed") {
    return { status: wrong.status, change: {} };
  }
  const status = statusOfVoid(seat, errand);
  const change = { round: { ...round, isVoid: true } };
  return status === wrong.status ? { status, change } : { status, change, path: status };
}

/** Of a code whose answers are used up (readings A1, A25). */
function statusOfVoid({ memory }: Seat, { publication }: Errand): string {
  const { onVerifyExceeded, maxSends, onSendExceeded } = publication.settings;
  return onVerifyExceeded ?? (memory.sends >= maxSends ? onSendExceeded : wrong.status);
}
