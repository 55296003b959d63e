/**
 * What providers say later about messages, and the scripts that they fetch for calls. A row of a reference is written when the
 * hand-over is recorded, so no start pays for its random key; its end only grows, so the index by it is appended to.
 * Never edit: append a new migration.
 */
export const deliveryReports: readonly string[] = [
  `CREATE TABLE delivery_references (
    provider TEXT NOT NULL,
    reference TEXT NOT NULL,
    organization TEXT NOT NULL,
    verification TEXT NOT NULL,
    delivery TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (provider, reference)
  ) {without_rowid}`,
  "CREATE INDEX delivery_references_by_end ON delivery_references (expires_at)",

  `CREATE TABLE call_scripts (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    provider TEXT NOT NULL,
    verification TEXT NOT NULL,
    delivery TEXT NOT NULL,
    script TEXT NOT NULL,
    expires_at BIGINT NOT NULL
  ) {without_rowid}`,
];
