import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { type Demo, seedDemo } from "../demo/seed.ts";
import { type Countersign, openCountersign } from "../server.ts";
import { version } from "../version.ts";

/** `countersign serve` */
export function serveCommand(program: Command): void {
  program
    .command("serve", { isDefault: true })
    .description("Run the server (with the demo, on an empty data folder in development)")
    .option("--port <port>", "port to listen on")
    .option("--data <folder>", "data folder")
    .option("--config <file>", "configuration file (JSON)")
    .option("--no-demo", "do not fill an empty data folder with the demo")
    .action(serve);
}

interface ServeOptions {
  readonly port?: string;
  readonly data?: string;
  readonly config?: string;
  readonly demo: boolean;
}

async function serve(options: ServeOptions): Promise<void> {
  const config = loadConfig({ ...options, demo: options.demo ? undefined : false }, process.env);
  const server = await openCountersign(config, {
    environment: process.env,
    version,
    onFatal: (error) => {
      console.error(`The store failed and the server stops: ${error.message}`);
      process.exit(75);
    },
  });
  const demo = config.demo ? await demoOf(server) : undefined;
  const address = await server.listen();
  console.log(banner(server, address, demo));
  stopOn(["SIGINT", "SIGTERM"], server);
}

/** The demo of this data folder: read back, or made when the store is empty. */
async function demoOf(server: Countersign): Promise<Demo | undefined> {
  const { config, store, services } = server;
  if ((await store.audit.head()) === 0) {
    const demo = await seedDemo(config.publicUrl, services);
    writeFileSync(config.demoFile, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
    return demo;
  }
  if (!existsSync(config.demoFile)) return undefined;
  const demo = JSON.parse(readFileSync(config.demoFile, "utf8")) as Demo;
  if (demo.baseUrl === config.publicUrl) return demo;
  const moved = { ...demo, baseUrl: config.publicUrl };
  writeFileSync(config.demoFile, `${JSON.stringify(moved, null, 2)}\n`, { mode: 0o600 });
  return moved;
}

function banner({ config }: Countersign, address: string, demo: Demo | undefined): string {
  const lines = [
    "",
    `  Countersign ${version} is ready`,
    "",
    `  Server   ${address}${config.publicUrl === address ? "" : `  (public: ${config.publicUrl})`}`,
    ...(config.docs ? [`  API docs ${address}/docs`] : []),
    `  Data     ${config.data}`,
  ];
  if (demo) {
    lines.push(
      `  Demo     ids, users and the API key are in ${config.demoFile}`,
      "",
      "  Log in to the API with the key in that file: Authorization: Bearer <apiKey>",
      "  Read the simulated phone:  npx countersign inbox",
      "  Send a first code:         npx countersign send 1001 --via sms",
    );
  } else if (config.mode === "development") {
    lines.push("", "  Create an organization and a key:  npx countersign init");
  }
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
