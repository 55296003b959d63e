import type { AuditDraft } from "../audit/event.ts";
import { codeFields } from "../code/digest.ts";
import { generateCode } from "../code/generate.ts";
import { generateToken } from "../code/token.ts";
import type { Authenticator, DeliveryState, Guard, Verification, VerificationRules } from "../model.ts";
import { type DeliveryVia, isDeliveryVia } from "../model.ts";
import type { Delivery } from "../outbox.ts";
import type { Outside, OutsideOrder } from "../outside.ts";
import { destinationGuard } from "../policy/guards.ts";
import { appendSend, checkWindows } from "../policy/limits.ts";
import type { Policy, WindowLimit } from "../policy/policy.ts";
import { expectedPrice, isTelephoneVia, type SendRuleName } from "../policy/sending.ts";
import type { EngineTools, Place } from "../tools.ts";
import type { Change, Rows, TestCode } from "./decision.ts";
import { checkSendRules, type SendContext } from "./send-rules.ts";
import type { StartTerms } from "./terms.ts";

/** Sends of one verification are counted against these windows, captured with its policy. */
export interface SendLimits {
  readonly sendsPerDestination: readonly WindowLimit[];
  readonly sendsPerUser: readonly WindowLimit[];
}

/** What is counted for a message that goes: guards, rows of the send rules, and what these noticed. */
export interface SendAllowed {
  readonly allowed: true;
  readonly guards: readonly Guard[];
  readonly changes: readonly Change[];
  readonly events: readonly AuditDraft[];
}

export interface SendRefused {
  readonly allowed: false;
  readonly reason: "rate_limited" | "send_refused";
  readonly rule?: SendRuleName | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** For the event of the refusal: country and calling code, never the number. */
  readonly place: AuditDraft["details"];
  readonly changes: readonly Change[];
  readonly events: readonly AuditDraft[];
}

export interface SendQuestion extends SendContext {
  /** The authenticator's own guard; absent for a verification by `to`. */
  readonly owner: Guard | undefined;
  readonly limits: SendLimits;
}

/**
 * Whether one more message may go to this destination and user. All counters are durable rows, so a restart or another node
 * grants nothing extra.
 */
export function checkSend(
  verification: Verification,
  question: SendQuestion,
  rows: Rows,
  tools: EngineTools,
): SendAllowed | SendRefused {
  const { refusal, safe, place, changes, events } = checkSendRules(verification, question, rows, tools);
  if (refusal) {
    const { rule, retryAfterSeconds } = refusal;
    return { allowed: false, reason: "send_refused", rule, retryAfterSeconds, place, changes, events };
  }
  const { owner, limits, now } = question;
  const windows = checkLogs(verification, owner, safe ? noLimits : limits, now, rows);
  if (windows.allowed) return { ...windows, changes, events };
  return { ...windows, reason: "rate_limited", place, changes: [], events: [] };
}

/** For numbers on the safe list. They are counted all the same. */
const noLimits: SendLimits = { sendsPerDestination: [], sendsPerUser: [] };

type LogCheck =
  | { readonly allowed: true; readonly guards: readonly Guard[] }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

function checkLogs(
  verification: Verification,
  owner: Guard | undefined,
  limits: SendLimits,
  now: number,
  rows: Rows,
): LogCheck {
  const guards: Guard[] = [];
  if (verification.destinationKey !== undefined) {
    const destination = rows.guard(verification.organization, destinationGuard(verification.destinationKey));
    const window = checkWindows(destination.sends, limits.sendsPerDestination, now);
    if (!window.allowed) return window;
    guards.push(appendSend(destination, limits.sendsPerDestination, now));
  }
  if (owner && verification.user !== undefined) {
    const sends = rows
      .userGuards(verification.organization, verification.user)
      .flatMap((guard) => guard.sends)
      .sort((a, b) => a - b);
    const window = checkWindows(sends, limits.sendsPerUser, now);
    if (!window.allowed) return window;
    guards.push(appendSend(owner, limits.sendsPerUser, now));
  }
  return { allowed: true, guards };
}

export interface Message {
  readonly verification: Verification;
  readonly delivery?: Delivery;
  readonly order?: OutsideOrder;
  readonly changes: readonly Change[];
}

export interface SendRequest {
  readonly deliveryId: string;
  readonly now: number;
  readonly test: TestCode | undefined;
  readonly authenticator: Authenticator | undefined;
  readonly terms?: StartTerms | undefined;
  /** Names of providers that are not to carry it. */
  readonly skip?: readonly string[] | undefined;
}

/**
 * Gives the verification its newest code and the message that carries it. The code leaves this function sealed or as a
 * keyed digest, never plain. A test number gets its fixed code and no message.
 */
export function withMessage(verification: Verification, request: SendRequest, tools: EngineTools): Message {
  const { via } = verification;
  if (!isDeliveryVia(via)) return { verification, changes: [] };
  if (verification.outside) return withOrder(verification, verification.outside, via, request);
  const code = chooseCode(verification, request, tools);
  const mac = tools.vault.mac("code", codeFields(verification.organization, verification.id, code));
  const fresh = verification.sealedCode === undefined;
  const next: Verification = {
    ...verification,
    mac: mac.value,
    kid: mac.kid,
    sends: verification.sends + 1,
    lastSentAt: request.now,
    ...(fresh && { expiresAt: request.now + verification.rules.codeTtlSeconds * 1000 }),
    ...(verification.rules.resend === "same" &&
      fresh && { sealedCode: tools.vault.seal(codePlace(verification), code) }),
  };
  if (request.test) return { verification: next, changes: [] };
  const delivery = deliveryOf(next, via, code, request, tools);
  return {
    verification: withRecord(next, via, "queued", request),
    delivery,
    changes: [{ write: "delivery", delivery }],
  };
}

/**
 * The same where somebody else makes and sends the code: no code of ours, and an order in place of the message. The one that
 * was sent before is no longer asked for. Until its outcome is noted, nobody knows whether it was sent.
 */
function withOrder(
  verification: Verification,
  outside: Outside,
  via: DeliveryVia,
  request: SendRequest,
): Message {
  const { deliveryId: id, now } = request;
  const { codeTtlSeconds: ttlSeconds } = verification.rules;
  const next: Verification = {
    ...verification,
    outside: { ...outside, reference: undefined },
    sends: verification.sends + 1,
    lastSentAt: now,
    expiresAt: now + ttlSeconds * 1000,
  };
  return {
    verification: withRecord(next, via, "maybe_sent", request),
    order: { id, via, ...destinationOf(verification, request), ttlSeconds },
    changes: [],
  };
}

/** The message among those of its verification, with what it is expected to cost. */
function withRecord(
  verification: Verification,
  via: DeliveryVia,
  state: DeliveryState,
  { deliveryId: id, now: at }: SendRequest,
): Verification {
  const { rules, number, deliveries } = verification;
  const priceMicros = isTelephoneVia(via) ? expectedPrice(rules.sending, via, number?.country) : 0;
  const charged = priceMicros > 0 ? { priceMicros } : {};
  return { ...verification, deliveries: [...deliveries, { id, via, state, ...charged, at }] };
}

/** Where it goes, sealed as it stands in its row. */
function destinationOf(
  verification: Verification,
  { authenticator }: SendRequest,
): Pick<Delivery, "destination" | "destinationAt"> {
  return {
    destination: authenticator?.destination ?? verification.destination ?? "",
    destinationAt: authenticator
      ? { table: "authenticators", row: authenticator.id }
      : { table: "verifications", row: verification.id },
  };
}

function chooseCode(verification: Verification, request: SendRequest, tools: EngineTools): string {
  const { vault } = tools;
  if (verification.sealedCode !== undefined) {
    return Buffer.from(vault.open(codePlace(verification), verification.sealedCode)).toString();
  }
  if (request.test) {
    const { organization } = verification;
    const place = { organization, table: "test_numbers", column: "code", row: request.test.id };
    return Buffer.from(vault.open(place, request.test.code)).toString();
  }
  const { codeLength, codeAlphabet } = verification.rules;
  if (codeAlphabet === "alphanumeric") return generateToken(codeLength, tools.random);
  // A legacy pin is heard as a number, and a recogniser drops its leading zero (design rule 4). Clients of a drop-in surface
  // handle codes as numbers, which lose it as well.
  const leadingZero = codeLength < 6 || request.terms ? "avoided" : "allowed";
  return generateCode(codeLength, { leadingZero }, tools.random);
}

function codePlace(verification: Verification) {
  const { organization, id } = verification;
  return { organization, table: "verifications", column: "code", row: id };
}

function deliveryOf(
  verification: Verification,
  via: DeliveryVia,
  code: string,
  request: SendRequest,
  tools: EngineTools,
): Delivery {
  const { organization } = verification;
  const place = { organization, table: "deliveries", column: "code", row: request.deliveryId };
  return {
    id: request.deliveryId,
    organization,
    verification: verification.id,
    via,
    locale: verification.locale,
    app: verification.app,
    purpose: verification.purpose,
    binding: verification.binding,
    wishes: verification.wishes,
    hint: verification.hint,
    country: verification.number?.country,
    ...destinationOf(verification, request),
    code: tools.vault.seal(place, code),
    ...(request.terms && onTerms(place, request.terms, tools)),
    ttlSeconds: verification.rules.codeTtlSeconds,
    createdAt: request.now,
    expiresAt: verification.expiresAt,
    ...(request.skip && { skip: request.skip }),
    state: "queued",
  };
}

/** What the caller wrote may name a person: it is kept like the code. */
function onTerms(place: Place, { publicId, text }: StartTerms, { vault }: EngineTools) {
  return { publicId, ownText: vault.seal({ ...place, column: "ownText" }, text) };
}

const captured = new WeakMap<Policy, VerificationRules>();
const capturedForTest = new WeakMap<Policy, VerificationRules>();

/** What a verification keeps of the policy in force when it started; one object per policy. */
export function captureRules(policy: Policy, test: TestCode | undefined): VerificationRules {
  const memory = test ? capturedForTest : captured;
  const known = memory.get(policy);
  if (known) return known;
  const rules = rulesOf(policy, test);
  memory.set(policy, rules);
  return rules;
}

function rulesOf(policy: Policy, test: TestCode | undefined): VerificationRules {
  const { legacyPin, ...rules } = policy;
  return test ? { ...rules, test: true } : rules;
}
