import type { FieldProblem } from "../errors.ts";
import { vias } from "../model.ts";
import { type Bounds, isWhole } from "./bounds.ts";
import { type NumberSetting, pinFailureBudget, pinLength, pinMaxAttempts, policyBounds } from "./defaults.ts";
import { sendLog } from "./limits.ts";
import type { PolicyLayer } from "./policy.ts";
import { sendingProblems } from "./sending-validate.ts";
import type { PlainPolicy, PolicyLevel } from "./settle.ts";

export type ValidatedLayer =
  | { readonly ok: true; readonly layer: PolicyLayer }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

export interface LayerPlace {
  readonly level: PolicyLevel;
  /** JSON pointer (RFC 6901) of the layer in what was sent, e.g. `/policy`. */
  readonly pointer: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown, fields: Fields, place: LayerPlace) => string | undefined;

/** A layer that came from outside: every problem at once, or the layer, holding nothing but known settings. */
export function validatePolicyLayer(input: unknown, place: LayerPlace): ValidatedLayer {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return { ok: false, problems: [{ field: place.pointer, problem: "A policy is an object." }] };
  }
  const fields = Object.fromEntries(Object.entries(input));
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (name === "sending" && value !== undefined) {
      problems.push(...sendingProblems(value, { ...place, pointer: `${place.pointer}/sending` }));
      continue;
    }
    const check = Object.hasOwn(checks, name) ? checks[name as keyof PlainPolicy] : unknownSetting;
    const problem = value === undefined ? undefined : check(value, fields, place);
    if (problem !== undefined) problems.push({ field: `${place.pointer}/${pointerToken(name)}`, problem });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, layer: fields as PolicyLayer };
}

/** RFC 6901 §3. */
function pointerToken(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

const unknownSetting: Check = () => "There is no such setting.";

const checks: Readonly<Record<keyof PlainPolicy, Check>> = {
  vias: checkVias,
  codeLength: checkCodeLength,
  codeTtlSeconds: within("codeTtlSeconds", "seconds"),
  maxAttempts: (value, fields, place) =>
    within("maxAttempts", "attempts")(value, fields, place) ??
    checkPinBound(value, fields, () => pinMaxAttempts, "attempts"),
  maxSends: within("maxSends", "messages"),
  resend: (value) => (value === "new" || value === "same" ? undefined : 'Either "new" or "same".'),
  resendDelaysSeconds: checkResendDelays,
  failureBudget: (value, fields, place) =>
    within("failureBudget", "failures")(value, fields, place) ??
    checkPinBound(value, fields, pinFailureBudget, "failures"),
  failureDelays: checkFailureDelays,
  sendsPerDestination: checkWindowLimits,
  sendsPerUser: checkWindowLimits,
  legacyPin: checkLegacyPin,
  receiptTtlSeconds: within("receiptTtlSeconds", "seconds"),
};

function within(setting: NumberSetting, unit: string): Check {
  const bounds = policyBounds[setting];
  return (value) =>
    isWhole(value, bounds)
      ? undefined
      : `A whole number of ${unit} from ${bounds.least} to the ceiling of ${bounds.most}.`;
}

function checkVias(value: unknown): string | undefined {
  const known: readonly unknown[] = vias;
  const fits = Array.isArray(value) && value.every((via) => known.includes(via));
  if (!fits) return `A list of methods out of ${vias.join(", ")}.`;
  return new Set(value).size === value.length ? undefined : "Each method once.";
}

function isPin(value: unknown): value is number {
  return isWhole(value, pinLength);
}

function checkCodeLength(value: unknown, fields: Fields, place: LayerPlace): string | undefined {
  const { least, most } = policyBounds.codeLength;
  if (isWhole(value, policyBounds.codeLength)) return undefined;
  const range = `A whole number of digits from the floor of ${least} to the ceiling of ${most}`;
  if (!isPin(value)) return `${range}.`;
  if (place.level === "publication" && fields["legacyPin"] === true) return undefined;
  return `${range}; ${pinLength.least} to ${pinLength.most} only on a publication with legacyPin on.`;
}

/** What a layer that sets a pin may say beside it. */
function checkPinBound(
  value: unknown,
  fields: Fields,
  mostFor: (length: number) => number,
  unit: string,
): string | undefined {
  const length = fields["codeLength"];
  if (!isPin(length)) return undefined;
  const most = mostFor(length);
  return Number(value) <= most ? undefined : `A pin of ${length} digits allows at most ${most} ${unit}.`;
}

function checkLegacyPin(value: unknown, _fields: Fields, place: LayerPlace): string | undefined {
  if (typeof value !== "boolean") return "Either true or false.";
  return value && place.level !== "publication" ? "Only a publication can allow pins." : undefined;
}

const resendDelay: Bounds = { least: 0, most: 600 };

function checkResendDelays(value: unknown): string | undefined {
  const fits =
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= policyBounds.maxSends.most &&
    value.every((seconds) => isWhole(seconds, resendDelay));
  if (fits) return undefined;
  return `A list of 1 to ${policyBounds.maxSends.most} whole numbers of seconds from 0 to ${resendDelay.most}.`;
}

const failureDelay: Bounds = { least: 1, most: 86_400 };

function checkFailureDelays(value: unknown): string | undefined {
  const fits =
    Array.isArray(value) &&
    value.length <= 20 &&
    value.every((step) =>
      isPair(step, "failures", policyBounds.failureBudget, { ...failureDelay, name: "seconds" }),
    );
  if (!fits) {
    return `At most 20 steps {failures, seconds}, failures up to ${policyBounds.failureBudget.most}, seconds up to ${failureDelay.most}.`;
  }
  const rising = value.every(
    (step, index) =>
      index === 0 || (step.failures > value[index - 1].failures && step.seconds >= value[index - 1].seconds),
  );
  return rising ? undefined : "Steps with rising failures and waits that never get shorter.";
}

const windowMax: Bounds = { least: 1, most: sendLog.entries };
const windowSeconds: Bounds = { least: 1, most: sendLog.seconds };

function checkWindowLimits(value: unknown): string | undefined {
  const fits =
    Array.isArray(value) &&
    value.length <= 5 &&
    value.every((limit) => isPair(limit, "max", windowMax, { ...windowSeconds, name: "seconds" }));
  if (fits) return undefined;
  return `At most 5 windows {max, seconds}, max up to ${windowMax.most}, seconds up to ${windowSeconds.most}.`;
}

/** An object of exactly these two whole numbers. */
function isPair(
  value: unknown,
  first: string,
  firstBounds: Bounds,
  second: Bounds & { readonly name: string },
): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = new Map(Object.entries(value));
  return (
    entries.size === 2 &&
    isWhole(entries.get(first), firstBounds) &&
    isWhole(entries.get(second.name), second)
  );
}
