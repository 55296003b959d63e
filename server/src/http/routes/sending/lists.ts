import { isPlaceOfNumbers } from "../../../delivery/destination-countries.ts";
import { CountersignError, type FieldProblem } from "../../../engine/errors.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { knownDestination } from "../verifications/target.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Send rules as they may be kept, and what is wrong with those that may not. */
export interface KeyedRules {
  readonly policy: Fields;
  readonly problems: readonly FieldProblem[];
}

/**
 * A policy in which every `{number}` of the safe and blocked list is replaced by the keyed digest and the mask of the number: the
 * database holds no whole number but sealed ones.
 */
export async function withKeyedNumbers(
  policy: Fields,
  organization: string,
  services: EngineServices,
): Promise<KeyedRules> {
  const sending = policy["sending"];
  if (!isFields(sending)) return { policy, problems: [] };
  const keyed: Record<string, unknown> = { ...sending };
  const problems: FieldProblem[] = [];
  for (const list of ["safeNumbers", "blockedNumbers"]) {
    const entries = keyed[list];
    if (!Array.isArray(entries)) continue;
    const field = `/policy/sending/${list}`;
    keyed[list] = await Promise.all(
      entries.map(async (entry: unknown, index) => {
        const read = await keyedEntry(entry, organization, services);
        if (typeof read !== "string") return read;
        problems.push({ field: `${field}/${index}/number`, problem: read });
        // Not looked at a second time.
        return placeholder;
      }),
    );
  }
  return { policy: { ...policy, sending: keyed }, problems };
}

const placeholder = { prefix: "+1" };

/** A sentence when the number cannot be read. */
async function keyedEntry(entry: unknown, organization: string, services: EngineServices): Promise<unknown> {
  if (!isFields(entry) || Object.keys(entry).length !== 1 || typeof entry["number"] !== "string")
    return entry;
  try {
    const { key, hint } = await knownDestination(organization, "sms", entry["number"], services);
    return { key, hint };
  } catch (error) {
    if (error instanceof CountersignError && error.code === "invalid_destination") return error.message;
    throw error;
  }
}

/** Entries that look like a country and are none: a list with them would let nothing through. */
export function countryProblems(policy: object): readonly FieldProblem[] {
  const { sending } = policy as { readonly sending?: unknown };
  if (!isFields(sending)) return [];
  return ["smsCountries", "voiceCountries"].flatMap((list) => {
    const entries = sending[list];
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: unknown, index) =>
      typeof entry === "string" && /^([A-Z]{2}|\+\d+)$/.test(entry) && !isPlaceOfNumbers(entry)
        ? [{ field: `/policy/sending/${list}/${index}`, problem: "There are no telephone numbers there." }]
        : [],
    );
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
