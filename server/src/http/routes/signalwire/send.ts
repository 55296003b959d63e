import type { FastifyRequest } from "fastify";
import { CountersignError, isCountersignError } from "../../../engine/errors.ts";
import type { EngineServices } from "../../../engine/services.ts";
import type { SignalwireProject } from "../../../engine/settings.ts";
import type { StartOutcome, StartTarget } from "../../../engine/store.ts";
import { type StartRequest, startVerification } from "../../../engine/verification/start.ts";
import { signalwirePurpose, surfaceRanges } from "../../../engine/verification/terms.ts";
import { idempotencyOf } from "../../idempotency.ts";
import type { Metrics } from "../../metrics.ts";
import { targetTo } from "../verifications/target.ts";
import type { SurfaceBody } from "./body.ts";
import { invalidFields } from "./errors.ts";
import { type Fields, readFields } from "./fields.ts";
import { callerOf, projectOf } from "./login.ts";
import { defaultMessage, messageProblem } from "./message.ts";
import type { PublicIds } from "./public-ids.ts";

export type SurfaceVia = "sms" | "voice";

/** The word of the answer for how the token goes out. */
const channels = { sms: "sms", voice: "call" } as const;

export interface SendTools {
  readonly services: EngineServices;
  readonly metrics: Metrics;
  readonly ids: PublicIds;
}

/**
 * `POST …/mfa/sms` and `…/mfa/call`: sends a token and answers with the id that it is verified under. Every request is one of
 * its own; the one that its destination had before is over.
 */
export async function sendToken(request: FastifyRequest, via: SurfaceVia, tools: SendTools) {
  const { services, metrics, ids } = tools;
  const project = projectOf(request);
  const caller = callerOf(project);
  const asked = await readRequest(
    (request.body as SurfaceBody | undefined) ?? nothing,
    via,
    project,
    services,
  );
  const outcome = await startVerification(
    {
      organization: project.organization,
      actor: caller.actor,
      idempotency: idempotencyOf(request, caller),
      via,
      purpose: signalwirePurpose,
      target: asked.target,
      app: project.app,
      channel: "api",
      locale: asked.locale,
      wishes: asked.sender === undefined ? undefined : { from: asked.sender },
      terms: { ...asked.terms, publicIdOf: (id) => ids.publicOf(project.id, id) },
    },
    services,
  );
  if (outcome.kind === "refused") {
    metrics.startRefused(via, outcome.reason);
    throw refusalOf(outcome);
  }
  metrics.verificationStarted(via);
  const id = ids.publicOf(project.id, outcome.verification.id);
  return { id, success: true, to: asked.target.destination, channel: channels[via] };
}

const nothing: SurfaceBody = { form: true, values: {} };

interface Asked {
  readonly target: Extract<StartTarget, { destination: string }>;
  readonly sender: string | undefined;
  /** Of the default text; whoever writes another one knows their language. */
  readonly locale: string | undefined;
  readonly terms: Omit<NonNullable<StartRequest["terms"]>, "publicIdOf">;
}

/** Reads the documented fields with their defaults. Throws everything that is wrong at once. */
async function readRequest(
  body: SurfaceBody,
  via: SurfaceVia,
  project: SignalwireProject,
  services: EngineServices,
): Promise<Asked> {
  const ranges = surfaceRanges.signalwire;
  const fields = readFields(body);
  const target = await readTarget(fields, via, project, services);
  const sender = readSender(fields, project);
  const codeLength = fields.whole("token_length", ranges.codeLength, 6);
  const codeTtlSeconds = fields.whole("valid_for", ranges.codeTtlSeconds, 3600);
  const maxAttempts = fields.whole("max_attempts", ranges.maxAttempts, 3);
  const codeAlphabet = fields.flag("allow_alphas", false) ? "alphanumeric" : "digits";
  const message = fields.text("message");
  const place = { via, tokenLength: codeLength, links: project.links };
  const problem = message === undefined ? undefined : messageProblem(message, place);
  if (problem !== undefined) fields.wrong("message", problem);
  fields.demandSound();
  if (target === undefined) throw invalidFields([{ field: "to", problem: "is required" }]);
  const text = message ?? defaultMessage;
  return {
    target,
    sender,
    locale: message === undefined ? "en" : undefined,
    terms: { surface: "signalwire", codeLength, codeAlphabet, codeTtlSeconds, maxAttempts, text },
  };
}

/** A whole E.164 number: without its + nobody knows which country is meant. */
async function readTarget(
  fields: Fields,
  via: SurfaceVia,
  { organization }: SignalwireProject,
  services: EngineServices,
): Promise<Asked["target"] | undefined> {
  const to = fields.number("to");
  if (to === undefined) return undefined;
  if (!to.trim().startsWith("+")) {
    fields.wrong("to", "must be a telephone number in E.164 form, with + and the country code");
    return undefined;
  }
  try {
    return await targetTo(organization, via, to, services);
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    fields.wrong("to", `cannot be used. ${error.message}`);
    return undefined;
  }
}

/** One of the project's own numbers, however it is grouped; the first of them where none is named. */
function readSender(fields: Fields, { from }: SignalwireProject): string | undefined {
  const named = fields.number("from");
  if (named === undefined) return from[0];
  const number = named.replace(/[\s().-]/g, "");
  if (from.includes(number)) return number;
  fields.wrong("from", "is not a number of this project");
  return undefined;
}

/** Which rule refused it stands in the record; the caller is told that this number gets no message now. */
function refusalOf({
  reason,
  rule,
  retryAfterSeconds,
}: Extract<StartOutcome, { kind: "refused" }>): CountersignError {
  const later = retryAfterSeconds === undefined ? "" : `. Try again in ${retryAfterSeconds} s`;
  return new CountersignError("invalid_request", "The start was refused.", {
    fields: [{ field: "to", problem: `cannot get a token now (${rule ?? reason})${later}` }],
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
