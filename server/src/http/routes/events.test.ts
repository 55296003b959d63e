import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../../test/http/parts.ts";
import type { AuditDraft, AuditEvent } from "../../engine/audit/event.ts";
import { eventsRoutes } from "./events.ts";

/** An audit in memory that counts its reads and can hold one back. */
function fakeAudit() {
  const events: AuditEvent[] = [];
  const listeners: ((seq: number) => void)[] = [];
  const audit = {
    reads: 0,
    hold: undefined as Promise<void> | undefined,
    fails: false,
    async after(organization: string, seq: number, limit: number) {
      audit.reads += 1;
      const found = events
        .filter((event) => event.organization === organization && event.seq > seq)
        .slice(0, limit);
      await audit.hold;
      if (audit.fails) throw new Error("disk");
      return found;
    },
    head: async () => events.length,
    onAppend: (listener: (seq: number) => void) => void listeners.push(listener),
    append(...drafts: Partial<AuditDraft>[]) {
      for (const draft of drafts) {
        events.push({
          type: "verification.started",
          organization: "acme",
          ...draft,
          seq: events.length + 1,
          at: 1_800_000_000_000 + events.length,
        });
      }
      for (const listener of listeners) listener(events.length);
    },
  };
  return audit;
}

let server: TestServer;
let audit: ReturnType<typeof fakeAudit>;
let port = 0;
const sockets: Socket[] = [];

async function start(limits = { maxStreams: 100, maxStreamsPerKey: 100 }): Promise<string> {
  audit = fakeAudit();
  server = await startTestServer(({ timers, metrics }) => [
    eventsRoutes({ store: { audit }, timers, metrics, limits }),
  ]);
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  const address = server.app.server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  return server.keys.issue(["events:read"]);
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.app.close();
});

interface Reader {
  /** Waits until the predicate holds for the text received. */
  until(predicate: (text: string) => boolean): Promise<string>;
  /** Waits for an event; the ids of all events that have come whole. */
  event(id: number): Promise<readonly number[]>;
  readonly closed: Promise<unknown>;
  readonly socket: Socket;
  readonly ids: readonly number[];
}

/** A client on a bare socket, so that it can stop reading. */
function listenTo(key: string, query = "", headers: readonly string[] = []): Reader {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  const ids: number[] = [];
  const waiting = new Set<() => void>();
  let text = "";
  let rest = "";
  socket.on("data", (chunk) => {
    // Of a long stream only the beginning is kept as text.
    if (text.length < 1_000_000) text += chunk.toString();
    const frames = (rest + chunk.toString()).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const id = /^id: (\d+)\nevent: /mu.exec(frame)?.[1];
      if (id !== undefined) ids.push(Number(id));
    }
    for (const check of waiting) check();
  });
  socket.on("error", () => undefined);
  socket.write(
    [`GET /v1/events${query} HTTP/1.1`, "Host: x", `Authorization: Bearer ${key}`, ...headers, "", ""].join(
      "\r\n",
    ),
  );
  const until = (predicate: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!predicate()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return {
    socket,
    ids,
    closed: once(socket, "close"),
    until: async (predicate) => {
      await until(() => predicate(text));
      return text;
    },
    event: async (id) => {
      await until(() => ids.includes(id));
      return ids;
    },
  };
}

const opened = (text: string) => text.includes("retry: 3000");
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("GET /v1/events", () => {
  it("sends what happens from now on, as server-sent events", async () => {
    const key = await start();
    audit.append({});
    const reader = listenTo(key);
    await reader.until(opened);
    audit.append({
      type: "verification.approved",
      verification: "v1",
      user: "u1",
      actor: "api_key:k",
      details: { via: "sms" },
    });
    expect(await reader.event(2)).toEqual([2]);
    const text = await reader.until(opened);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/u);
    expect(text).toMatch(/\r\ncontent-type: text\/event-stream\r\n/iu);
    expect(text).toMatch(/\r\ncache-control: no-store\r\n/iu);
    expect(text).toContain("event: verification.approved\n");
    expect(JSON.parse(/^data: (.*)$/mu.exec(text)?.[1] ?? "")).toEqual({
      id: "evt_1800000000001_2",
      seq: 2,
      type: "verification.approved",
      at: "2027-01-15T08:00:00.001Z",
      organization: "acme",
      verification: "v1",
      user: "u1",
      actor: "api_key:k",
      details: { via: "sms" },
    });
  });

  it("goes on after Last-Event-ID, which goes before the query, through many pages and into the present", async () => {
    const key = await start();
    audit.append(...Array.from({ length: 700 }, () => ({})));
    const reader = listenTo(key, "?after=0", ["Last-Event-ID: 10"]);
    await reader.event(700);
    audit.append({});
    expect(await reader.event(701)).toEqual(range(11, 701));
  });

  it("loses and repeats nothing while commits come during the catching up", async () => {
    const key = await start();
    audit.append({}, {});
    const gate = Promise.withResolvers<void>();
    audit.hold = gate.promise;
    const early = listenTo(key);
    const late = listenTo(key, "?after=0");
    while (audit.reads < 2) await new Promise(setImmediate);
    audit.append({}, {});
    audit.append({});
    audit.hold = undefined;
    gate.resolve();
    expect(await late.event(5)).toEqual(range(1, 5));
    expect(await early.event(5)).toEqual(range(3, 5));
    audit.append({});
    expect(await late.event(6)).toEqual(range(1, 6));
  });

  it("reads once per commit, however many listen", async () => {
    const key = await start();
    const readers = Array.from({ length: 10 }, () => listenTo(key));
    await Promise.all(readers.map((reader) => reader.until(opened)));
    while ((await server.metrics.render()).includes("countersign_event_streams 10") === false) {
      await new Promise(setImmediate);
    }
    await new Promise(setImmediate);
    const before = audit.reads;
    audit.append({});
    await Promise.all(readers.map((reader) => reader.event(1)));
    expect(audit.reads - before).toBe(1);
  });

  it("shows one organization, and within it what the filters ask for", async () => {
    const key = await start();
    audit.append(
      { organization: "other", verification: "v" },
      { verification: "v", details: { publication: "p", conversation: "c" } },
      { verification: "w", details: { publication: "p" } },
      { type: "delivery.accepted", verification: "v" },
    );
    audit.append({
      verification: "v",
      type: "user.created",
      details: { publication: "p", conversation: "c" },
    });
    const expected = {
      "?after=0": [2, 3, 4, 5],
      "?after=0&verification=v": [2, 4, 5],
      "?after=0&publication=p": [2, 3, 5],
      "?after=0&conversation=c": [2, 5],
      "?after=0&type=delivery.accepted": [4],
      "?after=0&type=user.created&conversation=c": [5],
    };
    for (const [query, found] of Object.entries(expected)) {
      expect(await listenTo(key, query).event(found.at(-1) ?? 0)).toEqual(found);
    }
  });

  it("shows a key of one app the events of that app only", async () => {
    await start();
    const key = server.keys.issue(["events:read"], { app: "shop" });
    audit.append(
      { details: { app: "shop" } },
      { details: { app: "bank" } },
      {},
      { details: { app: "shop" } },
    );
    expect(await listenTo(key, "?after=0").event(4)).toEqual([1, 4]);
  });

  it("refuses a stream without the scope, with a bad Last-Event-ID or filter, and beyond the caps", async () => {
    const key = await start({ maxStreams: 3, maxStreamsPerKey: 2 });
    const get = async (presented: string, url = "/v1/events", headers = {}) =>
      (await server.app.inject({ url, headers: { authorization: `Bearer ${presented}`, ...headers } }))
        .statusCode;
    expect(await get("x")).toBe(401);
    expect(await get(server.keys.issue(["audit:read"]))).toBe(403);
    expect(await get(key, "/v1/events", { "last-event-id": "1; DROP" })).toBe(400);
    expect(await get(key, "/v1/events?after=-1")).toBe(400);
    expect(await get(key, "/v1/events?organization=other")).toBe(400);
    const open = [listenTo(key), listenTo(key)];
    await Promise.all(open.map((reader) => reader.until(opened)));
    expect(await get(key)).toBe(429);
    open[0]?.socket.destroy();
    while ((await server.metrics.render()).includes("countersign_event_streams 2"))
      await new Promise(setImmediate);
    await listenTo(key).until(opened);
    const other = server.keys.issue(["events:read"]);
    await listenTo(other).until(opened);
    expect(await get(other)).toBe(429);
  });

  it("cuts one slow reader of fifty, keeps the others in time, and lets it come back without a loss", async () => {
    const key = await start();
    const readers = Array.from({ length: 49 }, () => listenTo(key));
    const slow = listenTo(key);
    await Promise.all([...readers, slow].map((reader) => reader.until(opened)));
    slow.socket.pause();
    const total = 300;
    const big = { details: { note: "x".repeat(40_000) } };
    for (let sent = 1; sent <= total; sent += 1) {
      audit.append(big);
      // The others set the pace by reading, so nothing here depends on time.
      await Promise.all(readers.map((reader) => reader.event(sent)));
    }
    while (!(await server.metrics.render()).includes("countersign_event_streams 49\n")) {
      await new Promise(setImmediate);
    }
    slow.socket.resume();
    await slow.closed;
    const last = slow.ids.at(-1) ?? 0;
    expect(last).toBeLessThan(total);
    const again = listenTo(key, "", [`Last-Event-ID: ${last}`]);
    await again.event(total);
    expect([...slow.ids, ...again.ids]).toEqual(range(1, total));
    for (const reader of readers) expect(reader.ids).toEqual(range(1, total));
  });

  it("does not read ahead of a reader that is slow while catching up", async () => {
    const key = await start();
    audit.append(...Array.from({ length: 256 * 40 }, () => ({ details: { note: "x".repeat(700) } })));
    const reader = listenTo(key, "?after=0");
    await reader.until(opened);
    reader.socket.pause();
    let settled = -1;
    while (settled !== audit.reads) {
      settled = audit.reads;
      for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    }
    expect(audit.reads).toBeLessThan(40);
    reader.socket.resume();
    expect(await reader.event(256 * 40)).toHaveLength(256 * 40);
  });

  it("keeps a quiet stream open by a comment every 15 seconds", async () => {
    const key = await start();
    const reader = listenTo(key);
    await reader.until(opened);
    server.timers.advance(30_000);
    await reader.until((text) => text.split(": still here").length === 3);
  });

  it("ends the stream of a revoked key at the next heartbeat", async () => {
    const key = await start();
    const reader = listenTo(key);
    await reader.until(opened);
    server.keys.change(key, { revokedAt: server.clock.now() });
    server.timers.advance(15_000);
    await reader.closed;
  });

  it("ends a stream whose source fails, instead of going on with a gap", async () => {
    const key = await start();
    audit.append({});
    audit.fails = true;
    const reader = listenTo(key, "?after=0");
    await reader.closed;
    expect(reader.ids).toEqual([]);
    expect(server.log.join("")).toContain("an event stream failed");
  });

  it("lets the server close", async () => {
    const key = await start();
    const reader = listenTo(key);
    await reader.until(opened);
    await server.app.close();
    await reader.closed;
  });
});
