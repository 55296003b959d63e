import { Command } from "commander";
import { version } from "../version.ts";
import { auditCommand } from "./audit.ts";
import { backupCommand } from "./backup.ts";
import { callCommand } from "./call.ts";
import { checkCommand } from "./check.ts";
import { doctorCommand } from "./doctor.ts";
import { eraseCommand } from "./erase.ts";
import { importCommand } from "./import.ts";
import { inboxCommand } from "./inbox.ts";
import { initCommand } from "./init.ts";
import { keyCommand } from "./key.ts";
import { keysCommand } from "./keys.ts";
import { policyCommand } from "./policy.ts";
import { providerCommand } from "./provider.ts";
import { restoreCommand } from "./restore.ts";
import { runProgram } from "./run.ts";
import { sendCommand } from "./send.ts";
import { sendingCommand } from "./sending.ts";
import { serveCommand } from "./serve.ts";
import { signalwireProjectCommand } from "./signalwire-project.ts";
import { statusCommand } from "./status.ts";
import { userCommand } from "./user.ts";
import { watchCommand } from "./watch.ts";
import { webhookCommand } from "./webhook.ts";

const commands: readonly ((program: Command) => void)[] = [
  serveCommand,
  initCommand,
  doctorCommand,
  userCommand,
  eraseCommand,
  keyCommand,
  providerCommand,
  signalwireProjectCommand,
  sendCommand,
  checkCommand,
  statusCommand,
  inboxCommand,
  watchCommand,
  sendingCommand,
  policyCommand,
  webhookCommand,
  callCommand,
  keysCommand,
  backupCommand,
  restoreCommand,
  auditCommand,
  importCommand,
];

/** Reads the arguments of the process and runs the command they name. */
export async function runCommandLine(): Promise<void> {
  const program = new Command("countersign")
    .description("Self-hosted multi-factor authentication for conversations")
    .version(version)
    .exitOverride()
    // With --json an error is one document, written where all errors are.
    .configureOutput(process.argv.includes("--json") ? { writeErr: () => undefined } : {})
    .showHelpAfterError("(countersign <command> --help tells more)");
  for (const register of commands) register(program);
  await runProgram(program, process.argv);
}
