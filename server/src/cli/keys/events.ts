import type { AuditDraft } from "../../engine/audit/event.ts";
import type { Connection } from "../../store/sqlite/connection.ts";

/** The organization of events that belong to the server as a whole while it has no organization yet. */
const noOrganization = "server";

export function organizationIds(connection: Connection): readonly string[] {
  return connection
    .prepare<unknown[], { id: string }>("SELECT id FROM organizations ORDER BY id")
    .all()
    .map(({ id }) => id);
}

/** One event for every organization: what happens to the server's own keys or store concerns each of them. */
export function eventForAll(
  type: AuditDraft["type"],
  details: NonNullable<AuditDraft["details"]>,
  connection: Connection,
): readonly AuditDraft[] {
  const ids = organizationIds(connection);
  return (ids.length === 0 ? [noOrganization] : ids).map((organization) => ({
    type,
    organization,
    actor: "cli",
    details,
  }));
}
