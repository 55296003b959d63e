import type { Command } from "commander";

/** Options of a command that works on the data folder itself. */
export interface FolderOptions {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Options of a command that asks a running server. */
export interface ServerOptions extends FolderOptions {
  readonly url?: string | undefined;
  readonly keyFile?: string | undefined;
}

export function withJson(command: Command): Command {
  return command.option("--json", "print JSON for programs");
}

export function withFolder(command: Command): Command {
  return withJson(command)
    .option("--data <folder>", "data folder (COUNTERSIGN_DATA; default: data)")
    .option("--config <file>", "configuration file, JSON (COUNTERSIGN_CONFIG)");
}

export function withServer(command: Command): Command {
  return withJson(command)
    .option("--url <url>", "the server (COUNTERSIGN_URL; default: the demo's, else http://127.0.0.1:8080)")
    .option("--key-file <file>", "file that holds the API key (or COUNTERSIGN_API_KEY; default: the demo's)")
    .option(
      "--data <folder>",
      "data folder in which the demo is looked for (COUNTERSIGN_DATA; default: data)",
    );
}
