import { closeSync, fchmodSync, fsyncSync, openSync, unlinkSync, writeFileSync } from "node:fs";
import { CliError, exits } from "./exit.ts";

/** A new file for a secret, which only this user may read; made before the secret is, so that none gets lost. */
export interface SecretFile {
  write(text: string): void;
  /** Removes the file again if nothing was written. */
  close(): void;
}

/** Never takes the place of an older file. */
export function reserveSecretFile(path: string): SecretFile {
  const descriptor = openNew(path);
  let written = false;
  return {
    write: (text) => {
      // The umask may have taken bits away that we need to read it again.
      fchmodSync(descriptor, 0o600);
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
      written = true;
    },
    close: () => {
      closeSync(descriptor);
      if (!written) unlinkSync(path);
    },
  };
}

function openNew(path: string): number {
  try {
    return openSync(path, "wx", 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new CliError(exits.usage, `There is already a file ${path}; it was left alone.`, "file_exists");
  }
}
