import { sql } from "kysely";
import type { Provider } from "../../engine/settings.ts";
import type { Statement } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";

/**
 * The rows that say which credentials a provider uses, so that a used one cannot be deleted. A member called `credential`, or
 * ending in `Credential`, must name one that exists; any other text that happens to be a credential's id counts as a use
 * too, since only the provider's own schema knows all its members.
 */
export function credentialUses(provider: Provider, queries: Queries): readonly Statement[] {
  const found: Found = { named: new Set(), texts: new Set() };
  collect(provider.settings, "", found);
  const { id, organization } = provider;
  const named = [...found.named];
  const others = [...found.texts].filter((text) => !found.named.has(text));
  const statements = [
    statementOf(
      queries
        .deleteFrom("credential_uses")
        .where("organization", "=", organization)
        .where("provider", "=", id),
    ),
  ];
  if (named.length > 0) {
    const rows = named.map((credential) => ({ provider: id, credential, organization }));
    statements.push(statementOf(queries.insertInto("credential_uses").values(rows)));
  }
  if (others.length > 0) {
    const uses = queries
      .selectFrom("credentials")
      .select([sql<string>`cast(${id} as text)`.as("provider"), "id", "organization"])
      .where("organization", "=", organization)
      .where("id", "in", others);
    statements.push(
      statementOf(
        queries
          .insertInto("credential_uses")
          .columns(["provider", "credential", "organization"])
          .expression(uses),
      ),
    );
  }
  return statements;
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
