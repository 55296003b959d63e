import type { ApiKeyMode } from "../engine/code/api-key.ts";
import type { AdmissionLimits } from "./admission.ts";

/** What the HTTP surface can be told; `config/` fills it in. */
export interface HttpSettings {
  /** Only API keys of this mode are taken; undefined: both. */
  readonly keyMode?: ApiKeyMode | undefined;
  /** People reach us by TLS (ours or a proxy's): sends HSTS. */
  readonly tls: boolean;
  /** Addresses or CIDR ranges whose X-Forwarded-* headers are believed. Empty: nobody's. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Serves /docs and /openapi.json without a key. */
  readonly docs: boolean;
  readonly metrics: MetricsAccess;
  readonly limits: HttpLimits;
}

/** Who may read /metrics: who knows the token, or who asks from this machine. Neither: the route does not exist. */
export interface MetricsAccess {
  readonly token?: string | undefined;
  readonly loopback: boolean;
}

export interface HttpLimits extends AdmissionLimits {
  readonly bodyBytes: number;
  /** Of one API key. */
  readonly keyRequestsPerSecond: number;
  /** Of all keys of one organization; besides, of its channels, and of its SignalWire projects. */
  readonly organizationRequestsPerSecond: number;
  /** How many seconds' worth of a rate may come at once. */
  readonly requestBurstSeconds: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** How long a client may take nothing of an answer, or send nothing over a new connection. */
  readonly stallTimeoutMs: number;
  readonly maxHeaderBytes: number;
}

export const defaultHttpSettings: HttpSettings = {
  tls: false,
  trustedProxies: [],
  logLevel: "info",
  docs: true,
  metrics: { loopback: false },
  limits: {
    bodyBytes: 65_536,
    maxInFlight: 1_000,
    maxWaiting: 100,
    maxWaitMs: 100,
    maxEventLoopDelayMs: 200,
    // More than all but a flood: what keeps organizations apart under load is their part of the places, not these.
    keyRequestsPerSecond: 3_000,
    organizationRequestsPerSecond: 5_000,
    requestBurstSeconds: 2,
    maxConnections: 2_000,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    keepAliveTimeoutMs: 65_000,
    stallTimeoutMs: 30_000,
    maxHeaderBytes: 16_384,
  },
};
