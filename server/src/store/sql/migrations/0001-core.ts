/**
 * The tables of the hot path. Portable SQL: text and bigint only; `{without_rowid}` is SQLite's clause and empty elsewhere.
 * Ids of verifications, users and deliveries are time-ordered UUIDs, so inserts land on the last page; there is no
 * random secondary index on the insert path (it costs 5–11× at five million rows). Never edit: append a new migration.
 */
export const core: readonly string[] = [
  `CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE users (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    external_id TEXT,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, external_id)
  ) {without_rowid}`,

  `CREATE TABLE authenticators (
    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    destination_key TEXT,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, id)
  ) {without_rowid}`,

  `CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    authenticator TEXT NOT NULL,
    selector BIGINT NOT NULL,
    hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, authenticator, selector)
  ) {without_rowid}`,

  `CREATE TABLE guards (
    key TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    failures BIGINT NOT NULL,
    blocked_until BIGINT,
    disabled_at BIGINT,
    last_step BIGINT,
    pending TEXT NOT NULL,
    sends TEXT NOT NULL,
    updated_at BIGINT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE verifications (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    user_id TEXT,
    authenticator TEXT,
    guard TEXT NOT NULL,
    destination_key TEXT,
    destination TEXT,
    hint TEXT NOT NULL,
    app TEXT,
    publication TEXT,
    channel TEXT NOT NULL,
    via TEXT NOT NULL,
    purpose TEXT NOT NULL,
    binding TEXT,
    locale TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    mac TEXT,
    kid TEXT,
    sealed_code TEXT,
    attempts BIGINT NOT NULL,
    sends BIGINT NOT NULL,
    last_sent_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    rules TEXT NOT NULL,
    deliveries TEXT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE verification_rules (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    verification TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL,
    expires_at BIGINT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE consumed_receipts (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    expires_at BIGINT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    type TEXT NOT NULL,
    organization TEXT NOT NULL,
    digest TEXT NOT NULL,
    salt TEXT NOT NULL,
    details TEXT,
    hash TEXT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE keys (
    kid TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    organization TEXT,
    wrapped TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL
  ) {without_rowid}`,

  `CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) {without_rowid}`,
];
