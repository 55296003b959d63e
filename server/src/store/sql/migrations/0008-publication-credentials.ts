/**
 * Which credentials the settings of a publication name, so that a used one cannot be deleted, as for providers.
 * Never edit: append a new migration.
 */
export const publicationCredentials: readonly string[] = [
  "CREATE UNIQUE INDEX publications_by_organization ON publications (organization, id)",

  `CREATE TABLE publication_credential_uses (
    publication TEXT NOT NULL,
    credential TEXT NOT NULL,
    organization TEXT NOT NULL,
    PRIMARY KEY (publication, credential),
    FOREIGN KEY (organization, publication) REFERENCES publications(organization, id) ON DELETE CASCADE,
    FOREIGN KEY (organization, credential) REFERENCES credentials(organization, id)
  ) {without_rowid}`,
  `CREATE INDEX publication_credential_uses_by_credential
    ON publication_credential_uses (organization, credential)`,
];
