/**
 * Of the few verifications that outlive every policy (600 s), those whose destination is still kept: the walk that forgets
 * destinations follows the primary key and must not wait for them. Never edit: append a new migration.
 */
export const retention: readonly string[] = [
  `CREATE INDEX verifications_long_lived_kept ON verifications (expires_at)
    WHERE hint <> '' AND expires_at - created_at > 600000`,
];
