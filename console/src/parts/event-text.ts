import type { AuditEvent } from "@countersign/client";
import type { Words } from "../words/words.ts";

export type Tone = "good" | "bad" | "quiet";

/** An event in the words of the page. */
export interface EventText {
  readonly title: string;
  /** Masked destination, if it is about one. */
  readonly to: string | undefined;
  readonly via: string | undefined;
  /** Why, as a sentence. */
  readonly reason: string | undefined;
  /** Counts and names worth a glance. */
  readonly facts: readonly string[];
  readonly tone: Tone;
}

const bad = new Set([
  "verification.denied",
  "verification.expired",
  "attempt.refused",
  "delivery.failed",
  "delivery.maybe_sent",
  "send.refused",
  "authenticator.disabled",
  "authenticator.enrollment_refused",
  "webhook.disabled",
  "clock.backwards",
]);
const good = new Set([
  "verification.approved",
  "delivery.delivered",
  "authenticator.added",
  "receipt.consumed",
]);

export function eventText(event: AuditEvent, words: Words): EventText {
  const via = textOf(event, "via");
  const reason = textOf(event, "reason");
  return {
    title: words.events[event.type] ?? event.type,
    to: textOf(event, "to"),
    via: via === undefined ? undefined : (words.vias[via] ?? via),
    reason: reason === undefined ? undefined : (words.reasons[reason] ?? reason),
    facts: factsOf(event, words),
    tone: toneOf(event.type),
  };
}

function toneOf(type: string): Tone {
  if (good.has(type)) return "good";
  return bad.has(type) ? "bad" : "quiet";
}

function factsOf(event: AuditEvent, { facts }: Words): readonly string[] {
  const attempts = numberOf(event, "attempts");
  const failures = numberOf(event, "failures");
  const sends = numberOf(event, "sends");
  const provider = textOf(event, "provider");
  const receipt = textOf(event, "receipt");
  return [
    provider && facts.provider(provider),
    sends && facts.sends(sends),
    attempts && facts.attempts(attempts),
    failures && facts.failures(failures),
    receipt && facts.receipt(receipt),
  ].filter((fact) => typeof fact === "string");
}

function textOf({ details }: AuditEvent, name: string): string | undefined {
  const value = details?.[name];
  return typeof value === "string" ? value : undefined;
}

function numberOf({ details }: AuditEvent, name: string): number | undefined {
  const value = details?.[name];
  return typeof value === "number" ? value : undefined;
}

/** The reason a verification was closed for, as its own events say. */
export function closingReason(events: readonly AuditEvent[]): string | undefined {
  const closing = new Set(["verification.denied", "verification.expired", "verification.canceled"]);
  const last = events.findLast(({ type }) => closing.has(type));
  return last === undefined ? undefined : textOf(last, "reason");
}
