/**
 * Verifications whose codes a service outside makes, sends and compares: JSON of `Outside`, with the service's id of the newest
 * code sealed in it. Never edit: append a new migration.
 */
export const outside: readonly string[] = ["ALTER TABLE verifications ADD COLUMN outside TEXT"];
