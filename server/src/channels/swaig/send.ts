import { proofWords } from "../../engine/code/proof-words.ts";
import type { DeliveryState, VerificationState } from "../../engine/model.ts";
import type { OutsideService } from "../../engine/outside.ts";
import type { Idempotency, StartOutcome } from "../../engine/store.ts";
import { cancelVerification } from "../../engine/verification/cancel.ts";
import { resendVerification } from "../../engine/verification/resend.ts";
import { startVerification } from "../../engine/verification/start.ts";
import { visibleStatus } from "../../engine/verification/status.ts";
import type { ChannelTools, Published } from "../channel.ts";
import { sendDecoy } from "./decoy.ts";
import { approvalOf } from "./grant.ts";
import type { Asked, Seat, SwaigMemory } from "./memory.ts";
import { sendOutside } from "./outside.ts";
import { type Asking, findAsking } from "./person.ts";
import type { SwaigSettings } from "./settings.ts";
import { texts } from "./texts.ts";
import type { Told } from "./told.ts";
import { whereOf } from "./where.ts";

/** The caller hears silence meanwhile, and the platform's own limit is published nowhere. */
const acceptanceMs = 700;

export interface Sent {
  readonly told: Told;
  readonly memory: SwaigMemory;
}

/** What one request needs on its way. */
export interface Errand {
  readonly seat: Seat;
  readonly publication: Published<SwaigSettings>;
  readonly idempotency: Idempotency;
  readonly tools: ChannelTools;
}

/** `send_mfa`: a code, or another one, to whom it concerns. `wanted` is the method that the model asks for. */
export async function sendMfa(wanted: string | undefined, errand: Errand): Promise<Sent> {
  const { seat, publication, tools } = errand;
  const { memory } = seat;
  if ((await approvalOf(seat, publication, tools)) !== undefined) {
    return { told: { text: texts.approved, stage: "open" }, memory };
  }
  const again = await sendAgain(wanted, errand);
  if (again !== undefined) return again;
  const found = await findAsking(wanted, seat, publication, tools);
  switch (found.kind) {
    case "refused":
      return { told: { text: texts.limited }, memory };
    case "nobody":
      return sendDecoy(found.policy, seat, publication, tools.services.clock.now());
    case "found":
      return begin(found.asking, errand);
  }
}

/** Who makes and compares the codes, where it is not us. */
function outsideOf({ publication }: Errand): OutsideService | undefined {
  const { mfa } = publication.settings;
  return mfa === "internal" ? undefined : mfa;
}

function actorOf({ publication }: Errand): string {
  return `channel:${publication.id}`;
}

/** Another message of what is pending; undefined when nothing is. */
async function sendAgain(wanted: string | undefined, errand: Errand): Promise<Sent | undefined> {
  const { seat, publication, idempotency, tools } = errand;
  const { services } = tools;
  const { asked } = seat.memory;
  const { organization, settings } = publication;
  if (asked === undefined) return undefined;
  const pending = await services.store.verifications.find(organization, asked.verification);
  if (pending === undefined || visibleStatus(pending, services.clock.now()) !== "pending") return undefined;
  // The publication was changed in the middle of the call: nobody is there to send another one.
  if (pending.outside !== undefined && outsideOf(errand) === undefined) return undefined;
  if (asked.via === "totp") return { told: { text: texts.app, stage: "asked" }, memory: seat.memory };
  const via = settings.methods.find((one) => one === wanted) ?? asked.via;
  const outcome = await resendVerification(
    { organization, actor: actorOf(errand), id: pending.id, idempotency, via, outside: outsideOf(errand) },
    services,
  );
  if (outcome.kind === "refused" && outcome.reason === "already_closed") return undefined;
  return report(outcome, { ...asked, via }, errand);
}

async function begin(asking: Asking, errand: Errand): Promise<Sent> {
  const { seat, publication, idempotency, tools } = errand;
  const { settings, organization, channel } = publication;
  const { via, target, policy, user } = asking;
  if (via === "external") return { told: { text: texts.nobody }, memory: seat.memory };
  const outside = outsideOf(errand);
  const wishes = {
    ...(via === "sms" && settings.smsFrom !== undefined && { from: settings.smsFrom }),
    ...(settings.proofWords && { proofWords: true as const }),
  };
  const outcome = await startVerification(
    {
      organization,
      actor: actorOf(errand),
      idempotency,
      via,
      purpose: settings.purpose ?? "login",
      target,
      publication: publication.id,
      channel,
      // What is approved in one call opens nothing in another.
      binding: { call: seat.externalId },
      conversation: seat.id,
      ...(Object.keys(wishes).length > 0 && via !== "totp" && outside === undefined && { wishes }),
      outside,
      locale: user === undefined ? settings.languages[0]?.code : undefined,
      layer: settings.digits === undefined ? {} : { codeLength: settings.digits },
    },
    tools.services,
  );
  const memory = { ...seat.memory, user: user?.id };
  const asked = { via, grantSeconds: policy.receiptTtlSeconds, digits: asking.digits };
  return report(outcome, asked, { ...errand, seat: { ...seat, memory } });
}

/** Says what became of it, after the provider accepted the message or took too long. */
async function report(
  outcome: StartOutcome,
  asked: Pick<Asked, "via" | "grantSeconds"> & { readonly digits?: number | undefined },
  errand: Errand,
): Promise<Sent> {
  const { memory } = errand.seat;
  if (outcome.kind === "refused") return { told: refusal(outcome), memory };
  const { verification } = outcome;
  const leaves = outcome.delivery !== undefined || outcome.order !== undefined;
  const { via, grantSeconds } = asked;
  const isTest = via !== "totp" && verification.deliveries.length === 0;
  const digits = asked.digits ?? verification.rules.codeLength;
  const known: SwaigMemory = {
    ...memory,
    decoy: undefined,
    keypad: undefined,
    asked: {
      ...{ verification: verification.id, via, grantSeconds, lengths: isTest ? testLengths : [digits] },
      ...(verification.outside && { outside: true }),
    },
  };
  if (via === "totp") return { told: { text: texts.app, stage: "asked" }, memory: known };
  if (outcome.kind === "resent" && !leaves && !isTest) {
    return { told: { text: texts.tooSoon(waitOf(verification, errand)), stage: "asked" }, memory: known };
  }
  const state = isTest ? "accepted" : await stateOf(outcome, errand);
  if (state === "failed" || state === "dropped") {
    // The next one must not find it pending and take itself for a resend.
    const { publication, tools } = errand;
    const place = { organization: publication.organization, id: verification.id, actor: actorOf(errand) };
    await cancelVerification(place, tools.services);
    return { told: { text: texts.sendFailed, stage: "begin" }, memory: { ...known, asked: undefined } };
  }
  // Only what SignalWire has named to us can be compared there, whether or not it was sent.
  const isLost = verification.outside !== undefined && state !== "accepted";
  if (isLost) return { told: { text: texts.sendFailed }, memory: known };
  return { told: { text: sentText(verification, digits, errand), stage: "asked" }, memory: known };
}

/** The fixed code of a test number has a length of its own. */
const testLengths: readonly number[] = [4, 5, 6, 7, 8, 9, 10];

/** Seconds after which it surely works; the exact wait is the policy's and need not be told. */
function waitOf({ lastSentAt = 0 }: VerificationState, { tools }: Errand): number {
  const passed = Math.floor((tools.services.clock.now() - lastSentAt) / 1000);
  return Math.max(1, usualWaitSeconds - passed);
}
const usualWaitSeconds = 30;

async function stateOf({ verification, order }: Granted, errand: Errand): Promise<DeliveryState> {
  const { id, deliveries, outside } = verification;
  if (outside !== undefined) {
    // Told again, after an end in the middle of it: it is sent once.
    return order === undefined ? "maybe_sent" : sendOutside(order, verification, errand);
  }
  return (await errand.tools.waitForDelivery(id, acceptanceMs)) ?? deliveries.at(-1)?.state ?? "sending";
}

type Granted = Exclude<StartOutcome, { readonly kind: "refused" }>;

function sentText(verification: VerificationState, digits: number, { publication, tools }: Errand): string {
  const { id, hint, via, locale, wishes } = verification;
  const { settings, organization } = publication;
  const where = whereOf(settings, hint);
  const said = wishes?.proofWords
    ? ` Say that the message shows the words ${proofWords({ organization, verification: id, locale }, tools.services.vault)}.`
    : "";
  return via === "voice" ? texts.callPlaced(digits, where, said) : texts.sent(digits, where, said);
}

function refusal({ reason, retryAfterSeconds }: Extract<StartOutcome, { kind: "refused" }>): Told {
  switch (reason) {
    case "resend_too_soon":
      return { text: texts.tooSoon(retryAfterSeconds ?? usualWaitSeconds), stage: "asked" };
    case "too_many_sends":
      return { text: texts.noMoreSends };
    case "not_found":
    case "no_authenticator":
    case "method_not_allowed_by_policy":
      return { text: texts.nobody };
    default:
      return { text: texts.limited };
  }
}
