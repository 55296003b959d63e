import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryVia } from "../engine/model.ts";
import { createOutbound, type Outbound } from "./http.ts";
import type {
  DeliveryFailure,
  DeliveryProvider,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
} from "./provider.ts";

/** A request as it came over the wire. */
export interface StubRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the stub does with a request: answer it, or go wrong in one of the ways that real servers do. */
export type StubReply = StubAnswer | "reset" | "hang" | "garbage" | "drip" | "flood";

export interface Stub {
  readonly port: number;
  readonly url: string;
  readonly requests: StubRequest[];
  /** Sockets that are open now: zero when everything was let go. */
  openSockets(): number;
  reply: (request: StubRequest) => StubReply;
  close(): Promise<void>;
}

/** A provider's server on a loop-back port, made of plain sockets so that it can also break the protocol. */
export async function startStub(): Promise<Stub> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    receive(socket, stub);
  });
  await listen(server);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const stub: Stub = {
    port,
    url: `http://127.0.0.1:${port}`,
    requests: [],
    openSockets: () => sockets.size,
    reply: () => ({}),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) {
          socket.destroy();
        }
        server.close(() => resolve());
      }),
  };
  return stub;
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function receive(socket: Socket, stub: Stub): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    const request = readRequest(received.toString("latin1"));
    if (request !== undefined) {
      received = Buffer.alloc(0);
      stub.requests.push(request);
      perform(socket, stub.reply(request));
    }
  });
}

function readRequest(text: string): StubRequest | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) {
    return undefined;
  }
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    headers[line.slice(0, line.indexOf(":")).toLowerCase()] = line.slice(line.indexOf(":") + 1).trim();
  }
  const body = text.slice(end + 4);
  if (body.length < Number(headers["content-length"] ?? 0)) {
    return undefined;
  }
  const [method = "", target = ""] = first.split(" ");
  return { method, target, headers, body: Buffer.from(body, "latin1").toString("utf8") };
}

function perform(socket: Socket, reply: StubReply): void {
  switch (reply) {
    case "reset":
      socket.resetAndDestroy();
      return;
    case "hang":
      return;
    case "garbage":
      socket.end("SSH-2.0-OpenSSH_9.2\r\n\r\n");
      return;
    case "drip":
      drip(socket, "HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\n", 20);
      return;
    case "flood":
      flood(socket);
      return;
    default:
      answer(socket, reply);
  }
}

function answer(socket: Socket, { status = 200, headers = {}, body = "" }: StubAnswer): void {
  const fields = { "content-length": String(Buffer.byteLength(body)), ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} Stub\r\n${head.join("")}\r\n${body}`);
}

/** One byte now and then, for ever: no single read ever times out. */
function drip(socket: Socket, head: string, everyMs: number): void {
  socket.write(head);
  const timer = setInterval(() => socket.write("x"), everyMs);
  socket.on("close", () => clearInterval(timer));
}

function flood(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  const block = `10000\r\n${"a".repeat(0x10000)}\r\n`;
  const more = (): void => {
    while (!socket.destroyed && socket.write(block)) {
      // Until the other side stops reading.
    }
  };
  socket.on("drain", more);
  more();
}

/** A network that allows the loop-back stubs. */
export function openLoopback(): Outbound {
  return createOutbound({ allow: ["127.0.0.0/8"] });
}

export interface ContractCase {
  readonly title: string;
  readonly reply: StubReply;
  readonly expected: DeliveryFailure;
  readonly providerCode?: string;
}

export interface ProviderContract<Settings> {
  readonly provider: DeliveryProvider<Settings>;
  /** Settings that point the provider at the stub. */
  settings(baseUrl: string): Settings;
  readonly via: DeliveryVia;
  readonly to: string;
  /** What a healthy server answers, and the reference that the provider should read from it. */
  readonly success: { readonly reply: StubReply; readonly reference?: string };
  /** The provider's documented errors. */
  readonly errors: readonly ContractCase[];
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Holds for every provider over HTTP, whatever it is called. */
export function describeProvider<Settings>(contract: ProviderContract<Settings>): void {
  const { provider } = contract;
  const deadlineMs = 250;
  const code = "493827";

  describe(`provider ${provider.id}`, () => {
    let stub: Stub;
    let outbound: Outbound;

    beforeAll(async () => {
      stub = await startStub();
      outbound = openLoopback();
    });
    afterAll(async () => {
      await outbound.close();
      await stub.close();
    });

    function send(settings = contract.settings(stub.url)): Promise<DeliveryResult> {
      const tools: DeliveryTools = {
        fetch: outbound.fetch,
        addressesOf: outbound.addressesOf,
        signal: AbortSignal.timeout(deadlineMs),
        secret: async (id) => contract.secrets?.[id] ?? "the-secret",
        now: () => 1_790_000_000_000,
      };
      return provider.send(messageFor(contract, code), settings, tools);
    }

    it("declares settings that its schema accepts", () => {
      expect(provider.validate?.(contract.settings(stub.url)) ?? []).toEqual([]);
      expect(provider.vias).toContain(contract.via);
    });

    it("hands the code over and reads the reference", async () => {
      stub.reply = () => contract.success.reply;
      const result = await send();
      expect(result.ok).toBe(true);
      expect(result.ok && result.reference).toBe(contract.success.reference);
      const last = stub.requests.at(-1);
      expect(decodeURIComponent(`${last?.target} ${last?.body}`.replaceAll("+", " "))).toContain(code);
    });

    const wire: readonly ContractCase[] = [
      { title: "hangs", reply: "hang", expected: "ambiguous" },
      { title: "resets after the request", reply: "reset", expected: "ambiguous" },
      { title: "answers another protocol", reply: "garbage", expected: "ambiguous" },
      { title: "drips its answer", reply: "drip", expected: "ambiguous" },
      { title: "never stops answering", reply: "flood", expected: "ambiguous" },
      { title: "redirects", reply: { status: 302, headers: { location: "/" } }, expected: "configuration" },
      { title: "answers 429", reply: { status: 429 }, expected: "throttled" },
      { title: "answers 503", reply: { status: 503 }, expected: "temporary" },
      { title: "answers 504", reply: { status: 504 }, expected: "ambiguous" },
    ];
    for (const { title, reply, expected, providerCode } of [...wire, ...contract.errors]) {
      it(`is "${expected}" when the server ${title}`, async () => {
        stub.reply = () => reply;
        const before = stub.requests.length;
        const result = await send();
        expect(result).toMatchObject({
          ok: false,
          reason: expected,
          ...(providerCode ? { providerCode } : {}),
        });
        expect(stub.requests.length - before).toBe(1);
        expect(JSON.stringify(result)).not.toContain(code);
      });
    }

    it('is "unreachable" when nobody listens', async () => {
      const gone = await startStub();
      await gone.close();
      expect(await send(contract.settings(gone.url))).toMatchObject({ ok: false, reason: "unreachable" });
    });
  });
}

function messageFor<Settings>(contract: ProviderContract<Settings>, code: string): OutboundMessage {
  return {
    id: "0190a1b2-0000-7000-8000-000000000001",
    verification: "0190a1b2-0000-7000-8000-000000000002",
    organization: "acme",
    via: contract.via,
    to: contract.to,
    from: "Acme",
    text: `Your code is ${code}.`,
    locale: "en",
    ttlSeconds: 300,
  };
}
