import { isIP, type LookupFunction } from "node:net";
import { Agent, type Dispatcher, errors, Pool } from "undici";
import { type AddressGuardOptions, createAddressGuard } from "./addresses.ts";
import { headerProblem } from "./headers.ts";
import {
  OutboundError,
  type OutboundFetch,
  type OutboundRequest,
  type OutboundResponse,
  type ResolveAddresses,
} from "./provider.ts";

/** The one door to the network: everything that leaves goes through it, and only to addresses that are allowed. */
export interface Outbound {
  readonly fetch: OutboundFetch;
  readonly addressesOf: ResolveAddresses;
  close(): Promise<void>;
}

export const maxAnswerBytes = 64 * 1024;
const maxHeaderBytes = 16 * 1024;
const connectTimeoutMs = 2_000;
const connectionsPerOrigin = 32;
/**
 * Shorter than any server's own limit: a message written into a connection that the server is just closing would end as
 * "maybe sent", and a fresh handshake is cheaper than that.
 */
const idleConnectionMs = 1_000;
const maxTrusts = 64;

export function createOutbound(options: AddressGuardOptions): Outbound {
  const guard = createAddressGuard(options);
  const agents = new Map<string, Agent>();

  function agentFor(ca: string | undefined): Agent {
    const known = agents.get(ca ?? "");
    if (known !== undefined) {
      return known;
    }
    const agent = openAgent(ca, guard.addressesOf);
    agents.set(ca ?? "", agent);
    const [oldest] = agents.keys();
    if (agents.size > maxTrusts && oldest !== undefined) {
      void agents.get(oldest)?.close();
      agents.delete(oldest);
    }
    return agent;
  }

  return {
    addressesOf: guard.addressesOf,
    async fetch(address, request) {
      const url = readUrl(address);
      checkHeaders(request);
      const port = portOf(url);
      if (isIP(bareName(url)) !== 0) {
        // A socket never looks up a literal, so it is checked here; a name is checked where it is looked up.
        await guard.addressesOf(url.hostname, port);
      }
      return exchange(agentFor(request.ca), url, request);
    },
    async close() {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map((agent) => agent.destroy()));
    },
  };
}

function readUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new OutboundError("blocked", false, "Only http and https addresses are called.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new OutboundError("blocked", false, "An address with a login in it is not called.");
  }
  return url;
}

function checkHeaders(request: OutboundRequest): void {
  for (const [name, value] of Object.entries(request.headers)) {
    if (headerProblem(name, value) !== undefined) {
      throw new OutboundError("blocked", false, "A request header is not allowed.");
    }
  }
}

function bareName(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/** A pool per origin, whose sockets can only be opened to the very addresses that passed the guard (no second look-up). */
function openAgent(ca: string | undefined, addressesOf: ResolveAddresses): Agent {
  return new Agent({
    factory: (origin) => {
      const port = portOf(new URL(origin));
      return new Pool(origin, {
        connections: connectionsPerOrigin,
        pipelining: 1,
        allowH2: false,
        keepAliveTimeout: idleConnectionMs,
        keepAliveMaxTimeout: idleConnectionMs,
        maxHeaderSize: maxHeaderBytes,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: {
          timeout: connectTimeoutMs,
          lookup: guardedLookup(port, addressesOf),
          ...(ca === undefined ? {} : { ca }),
        },
      });
    },
  });
}

function guardedLookup(port: number, addressesOf: ResolveAddresses): LookupFunction {
  return (hostname, options, callback) => {
    addressesOf(hostname, port).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) {
          callback(
            null,
            addresses.map((entry) => ({ ...entry })),
          );
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error("look-up failed"), []),
    );
  };
}

/** One request, one answer, one deadline over everything. Resolves or rejects exactly once. */
function exchange(agent: Agent, url: URL, request: OutboundRequest): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const answer: Answer = { written: false, ended: false, status: 0, headers: {}, chunks: [], bytes: 0 };
    const timer = setTimeout(() => end(timeoutError(answer)), request.timeoutMs);
    const onAbort = (): void => end(timeoutError(answer));

    function end(outcome: OutboundError | OutboundResponse): void {
      if (answer.ended) {
        return;
      }
      answer.ended = true;
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", onAbort);
      if (outcome instanceof OutboundError) {
        answer.controller?.abort(outcome);
        const { kind, sent, message } = outcome;
        reject(answer.status === 0 ? outcome : new OutboundError(kind, sent, message, answer.status));
      } else {
        resolve(outcome);
      }
    }

    request.signal?.addEventListener("abort", onAbort, { once: true });
    if (request.signal?.aborted === true) {
      onAbort();
      return;
    }
    agent.dispatch(dispatchOptions(url, request), handlerOf(answer, end));
  });
}

function dispatchOptions(url: URL, request: OutboundRequest): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: { "user-agent": "Countersign", ...lowerCased(request.headers), "accept-encoding": "identity" },
    body: request.body ?? null,
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What is known about an exchange so far. */
interface Answer {
  controller?: Dispatcher.DispatchController;
  /** The request is being written: from here on the other side may have it. */
  written: boolean;
  ended: boolean;
  status: number;
  headers: Record<string, string>;
  readonly chunks: Buffer[];
  bytes: number;
}

function handlerOf(
  answer: Answer,
  end: (outcome: OutboundError | OutboundResponse) => void,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      // Too late, or a second writing of the same request after a lost connection: neither may reach the wire.
      if (answer.ended || answer.written) {
        controller.abort(new Error("ended"));
        end(resetError());
        return;
      }
      answer.controller = controller;
      answer.written = true;
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) {
        return;
      }
      answer.status = status;
      answer.headers = flatten(headers);
      const encoding = answer.headers["content-encoding"] ?? "identity";
      if (encoding !== "identity" || Number(answer.headers["content-length"] ?? 0) > maxAnswerBytes) {
        end(garbageError());
      }
    },
    onResponseData(_controller, chunk) {
      answer.bytes += chunk.length;
      if (answer.bytes > maxAnswerBytes) {
        end(garbageError());
      } else if (!answer.ended) {
        answer.chunks.push(chunk);
      }
    },
    onResponseEnd() {
      const body = Buffer.concat(answer.chunks).toString("utf8");
      end({ status: answer.status, headers: answer.headers, body });
    },
    onResponseError(_controller, error) {
      end(meaningOf(error, answer));
    },
  };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
    }
  }
  return flat;
}

/** Errors of the library hold addresses and peers in their texts, so only their kind survives. */
function meaningOf(error: unknown, answer: Answer): OutboundError {
  if (error instanceof OutboundError) {
    return error;
  }
  if (!answer.written) {
    return new OutboundError("unreachable", false, "No connection could be made.");
  }
  const unreadable = error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError;
  return unreadable ? garbageError() : resetError();
}

function timeoutError(answer: Answer): OutboundError {
  return new OutboundError("timeout", answer.written, "There was no whole answer in time.");
}

function resetError(): OutboundError {
  return new OutboundError("reset", true, "The connection ended before the answer was complete.");
}

function garbageError(): OutboundError {
  return new OutboundError("garbage", true, "The answer is not one that can be read.");
}
