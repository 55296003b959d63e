import { createSignalwireMfa, type SignalwireMfa } from "../../delivery/signalwire-mfa.ts";
import type { AuditDraft } from "../../engine/audit/event.ts";
import { resendWait } from "../../engine/policy/limits.ts";
import type { ChannelTools, Published } from "../channel.ts";
import { count, wrongAfter } from "./decoy.ts";
import { keepSeat, type Outside, type Seat, seatEvent } from "./memory.ts";
import type { Asking } from "./person.ts";
import type { Errand, Sent } from "./send.ts";
import type { SwaigSettings } from "./settings.ts";
import { texts } from "./texts.ts";
import type { Verdict } from "./verdict.ts";
import type { Verified } from "./verify.ts";
import { whereOf } from "./where.ts";

/** The caller hears silence meanwhile. */
const timeoutMs = 900;

/**
 * Has SignalWire send one of its own codes. Sends and wrong answers are counted for the whole call, and a send before SignalWire
 * is asked: what becomes of it may never be known.
 */
export async function sendOutside(asking: Asking, errand: Errand): Promise<Sent> {
  const { seat, publication, tools, idempotency } = errand;
  const { memory } = seat;
  const now = tools.services.clock.now();
  const { policy, user, masked } = asking;
  // Who proved it begins anew when that is over.
  const before = memory.outside?.approvedAt === undefined ? memory.outside : undefined;
  const refused = before && refusal(before, policy, now);
  if (refused !== undefined) return { told: refused, memory };
  const to = await numberOf(asking, errand);
  if (to === undefined) return { told: { text: texts.nobody, stage: "begin" }, memory };
  const { settings } = publication;
  const counted = countSend(before, asking, settings.digits ?? policy.codeLength, now);
  const known = { ...memory, user: user?.id, outside: counted, decoy: undefined, keypad: undefined };
  const kept = await keepSeat(seat, { memory: known }, publication, tools.services);
  const via = asking.via === "voice" ? "voice" : "sms";
  const sent = await clientFor(publication, tools).send({
    via,
    to,
    from: settings.signalwireFrom,
    tokenLength: counted.digits,
    ttlSeconds: policy.codeTtlSeconds,
    maxAttempts: policy.maxAttempts,
    idempotencyKey: idempotency.key,
  });
  const more = { codes: "signalwire", via, ...(masked !== undefined && { to: masked }) };
  if (!sent.ok) {
    const type = sent.reason === "ambiguous" ? "delivery.maybe_sent" : "delivery.failed";
    const events = [seatEvent(type, kept, publication, { ...more, failure: sent.reason })];
    return { told: { text: texts.sendFailed }, memory: known, seat: kept, events };
  }
  const text = (via === "voice" ? texts.callPlaced : texts.sent)(
    counted.digits,
    whereOf(settings, masked),
    "",
  );
  const events = [seatEvent("delivery.accepted", kept, publication, more)];
  const asked = { ...known, outside: { ...counted, id: sent.id } };
  return { told: { text, stage: "asked" }, memory: asked, seat: kept, events };
}

/** One send more. The code before it, if there was one, is not asked for any more. */
function countSend(
  before: Outside | undefined,
  { policy }: Pick<Asking, "policy">,
  digits: number,
  now: number,
): Outside {
  return {
    digits,
    attempts: before?.attempts ?? 0,
    maxAttempts: policy.maxAttempts,
    sends: (before?.sends ?? 0) + 1,
    maxSends: policy.maxSends,
    lastSentAt: now,
    expiresAt: now + policy.codeTtlSeconds * 1000,
    grantSeconds: policy.receiptTtlSeconds,
  };
}

function refusal(before: Outside, policy: Asking["policy"], now: number): Sent["told"] | undefined {
  if (before.sends >= before.maxSends) return { text: texts.noMoreSends };
  if (before.attempts >= before.maxAttempts) return { text: texts.limited };
  const wait = resendWait(policy, before.sends, before.lastSentAt, now);
  return wait > 0 ? { text: texts.tooSoon(wait), stage: "asked" } : undefined;
}

/** Counted durably before SignalWire is asked, so that a repeated request never asks twice. */
export async function verifyOutside(token: string, outside: Outside, errand: Errand): Promise<Verified> {
  const { seat, publication, tools } = errand;
  const { services } = tools;
  const now = services.clock.now();
  if (outside.id === undefined) return { verdict: { kind: "none" }, memory: seat.memory };
  const { verdict, counted } = count(outside, now);
  if (verdict !== undefined) return { verdict, memory: seat.memory };
  const kept = await keepSeat(seat, { memory: { ...seat.memory, outside: counted } }, publication, services);
  const answer = await clientFor(publication, tools).verify(outside.id, token);
  switch (answer.kind) {
    case "approved": {
      const approved = { ...counted, approvedAt: now };
      return ended({ kind: "approved" }, approved, "verification.approved", kept, publication);
    }
    case "wrong":
      return ended(wrongAfter(counted), counted, "attempt.refused", kept, publication);
    case "over":
      return ended({ kind: "expired" }, { ...counted, expiresAt: now }, "attempt.refused", kept, publication);
    case "failed":
      return ended({ kind: "unavailable" }, counted, "attempt.refused", kept, publication);
  }
}

function ended(
  verdict: Verdict,
  outside: Outside,
  type: AuditDraft["type"],
  seat: Seat,
  publication: Published<SwaigSettings>,
): Verified {
  const memory = { ...seat.memory, outside };
  const { attempts } = outside;
  const event = seatEvent(type, { ...seat, memory }, publication, {
    codes: "signalwire",
    attempts,
    ...(verdict.kind !== "approved" && { reason: verdict.kind }),
  });
  return { verdict, memory, seat, events: [event] };
}

function clientFor({ organization, settings }: Published<SwaigSettings>, tools: ChannelTools): SignalwireMfa {
  const {
    signalwireUrl: baseUrl = "",
    signalwireProject: project = "",
    signalwireCredential: credential = "",
  } = settings;
  return createSignalwireMfa(
    { baseUrl, project, credential, timeoutMs },
    {
      fetch: tools.fetch,
      signal: new AbortController().signal,
      secret: (id) => tools.secretOf(organization, id),
    },
  );
}

/** Only telephone numbers are reached this way. */
async function numberOf(
  { target, via }: Asking,
  { publication, tools }: Errand,
): Promise<string | undefined> {
  if (via !== "sms" && via !== "voice") return undefined;
  if ("destination" in target) return target.destination;
  const { organization } = publication;
  const { store, vault } = tools.services;
  const views = await store.enrollments.list(organization, target.user);
  const found = views.find(({ authenticator }) => authenticator.id === target.authenticator)?.authenticator;
  if (found?.destination === undefined) return undefined;
  const place = { organization, table: "authenticators", column: "destination", row: found.id };
  return Buffer.from(vault.open(place, found.destination)).toString();
}
