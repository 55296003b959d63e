import { Value } from "typebox/value";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { FunctionCall } from "./call.ts";
import { type Approval, approvalOf } from "./grant.ts";
import { type Seat, seatEvent } from "./memory.ts";
import type { Errand } from "./send.ts";
import type { ProtectedFunction } from "./settings-functions.ts";
import { texts } from "./texts.ts";

export interface Allowed {
  readonly text: string;
  readonly events: readonly AuditDraft[];
}

/** Whether this call may use the protected functions at all, by our own record. */
export async function gate(
  name: string,
  { seat, publication, tools }: Errand,
): Promise<{ readonly approval: Approval } | { readonly refused: Allowed }> {
  const approval = await approvalOf(seat, publication, tools);
  if (approval !== undefined) return { approval };
  const events = [seatEvent("function.refused", seat, publication, { function: name })];
  return { refused: { text: texts.refused, events } };
}

/** What the model gave, where it fits the function's parameters. */
export function argumentsFor(
  { parameters }: ProtectedFunction,
  given: FunctionCall["arguments"],
): Readonly<Record<string, unknown>> | undefined {
  if (given === undefined) return undefined;
  const schema = parameters ?? { type: "object", properties: {} };
  // What the model adds beside is not passed on: it reaches no web service and decides nothing.
  const known = Object.fromEntries(
    Object.entries(given).filter(([name]) => Object.hasOwn(schema.properties, name)),
  );
  return Value.Check(schema, known) ? known : undefined;
}

/** Does what the function is for; the caller is confirmed and the arguments fit. */
export async function perform(
  one: ProtectedFunction,
  given: Readonly<Record<string, unknown>>,
  approval: Approval,
  errand: Errand,
): Promise<Allowed> {
  const { seat, publication } = errand;
  const events = [seatEvent("function.allowed", seat, publication, { function: one.name })];
  if (one.allow !== undefined) return { text: one.allow.text, events };
  return { text: await ask(one, given, approval, errand), events };
}

/** Longest text that is passed on to the model. */
const longestText = 4_000;
const defaultTimeoutMs = 4_000;

async function ask(
  { name, http }: ProtectedFunction,
  given: Readonly<Record<string, unknown>>,
  { verification }: Approval,
  { seat, publication, tools, idempotency }: Errand,
): Promise<string> {
  if (http === undefined) return texts.functionFailed;
  const { organization } = publication;
  try {
    const authorization =
      http.credential === undefined ? undefined : await tools.secretOf(organization, http.credential);
    const answer = await tools.fetch(http.url, {
      method: "POST",
      headers: {
        accept: "application/json, text/plain",
        "content-type": "application/json",
        "idempotency-key": idempotency.key,
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify({
        function: name,
        arguments: given,
        verification,
        ...(await whoOf(seat, errandStore(tools), organization)),
      }),
      timeoutMs: http.timeoutMs ?? defaultTimeoutMs,
    });
    const isGood = answer.status >= 200 && answer.status <= 299;
    return isGood ? textIn(answer.body) : texts.functionFailed;
  } catch {
    // Refused by the guard, unreachable, too slow, cut off: the model need not know which.
    return texts.functionFailed;
  }
}

function errandStore({ services }: Errand["tools"]) {
  return services.store.users;
}

/** The confirmed person, as the customer's own system knows them. */
async function whoOf(
  { externalId: call, memory }: Seat,
  users: ReturnType<typeof errandStore>,
  organization: string,
): Promise<object> {
  const user = memory.user === undefined ? undefined : await users.find(organization, memory.user);
  return { call, user: user?.id, externalId: user?.externalId };
}

/** `{"response": "…"}`, or the whole answer as it is. */
function textIn(body: string): string {
  try {
    const { response } = JSON.parse(body) as { readonly response?: unknown };
    if (typeof response === "string") return response.slice(0, longestText);
  } catch {
    // A plain text is an answer too.
  }
  return body.slice(0, longestText);
}
