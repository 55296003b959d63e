import { timeOrderedId } from "../code/random.ts";
import type { Authenticator, Guard, NumberFacts, Verification, VerificationId } from "../model.ts";
import { isDeliveryVia } from "../model.ts";
import { authenticatorGuard, destinationGuard } from "../policy/guards.ts";
import { resendWait } from "../policy/limits.ts";
import { type NarrowingLayer, narrowPolicy } from "../policy/narrow.ts";
import type { Policy } from "../policy/policy.ts";
import { narrowForUser } from "../policy/resolve.ts";
import { isTelephoneVia } from "../policy/sending.ts";
import { sourceOf } from "../policy/sending-source.ts";
import type { EngineServices } from "../services.ts";
import type { StartCommand, StartOutcome, StartRefusal } from "../store.ts";
import type { EngineTools } from "../tools.ts";
import type { Change, Decision, Rows } from "./decision.ts";
import { findPending, isRepeat, pointTo, savedGuards, supersede } from "./pending.ts";
import { decideResendOf } from "./resend.ts";
import { captureRules, checkSend, type SendAllowed, type SendRefused, withMessage } from "./send.ts";
import { eventOf, whereabouts } from "./status.ts";
import { ownPurposePrefix, rulesOnTerms, type StartTerms } from "./terms.ts";

/** What a surface asks for; everything a caller may not choose is added here. */
export interface StartRequest
  extends Omit<
    StartCommand,
    "id" | "deliveryId" | "now" | "policy" | "fallbackLocale" | "production" | "terms" | "source"
  > {
  /** IP address of the end user, where the caller knows it; kept as keyed digests only. */
  readonly source?: string | undefined;
  /** Wishes of the surface, below the publication: they may be stricter than the policy and never looser. */
  readonly layer?: NarrowingLayer | undefined;
  /** Only the route of a surface with ranges of its own sets it. */
  readonly terms?:
    | (Omit<StartTerms, "publicId"> & { readonly publicIdOf: (id: VerificationId) => string })
    | undefined;
}

/**
 * Starts a verification, or resends the pending one of the same authenticator, purpose and app. Returns when it is
 * durable; the message leaves afterwards. Errors: `not_found` for an app or publication of somebody else.
 */
export async function startVerification(
  request: StartRequest,
  services: EngineServices,
): Promise<StartOutcome> {
  const { layer, ...wanted } = request;
  const { organization, app, publication } = wanted;
  const scope = await services.settings.scopeOf({ organization, app, publication });
  const now = services.clock.now();
  const id = timeOrderedId(now, services.random);
  const outcome = await services.store.verifications.start({
    ...wanted,
    source: wanted.source === undefined ? undefined : sourceOf(organization, wanted.source, services.vault),
    app: scope.app,
    id,
    terms: termsFor(id, request.terms),
    deliveryId: timeOrderedId(now, services.random),
    now,
    policy: layer === undefined ? scope.policy : narrowPolicy(scope.policy, layer),
    fallbackLocale: scope.locale,
    production: services.settings.production,
  });
  if (outcome.kind !== "refused" && outcome.delivery) services.dispatch(outcome.delivery);
  return outcome;
}

function termsFor(id: VerificationId, asked: StartRequest["terms"]): StartTerms | undefined {
  if (asked === undefined) return undefined;
  const { publicIdOf, ...terms } = asked;
  return { ...terms, publicId: publicIdOf(id) };
}

/** Whom the code goes to, once the rows are known. */
interface Target {
  readonly guard: Guard;
  readonly user?: string | undefined;
  readonly authenticator?: Authenticator | undefined;
  readonly destinationKey?: string | undefined;
  readonly destination?: string | undefined;
  readonly number?: NumberFacts | undefined;
  readonly hint: string;
  readonly locale?: string | undefined;
  readonly policy: Policy;
}

/** Pure: the start of a verification over the rows it concerns. */
export function decideStart(command: StartCommand, rows: Rows, tools: EngineTools): Decision<StartOutcome> {
  const target = findTarget(command, rows, tools);
  if (typeof target === "string") return refuse(command, target);
  if (!target.policy.vias.includes(command.via)) return refuse(command, "method_not_allowed_by_policy");
  if (command.outside !== undefined && !isTelephoneVia(command.via)) {
    return refuse(command, "method_not_allowed_by_policy");
  }
  if (isSpent(target.guard, target.policy)) return refuse(command, "authenticator_disabled");
  const pending = findPending(command, target.guard, rows);
  if (pending && isRepeat(command, pending)) return resendPending(command, pending, target, rows, tools);
  const begun = begin(command, target, rows, tools);
  if (!pending || begun.outcome.kind === "refused") return begun;
  // Another call, action or amount: what the person was told about the old one must not approve the new one. And where every
  // start is a request of its own, only the newest one of a destination is alive.
  const replaced = supersede(pending, command);
  return {
    ...begun,
    changes: [...replaced.changes, ...begun.changes],
    events: [...replaced.events, ...begun.events],
  };
}

function begin(
  command: StartCommand,
  target: Target,
  rows: Rows,
  tools: EngineTools,
): Decision<StartOutcome> {
  const { organization, via, now } = command;
  const test = testCodeOf(command, target, rows);
  const captured = captureRules(target.policy, test);
  const rules = command.terms ? rulesOnTerms(captured, command.terms) : captured;
  // The fixed code of a test number is ours: nobody outside hears of such a number.
  const outside = test ? undefined : command.outside;
  const verification: Verification = {
    ...draft(command, target, rules),
    ...(outside !== undefined && { outside: { service: outside, waiting: 0 } }),
  };
  const { authenticator } = target;
  let send: SendAllowed | undefined;
  if (isDeliveryVia(via) && !test) {
    const owner = target.user === undefined ? undefined : target.guard;
    const { actor, deliveryId } = command;
    const question = { owner, limits: target.policy, authenticator, actor, deliveryId, now };
    const answer = checkSend(verification, question, rows, tools);
    if (!answer.allowed) return refuseSend(command, answer);
    send = answer;
  }
  const message = withMessage(
    verification,
    { deliveryId: command.deliveryId, now, test, authenticator, terms: command.terms },
    tools,
  );
  const pointed = pointTo(command, target.guard, command, rows);
  const changes: Change[] = [
    { write: "verification_added", verification: message.verification },
    ...savedGuards(target.guard, send?.guards ?? [], pointed.pending),
    ...pointed.changes,
    ...(send?.changes ?? []),
    ...message.changes,
  ];
  const named = command.terms && { surface: command.terms.surface, request: command.terms.publicId };
  const started = eventOf("verification.started", message.verification, command.actor, named);
  return {
    outcome: {
      kind: "started",
      verification: message.verification,
      ...(message.delivery && { delivery: message.delivery }),
      ...(message.order && { order: message.order }),
    },
    changes,
    events: [...(send?.events ?? []), ...pointed.events, { ...started, organization }],
  };
}

function draft(command: StartCommand, target: Target, rules: Verification["rules"]): Verification {
  return {
    id: command.id,
    organization: command.organization,
    user: target.user,
    authenticator: target.authenticator?.id,
    guard: target.guard.key,
    destinationKey: target.destinationKey,
    destination: target.destination,
    number: target.number,
    source: command.source,
    hint: target.hint,
    app: command.app,
    publication: command.publication,
    channel: command.channel,
    via: command.via,
    purpose: command.purpose,
    binding: command.binding,
    conversation: command.conversation,
    wishes: command.wishes,
    locale: command.locale ?? target.locale ?? command.fallbackLocale,
    status: "pending",
    attempts: 0,
    sends: 0,
    createdAt: command.now,
    expiresAt: command.now + rules.codeTtlSeconds * 1000,
    rules,
    deliveries: [],
  };
}

function findTarget(command: StartCommand, rows: Rows, tools: EngineTools): Target | StartRefusal {
  const { organization, target, policy } = command;
  if (!("user" in target)) {
    const place = { organization, table: "verifications", column: "destination", row: command.id };
    return {
      guard: rows.guard(organization, destinationGuard(target.destinationKey)),
      destinationKey: target.destinationKey,
      destination: tools.vault.seal(place, target.destination),
      number: target.number,
      hint: target.hint,
      policy,
    };
  }
  const user = rows.user(organization, target.user);
  if (!user || user.disabledAt !== undefined) return "not_found";
  const authenticator = chooseAuthenticator(command, rows.authenticators(organization, user.id));
  if (!authenticator) return "no_authenticator";
  return {
    guard: rows.guard(organization, authenticatorGuard(user.id, authenticator.id)),
    user: user.id,
    authenticator,
    destinationKey: authenticator.destinationKey,
    number: authenticator.number,
    hint: authenticator.hint,
    locale: user.locale,
    policy: narrowForUser(policy, user.policy),
  };
}

/** The named authenticator, or the newest active one of this kind; a pending one only when its enrollment asks for it. */
function chooseAuthenticator(
  command: StartCommand,
  authenticators: readonly Authenticator[],
): Authenticator | undefined {
  const named = "user" in command.target ? command.target.authenticator : undefined;
  const fitting = authenticators.filter((one) => one.kind === command.via);
  if (named !== undefined) {
    const wanted = command.purpose === enrollmentPurpose ? "pending" : "active";
    return fitting.find((one) => one.id === named && one.status === wanted);
  }
  return fitting.findLast((one) => one.status === "active");
}

/** Purpose of the verification that confirms a new destination; callers of the API may not use it. */
export const enrollmentPurpose = `${ownPurposePrefix}enrollment`;

function isSpent(guard: Guard, policy: Policy): boolean {
  return guard.disabledAt !== undefined || guard.failures >= policy.failureBudget;
}

/** Inside the resend delay a second start is taken for a double click: same verification, nothing sent. */
function resendPending(
  command: StartCommand,
  pending: Verification,
  target: Target,
  rows: Rows,
  tools: EngineTools,
): Decision<StartOutcome> {
  const { via } = command;
  const waiting = resendWait(pending.rules, pending.sends, pending.lastSentAt, command.now) > 0;
  if (!isDeliveryVia(via) || (waiting && via === pending.via)) {
    return { outcome: { kind: "resent", verification: pending }, changes: [], events: [] };
  }
  if (!pending.rules.vias.includes(via)) return refuse(command, "method_not_allowed_by_policy");
  // A number named by the caller has one pending verification, whichever way it was asked for the first time.
  return decideResendOf({ ...pending, via }, target.authenticator, command, rows, tools);
}

function testCodeOf(command: StartCommand, target: Target, rows: Rows) {
  const { via, organization, now } = command;
  if (command.production || !isDeliveryVia(via) || target.destinationKey === undefined) return undefined;
  return rows.testCode(organization, via, target.destinationKey, now);
}

/** The rules for sending say no: what they noticed is kept, and the event tells which rule it was. */
function refuseSend(command: StartCommand, refused: SendRefused): Decision<StartOutcome> {
  const { reason, rule, retryAfterSeconds, place, changes, events } = refused;
  const { outcome, events: told } = refuse(command, reason, retryAfterSeconds);
  return {
    outcome: { ...outcome, ...(rule && { rule }) } as StartOutcome,
    changes,
    events: [
      ...events,
      ...told.map((event) => ({ ...event, details: { ...event.details, ...place, reason: rule ?? reason } })),
    ],
  };
}

function refuse(
  command: StartCommand,
  reason: StartRefusal,
  retryAfterSeconds?: number,
): Decision<StartOutcome> {
  const { organization, actor, target } = command;
  const user = "user" in target ? target.user : undefined;
  const details = { ...whereabouts(command), ...("hint" in target && { to: target.hint }), reason };
  return {
    outcome: { kind: "refused", reason, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    changes: [],
    events: reason === "not_found" ? [] : [{ type: "send.refused", organization, user, actor, details }],
  };
}
