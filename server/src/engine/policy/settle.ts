import type { Bounds } from "./bounds.ts";
import {
  defaultPolicy,
  type NumberSetting,
  pinFailureBudget,
  pinLength,
  pinMaxAttempts,
  policyBounds,
  serverCeiling,
} from "./defaults.ts";
import { delaySeconds } from "./limits.ts";
import type { FailureDelay, Policy, PolicyLayer, WindowLimit } from "./policy.ts";
import { type SettledSending, settleSending } from "./sending-settle.ts";

/** From the most general to the most specific. */
export const policyLevels = ["server", "organization", "app", "publication", "user"] as const;
export type PolicyLevel = (typeof policyLevels)[number];

export interface PolicyAt {
  readonly level: PolicyLevel;
  readonly layer: PolicyLayer;
}

/** `default`: no layer said anything stronger; `ceiling`: a bound of the product; `legacy_pin`: what a pin costs. */
export type DecidedBy = PolicyLevel | "default" | "ceiling" | "legacy_pin";

export interface Candidate<Value> {
  readonly level: PolicyLevel | "default";
  readonly value: Value;
}

/** One setting: what is in force, whose word it is, and what everybody said. */
export interface Settled<Value> {
  readonly value: Value;
  readonly decidedBy: DecidedBy;
  readonly candidates: readonly Candidate<Value>[];
}

/** Every setting but the send rules, of which each is a setting by itself. */
export type PlainPolicy = Omit<Policy, "sending">;

export type SettledPolicy = { readonly [Setting in keyof PlainPolicy]: Settled<Policy[Setting]> } & {
  readonly sending: SettledSending;
};

/** Every setting decided over the layers, in any order. Both resolve and explain are read from this one. */
export function settlePolicy(layers: readonly PolicyAt[]): SettledPolicy {
  const ordered = inOrder(layers);
  const legacyPin = settleLegacyPin(candidatesOf("legacyPin", ordered));
  const codeLength = settleCodeLength(candidatesOf("codeLength", ordered), legacyPin.value);
  const number = (setting: NumberSetting) => settleLeast(setting, candidatesOf(setting, ordered));
  return {
    vias: settleVias(candidatesOf("vias", ordered)),
    codeLength,
    codeTtlSeconds: number("codeTtlSeconds"),
    maxAttempts: withPin(number("maxAttempts"), codeLength.value, () => pinMaxAttempts),
    maxSends: number("maxSends"),
    resend: mostSpecific(candidatesOf("resend", ordered)),
    resendDelaysSeconds: mostSpecific(candidatesOf("resendDelaysSeconds", ordered)),
    failureBudget: withPin(number("failureBudget"), codeLength.value, pinFailureBudget),
    failureDelays: settleDelays(candidatesOf("failureDelays", ordered)),
    sendsPerDestination: settleWindows("sendsPerDestination", candidatesOf("sendsPerDestination", ordered)),
    sendsPerUser: settleWindows("sendsPerUser", candidatesOf("sendsPerUser", ordered)),
    sending: settleSending(ordered.map(({ level, layer }) => ({ level, layer: layer.sending ?? {} }))),
    legacyPin,
    receiptTtlSeconds: number("receiptTtlSeconds"),
  };
}

function inOrder(layers: readonly PolicyAt[]): readonly PolicyAt[] {
  // The ceiling and the defaults are always in force; read as a layer they would turn bounds into wishes.
  const said = layers.filter(({ layer }) => layer !== serverCeiling && layer !== defaultPolicy);
  return said.toSorted((a, b) => policyLevels.indexOf(a.level) - policyLevels.indexOf(b.level));
}

function candidatesOf<Setting extends keyof PlainPolicy>(
  setting: Setting,
  ordered: readonly PolicyAt[],
): readonly Candidate<Policy[Setting]>[] {
  const candidates: Candidate<Policy[Setting]>[] = [{ level: "default", value: defaultPolicy[setting] }];
  for (const { level, layer } of ordered) {
    const value = layer[setting];
    if (value !== undefined) candidates.push({ level, value: value as Policy[Setting] });
  }
  return candidates;
}

/** The default yields to what the server or the organization says, up or down; a more specific layer only narrows it. */
function speaking<Value>(candidates: readonly Candidate<Value>[]): readonly Candidate<Value>[] {
  const overruled = candidates.some(({ level }) => level === "server" || level === "organization");
  return overruled ? candidates.filter(({ level }) => level !== "default") : candidates;
}

/** Of equally strict values the most general layer's counts as the one that decided. */
function strictest(
  candidates: readonly Candidate<number>[],
  stricter: (a: number, b: number) => boolean,
): Pick<Settled<number>, "value" | "decidedBy"> {
  const chosen = candidates.reduce((best, next) => (stricter(next.value, best.value) ? next : best));
  return { value: chosen.value, decidedBy: chosen.level };
}

function clamp(
  settled: Pick<Settled<number>, "value" | "decidedBy">,
  bounds: Bounds,
): Pick<Settled<number>, "value" | "decidedBy"> {
  const value = Math.min(bounds.most, Math.max(bounds.least, settled.value));
  return value === settled.value ? settled : { value, decidedBy: "ceiling" };
}

function settleLeast(setting: NumberSetting, candidates: readonly Candidate<number>[]): Settled<number> {
  const chosen = strictest(speaking(candidates), (a, b) => a < b);
  return { ...clamp(chosen, policyBounds[setting]), candidates };
}

function settleCodeLength(candidates: readonly Candidate<number>[], pins: boolean): Settled<number> {
  const longer = (a: number, b: number) => a > b;
  const mayBePin = (level: Candidate<number>["level"]) => level === "publication" || level === "server";
  const pin = pins && candidates.some(({ level, value }) => mayBePin(level) && value <= pinLength.most);
  if (!pin) return { ...clamp(strictest(speaking(candidates), longer), policyBounds.codeLength), candidates };
  // The pin replaces the default only; a length that another layer asked for still wins when it is longer.
  const asked = candidates
    .filter(({ level }) => level !== "default")
    .map(({ level, value }) => ({
      level,
      value: mayBePin(level) ? value : Math.max(value, policyBounds.codeLength.least),
    }));
  const bounds = { least: pinLength.least, most: policyBounds.codeLength.most };
  return { ...clamp(strictest(asked, longer), bounds), candidates };
}

/** On where the publication says so (or a policy already resolved), and nobody says no. */
function settleLegacyPin(candidates: readonly Candidate<boolean>[]): Settled<boolean> {
  const refusal = candidates.find(({ level, value }) => level !== "default" && !value);
  if (refusal) return { value: false, decidedBy: refusal.level, candidates };
  const granted = candidates.find(
    ({ level, value }) => value && (level === "publication" || level === "server"),
  );
  return granted
    ? { value: true, decidedBy: granted.level, candidates }
    : { value: false, decidedBy: "default", candidates };
}

function withPin(
  settled: Settled<number>,
  codeLength: number,
  most: (codeLength: number) => number,
): Settled<number> {
  if (codeLength > pinLength.most || settled.value <= most(codeLength)) return settled;
  return { ...settled, value: most(codeLength), decidedBy: "legacy_pin" };
}

/** What all layers allow, in the order of the most specific one. */
function settleVias(candidates: readonly Candidate<Policy["vias"]>[]): Settled<Policy["vias"]> {
  const { value: wanted } = mostSpecific(candidates);
  const value = wanted.filter((via) => candidates.every((candidate) => candidate.value.includes(via)));
  const narrowest = candidates.reduce((best, next) => (next.value.length < best.value.length ? next : best));
  return { value, decidedBy: narrowest.level, candidates };
}

function mostSpecific<Value>(candidates: readonly Candidate<Value>[]): Settled<Value> {
  const chosen = candidates.reduce((_, next) => next);
  return { value: chosen.value, decidedBy: chosen.level, candidates };
}

/** At every number of failures the longest of the waits. */
function settleDelays(
  candidates: readonly Candidate<readonly FailureDelay[]>[],
): Settled<readonly FailureDelay[]> {
  const said = speaking(candidates);
  const steps = [...new Set(said.flatMap(({ value }) => value.map((step) => step.failures)))];
  const value: FailureDelay[] = [];
  for (const failures of steps.sort((a, b) => a - b)) {
    const seconds = Math.max(...said.map((candidate) => delaySeconds(candidate.value, failures)));
    if (seconds !== value.at(-1)?.seconds) value.push({ failures, seconds });
  }
  const same = said.find((candidate) => JSON.stringify(candidate.value) === JSON.stringify(value));
  return { value, decidedBy: same?.level ?? said.at(-1)?.level ?? "default", candidates };
}

/** The most specific wish, and every window of the ceiling (the server's own included) that the wish does not keep. */
function settleWindows(
  setting: "sendsPerDestination" | "sendsPerUser",
  candidates: readonly Candidate<readonly WindowLimit[]>[],
): Settled<readonly WindowLimit[]> {
  const wish = mostSpecific(candidates);
  const server = candidates.filter(({ level }) => level === "server").flatMap(({ value }) => value);
  const ceiling = [...server, ...serverCeiling[setting]];
  const added: WindowLimit[] = [];
  for (const bound of ceiling) {
    if (![...wish.value, ...added].some((limit) => keeps(limit, bound))) added.push(bound);
  }
  if (added.length === 0) return wish;
  const kept = wish.value.filter((limit) => !added.some((bound) => keeps(bound, limit)));
  const value = [...kept, ...added].sort((a, b) => a.seconds - b.seconds);
  return { ...wish, value, decidedBy: "ceiling" };
}

function keeps(limit: WindowLimit, bound: WindowLimit): boolean {
  return limit.max <= bound.max && limit.seconds >= bound.seconds;
}
