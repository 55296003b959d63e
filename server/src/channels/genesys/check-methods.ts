import type { Said } from "./answers.ts";
import { type Errand, findCustomer } from "./errand.ts";
import { mayLookUp } from "./lookups.ts";
import { listedAs, offersOf } from "./methods.ts";
import { writeNote } from "./notes.ts";

/** Check Verified Contact Methods. Nobody and nothing look the same. */
export async function checkMethods(errand: Errand): Promise<Said> {
  const { parameters, publication, tools } = errand;
  const { store, clock } = tools.services;
  const { lookupsPerMinute: most, onRefused } = publication.settings;
  if (!mayLookUp(store.conversations, { publication: publication.id, now: clock.now(), most })) {
    return { status: onRefused };
  }
  const named = await findCustomer(errand);
  if (named === undefined) return { status: "error" };
  if (named.user === undefined) return notFound(errand);
  const { user } = named;
  const [offers] = await Promise.all([
    offersOf(user, errand),
    parameters.session && writeNote("session", parameters.session, user.id, errand),
  ]);
  if (offers === "refused") return { status: onRefused };
  if (offers.length === 0) return { status: "not found" };
  const methods = await Promise.all(offers.map((offer) => listedAs(offer, user, errand)));
  return { status: "success", methods };
}

/** Looks once more for what is not there, so that it takes as long as finding somebody. */
async function notFound({ parameters, publication, tools }: Errand): Promise<Said> {
  const { organization, id } = publication;
  const { settings, store } = tools.services;
  await Promise.all([
    settings.scopeOf({ organization, publication: id }),
    store.enrollments.list(organization, id),
  ]);
  // As long as a note takes to be written.
  if (parameters.session !== undefined) await store.conversations.find(organization, parameters.session);
  return { status: "not found" };
}
