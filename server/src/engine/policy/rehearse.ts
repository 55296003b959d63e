import { firstIdAt, timeOfId } from "../code/random.ts";
import { CountersignError } from "../errors.ts";
import type { Organization, OrganizationId } from "../model.ts";
import type { PastPage, PastVerification } from "../sending.ts";
import type { EngineServices } from "../services.ts";
import { createRehearsal } from "./rehearsal.ts";
import type { RehearsalTally } from "./rehearsal-tally.ts";
import { resolvePolicy } from "./resolve.ts";
import type { SendingLayer, SendRules } from "./sending.ts";
import { appOf, layersOf } from "./source.ts";

export interface RehearseRequest {
  readonly organization: OrganizationId;
  readonly days: number;
  /** Takes the place of what the organization says of these rules; what is not named stays as it is. */
  readonly sending: SendingLayer;
  /** Asked between two steps: false ends the work, for nobody waits for it any more. */
  readonly isWanted: () => boolean;
}

export interface Rehearsed extends RehearsalTally {
  readonly from: number;
  /** Before now when a bound was met: nothing later was looked at. */
  readonly until: number;
  readonly complete: boolean;
}

/** How far back the record may be asked, in days. */
export const rehearsedDays = { least: 1, most: 30, usual: 7 } as const;

/** Most messages played, and rows of the store looked at, in one rehearsal: both hold its time and memory. */
export const rehearsalBounds = { messages: 100_000, rows: 2_000_000 } as const;

/** Rows per step: the store answers others in between. */
const stepRows = 500;
const dayMs = 24 * 3600 * 1000;

/**
 * What changed send rules would have blocked of the messages of the last days. It sends, counts and writes nothing. Apps and
 * publications keep the layers that they have now.
 */
export async function rehearse(
  request: RehearseRequest,
  services: Pick<EngineServices, "store" | "settings" | "clock">,
): Promise<Rehearsed> {
  const { organization, days, isWanted } = request;
  const now = services.clock.now();
  const from = now - days * dayMs;
  // A day before, so that limits of a day have what they look back on.
  const first = from - dayMs;
  const rules = await rulesFor(request, services);
  const rehearsal = createRehearsal({ organization, from, rulesOf: rules.of });
  const before = firstIdAt(now + 1);
  let after = firstIdAt(first);
  let messages = 0;
  let rows = 0;
  let page: PastPage;
  do {
    page = await services.store.sending.past(organization, { after, before }, stepRows);
    await rules.prepare(page.verifications);
    for (const past of page.verifications) {
      rehearsal.hear(past);
      messages += past.deliveries.length;
    }
    rows += page.looked;
    after = page.last ?? after;
    if (page.last !== undefined) rehearsal.advance(timeOfId(page.last));
  } while (
    page.last !== undefined &&
    messages < rehearsalBounds.messages &&
    rows < rehearsalBounds.rows &&
    isWanted()
  );
  const complete = page.last === undefined;
  if (complete) rehearsal.advance(Number.POSITIVE_INFINITY);
  return { ...rehearsal.tally(), from, until: complete ? now : timeOfId(after), complete };
}

type Asked = Pick<PastVerification, "app" | "publication">;

interface RulesFor {
  readonly of: (asked: Asked) => SendRules;
  /** Finds those of apps and publications that were not met before. */
  prepare(asked: readonly Asked[]): Promise<void>;
}

async function rulesFor(
  { organization: id, sending }: RehearseRequest,
  { store, settings }: Pick<EngineServices, "store" | "settings">,
): Promise<RulesFor> {
  const organization = await store.settings.organizations.find(id, id);
  if (!organization) throw new CountersignError("not_found", "There is no such organization.");
  const changed: Organization = {
    ...organization,
    policy: { ...organization.policy, sending: { ...organization.policy.sending, ...sending } },
  };
  const own = resolvePolicy(layersOf(settings, changed, undefined, undefined)).sending;
  const known = new Map<string, SendRules>();
  const nameOf = ({ app = "", publication = "" }: Asked) => `${app}|${publication}`;
  const find = async ({ app: appId, publication: publicationId }: Asked): Promise<SendRules> => {
    const scope = { organization: id, app: appId, publication: publicationId };
    try {
      const { app, publication } = await appOf(scope, store.settings);
      return resolvePolicy(layersOf(settings, changed, app, publication)).sending;
    } catch (error) {
      // What is deleted has no layer any more.
      if (error instanceof CountersignError && error.code === "not_found") return own;
      throw error;
    }
  };
  return {
    of: (asked) => known.get(nameOf(asked)) ?? own,
    prepare: async (all) => {
      for (const asked of all) {
        const name = nameOf(asked);
        if (!known.has(name)) known.set(name, await find(asked));
      }
    },
  };
}
