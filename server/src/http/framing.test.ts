import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { probeRoutes, type Seen, startTestServer, type TestServer } from "../../test/http/parts.ts";
import { publicRoute } from "./access.ts";
import type { RoutePlugin } from "./app.ts";
import { defaultHttpSettings } from "./settings.ts";

let server: TestServer;
let key: string;
const seen: Seen[] = [];
let port = 0;

async function listen(
  limits: Partial<typeof defaultHttpSettings.limits> = {},
  more: RoutePlugin = () => undefined,
): Promise<void> {
  server = await startTestServer(() => [probeRoutes(seen), more], {
    limits: { ...defaultHttpSettings.limits, ...limits },
  });
  key = server.keys.issue(["verifications:check", "verifications:read"]);
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  const address = server.app.server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
}

beforeEach(() => listen());
afterEach(async () => {
  await server.app.close();
  seen.length = 0;
});

/** Sends the bytes and gives back all that comes until the server ends the connection. */
function exchange(...pieces: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
    for (const piece of pieces) socket.write(piece);
  });
}

const head = (lines: readonly string[]) =>
  [
    "POST /v1/probes HTTP/1.1",
    "Host: x",
    `Authorization: Bearer ${key}`,
    "Content-Type: application/json",
    ...lines,
    "",
    "",
  ].join("\r\n");
const smuggled = () =>
  `POST /v1/probes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}`;

describe("API-24 framing", () => {
  it("the probe itself is answered when it is well-formed", async () => {
    const answer = await exchange(`${head(["Content-Length: 2", "Connection: close"])}{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /u);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["CL and TE", ["Content-Length: 4", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["TE and CL", ["Transfer-Encoding: chunked", "Content-Length: 4"], "0\r\n\r\n"],
    ["two lengths", ["Content-Length: 2", "Content-Length: 60"], "{}"],
    ["a list of lengths", ["Content-Length: 2, 60"], "{}"],
    ["a signed length", ["Content-Length: +2"], "{}"],
    ["TE chunked twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
    ["TE chunked, then identity", ["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"],
    ["TE xchunked", ["Transfer-Encoding: xchunked"], "0\r\n\r\n"],
    ["TE with a space before the colon", ["Transfer-Encoding : chunked"], "0\r\n\r\n"],
    ["a folded header", ["X-A: b\r\n c", "Content-Length: 2"], "{}"],
    ["CR in a value", ["X-A: b\rContent-Length: 2"], "{}"],
    ["NUL in a value", ["X-A: b\u0000c", "Content-Length: 2"], "{}"],
    ["a header without a colon", ["X-A", "Content-Length: 2"], "{}"],
    ["chunk size with garbage", ["Transfer-Encoding: chunked"], "2zz\r\n{}\r\n0\r\n\r\n"],
    ["bare LF after a chunk size", ["Transfer-Encoding: chunked"], "2\n{}\n0\n\n"],
  ])("%s: 400, closed, and what follows is no second request", async (_name, lines, body) => {
    const answer = await exchange(head(lines) + body + smuggled());
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    expect(answer.match(/HTTP\/1\.1/gu)).toHaveLength(1);
    expect(answer).toContain('"code":"invalid_request"');
    expect(seen).toEqual([]);
  });

  it("bare LF as line ends", async () => {
    const answer = await exchange(head(["Content-Length: 2"]).replaceAll("\r\n", "\n"), "{}", smuggled());
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    expect(seen).toEqual([]);
  });

  it("a long path is 400, headers beyond 16 kB are 431, no Host is 400", async () => {
    const long = await exchange(`GET /${"a".repeat(8_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 40[04] /u);
    const header = await exchange(`GET /open HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(17_000)}\r\n\r\n`);
    expect(header).toMatch(/^HTTP\/1\.1 431 /u);
    expect(await exchange("GET /open HTTP/1.1\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /u);
  });

  it("line ends in a header value of an answer cannot be caused by a path", async () => {
    const answer = await exchange(
      "GET /%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /u);
    expect(answer).not.toMatch(/\r\nX-Injected/iu);
  });
});

describe("API-23 methods", () => {
  it.each(["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])(
    "%s is 405 without effect",
    async (method) => {
      const answer = await exchange(`${method} /v1/probes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 405 /u);
      expect(answer).toMatch(/\r\nallow: GET, POST\r\n/iu);
    },
  );

  it.each(["CONNECT x:443", "BREW /v1/probes"])("%s ends the connection", async (line) => {
    const answer = await exchange(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer === "" || answer.startsWith("HTTP/1.1 400 ")).toBe(true);
    expect(seen).toEqual([]);
  });
});

describe("API-18 size", () => {
  it("2 GB announced is 413 before a byte of it comes", async () => {
    const answer = await exchange(head(["Content-Length: 2147483648"]));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /u);
    expect(answer).toMatch(/\r\nconnection: close\r\n/iu);
  });

  it("10 MB in chunks are 413 and the connection ends", async () => {
    const chunk = Buffer.from(`4000\r\n${"a".repeat(0x4000)}\r\n`);
    const answer = await exchange(
      head(["Transfer-Encoding: chunked"]),
      ...Array.from({ length: 640 }, () => chunk),
    );
    expect(answer === "" || answer.startsWith("HTTP/1.1 413 ")).toBe(true);
    expect(seen).toEqual([]);
  });

  it("deep nesting, many keys and invalid UTF-8 are 400, and the server lives", async () => {
    const bodies = [
      Buffer.from("[".repeat(60_000)),
      Buffer.from(`{${Array.from({ length: 6_000 }, (_, index) => `"${index}":1`).join(",")}}`),
      Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    ];
    for (const body of bodies) {
      const answer = await exchange(head([`Content-Length: ${body.length}`, "Connection: close"]), body);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
    }
    expect(await exchange(`${head(["Content-Length: 2", "Connection: close"])}{}`)).toMatch(
      /^HTTP\/1\.1 200 /u,
    );
  });

  it("without a key a body is not even read", async () => {
    const answer = await exchange(
      "POST /v1/probes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /u);
  });
});

describe("slow clients", () => {
  it("headers that do not end are 408 and the connection is closed", async () => {
    await server.app.close();
    await listen({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
    expect(await exchange("GET /open HTTP/1.1\r\nHost: x\r\nX-Slow: ")).toMatch(/^HTTP\/1\.1 408 /u);
  });

  it("a body that does not end is given up", async () => {
    await server.app.close();
    await listen({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
    expect(await exchange(`${head(["Content-Length: 100"])}{"code":`)).toMatch(/^HTTP\/1\.1 408 /u);
    expect(seen).toEqual([]);
  });

  it("the timeouts in force are the documented ones", () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections, timeout } = server.app.server;
    expect([headersTimeout, requestTimeout, keepAliveTimeout, maxConnections, timeout]).toEqual([
      10_000, 10_000, 65_000, 2_000, 30_000,
    ]);
  });

  /** A client that never reads; its socket says nothing of the end until somebody does. */
  const deaf = (text: string) => {
    const socket = connect(port, "127.0.0.1").pause();
    socket.on("error", () => undefined);
    if (text !== "") socket.write(text);
    return socket;
  };
  /** More than sockets hold by themselves. */
  const large = (app: Parameters<RoutePlugin>[0]) => {
    app.get("/large", { config: { access: publicRoute("is large") } }, async () => "x".repeat(64 << 20));
  };
  const connections = () =>
    new Promise<number>((resolve, reject) => {
      server.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });

  it.each([
    ["reads nothing of its answer", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["sends nothing at all", ""],
    ["asks nothing more", "GET /open HTTP/1.1\r\nHost: x\r\n\r\n"],
  ])("a client that %s is ended", async (_, text) => {
    await server.app.close();
    await listen({ stallTimeoutMs: 200, keepAliveTimeoutMs: 100 }, large);
    const socket = deaf(text);
    await vi.waitFor(async () => expect(await connections()).toBe(1), { timeout: 10_000, interval: 5 });
    await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 10_000, interval: 5 });
    socket.destroy();
  });

  it("an answer that takes long to make is waited for", async () => {
    const gate = Promise.withResolvers<void>();
    await server.app.close();
    await listen({ stallTimeoutMs: 50 }, (app) => {
      app.get("/slow", { config: { access: publicRoute("waits") } }, async () => {
        await gate.promise;
        return {};
      });
    });
    const quiet: Socket[] = [];
    server.app.server.on("timeout", (socket: Socket) => quiet.push(socket));
    const slow = exchange("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await vi.waitFor(() => expect(quiet).toHaveLength(1), { timeout: 10_000, interval: 5 });
    gate.resolve();
    expect(await slow).toMatch(/^HTTP\/1\.1 200 /u);
  });

  it("a client that hangs up halfway leaves nothing behind", async () => {
    const socket: Socket = connect(port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write(`${head(["Content-Length: 100"])}{"code":`);
    await inFlight(1);
    socket.resetAndDestroy();
    await inFlight(0);
  });

  it("a client that hangs up before its answer leaves nothing behind", async () => {
    const gate = Promise.withResolvers<void>();
    await server.app.close();
    await listen({}, (app) => {
      app.get("/slow", { config: { access: publicRoute("waits") } }, async () => {
        await gate.promise;
        return {};
      });
    });
    const socket: Socket = connect(port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    await inFlight(1);
    socket.resetAndDestroy();
    await new Promise((resolve) => socket.once("close", resolve));
    gate.resolve();
    await inFlight(0);
  });

  it("clients that send slowly take no places from others", async () => {
    await server.app.close();
    await listen({ maxInFlight: 60, maxWaiting: 0 });
    const sockets = Array.from({ length: 100 }, () => connect(port, "127.0.0.1"));
    for (const socket of sockets) socket.write(`${head(["Content-Length: 100"])}{"code":`);
    await inFlight(100);
    expect(await exchange(`${head(["Content-Length: 2", "Connection: close"])}{}`)).toMatch(
      /^HTTP\/1\.1 200 /u,
    );
    for (const socket of sockets) socket.destroy();
    await inFlight(0);
  });

  /** Asks until it is so: sockets tell nobody when the other side has read them. */
  function inFlight(count: number): Promise<void> {
    return vi.waitFor(
      async () =>
        expect(await server.metrics.render()).toContain(`countersign_requests_in_flight ${count}\n`),
      { timeout: 10_000, interval: 5 },
    );
  }
});
