import { findPerson } from "../../dialogue/person.ts";
import type { Run } from "../../dialogue/run.ts";
import { settingsInForce } from "../../dialogue/settings.ts";
import { runTtlMs } from "../../dialogue/state.ts";
import type { User } from "../../engine/model.ts";
import type { Idempotency } from "../../engine/store.ts";
import type { ChannelTools, Published } from "../channel.ts";
import { numberOf } from "../heard.ts";
import { findNote } from "./notes.ts";
import type { Parameters } from "./request.ts";
import type { Seat } from "./seats.ts";
import type { GenesysSettings } from "./settings.ts";

/** One request on its way. */
export interface Errand {
  readonly parameters: Parameters;
  readonly publication: Published<GenesysSettings>;
  readonly tools: ChannelTools;
}

/** Whom a request names: undefined where it names nobody. */
export interface Named {
  readonly user?: User | undefined;
}

/** The customer of a request, by the first parameter that names one, else by the call that an earlier request told of. */
export async function findCustomer(errand: Errand): Promise<Named | undefined> {
  const { parameters, publication, tools } = errand;
  const key = publication.settings.customerKeys.find((name) => parameters.get(name) !== undefined);
  const named = key === undefined ? undefined : parameters.get(key);
  if (key !== undefined && named !== undefined) {
    const byNumber = key.toLowerCase() === "cli";
    return {
      user: await findPerson(
        runFor(byNumber ? { caller: numberOf(named) ?? named } : { subject: named }, errand),
      ),
    };
  }
  if (parameters.session === undefined) return undefined;
  const subject = await findNote("session", parameters.session, errand);
  if (subject === undefined) return undefined;
  const user = await tools.services.store.users.find(publication.organization, subject);
  return { user: user?.disabledAt === undefined ? user : undefined };
}

/** What the steps of a dialogue read of its run. */
export function runFor(
  facts: Run["facts"],
  { publication, tools }: Errand,
  place?: { readonly seat: Seat; readonly idempotency: Idempotency },
): Run {
  const { settings } = publication;
  const { seat, idempotency = { key: "", fingerprint: "" } } = place ?? {};
  return {
    conversation: seat?.id ?? "",
    externalId: seat?.session ?? seat?.id ?? "",
    publication: { ...publication, settings },
    settings: { ...settingsInForce(settings), identify: facts.subject === undefined ? "caller" : "subject" },
    generation: "internal",
    facts,
    name: idempotency.key,
    idempotency: () => idempotency,
    tools,
  };
}

/** A platform's second try, after a crash of ours or on another node, has the outcome of the first. */
const takeOverAfterMs = 20_000;

/** A key of its own for each command of a request; the same when the request is repeated before its outcome was kept. */
export function idempotencyOf(
  { id, stored }: Seat,
  command: "send" | "ask" | "check",
  content: string,
  { tools }: Errand,
): Idempotency {
  // A place that was forgotten counts its versions anew.
  const since = stored?.createdAt ?? `first-${Math.floor(tools.services.clock.now() / runTtlMs)}`;
  return {
    key: `${id}:${since}:${stored?.version ?? 0}:${command}`,
    fingerprint: digestOf([id, command, content], tools),
    takeOverAfterMs,
  };
}

/** Keyed digest (hex), so that nothing of a code can be read from what is kept. */
export function digestOf(parts: readonly string[], { services }: ChannelTools): string {
  return Buffer.from(services.vault.mac("index", ["countersign/genesys/v1", ...parts]).value).toString("hex");
}
