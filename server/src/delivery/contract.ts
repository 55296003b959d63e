import { createServer, type Server, type Socket } from "node:net";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryVia } from "../engine/model.ts";
import { createOutbound, type Outbound } from "./http.ts";
import {
  type DeliveryFailure,
  type DeliveryProvider,
  type DeliveryReport,
  type DeliveryResult,
  type DeliveryTools,
  type OutboundMessage,
  ReportRejected,
  type ReportRequest,
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
  /** From the request on, so that a busy machine has all the time it needs for the request itself. */
  const patienceMs = 100;

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

    /** What never ends is ended, as the dispatcher does; all else may take its time. */
    function send(reply: StubReply, settings = contract.settings(stub.url)): Promise<DeliveryResult> {
      const controller = new AbortController();
      stub.reply = () => {
        if (reply === "hang" || reply === "drip") setTimeout(() => controller.abort(), patienceMs);
        return reply;
      };
      const tools: DeliveryTools = {
        fetch: outbound.fetch,
        addressesOf: outbound.addressesOf,
        signal: controller.signal,
        secret: async (id) => contract.secrets?.[id] ?? "the-secret",
        now: () => 1_790_000_000_000,
      };
      return provider.send(messageFor(contract.via, { to: contract.to }), settings, tools);
    }

    it("declares settings that its schema accepts", () => {
      expect(Value.Errors(provider.settings, contract.settings(stub.url))).toEqual([]);
      expect(Value.Check(provider.settings, { ...contract.settings(stub.url), more: 1 })).toBe(false);
      expect(provider.validate?.(contract.settings(stub.url)) ?? []).toEqual([]);
      expect(provider.vias).toContain(contract.via);
    });

    it("hands the code over and reads the reference", async () => {
      const result = await send(contract.success.reply);
      expect(result.ok).toBe(true);
      expect(result.ok && result.reference).toBe(contract.success.reference);
      const last = stub.requests.at(-1);
      const wire = decodeURIComponent(`${last?.target} ${last?.body}`.replaceAll("+", " "));
      // A call reads the digits one by one.
      expect(wire.replace(/(?<=\d)[.:, ]+(?=\d)/g, "")).toContain(code);
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
        const before = stub.requests.length;
        const result = await send(reply);
        expect(result).toMatchObject({
          ok: false,
          reason: expected,
          ...(providerCode ? { providerCode } : {}),
        });
        expect(stub.requests.length - before).toBe(1);
        expect(JSON.stringify(result)).not.toContain(code);
        expect(JSON.stringify(result)).not.toContain(contract.to.slice(1));
      });
    }

    it('is "unreachable" when nobody listens', async () => {
      const gone = await startStub();
      await gone.close();
      expect(await send({}, contract.settings(gone.url))).toMatchObject({ ok: false, reason: "unreachable" });
    });
  });
}

const code = "493827";

function messageFor(via: DeliveryVia, change: Partial<OutboundMessage> = {}): OutboundMessage {
  const parts = [
    { kind: "text", text: "Your code is" },
    { kind: "digits", digits: code },
  ] as const;
  return {
    id: "0190a1b2-0000-7000-8000-000000000001",
    verification: "0190a1b2-0000-7000-8000-000000000002",
    organization: "acme",
    via,
    to: "+4915112345678",
    from: "Acme",
    text: `Your code is ${code}.`,
    code,
    ...(via === "voice" && { speech: { parts, invitation: "Press 1." } }),
    locale: "en",
    ttlSeconds: 300,
    ...change,
  };
}

/** What one message made a provider ask, and what the provider made of the answer. */
export interface Sending {
  readonly result: DeliveryResult;
  readonly request: StubRequest;
  readonly body: unknown;
}

export interface Bench {
  /** A base URL, once the tests run. */
  url(): string;
  readonly tools: DeliveryTools;
  /** The JSON body that was sent stands read in `body`; the stub answers as told. */
  send<Settings>(
    provider: DeliveryProvider<Settings>,
    settings: Settings,
    change: Partial<OutboundMessage>,
    answer: StubAnswer,
  ): Promise<Sending>;
  /** What the stub was asked last. */
  last(): StubRequest;
  reply(answer: StubAnswer): void;
}

export const benchNow = 1_790_000_000_000;

/** A stub and a network for the tests of one file, to look at requests field by field. Credentials are `<id> secret`. */
export function useBench(): Bench {
  let stub: Stub | undefined;
  let outbound: Outbound | undefined;
  beforeAll(async () => {
    stub = await startStub();
    outbound = openLoopback();
  });
  afterAll(async () => {
    await outbound?.close();
    await stub?.close();
  });
  const tools: DeliveryTools = {
    fetch: (url, request) => outbound!.fetch(url, request),
    addressesOf: (host, port) => outbound!.addressesOf(host, port),
    signal: new AbortController().signal,
    secret: async (id) => `${id} secret`,
    now: () => benchNow,
  };
  return {
    tools,
    url: () => stub!.url,
    last: () => stub!.requests.at(-1)!,
    reply: (answer) => {
      stub!.reply = () => answer;
    },
    async send(provider, settings, change, answer) {
      const before = stub!.requests.length;
      stub!.reply = () => answer;
      const result = await provider.send(messageFor(change.via ?? "sms", change), settings, tools);
      expect(stub!.requests.length - before).toBe(1);
      const request = stub!.requests.at(-1)!;
      const isJson = request.headers["content-type"] === "application/json";
      return { result, request, body: isJson ? JSON.parse(request.body) : undefined };
    },
  };
}

/** What a provider's proof of a report covers, beside the key. */
export interface ReportContract<Settings> {
  readonly provider: DeliveryProvider<Settings>;
  readonly settings: Settings;
  /** Plain secrets by credential id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Settings without what a proof is checked with; absent where every settings hold it. */
  readonly unconfigured?: Settings;
  /** Settings with another key, where the key is no credential. */
  readonly foreign?: Settings;
  readonly now: number;
  /** A true report of a status in the provider's words. */
  readonly genuine: (status: string) => ReportRequest | Promise<ReportRequest>;
  readonly delivered: { readonly status: string; readonly report: DeliveryReport };
  /** Headers that hold the proof; none: it stands in the URL's query. */
  readonly headers: readonly string[];
  readonly covers: { readonly body: boolean; readonly url: boolean; readonly time: boolean };
  readonly states: Readonly<Record<string, DeliveryReport["state"] | "ignored">>;
}

/** Holds for the reports of every provider (WHK-01…05): nothing is read that does not prove itself. */
export function describeReports<Settings>(contract: ReportContract<Settings>): void {
  const { provider, settings, secrets, covers, genuine } = contract;
  let right: ReportRequest;

  function read(
    request: ReportRequest,
    { now = contract.now, chosen = settings, key = (id: string) => secrets[id] ?? "" } = {},
  ) {
    return provider.readReports!(request, chosen, { now: () => now, secret: async (id) => key(id) });
  }
  async function expectRefused(reading: Promise<unknown>, title: string): Promise<void> {
    const error = await reading.then(
      () => "accepted",
      (refusal: unknown) => refusal,
    );
    expect(error, title).toBeInstanceOf(ReportRejected);
    expect((error as ReportRejected).status, title).toBe(403);
  }
  const withHeader = (name: string, value: string | undefined): ReportRequest => ({
    ...right,
    headers: { ...right.headers, [name]: value },
  });

  describe(`reports of ${provider.id}`, () => {
    beforeAll(async () => {
      right = await genuine(contract.delivered.status);
    });

    it("are read when they prove themselves", async () => {
      expect(await read(right)).toEqual([contract.delivered.report]);
    });

    it("WHK-01: no, an empty, a cut, a lengthened and a foreign proof is none", async () => {
      for (const name of contract.headers) {
        const value = right.headers[name] ?? "";
        const middle = Math.floor(value.length / 2);
        const swapped = value[middle] === "A" ? "B" : "A";
        const changed = `${value.slice(0, middle)}${swapped}${value.slice(middle + 1)}`;
        for (const wrong of [undefined, "", value.slice(0, -2), `${value}A`, changed]) {
          await expectRefused(read(withHeader(name, wrong)), `${name}: ${wrong}`);
        }
      }
      const foreign = { key: (id: string) => `${secrets[id]}x`, chosen: contract.foreign ?? settings };
      await expectRefused(read(right, foreign), "another key");
      if (contract.unconfigured !== undefined) {
        await expectRefused(read(right, { chosen: contract.unconfigured }), "nothing to check with");
      }
    });

    if (contract.headers.length === 0)
      it("WHK-01: an URL without the right proof is none", async () => {
        const proof = new URL(right.url).searchParams.get("token") ?? "";
        const bare = right.url.split("?")[0] ?? "";
        for (const query of ["", "?token=", `?token=${proof.slice(1)}`, `?token=${proof}&token=${proof}`]) {
          await expectRefused(read({ ...right, url: `${bare}${query}` }), query);
        }
      });

    if (covers.url)
      it("WHK-02: a proof for another URL is none", async () => {
        const { origin, pathname, search } = new URL(right.url);
        for (const url of [`https://evil.example${pathname}${search}`, `${origin}/other${search}`]) {
          await expectRefused(read({ ...right, url }), url);
        }
      });

    if (covers.body)
      it("WHK-04: a changed byte, one more or one less is refused", async () => {
        const bytes = Buffer.from(right.body);
        for (const at of [0, Math.floor(bytes.length / 3), bytes.length - 2]) {
          const changed = Buffer.from(bytes);
          changed[at] = changed[at] === 0x31 ? 0x32 : 0x31;
          await expectRefused(read({ ...right, body: changed }), `byte ${at}`);
        }
        await expectRefused(read({ ...right, body: Buffer.concat([bytes, Buffer.from("1")]) }), "longer");
        await expectRefused(read({ ...right, body: bytes.subarray(0, -1) }), "shorter");
      });

    if (covers.time)
      it("WHK-05: an old proof is none, nor one from the future", async () => {
        expect(await read(right, { now: contract.now + 290_000 })).toHaveLength(1);
        await expectRefused(read(right, { now: contract.now + 310_000 }), "old");
        await expectRefused(read(right, { now: contract.now - 310_000 }), "from the future");
      });

    const unknown = ["brand-new", "constructor"].map((status) => [status, "ignored"] as const);
    it.each([...Object.entries(contract.states), ...unknown])("%s is %s", async (status, state) => {
      const reports = await read(await genuine(status));
      expect(reports.map((report) => report.state)).toEqual(state === "ignored" ? [] : [state]);
    });
  });
}
