import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWriter } from "../../src/store/sqlite/connection.ts";
import { integrityProblems } from "../../src/store/sqlite/inspect.ts";

/** A temporary folder that is gone after the test. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "countersign-faults-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Copies a data folder as it stands; one process at most may have it open, and that must be dead. */
export function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

/** Recovers a copy of a dead server's database and asks SQLite whether it is sound. */
export function soundnessOf(data: string, scratch: string): readonly string[] {
  copyFolder(data, scratch);
  const connection = openWriter(join(scratch, "countersign.db"));
  try {
    return integrityProblems(connection, "database");
  } finally {
    connection.close();
  }
}

/** The p-th percentile of some measurements. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
