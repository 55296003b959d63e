/**
 * The projects that log in to the SignalWire-compatible surface; `id` is the project id, the user name of Basic authentication.
 * And an index of those few verifications that outlive every policy (600 s), as that surface allows them to: the sweep walks
 * the primary key and must not wait for them. Never edit: append a new migration.
 */
export const signalwireProjects: readonly string[] = [
  `CREATE TABLE signalwire_projects (
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

  `CREATE INDEX verifications_long_lived ON verifications (expires_at)
    WHERE status = 'pending' AND expires_at - created_at > 600000`,
];
