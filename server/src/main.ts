import { runCommandLine } from "./cli/program.ts";

// Databases, keys, backups and demo files are for this user only.
process.umask(0o077);

await runCommandLine();
