/**
 * Web-hooks, how far each has been told, and what has to be tried again. What is to be told is not copied: it stands in `audit`.
 * Both small tables are written by the sender only, never on the way of a request.
 * Never edit: append a new migration.
 */
export const webhooks: readonly string[] = [
  `CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, id)
  ) {without_rowid}`,

  `CREATE TABLE webhook_progress (
    webhook TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    position BIGINT NOT NULL,
    failing_since BIGINT,
    owner TEXT,
    leased_until BIGINT,
    FOREIGN KEY (organization, webhook) REFERENCES webhooks(organization, id) ON DELETE CASCADE
  ) {without_rowid}`,
  "CREATE INDEX webhook_progress_by_organization ON webhook_progress (organization, webhook)",

  `CREATE TABLE webhook_notices (
    webhook TEXT NOT NULL,
    seq BIGINT NOT NULL,
    organization TEXT NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    status BIGINT,
    at BIGINT NOT NULL,
    due_at BIGINT,
    PRIMARY KEY (webhook, seq),
    FOREIGN KEY (webhook) REFERENCES webhook_progress(webhook) ON DELETE CASCADE
  ) {without_rowid}`,
];
