/**
 * What admins configure. Each entity is one JSON document; columns hold what must be unique, what refers to something and what
 * lists are filtered by. References are pairs with the organization, so that no row can point into another one.
 * Never edit: append a new migration.
 */
export const settings: readonly string[] = [
  "CREATE INDEX users_by_organization ON users (organization, id)",

  `CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, name),
    UNIQUE (organization, id)
  ) {without_rowid}`,

  `CREATE TABLE publications (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL,
    app TEXT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, name),
    FOREIGN KEY (organization, app) REFERENCES apps(organization, id)
  ) {without_rowid}`,
  "CREATE INDEX publications_by_app ON publications (organization, app)",

  `CREATE TABLE credentials (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, name),
    UNIQUE (organization, id)
  ) {without_rowid}`,

  `CREATE TABLE providers (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, name),
    UNIQUE (organization, id)
  ) {without_rowid}`,

  `CREATE TABLE credential_uses (
    provider TEXT NOT NULL,
    credential TEXT NOT NULL,
    organization TEXT NOT NULL,
    PRIMARY KEY (provider, credential),
    FOREIGN KEY (organization, provider) REFERENCES providers(organization, id) ON DELETE CASCADE,
    FOREIGN KEY (organization, credential) REFERENCES credentials(organization, id)
  ) {without_rowid}`,
  "CREATE INDEX credential_uses_by_credential ON credential_uses (organization, credential)",

  `CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    via TEXT NOT NULL,
    locale TEXT NOT NULL,
    app TEXT,
    app_key TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, app_key, via, locale),
    FOREIGN KEY (organization, app) REFERENCES apps(organization, id)
  ) {without_rowid}`,

  `CREATE TABLE test_numbers (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    via TEXT NOT NULL,
    destination_key TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, destination_key, via)
  ) {without_rowid}`,

  `CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    organization TEXT NOT NULL REFERENCES organizations(id),
    name TEXT NOT NULL,
    app TEXT,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization, name),
    FOREIGN KEY (organization, app) REFERENCES apps(organization, id)
  ) {without_rowid}`,
];
