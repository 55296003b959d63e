import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLoopback, type Stub, startStub } from "./contract.ts";
import { createOutbound, maxAnswerBytes, type Outbound } from "./http.ts";
import type { OutboundAddress, OutboundError, OutboundRequest } from "./provider.ts";

const get: OutboundRequest = { method: "GET", headers: {}, timeoutMs: 2_000 };
const loopback: OutboundAddress = { address: "127.0.0.1", family: 4 };

async function failureOf(call: Promise<unknown>): Promise<OutboundError> {
  return call.then(
    () => {
      throw new Error("it was answered");
    },
    (error: unknown) => error as OutboundError,
  );
}

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

describe("an answer", () => {
  it("comes back with status, flat headers and text", async () => {
    stub.reply = () => ({ status: 201, headers: { "X-Id": "7" }, body: "grüß" });
    const answer = await outbound.fetch(`${stub.url}/a?b=c`, {
      ...get,
      method: "POST",
      headers: { "X-Key": "k" },
      body: "ä",
    });
    expect(answer).toMatchObject({ status: 201, body: "grüß", headers: { "x-id": "7" } });
    expect(stub.requests.at(-1)).toMatchObject({
      method: "POST",
      target: "/a?b=c",
      body: "ä",
      headers: { "x-key": "k", "accept-encoding": "identity", "content-length": "2" },
    });
  });

  it("that redirects is not followed (PRV-05)", async () => {
    const before = stub.requests.length;
    stub.reply = () => ({ status: 307, headers: { location: `${stub.url}/other` } });
    expect(await outbound.fetch(stub.url, get)).toMatchObject({ status: 307 });
    expect(stub.requests.length - before).toBe(1);
  });

  it("of exactly 64 KiB is read", async () => {
    stub.reply = () => ({ body: "a".repeat(maxAnswerBytes) });
    expect((await outbound.fetch(stub.url, get)).body).toHaveLength(maxAnswerBytes);
  });
});

describe("addresses (PRV-01, PRV-04)", () => {
  const strict = createOutbound({ allow: [], resolve: async () => [loopback] });
  const urls = [
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://localhost./",
    "http://①②⑦.0.0.1/",
    "file:///etc/passwd",
    "ftp://example.org/",
    "gopher://example.org/",
    "unix:/run/x",
    "data:text/plain,x",
    "https://user:word@example.org/",
    "//example.org",
    "",
  ];
  it.each(urls)("%s is blocked", async (url) => {
    const failure = await failureOf(strict.fetch(url, get));
    expect(failure).toMatchObject({ kind: "blocked", sent: false });
    expect(url === "" || !failure.message.includes(url)).toBe(true);
  });
});

describe("rebinding (PRV-02, PRV-03)", () => {
  it("cannot swap the address between the check and the connection", async () => {
    const answers: OutboundAddress[][] = [[{ address: "93.184.216.34", family: 4 }], [loopback]];
    let lookups = 0;
    const rebound = createOutbound({
      allow: [],
      resolve: async () => {
        lookups += 1;
        return answers.shift() ?? [loopback];
      },
    });
    // The first answer is what the socket dials: nothing listens there that we could reach, and the stub is never asked.
    const before = stub.requests.length;
    const failure = await failureOf(
      rebound.fetch(`http://rebind.test:${stub.port}/`, { ...get, timeoutMs: 250 }),
    );
    expect(failure.sent).toBe(false);
    expect(lookups).toBe(1);
    expect(await failureOf(rebound.fetch(`http://rebind.test:${stub.port}/`, get))).toMatchObject({
      sent: false,
    });
    expect(stub.requests.length).toBe(before);
    await rebound.close();
  });

  it("dials exactly the address that was checked", async () => {
    const pinned = createOutbound({ allow: [`pin.test:${stub.port}`], resolve: async () => [loopback] });
    stub.reply = () => ({ body: "here" });
    expect(await pinned.fetch(`http://pin.test:${stub.port}/`, get)).toMatchObject({ body: "here" });
    expect(stub.requests.at(-1)?.headers["host"]).toBe(`pin.test:${stub.port}`);
    await pinned.close();
  });

  it("is refused when one of several addresses is private", async () => {
    const mixed = createOutbound({
      allow: [],
      resolve: async () => [{ address: "93.184.216.34", family: 4 }, loopback],
    });
    expect(await failureOf(mixed.fetch("https://mixed.test/", get))).toMatchObject({
      kind: "blocked",
      sent: false,
    });
    await mixed.close();
  });
});

describe("a server that misbehaves (PRV-06)", () => {
  const short = { ...get, timeoutMs: 250 };
  const cases = [
    ["hangs", "hang", "timeout", undefined],
    ["resets", "reset", "reset", undefined],
    ["speaks another protocol", "garbage", "garbage", undefined],
    ["drips", "drip", "timeout", 200],
    ["never stops", "flood", "garbage", 200],
  ] as const;
  it.each(cases)("%s", async (_title, reply, kind, status) => {
    stub.reply = () => reply;
    const failure = await failureOf(outbound.fetch(`${stub.url}/path-with-text`, short));
    expect(failure).toMatchObject({ kind, sent: true, status });
    expect(failure.message).not.toContain("path-with-text");
    await expect.poll(() => stub.openSockets(), { timeout: 10_000 }).toBe(0);
  });

  it.each([
    ["announces too much", { headers: { "content-length": "10000000000" } }],
    ["sends endless headers", { headers: { "x-long": "h".repeat(40_000) } }],
    [
      "compresses though it was not asked to",
      { headers: { "content-encoding": "gzip" }, body: gzipSync("x").toString("latin1") },
    ],
  ] as const)("%s", async (_title, reply) => {
    stub.reply = () => reply;
    expect(await failureOf(outbound.fetch(stub.url, short))).toMatchObject({ kind: "garbage", sent: true });
  });

  it("is not there", async () => {
    const gone = await startStub();
    await gone.close();
    expect(await failureOf(outbound.fetch(gone.url, get))).toMatchObject({
      kind: "unreachable",
      sent: false,
    });
  });
});

describe("the caller", () => {
  it("can end a call", async () => {
    stub.reply = () => "hang";
    const before = stub.requests.length;
    const controller = new AbortController();
    const call = failureOf(outbound.fetch(stub.url, { ...get, signal: controller.signal }));
    await expect.poll(() => stub.requests.length).toBe(before + 1);
    controller.abort();
    expect(await call).toMatchObject({ kind: "timeout", sent: true });
  });

  it("who ended before it began sends nothing", async () => {
    const before = stub.requests.length;
    const failure = await failureOf(outbound.fetch(stub.url, { ...get, signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ kind: "timeout", sent: false });
    expect(stub.requests.length).toBe(before);
  });

  it.each(["Host", "Content-Length", "Transfer-Encoding", "Connection", "Bad Name", "X\r\nY"])(
    "cannot set the header %j (PRV-08)",
    async (name) => {
      const failure = await failureOf(outbound.fetch(stub.url, { ...get, headers: { [name]: "1" } }));
      expect(failure).toMatchObject({ kind: "blocked", sent: false });
    },
  );

  it.each(["a\r\nX-Evil: 1", "a\nb", "a\u0000b", "ü"])("cannot set the header value %j", async (value) => {
    const failure = await failureOf(outbound.fetch(stub.url, { ...get, headers: { "X-A": value } }));
    expect(failure).toMatchObject({ kind: "blocked", sent: false });
  });
});
