import type { Conversation, ConversationStore } from "../../engine/conversations.ts";
import { conversationFromRow, conversationToRow } from "./conversation-rows.ts";
import type { SqlExecutor, SqlValue, Statement } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";
import type { ConversationTable } from "./schema.ts";

export interface ConversationTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}

/** Dialogues. Every turn reads one and writes one, so the SQL is put together once and filled in anew each time. */
export function createConversationStore({ executor, queries }: ConversationTools): ConversationStore {
  const sql = sqlTexts(queries);
  return {
    find: async (organization, id) => {
      const [row] = await executor.read({ sql: sql.find, parameters: [id, organization] });
      return row && conversationFromRow(row);
    },
    save: (conversation, events) => {
      const statement = conversation.version === 1 ? insertOf(conversation) : updateOf(conversation);
      return executor.write([{ ...statement, mustChange: true }], events, conversation.updatedAt);
    },
    forget: async (now, limit) => {
      const over = await executor.read({ sql: sql.over, parameters: [now, limit] });
      if (over.length === 0) return 0;
      const ids = over.map((row) => String(row["id"]));
      // One that was taken up again meanwhile has a later end.
      const query = queries.deleteFrom("conversations").where("id", "in", ids).where("expires_at", "<=", now);
      await executor.write([statementOf(query)], [], now);
      return ids.length;
    },
  };

  function insertOf(conversation: Conversation): Statement {
    return { sql: sql.insert, parameters: Object.values(conversationToRow(conversation)) };
  }

  function updateOf(conversation: Conversation): Statement {
    const { id, organization, version } = conversation;
    return { sql: sql.update, parameters: [...changesOf(conversation), id, organization, version - 1] };
  }
}

const any = "" as never;
const first: ConversationTable = {
  id: any,
  organization: any,
  publication: any,
  channel: any,
  external_id: any,
  user_id: any,
  verification: any,
  version: any,
  state: any,
  path: any,
  created_at: any,
  updated_at: any,
  expires_at: any,
};

function sqlTexts(queries: Queries) {
  const { user_id, verification, version, state, path, updated_at, expires_at } = first;
  const texts = {
    find: queries
      .selectFrom("conversations")
      .selectAll()
      .where("id", "=", any)
      .where("organization", "=", any),
    insert: queries
      .insertInto("conversations")
      .values(first)
      .onConflict((conflict) => conflict.column("id").doNothing()),
    update: queries
      .updateTable("conversations")
      .set({ user_id, verification, version, state, path, updated_at, expires_at })
      .where("id", "=", any)
      .where("organization", "=", any)
      .where("version", "=", any),
    over: queries
      .selectFrom("conversations")
      .select("id")
      .where("expires_at", "<=", any)
      .orderBy("expires_at")
      .limit(any),
  };
  const textOf = (name: keyof typeof texts) => statementOf(texts[name]).sql;
  return { find: textOf("find"), insert: textOf("insert"), update: textOf("update"), over: textOf("over") };
}

/** In the order of `sqlTexts().update`. */
function changesOf(conversation: Conversation): readonly SqlValue[] {
  const row = conversationToRow(conversation);
  return [row.user_id, row.verification, row.version, row.state, row.path, row.updated_at, row.expires_at];
}
