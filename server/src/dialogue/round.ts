import { targetAt } from "../delivery/destination-known.ts";
import { proofWords } from "../engine/code/proof-words.ts";
import type { ConversationChange } from "../engine/conversations.ts";
import type { DeliveryState, Verification, VerificationId } from "../engine/model.ts";
import type { StartOutcome, StartRefusal, StartTarget } from "../engine/store.ts";
import { cancelVerification } from "../engine/verification/cancel.ts";
import { checkVerification } from "../engine/verification/check.ts";
import { startVerification } from "../engine/verification/start.ts";
import { sendCode, verifyCode } from "./external/services.ts";
import { readAddress } from "./methods.ts";
import { actorOf, type Run } from "./run.ts";
import { customerOf, serviceToolsOf } from "./services.ts";
import type { CodeSent, CodeVerified, DialogueState, Effect, Method } from "./state.ts";
import { lengthsOf } from "./understand.ts";

/** A person waits on the line: how long for the provider to accept a message before the dialogue says what is true. */
const acceptanceMs = 4_000;

export interface RoundBegun {
  readonly result: CodeSent;
  readonly verification?: VerificationId | undefined;
}

/** Begins a round: one verification of the engine, or one message of the customer's own system. */
export async function beginRound(method: Method, run: Run): Promise<RoundBegun> {
  if (run.generation === "internal") return beginOurs(method, run);
  const ordered = await sendCode(method, customerOf(run), await serviceToolsOf(run));
  return { result: ordered.outcome === "sent" ? { ...ordered, code: run.settings.externalCode } : ordered };
}

async function beginOurs(method: Method, run: Run): Promise<RoundBegun> {
  const target = await targetOf(method, run);
  if (target === undefined || method.kind === "external") return { result: { outcome: "failed" } };
  const { conversation, externalId, publication, settings, facts, messageLocale, tools } = run;
  const outcome = await startVerification(
    {
      organization: publication.organization,
      actor: actorOf(run),
      idempotency: run.idempotency(),
      via: method.kind,
      purpose: settings.purpose,
      target,
      publication: publication.id,
      channel: publication.channel,
      // What is approved in one call opens nothing in another.
      binding: { call: externalId.length <= longestCall ? externalId : conversation },
      conversation,
      source: facts.source,
      wishes: wishesOf(method, run),
      locale: messageLocale ?? facts.locale,
      layer: {
        ...(settings.digits !== undefined && { codeLength: settings.digits }),
        codeTtlSeconds: Math.ceil(settings.expiryMinutes * 60),
        maxAttempts: settings.maxVerify,
      },
    },
    tools.services,
  );
  return outcome.kind === "refused" ? { result: refusal(outcome.reason) } : begun(outcome, method, run);
}

/** Longest `call` of a receipt. */
const longestCall = 128;

async function targetOf(method: Method, run: Run): Promise<StartTarget | undefined> {
  const { authenticator, destination, kind } = method;
  const { user } = run.facts;
  if (authenticator !== undefined) return user === undefined ? undefined : { user, authenticator };
  if (destination === undefined || kind === "totp" || kind === "external") return undefined;
  const known = await readAddress(kind, destination, run);
  return known && targetAt(known);
}

function wishesOf(method: Method, { settings }: Run): Verification["wishes"] {
  const { emailFrom, emailSubject, smsFrom } = settings;
  const proof = settings.proofWords ? ({ proofWords: true } as const) : {};
  switch (method.kind) {
    case "email":
      return wished({ from: emailFrom, subject: emailSubject, ...proof });
    case "sms":
      return wished({ from: smsFrom, ...proof });
    case "voice":
      return wished(proof);
    default:
      return undefined;
  }
}

function wished(wishes: NonNullable<Verification["wishes"]>): Verification["wishes"] {
  return Object.values(wishes).some((value) => value !== undefined) ? wishes : undefined;
}

/** A method that has gone meanwhile is a message not sent; everything else is one of our limits, and a way out. */
function refusal(reason: StartRefusal): CodeSent {
  const gone: readonly StartRefusal[] = ["not_found", "no_authenticator", "method_not_allowed_by_policy"];
  return { outcome: gone.includes(reason) ? "failed" : "refused" };
}

type Started = Exclude<StartOutcome, { readonly kind: "refused" }>;

async function begun({ verification }: Started, method: Method, run: Run): Promise<RoundBegun> {
  const { id, rules, expiresAt, wishes } = verification;
  const isTest = method.kind !== "totp" && verification.deliveries.length === 0;
  const state = method.kind === "totp" || isTest ? "accepted" : await stateOf(id, run);
  if (state === "failed" || state === "dropped") {
    // Another round must not find it pending and take itself for a resend.
    await cancelRound(id, run);
    return { result: { outcome: "failed" }, verification: id };
  }
  const digits = method.digits ?? rules.codeLength;
  const isAccepted = state === "accepted" || state === "delivered";
  return {
    verification: id,
    result: {
      outcome: "sent",
      // The fixed code of a test number has a length of its own.
      code: { minDigits: isTest ? Math.min(digits, 6) : digits, maxDigits: isTest ? 10 : digits, expiresAt },
      delayed: !isAccepted,
      words: wishes?.proofWords ? proofWordsOf(verification, run) : undefined,
    },
  };
}

function proofWordsOf({ id, locale }: Started["verification"], { publication, tools }: Run): string {
  const { organization } = publication;
  return proofWords({ organization, verification: id, locale }, tools.services.vault);
}

/** By this process's own knowledge, else by the record: another node may be sending it. */
async function stateOf(id: VerificationId, { publication, tools }: Run): Promise<DeliveryState> {
  const known = await tools.waitForDelivery(id, acceptanceMs);
  if (known !== undefined) return known;
  const stored = await tools.services.store.verifications.find(publication.organization, id);
  return stored?.deliveries.at(-1)?.state ?? "sending";
}

export interface CodeChecked {
  readonly result: CodeVerified;
  /** Proof of an approval of ours. */
  readonly receipt?: string | undefined;
  /** `whenApproved` was written in the same step. */
  readonly kept?: boolean | undefined;
}

export interface Answered {
  readonly question: Extract<Effect, { readonly kind: "verify" }>;
  readonly code: DialogueState["code"];
  readonly locale: string;
  /** The next version of the conversation, if the answer is right. */
  readonly whenApproved: ConversationChange | undefined;
}

/**
 * Checks one answer. The attempt is durable before this resolves, and it bears the turn's name: repeated after a crash, or given
 * on two nodes at once, it is counted once.
 */
export async function checkCode(
  { question, code, locale, whenApproved }: Answered,
  run: Run,
): Promise<CodeChecked> {
  const { answer, best } = question;
  if (run.generation === "external") {
    return { result: await verifyCode(best, customerOf(run), await serviceToolsOf(run)) };
  }
  const { facts, publication, tools } = run;
  if (facts.verification === undefined || code === undefined) return { result: { outcome: "expired" } };
  const checked = await checkVerification(
    {
      organization: publication.organization,
      actor: actorOf(run),
      id: facts.verification,
      attempt: run.name,
      answer,
      locale,
      lengths: lengthsOf(code),
      whenApproved,
    },
    tools.services,
  );
  switch (checked.kind) {
    case "approved":
      return { result: { outcome: "right" }, receipt: checked.receipt, kept: checked.kept };
    case "refused":
      return { result: refusedCheck(checked) };
    case "unknown":
      return { result: { outcome: "expired" } };
    case "malformed":
      return { result: { outcome: "path", path: "error" } };
  }
}

type RefusedCheck = Extract<Awaited<ReturnType<typeof checkVerification>>, { readonly kind: "refused" }>;

function refusedCheck({ reason, verification }: RefusedCheck): CodeVerified {
  switch (reason) {
    case "throttled":
    case "disabled":
    case "checked_outside":
    case "unanswered":
      return { outcome: "refused" };
    case "expired":
      return { outcome: "expired" };
    case "exhausted":
      return { outcome: "wrong", isVoid: true };
    case "closed":
      // One verification, finished on any surface: the person approved it elsewhere meanwhile.
      return { outcome: verification.status === "approved" ? "right" : "expired" };
    case "wrong":
    case "replayed":
      if (verification.reason === "authenticator_disabled") return { outcome: "refused" };
      return { outcome: "wrong", isVoid: verification.status !== "pending" };
  }
}

/** The code of this round takes no further answer. */
export async function cancelRound(id: VerificationId | undefined, run: Run): Promise<void> {
  if (id === undefined) return;
  const { organization } = run.publication;
  await cancelVerification({ organization, actor: actorOf(run), id }, run.tools.services);
}
