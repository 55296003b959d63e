import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CountersignError, type FieldProblem } from "../engine/errors.ts";
import { type ConfigFile, type ConfigSetting, readConfigFile, settingProblems, settings } from "./schema.ts";

/** Everything the server is told from outside, frozen. */
export interface Config extends Readonly<Required<Omit<ConfigFile, OptionalSetting>>> {
  readonly data: string;
  readonly publicUrl: string;
  readonly metricsToken?: string | undefined;
  readonly databasePath: string;
  readonly lockPath: string;
  readonly checkpointsPath: string;
  /** Absent when the keys come from elsewhere. */
  readonly keyFile?: string | undefined;
  readonly demoFile: string;
}

type OptionalSetting = "publicUrl" | "metricsToken" | "keyFile" | "databaseUrl" | "data" | "checkpointsFile";

/** Command-line options; they win over the environment, and that over the file. */
export interface ConfigOptions {
  readonly config?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
  readonly demo?: boolean | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads file, environment and options into one frozen Config. Throws `invalid_settings` that names every wrong entry at
 * once; an unknown key in the file is one.
 */
export function loadConfig(options: ConfigOptions, environment: Environment): Config {
  const path = options.config ?? environment["COUNTERSIGN_CONFIG"];
  const file = path === undefined ? {} : readConfigFile(readText(path), path);
  const problems: FieldProblem[] = [];
  const given: Record<string, unknown> = { ...file };
  for (const setting of settings) {
    const text = optionText(setting, options) ?? environment[setting.variable];
    if (text !== undefined && text !== "") given[setting.name] = setting.parse(text);
  }
  if (options.demo === false) given["demo"] = false;
  problems.push(...settingProblems(given));
  if (problems.length > 0) {
    throw new CountersignError("invalid_settings", "The configuration is not valid.", { fields: problems });
  }
  return Object.freeze(complete(given as ConfigFile, environment));
}

function optionText(setting: ConfigSetting, options: ConfigOptions): string | undefined {
  if (setting.name === "port") return options.port;
  if (setting.name === "data") return options.data;
  return undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new CountersignError("invalid_settings", `The configuration file ${path} cannot be read.`);
  }
}

const defaults = {
  data: "data",
  host: "127.0.0.1",
  port: 8080,
  mode: "development",
  demo: true,
  outboundAllow: [],
  trustedProxies: [],
  logLevel: "info",
  docs: true,
  // A node takes 2,000 connections: the rest is for requests.
  maxStreams: 1_500,
  maxStreamsPerKey: 1_000,
  // Normal use never comes near them; under load organizations are kept apart by their part of the places.
  keyRequestsPerSecond: 3_000,
  organizationRequestsPerSecond: 5_000,
  requestBurstSeconds: 2,
  keepDestinationsHours: 24,
  keepVerificationsDays: 30,
  keepAuditDetailsDays: 400,
} as const satisfies ConfigFile;

function complete(given: ConfigFile, environment: Environment): Config {
  const merged = { ...defaults, ...given };
  const { host, port, mode } = merged;
  const data = resolve(merged.data);
  const elsewhere = environment["COUNTERSIGN_KEYS"] ?? environment["CREDENTIALS_DIRECTORY"];
  const publicUrl = (given.publicUrl ?? `http://${host}:${port}`).replace(/\/$/, "");
  return {
    ...merged,
    data,
    publicUrl,
    deliveryReports: given.deliveryReports ?? !isThisMachine(new URL(publicUrl).hostname),
    // A demo has known users and a simulated phone: never beside real people's data.
    demo: mode === "development" && merged.demo,
    allowSimulatedDelivery: given.allowSimulatedDelivery ?? mode === "development",
    metricsToken: given.metricsToken,
    databasePath: databasePath(given.databaseUrl, data),
    lockPath: join(data, "countersign.lock"),
    checkpointsPath: resolve(given.checkpointsFile ?? join(data, "audit-checkpoints.txt")),
    keyFile: given.keyFile ?? (elsewhere ? undefined : join(data, "countersign.keys")),
    demoFile: join(data, "demo.json"),
  };
}

/** Nobody else reaches it there. */
function isThisMachine(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}

function databasePath(url: string | undefined, data: string): string {
  if (url === undefined) return join(data, "countersign.db");
  return resolve(url.replace(/^sqlite:(\/\/)?/, ""));
}
