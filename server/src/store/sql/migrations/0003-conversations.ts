/**
 * Dialogues and what a verification knows of its own. A conversation lives for minutes: its keyed id is no time-ordered one,
 * but the table stays small. The second index finds whom a number belongs to; authenticators are not on the hot path.
 * Never edit: append a new migration.
 */
export const conversations: readonly string[] = [
  `CREATE TABLE conversations (
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
  ) {without_rowid}`,
  "CREATE INDEX conversations_by_expiry ON conversations (expires_at)",
  `CREATE INDEX authenticators_by_destination ON authenticators (organization, destination_key)
     WHERE destination_key IS NOT NULL`,
  "ALTER TABLE verifications ADD COLUMN conversation TEXT",
  "ALTER TABLE verifications ADD COLUMN wishes TEXT",
];
