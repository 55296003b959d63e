/**
 * Conversations and remembered outcomes as ordinary tables. Their sealed texts of one or two kilobytes do not fit into the
 * entries of an index, which is what a table without rowids is: each had to be written to a page of its own beside it.
 * Never edit: append a new migration.
 */
export const ordinaryTables: readonly string[] = [
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

  `CREATE TABLE idempotency_by_row (
    key TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL,
    expires_at BIGINT NOT NULL
  )`,
  "INSERT INTO idempotency_by_row SELECT * FROM idempotency",
  "DROP TABLE idempotency",
  "ALTER TABLE idempotency_by_row RENAME TO idempotency",
];
