import { type Kysely, sql } from "kysely";
import type { SqlValue, Statement } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";

/** What names credentials in its settings: a provider, a publication. */
interface CredentialUser {
  readonly id: string;
  readonly organization: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The table of the uses, and its column for who uses. */
interface UsePlace {
  readonly table: "credential_uses" | "publication_credential_uses";
  readonly user: "provider" | "publication";
}

type UseTables = Record<string, Record<string, SqlValue>>;

/**
 * The rows that say which credentials something uses, so that a used one cannot be deleted. A member called `credential`, or
 * ending in `Credential`, must name one that exists; any other text that happens to be a credential's id counts as a use
 * too, since only the user's own schema knows all its members.
 */
export function credentialUses(place: UsePlace) {
  return ({ id, organization, settings }: CredentialUser, queries: Queries): readonly Statement[] => {
    const found: Found = { named: new Set(), texts: new Set() };
    collect(settings, "", found);
    const { table, user } = place;
    // One implementation for both tables: which columns there are is the place's word here, not the compiler's.
    const any = queries as unknown as Kysely<UseTables>;
    const named = [...found.named];
    const others = [...found.texts].filter((text) => !found.named.has(text));
    const statements = [
      statementOf(any.deleteFrom(table).where("organization", "=", organization).where(user, "=", id)),
    ];
    if (named.length > 0) {
      const rows = named.map((credential) => ({ [user]: id, credential, organization }));
      statements.push(statementOf(any.insertInto(table).values(rows)));
    }
    if (others.length > 0) {
      const uses = queries
        .selectFrom("credentials")
        .select([sql<string>`cast(${id} as text)`.as("user"), "id", "organization"])
        .where("organization", "=", organization)
        .where("id", "in", others);
      statements.push(
        statementOf(any.insertInto(table).columns([user, "credential", "organization"]).expression(uses)),
      );
    }
    return statements;
  };
}

interface Found {
  readonly named: Set<string>;
  readonly texts: Set<string>;
}

/** No id is longer; a message body is not looked up. */
const longestId = 64;

function collect(value: unknown, member: string, found: Found): void {
  if (typeof value === "string") {
    if (/credential$/i.test(member)) found.named.add(value);
    else if (value.length > 0 && value.length <= longestId) found.texts.add(value);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value))
      collect(inner, Array.isArray(value) ? member : name, found);
  }
}
