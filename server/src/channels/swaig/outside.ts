import {
  createSignalwireMfa,
  type SignalwireMfa,
  type SignalwireSent,
  type SignalwireVerified,
} from "../../delivery/signalwire-mfa.ts";
import type { OrganizationId, VerificationId, VerificationState } from "../../engine/model.ts";
import type { NoteOutsideCommand, OutsideAnswer, OutsideOrder } from "../../engine/outside.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { CheckResult } from "../../engine/verification/check.ts";
import { countOutside, noteOutside, settleOutside } from "../../engine/verification/outside.ts";
import type { ChannelTools, Published } from "../channel.ts";
import type { Errand } from "./send.ts";
import type { SwaigSettings } from "./settings.ts";

/** The caller hears silence meanwhile. */
const timeoutMs = 900;

/** Has SignalWire make and send the code that the engine ordered, and notes what became of it. */
export async function sendOutside(
  order: OutsideOrder,
  { id, rules }: VerificationState,
  { publication, tools }: Errand,
): Promise<NoteOutsideCommand["state"]> {
  const { organization, settings } = publication;
  const { clock } = tools.services;
  const askedAt = clock.now();
  const sent = await clientFor(publication, tools).send({
    via: order.via === "voice" ? "voice" : "sms",
    to: numberOf(order, organization, tools.services),
    from: settings.signalwireFrom,
    tokenLength: rules.codeLength,
    ttlSeconds: order.ttlSeconds,
    maxAttempts: rules.maxAttempts,
    idempotencyKey: order.id,
  });
  const became = becameOf(sent);
  const actor = `channel:${publication.id}`;
  const durationMs = Math.max(0, clock.now() - askedAt);
  await noteOutside({ organization, actor, id, delivery: order.id, ...became, durationMs }, tools.services);
  return became.state;
}

function numberOf(
  { destination, destinationAt }: OutsideOrder,
  organization: OrganizationId,
  { vault }: EngineServices,
): string {
  const place = { organization, column: "destination", ...destinationAt };
  return Buffer.from(vault.open(place, destination)).toString();
}

function becameOf(
  sent: SignalwireSent,
): Pick<NoteOutsideCommand, "state" | "reference" | "reason" | "providerCode"> {
  if (sent.ok) return { state: "accepted", reference: sent.id };
  const { reason, providerCode } = sent;
  return { state: reason === "ambiguous" ? "maybe_sent" : "failed", reason, providerCode };
}

/** One answer: counted by the engine, shown to SignalWire, decided by the engine. */
export async function verifyOutside(
  token: string,
  id: VerificationId,
  { publication, idempotency, tools }: Errand,
): Promise<CheckResult> {
  const { organization, settings } = publication;
  // The publication was changed in the middle of the call: nobody is there to ask.
  if (settings.mfa !== "signalwire") return { kind: "unknown" };
  const context = { organization, actor: `channel:${publication.id}`, id };
  const count = await countOutside({ ...context, attempt: idempotency.key }, tools.services);
  if (count.kind !== "counted") return count;
  const { counted, reference } = count;
  const said = await clientFor(publication, tools).verify(reference, token);
  return settleOutside({ ...context, counted, answer: answers[said.kind] }, tools.services);
}

const answers: Readonly<Record<SignalwireVerified["kind"], OutsideAnswer>> = {
  approved: "right",
  wrong: "wrong",
  over: "over",
  failed: "unknown",
};

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
