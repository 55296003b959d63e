/**
 * What the send rules need: facts of telephone numbers beside the numbers, where a verification was asked for, and counters. The
 * index holds only numbers whose facts are not worked out yet, those saved before this migration. Never edit: append a new one.
 */
export const sendRules: readonly string[] = [
  "ALTER TABLE authenticators ADD COLUMN number TEXT",
  `CREATE INDEX authenticators_without_number ON authenticators (user_id, id)
     WHERE number IS NULL AND destination_key IS NOT NULL AND kind IN ('sms', 'voice')`,

  "ALTER TABLE verifications ADD COLUMN number TEXT",
  "ALTER TABLE verifications ADD COLUMN source TEXT",

  `CREATE TABLE send_counters (
    key TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    counts TEXT NOT NULL,
    expires_at BIGINT NOT NULL
  ) {without_rowid}`,
];
