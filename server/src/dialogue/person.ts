import { parseDestination } from "../delivery/destination.ts";
import { keyedDestination } from "../delivery/destination-known.ts";
import { isCountersignError } from "../engine/errors.ts";
import type { User } from "../engine/model.ts";
import type { Run } from "./run.ts";

/** Whom the dialogue concerns. A person who was disabled is known to nobody. */
export async function findPerson(run: Run): Promise<User | undefined> {
  const { facts, settings } = run;
  const bySubject = settings.identify !== "caller" && facts.subject !== undefined;
  const user = bySubject ? await findSubject(facts.subject ?? "", run) : undefined;
  // A subject that we do not know is not somebody else who calls from this number.
  const byCaller = settings.identify !== "subject" && facts.subject === undefined;
  const found = user ?? (byCaller ? await findCaller(run) : undefined);
  return found?.disabledAt === undefined ? found : undefined;
}

/** By our own id, else by the calling system's. */
async function findSubject(subject: string, { publication, tools }: Run): Promise<User | undefined> {
  const { organization } = publication;
  const { users } = tools.services.store;
  const [byId, byExternalId] = await Promise.all([
    users.find(organization, subject),
    users.findByExternalId(organization, subject),
  ]);
  return byId ?? byExternalId;
}

/** The one person who proved that this number is theirs; of several nobody. It chooses whom to ask and proves nothing. */
async function findCaller({ facts, publication, tools }: Run): Promise<User | undefined> {
  const { organization } = publication;
  const { store, settings, vault } = tools.services;
  if (facts.caller === undefined) return undefined;
  try {
    const country = await settings.countryOf(organization);
    const destination = parseDestination("voice", facts.caller, { country });
    const { key } = keyedDestination(organization, "voice", destination, vault);
    const [first, ...others] = await store.users.findByDestination(organization, key, 2);
    return others.length === 0 ? first : undefined;
  } catch (error) {
    // "anonymous" and its kin are no numbers.
    if (isCountersignError(error) && error.code === "invalid_destination") return undefined;
    throw error;
  }
}
