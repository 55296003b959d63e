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

/** Has SignalWire send one of its own codes. What is true of it is kept here. */
export async function sendOutside(asking: Asking, errand: Errand): Promise<Sent> {
  const { seat, publication, tools, idempotency } = errand;
  const { settings } = publication;
  const { memory } = seat;
  const now = tools.services.clock.now();
  const { policy, user, masked } = asking;
  const before = memory.outside !== undefined && now < memory.outside.expiresAt ? memory.outside : undefined;
  const refused = before && refusal(before, policy, now);
  if (refused !== undefined) return { told: refused, memory };
  const to = await numberOf(asking, errand);
  if (to === undefined) return { told: { text: texts.nobody, stage: "begin" }, memory };
  const digits = settings.digits ?? policy.codeLength;
  const via = asking.via === "voice" ? "voice" : "sms";
  const sent = await clientFor(publication, tools).send({
    via,
    to,
    from: settings.signalwireFrom,
    tokenLength: digits,
    ttlSeconds: policy.codeTtlSeconds,
    maxAttempts: policy.maxAttempts,
    idempotencyKey: idempotency.key,
  });
  const more = { codes: "signalwire", via, ...(masked !== undefined && { to: masked }) };
  if (!sent.ok) {
    const events = [seatEvent("delivery.failed", seat, publication, { ...more, failure: sent.reason })];
    return { told: { text: texts.sendFailed }, memory: { ...memory, user: user?.id }, events };
  }
  const outside: Outside = {
    id: sent.id,
    digits,
    attempts: 0,
    maxAttempts: policy.maxAttempts,
    sends: (before?.sends ?? 0) + 1,
    maxSends: policy.maxSends,
    lastSentAt: now,
    expiresAt: now + policy.codeTtlSeconds * 1000,
    grantSeconds: policy.receiptTtlSeconds,
  };
  const text = (via === "voice" ? texts.callPlaced : texts.sent)(digits, whereOf(settings, masked), "");
  const known = { ...memory, user: user?.id, outside, decoy: undefined, keypad: undefined };
  const events = [seatEvent("delivery.accepted", { ...seat, memory: known }, publication, more)];
  return { told: { text, stage: "asked" }, memory: known, events };
}

function refusal(before: Outside, policy: Asking["policy"], now: number): Sent["told"] | undefined {
  if (before.sends >= before.maxSends) return { text: texts.noMoreSends };
  const wait = resendWait(policy, before.sends, before.lastSentAt, now);
  return wait > 0 ? { text: texts.tooSoon(wait), stage: "asked" } : undefined;
}

/** Counted durably before SignalWire is asked, so that a repeated request never asks twice. */
export async function verifyOutside(token: string, outside: Outside, errand: Errand): Promise<Verified> {
  const { seat, publication, tools } = errand;
  const { services } = tools;
  const now = services.clock.now();
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
