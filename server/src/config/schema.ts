import { isIP } from "node:net";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { CountersignError, type FieldProblem } from "../engine/errors.ts";

/** The configuration file (JSON) and, by the variable named beside each entry, the environment. */
export const ConfigSchema = Type.Object(
  {
    data: Type.Optional(Type.String({ description: "Data folder. COUNTERSIGN_DATA; default `./data`." })),
    host: Type.Optional(
      Type.String({ description: "Address to listen on. COUNTERSIGN_HOST; default `127.0.0.1`." }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, description: "COUNTERSIGN_PORT; default 8080." }),
    ),
    publicUrl: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$",
        description: "How the world reaches this server: links, `iss` of receipts. COUNTERSIGN_PUBLIC_URL.",
      }),
    ),
    databaseUrl: Type.Optional(
      Type.String({
        pattern: "^sqlite:.+",
        description:
          "`sqlite:<path>`. COUNTERSIGN_DATABASE_URL; default `countersign.db` in the data folder.",
      }),
    ),
    mode: Type.Optional(
      Type.Enum(["development", "production"], {
        description: "`production` ends test numbers, the demo and simulated delivery. COUNTERSIGN_MODE.",
      }),
    ),
    demo: Type.Optional(
      Type.Boolean({
        description: "Fill an empty data folder with the demo. COUNTERSIGN_DEMO; default true.",
      }),
    ),
    allowSimulatedDelivery: Type.Optional(
      Type.Boolean({
        description:
          "Whether the simulated phone and mailbox may be used. COUNTERSIGN_ALLOW_SIMULATED_DELIVERY.",
      }),
    ),
    deliveryReports: Type.Optional(
      Type.Boolean({
        description:
          "Whether providers reach `publicUrl`, to report on messages and to fetch call scripts. COUNTERSIGN_DELIVERY_REPORTS; default: unless it is this machine's own address.",
      }),
    ),
    keyFile: Type.Optional(
      Type.String({
        description: "File of the key-encryption keys. COUNTERSIGN_KEY_FILE; default in the data folder.",
      }),
    ),
    checkpointsFile: Type.Optional(
      Type.String({
        description: "Where signed audit checkpoints go; best on another disk. COUNTERSIGN_CHECKPOINTS_FILE.",
      }),
    ),
    outboundAllow: Type.Optional(
      Type.Array(Type.String(), {
        description:
          "Private targets that providers may reach, as CIDR or host:port. COUNTERSIGN_OUTBOUND_ALLOW.",
      }),
    ),
    trustedProxies: Type.Optional(
      Type.Array(Type.String(), {
        description: "Proxies whose X-Forwarded-* headers are believed. COUNTERSIGN_TRUSTED_PROXIES.",
      }),
    ),
    logLevel: Type.Optional(
      Type.Enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
        description: "COUNTERSIGN_LOG_LEVEL; default `info`.",
      }),
    ),
    docs: Type.Optional(Type.Boolean({ description: "Serve /docs and /openapi.json. COUNTERSIGN_DOCS." })),
    maxStreams: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_500,
        description: "Open event streams of the live feed, of all keys. COUNTERSIGN_MAX_STREAMS.",
      }),
    ),
    maxStreamsPerKey: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_500,
        description: "Open event streams of one API key. COUNTERSIGN_MAX_STREAMS_PER_KEY.",
      }),
    ),
    keyRequestsPerSecond: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: "Requests of one API key. COUNTERSIGN_KEY_REQUESTS_PER_SECOND; default 3000.",
      }),
    ),
    organizationRequestsPerSecond: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          "Requests of one organization: by its API keys, and apart from them by its channels and by its SignalWire projects. COUNTERSIGN_ORGANIZATION_REQUESTS_PER_SECOND; default 5000.",
      }),
    ),
    requestBurstSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600,
        description:
          "How many seconds' worth of these requests may come at once. COUNTERSIGN_REQUEST_BURST_SECONDS; default 2.",
      }),
    ),
    keepDestinationsHours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 8_760,
        description:
          "Hours after which a closed verification forgets where its code went. COUNTERSIGN_KEEP_DESTINATIONS_HOURS.",
      }),
    ),
    keepVerificationsDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_650,
        description:
          "Days after which a closed verification is deleted; the audit record stays. COUNTERSIGN_KEEP_VERIFICATIONS_DAYS.",
      }),
    ),
    keepAuditDetailsDays: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 36_500,
        description:
          "Days after which the details of audit events are erased, the chain stays; 0: never. COUNTERSIGN_KEEP_AUDIT_DETAILS_DAYS.",
      }),
    ),
    metricsToken: Type.Optional(
      Type.String({
        minLength: 16,
        description: "Bearer token that opens /metrics. COUNTERSIGN_METRICS_TOKEN.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type ConfigFile = Static<typeof ConfigSchema>;

/** How one entry is read from the environment. */
export interface ConfigSetting {
  readonly name: keyof ConfigFile;
  readonly variable: string;
  parse(text: string): unknown;
}

const text = (value: string) => value;
const list = (value: string) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
// A word that is no number or truth value is passed on as it is, so that the schema names it.
const whole = (value: string) => (/^\d{1,9}$/.test(value) ? Number(value) : value);
const truth = (value: string) => (value === "true" ? true : value === "false" ? false : value);

export const settings: readonly ConfigSetting[] = [
  { name: "data", variable: "COUNTERSIGN_DATA", parse: text },
  { name: "host", variable: "COUNTERSIGN_HOST", parse: text },
  { name: "port", variable: "COUNTERSIGN_PORT", parse: whole },
  { name: "publicUrl", variable: "COUNTERSIGN_PUBLIC_URL", parse: text },
  { name: "databaseUrl", variable: "COUNTERSIGN_DATABASE_URL", parse: text },
  { name: "mode", variable: "COUNTERSIGN_MODE", parse: text },
  { name: "demo", variable: "COUNTERSIGN_DEMO", parse: truth },
  { name: "allowSimulatedDelivery", variable: "COUNTERSIGN_ALLOW_SIMULATED_DELIVERY", parse: truth },
  { name: "deliveryReports", variable: "COUNTERSIGN_DELIVERY_REPORTS", parse: truth },
  { name: "keyFile", variable: "COUNTERSIGN_KEY_FILE", parse: text },
  { name: "checkpointsFile", variable: "COUNTERSIGN_CHECKPOINTS_FILE", parse: text },
  { name: "outboundAllow", variable: "COUNTERSIGN_OUTBOUND_ALLOW", parse: list },
  { name: "trustedProxies", variable: "COUNTERSIGN_TRUSTED_PROXIES", parse: list },
  { name: "logLevel", variable: "COUNTERSIGN_LOG_LEVEL", parse: text },
  { name: "docs", variable: "COUNTERSIGN_DOCS", parse: truth },
  { name: "maxStreams", variable: "COUNTERSIGN_MAX_STREAMS", parse: whole },
  { name: "maxStreamsPerKey", variable: "COUNTERSIGN_MAX_STREAMS_PER_KEY", parse: whole },
  { name: "keyRequestsPerSecond", variable: "COUNTERSIGN_KEY_REQUESTS_PER_SECOND", parse: whole },
  {
    name: "organizationRequestsPerSecond",
    variable: "COUNTERSIGN_ORGANIZATION_REQUESTS_PER_SECOND",
    parse: whole,
  },
  { name: "requestBurstSeconds", variable: "COUNTERSIGN_REQUEST_BURST_SECONDS", parse: whole },
  { name: "keepDestinationsHours", variable: "COUNTERSIGN_KEEP_DESTINATIONS_HOURS", parse: whole },
  { name: "keepVerificationsDays", variable: "COUNTERSIGN_KEEP_VERIFICATIONS_DAYS", parse: whole },
  { name: "keepAuditDetailsDays", variable: "COUNTERSIGN_KEEP_AUDIT_DETAILS_DAYS", parse: whole },
  { name: "metricsToken", variable: "COUNTERSIGN_METRICS_TOKEN", parse: text },
];

/** Reads the file's text. Throws `invalid_settings` when it is not a JSON object. */
export function readConfigFile(content: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CountersignError("invalid_settings", `The configuration file ${path} is not a JSON object.`);
  }
  return value as Record<string, unknown>;
}

/** An address or a CIDR block; for `outboundAllow` also `host:port`. */
function isAddressEntry(entry: string, name: string): boolean {
  const [address = "", length, ...rest] = entry.split("/");
  const bits = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) !== 0 && rest.length === 0) {
    return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
  }
  return name === "outboundAllow" && /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):\d{1,5}$/i.test(entry);
}

function addressProblems(given: Record<string, unknown>): readonly FieldProblem[] {
  return ["outboundAllow", "trustedProxies"].flatMap((name) => {
    const entries = given[name];
    if (!Array.isArray(entries)) return [];
    return entries
      .filter((entry) => typeof entry === "string" && !isAddressEntry(entry, name))
      .map((entry) => ({
        field: name,
        problem: `cannot read ${JSON.stringify(entry)}: give an address or a CIDR block`,
      }));
  });
}

/** Every entry that does not fit, by name. */
export function settingProblems(given: Record<string, unknown>): readonly FieldProblem[] {
  const unknown = Object.keys(given)
    .filter((name) => !(name in ConfigSchema.properties))
    .map((name) => ({ field: name, problem: "is not a known entry" }));
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => name in ConfigSchema.properties));
  const wrong = [...Value.Errors(ConfigSchema, known)].map(({ instancePath, message }) => ({
    field: instancePath.split("/")[1] ?? "",
    problem: message,
  }));
  return [...unknown, ...wrong, ...addressProblems(given)];
}
