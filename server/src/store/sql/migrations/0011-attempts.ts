/**
 * The name of the answer that was counted last, so that a platform's repetition of it is told the same and counted once.
 * Never edit: append a new migration.
 */
export const attempts: readonly string[] = ["ALTER TABLE verifications ADD COLUMN last_attempt TEXT"];
