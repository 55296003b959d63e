#!/usr/bin/env node
import { Command } from "commander";
import { auditCommand } from "./cli/audit.ts";
import { backupCommand } from "./cli/backup.ts";
import { checkCommand } from "./cli/check.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { importCommand } from "./cli/import.ts";
import { inboxCommand } from "./cli/inbox.ts";
import { initCommand } from "./cli/init.ts";
import { keyCommand } from "./cli/key.ts";
import { keysCommand } from "./cli/keys.ts";
import { restoreCommand } from "./cli/restore.ts";
import { runProgram } from "./cli/run.ts";
import { sendCommand } from "./cli/send.ts";
import { serveCommand } from "./cli/serve.ts";
import { statusCommand } from "./cli/status.ts";
import { userCommand } from "./cli/user.ts";
import { watchCommand } from "./cli/watch.ts";
import { version } from "./version.ts";

// Databases, keys, backups and demo files are for this user only.
process.umask(0o077);

const program = new Command("countersign")
  .description("Self-hosted multi-factor authentication for conversations")
  .version(version)
  .exitOverride()
  .showHelpAfterError("(countersign <command> --help tells more)");

for (const register of [
  serveCommand,
  initCommand,
  doctorCommand,
  userCommand,
  keyCommand,
  sendCommand,
  checkCommand,
  statusCommand,
  inboxCommand,
  watchCommand,
  keysCommand,
  backupCommand,
  restoreCommand,
  auditCommand,
  importCommand,
]) {
  register(program);
}

await runProgram(program, process.argv);
