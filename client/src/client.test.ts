import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeIn, type OpenServer, openServer } from "../../server/test/open-server.ts";
import { type AuditEvent, type Client, CountersignApiError, createClient } from "./index.ts";

let server: OpenServer;
let client: Client;
let user: string;

beforeAll(async () => {
  server = await openServer();
  client = createClient({ baseUrl: server.url, apiKey: server.demo.apiKey });
  const { users } = await client.users.list({ externalId: "1002" });
  user = users[0]!.id;
});
afterAll(() => server.close());

async function codeOf(verification: string): Promise<string> {
  await server.countersign.dispatcher.waitFor(verification, 5_000);
  return codeIn((await client.inbox.list({ verification })).messages[0]);
}

const wrongFor = (code: string) => (code === "271828" ? "314159" : "271828");

async function refusalOf(call: Promise<unknown>): Promise<CountersignApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CountersignApiError);
  return error as CountersignApiError;
}

describe("the client on a server", () => {
  test("start, wrong, resend, check; the receipt opens once", async () => {
    const started = await client.verifications.start({ user, via: "sms", purpose: "transfer" });
    expect(started).toMatchObject({ status: "pending", via: "sms", user });
    expect(started.to).toMatch(/^\+1\D+23$/);
    const first = await codeOf(started.id);
    expect(await client.verifications.check(started.id, { code: wrongFor(first) })).toMatchObject({
      approved: false,
      reason: "wrong",
      attempts: 1,
    });
    expect((await client.verifications.resend(started.id)).sends).toBe(2);
    const result = await client.verifications.check(started.id, { code: await codeOf(started.id) });
    expect(result).toMatchObject({ approved: true, amr: ["otp", "sms"] });
    expect((await client.verifications.get(started.id)).status).toBe("approved");
    const receipt = result.receipt!;
    expect(await client.receipts.consume({ receipt, purpose: "transfer" })).toMatchObject({
      consumed: true,
      sub: user,
      verification: started.id,
    });
    expect(await refusalOf(client.receipts.consume({ receipt }))).toMatchObject({ code: "receipt_invalid" });
  });

  test("the same idempotency key gets the same verification and sends one message", async () => {
    const start = (idempotencyKey: string) =>
      client.verifications.start({ user, via: "email", purpose: "once" }, { idempotencyKey });
    const first = await start("order-1");
    expect(await start("order-1")).toEqual(first);
    await server.countersign.dispatcher.waitFor(first.id, 5_000);
    expect((await client.inbox.list({ verification: first.id })).messages).toHaveLength(1);
    await client.verifications.cancel(first.id);
    const other = client.verifications.start({ user, via: "sms" }, { idempotencyKey: "order-1" });
    expect(await refusalOf(other)).toMatchObject({ status: 409, code: "idempotency_conflict" });
  });

  test("refusals carry status, code, texts, fields and when to come back", async () => {
    const stranger = createClient({ baseUrl: server.url, apiKey: "cs_test_nobody" });
    expect(await refusalOf(stranger.users.list())).toMatchObject({ status: 401, code: "unauthenticated" });
    const error = await refusalOf(client.users.create({ displayName: "" } as never));
    expect(error).toMatchObject({
      status: 400,
      code: "invalid_request",
      title: "Invalid request",
      fields: [{ field: "/displayName" }],
      retryAfterSeconds: undefined,
    });
    expect(error.instance).toMatch(/-/);
    expect(error.detail).not.toBe("");
    expect(await refusalOf(client.verifications.get("no-such-one"))).toMatchObject({ code: "not_found" });
  });

  test("users, authenticators, enrollments and settings", async () => {
    const made = await client.users.create({ externalId: "client-1", displayName: "Eve Example" });
    const renamed = await client.users.update(made.id, { displayName: "Eva Example" });
    expect(renamed.displayName).toBe("Eva Example");
    const enrollment = await client.enrollments.begin(made.id, { kind: "recovery_code" });
    expect(enrollment.codes?.length).toBeGreaterThan(3);
    const { authenticators } = await client.authenticators.list(made.id);
    expect(authenticators).toMatchObject([{ kind: "recovery_code", status: "active" }]);
    expect(await client.users.delete(made.id)).toBeUndefined();

    const app = await client.apps.create({ name: "Client test" });
    const { apps } = await client.apps.list({ limit: 200 });
    expect(apps.map(({ id }) => id)).toContain(app.id);
    await client.apps.delete(app.id);
    expect(await refusalOf(client.apps.get(app.id))).toMatchObject({ status: 404 });
    expect((await client.policy.explain()) satisfies object).toBeDefined();
    expect((await client.ops.jwks()).keys).not.toHaveLength(0);
  });

  test("the live feed: what is new, then everything again from a place before it", async () => {
    const stop = new AbortController();
    const head = (await client.audit.list({ limit: 1 })).events[0]!.seq;
    const opened = Promise.withResolvers<void>();
    const seen: AuditEvent[] = [];
    const listening = (async () => {
      const onState = () => opened.resolve();
      for await (const event of client.events.stream({}, { signal: stop.signal, onState })) {
        seen.push(event);
        if (event.type === "verification.canceled") stop.abort();
      }
    })();
    await opened.promise;
    const { id } = await client.verifications.start({ user, via: "email", purpose: "feed" });
    await client.verifications.cancel(id);
    await listening;
    expect(seen[0]).toMatchObject({ type: "verification.started", verification: id });

    const again: string[] = [];
    for await (const event of client.events.stream({ after: head, verification: id })) {
      again.push(event.type);
      if (event.type === "verification.canceled") break;
    }
    expect(again).toEqual(seen.filter(({ verification }) => verification === id).map(({ type }) => type));
  });

  test("a stream goes on behind the last event when its connection is cut", async () => {
    const ids: (string | null)[] = [];
    const cutting = createClient({
      baseUrl: server.url,
      apiKey: server.demo.apiKey,
      wait: (milliseconds) => (milliseconds > 3_000 ? new Promise(() => undefined) : Promise.resolve()),
      fetch: async (url, settings) => {
        ids.push(new Headers(settings?.headers).get("last-event-id"));
        const response = await fetch(url, settings);
        return ids.length === 1 ? cutAfter(3, response) : response;
      },
    });
    const states: string[] = [];
    const seen: AuditEvent[] = [];
    const onState = (state: string) => states.push(state);
    for await (const event of cutting.events.stream({ after: 0 }, { onState })) {
      seen.push(event);
      if (seen.length === 4) break;
    }
    const all = (await client.audit.list({ limit: 200 })).events.reverse();
    expect(seen.map(({ seq }) => seq)).toEqual(all.slice(0, 4).map(({ seq }) => seq));
    expect(states).toEqual(["open", "waiting", "open"]);
    expect(ids).toEqual([null, String(seen[1]!.seq)]);
  });

  test("a stream that breaks before the first event misses nothing either", async () => {
    const cut: (() => void)[] = [];
    const started = Promise.withResolvers<string>();
    const cutting = createClient({
      baseUrl: server.url,
      apiKey: server.demo.apiKey,
      wait: async (milliseconds) => {
        if (milliseconds > 3_000) await new Promise(() => undefined);
        // Between two connections something happens.
        const { id } = await client.verifications.start({ user, via: "email", purpose: "between" });
        started.resolve(id);
      },
      fetch: async (url, settings) => {
        const connection = new AbortController();
        cut.push(() => connection.abort());
        return fetch(url, { ...settings, signal: AbortSignal.any([settings!.signal!, connection.signal]) });
      },
    });
    const onState = (state: string) => {
      if (state === "open" && cut.length === 1) setImmediate(() => cut[0]!());
    };
    for await (const event of cutting.events.stream({}, { onState })) {
      expect(event).toMatchObject({ type: "verification.started", verification: await started.promise });
      break;
    }
  });
});

/** The answer until its first blocks are through; then the connection breaks. */
async function cutAfter(blocks: number, response: Response): Promise<Response> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.split("\n\n").length <= blocks) text += (await reader.read()).value ?? "";
  await reader.cancel();
  const first = text.split("\n\n").slice(0, blocks).join("\n\n");
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(`${first}\n\nid: 99`)),
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
  return new Response(body, { headers: response.headers });
}
