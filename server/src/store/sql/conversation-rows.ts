import type { Conversation } from "../../engine/conversations.ts";
import type { ChannelId } from "../../engine/model.ts";
import type { SqlRow } from "./executor.ts";
import type { ConversationTable } from "./schema.ts";

/** All columns, in the order of the table. */
export function conversationToRow(conversation: Conversation): ConversationTable {
  return {
    id: conversation.id,
    organization: conversation.organization,
    publication: conversation.publication,
    channel: conversation.channel,
    external_id: conversation.externalId,
    user_id: conversation.user ?? null,
    verification: conversation.verification ?? null,
    version: conversation.version,
    state: conversation.state,
    path: conversation.path ?? null,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    expires_at: conversation.expiresAt,
  };
}

export function conversationFromRow(row: SqlRow): Conversation {
  const columns = row as unknown as ConversationTable;
  return {
    id: columns.id,
    organization: columns.organization,
    publication: columns.publication,
    channel: columns.channel as ChannelId,
    externalId: columns.external_id,
    user: columns.user_id ?? undefined,
    verification: columns.verification ?? undefined,
    version: columns.version,
    state: columns.state,
    path: columns.path ?? undefined,
    createdAt: columns.created_at,
    updatedAt: columns.updated_at,
    expiresAt: columns.expires_at,
  };
}
