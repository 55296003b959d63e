import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/load.ts";
import type { Demo } from "../demo/seed.ts";
import type { Countersign } from "../server.ts";
import { WriterEnded } from "../store/sqlite/pipe.ts";
import { version } from "../version.ts";
import { CliError, exits, failingOf } from "./exit.ts";
import { withFolder } from "./options.ts";
import { showNext } from "./output.ts";

/** `countersign serve` */
export function serveCommand(program: Command): void {
  withFolder(program.command("serve", { isDefault: true }))
    .description("Run the server (with the demo, on an empty data folder in development)")
    .option("--port <port>", "port to listen on")
    .option("--no-demo", "do not fill an empty data folder with the demo")
    .action(serve);
}

interface ServeOptions {
  readonly port?: string;
  readonly data?: string;
  readonly config?: string;
  readonly demo: boolean;
  readonly json?: boolean;
}

async function serve(options: ServeOptions): Promise<void> {
  // Loaded here: the other commands start faster without it.
  const { loadConfig } = await import("../config/load.ts");
  const { openCountersign } = await import("../server.ts");
  const config = loadConfig({ ...options, demo: options.demo ? undefined : false }, process.env);
  const server = await openCountersign(config, {
    environment: process.env,
    version,
    onFatal: (error) => {
      console.error(`The store failed and the server stops: ${error.message}`);
      process.exit(
        error instanceof WriterEnded && error.exit === exits.dataDamaged ? error.exit : exits.tryAgain,
      );
    },
  });
  const demo = config.demo ? await demoOf(server) : undefined;
  const next = await advice(server, demo);
  const address = await listen(server);
  const { data, publicUrl, demoFile } = config;
  const ready = { address, publicUrl, version, data, ...(demo && { demoFile }) };
  // Before it is announced: who waits for that line may ask for the end at once.
  stopOn(["SIGINT", "SIGTERM"], server);
  showNext(options, ready, banner(server, address, next));
}

/** A server that cannot listen gives its folder free again. */
async function listen(server: Countersign): Promise<string> {
  try {
    return await server.listen();
  } catch (error) {
    await server.close();
    throw listenError(error, server.config);
  }
}

function listenError(error: unknown, { host, port }: Config): CliError {
  const { exit, code, sentence } = failingOf(error);
  if (code !== "EADDRINUSE") return new CliError(exit, sentence, code);
  return new CliError(
    exits.unavailable,
    `Port ${port} of ${host} is in use. Stop what listens there, or choose another with --port.`,
    code,
  );
}

/** The demo of this data folder: read back, or made when the store is empty. */
async function demoOf(server: Countersign): Promise<Demo | undefined> {
  const { config, store, services } = server;
  if ((await store.audit.head()) === 0) {
    const { seedDemo } = await import("../demo/seed.ts");
    const demo = await seedDemo(config.publicUrl, services);
    writeFileSync(config.demoFile, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
    return demo;
  }
  if (!existsSync(config.demoFile)) return undefined;
  const text = readFileSync(config.demoFile, "utf8");
  const demo = JSON.parse(text) as Demo;
  if (demo.baseUrl === config.publicUrl) return demo;
  // Started on another port or address: every URL in the file moves along.
  const moved = text.replaceAll(demo.baseUrl, config.publicUrl);
  writeFileSync(config.demoFile, moved, { mode: 0o600 });
  return JSON.parse(moved) as Demo;
}

/** Commands of a second terminal look into `./data` unless they are told otherwise. */
function folderOption({ data }: Config): string {
  if (data === resolve("data")) return "";
  return ` --data ${/^[\w./:-]+$/.test(data) ? data : `"${data}"`}`;
}

/** What to do next with what is in the data folder. */
async function advice({ config, store }: Countersign, demo: Demo | undefined): Promise<readonly string[]> {
  const folder = folderOption(config);
  if (demo) {
    return [
      `  Demo     ids, users and the API key are in ${config.demoFile}`,
      "",
      "  Log in to the console with the key in that file (apiKey); scripts send it as Authorization: Bearer <apiKey>.",
      `  Send a first code:         npx countersign send 1001 --via sms${folder}`,
      `  Read the simulated phone:  npx countersign inbox${folder}`,
    ];
  }
  if ((await store.audit.head()) > 0) return [];
  return [
    "",
    "  There is no organization yet, so nobody can log in. Stop the server, make one and a key, and start again:",
    `  npx countersign init --organization <name> --email <your address>${folder}`,
  ];
}

function banner({ config }: Countersign, address: string, next: readonly string[]): string {
  const lines = [
    "",
    `  Countersign ${version} is ready`,
    "",
    `  Server   ${address}${config.publicUrl === address ? "" : `  (public: ${config.publicUrl})`}`,
    `  Console  ${address}/console/`,
    ...(config.docs ? [`  API docs ${address}/docs`] : []),
    `  Data     ${config.data}`,
    ...next,
  ];
  return `${lines.join("\n")}\n`;
}

function stopOn(signals: readonly NodeJS.Signals[], server: Countersign): void {
  let stopping = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void server.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}
