/**
 * Conversations as an ordinary table: a sealed state of one or two kilobytes does not fit into an index entry, and each version
 * of it had to be written to a page of its own beside it. Never edit: append a new migration.
 */
export const conversationsByRow: readonly string[] = [
  `CREATE TABLE conversations_by_row (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    publication TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    user_id TEXT,
    verification TEXT,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    path TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
  )`,
  "INSERT INTO conversations_by_row SELECT * FROM conversations",
  "DROP TABLE conversations",
  "ALTER TABLE conversations_by_row RENAME TO conversations",
  "CREATE INDEX conversations_by_expiry ON conversations (expires_at)",
];
