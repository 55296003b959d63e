import type { Command } from "commander";
import type { RotateOptions } from "./keys/rotate.ts";
import { type FolderOptions, withFolder } from "./options.ts";

/** `countersign keys …`: the server's own key material. (`countersign key …` is about API keys.) */
export function keysCommand(program: Command): void {
  const keys = program
    .command("keys")
    .description("The server's key material: new, status, rotate, verify, retire");
  withFolder(keys.command("new"))
    .description("Make a key file for a database that does not exist yet")
    .action(async (options: FolderOptions) => {
      const { newKeyFile } = await import("./keys/new.ts");
      process.exitCode = newKeyFile(options);
    });
  withFolder(keys.command("status"))
    .description("List the keys, and what each of them wraps, seals or signs")
    .action(async (options: FolderOptions) => {
      const { showKeys } = await import("./keys/status.ts");
      process.exitCode = showKeys(options);
    });
  withFolder(keys.command("verify"))
    .description("Open every sealed value, and count the values of each key; exit 1 when one does not open")
    .action(async (options: FolderOptions) => {
      const { verifyKeys } = await import("./keys/verify.ts");
      process.exitCode = await verifyKeys(options);
    });
  withFolder(keys.command("rotate"))
    .description("Make a new key; the one before only reads from then on (server stopped)")
    .option("--kek", "a new key in the key file; everything that the one before wraps is wrapped anew")
    .option(
      "--data-key [organization]",
      "a new data key (of all organizations if none is named); every value is sealed anew",
    )
    .option("--code", "a new key for the digests of codes")
    .option("--receipt", "a new key that signs receipts")
    .option("--audit", "a new key that signs the checkpoints of the record")
    .action(async (options: RotateOptions) => {
      const { rotateKeys } = await import("./keys/rotate.ts");
      process.exitCode = await rotateKeys(options);
    });
  withFolder(keys.command("retire"))
    .description("Remove a key that nothing needs any more (server stopped)")
    .argument("<kid>", "name of the key, as keys status shows it")
    .action(async (kid: string, options: FolderOptions) => {
      const { retireKey } = await import("./keys/retire.ts");
      process.exitCode = await retireKey(kid, options);
    });
}
