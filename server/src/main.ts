#!/usr/bin/env node
import { Command } from "commander";
import { serveCommand } from "./cli/serve.ts";
import { version } from "./version.ts";

// Databases, keys and demo files are for this user only.
process.umask(0o077);

const program = new Command("countersign")
  .description("Self-hosted multi-factor authentication for conversations")
  .version(version)
  .showHelpAfterError();
serveCommand(program);

await program.parseAsync();
