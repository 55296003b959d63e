import { sql } from "kysely";
import type { Webhook } from "../../engine/webhooks.ts";
import type { CollectionDefinition } from "./collection.ts";
import type { SqlRow } from "./executor.ts";
import { statementOf } from "./queries.ts";

/** Its secrets arrive and leave sealed. A new one begins with what happens after its making. */
export const webhooks: CollectionDefinition<Webhook> = {
  name: "webhooks",
  table: "webhooks",
  owner: "organization",
  columnsOf: ({ organization, updatedAt }) => ({ organization, updated_at: updatedAt }),
  filters: {},
  restore: (document, row) => ({
    ...document,
    id: String(row["id"]),
    organization: String(row["organization"]),
    createdAt: Number(row["created_at"]),
    updatedAt: Number(row["updated_at"]),
  }),
  references: ({ id, organization }, queries) => [
    statementOf(
      queries
        .insertInto("webhook_progress")
        .columns(["webhook", "organization", "position"])
        .expression(
          queries
            .selectFrom("webhooks")
            .select([
              "id",
              "organization",
              sql<number>`(SELECT coalesce(max(seq), 0) FROM audit)`.as("position"),
            ])
            .where("organization", "=", organization)
            .where("id", "=", id),
        )
        .onConflict((conflict) => conflict.doNothing()),
    ),
  ],
};

/** A web-hook out of a row of its table. */
export function webhookFromRow(row: SqlRow): Webhook {
  return webhooks.restore(JSON.parse(String(row["document"])), row);
}
