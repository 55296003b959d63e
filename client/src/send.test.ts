import { describe, expect, test } from "vitest";
import { CountersignConnectionError, createClient } from "./index.ts";

interface Wire {
  readonly asked: { readonly url: string; readonly settings: RequestInit }[];
  readonly waited: number[];
}

/** A client whose server answers what the list says, one after the other; undefined: nobody is there. */
function clientOf(answers: readonly (Response | undefined)[], retry?: { times: number }) {
  const wire: Wire = { asked: [], waited: [] };
  const client = createClient({
    baseUrl: "https://mfa.example.com//",
    apiKey: "cs_test_secret",
    ...(retry && { retry }),
    wait: async (milliseconds) => void wire.waited.push(milliseconds),
    fetch: async (url, settings = {}) => {
      const answer = answers[wire.asked.length];
      wire.asked.push({ url: String(url), settings });
      if (answer === undefined) throw new TypeError("fetch failed");
      return answer;
    },
  });
  return { client, wire };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(
    JSON.stringify({ type: "about:blank", title: "T", status, detail: "D", code, instance: "i" }),
    {
      status,
      headers: { "content-type": "application/problem+json", ...headers },
    },
  );

describe("a call", () => {
  test("carries the key, JSON and the idempotency key, and follows no redirect", async () => {
    const { client, wire } = clientOf([Response.json({ id: "1" })]);
    await client.verifications.start({ user: "u", via: "sms" }, { idempotencyKey: "k" });
    const { url, settings } = wire.asked[0]!;
    expect(url).toBe("https://mfa.example.com/v1/verifications");
    expect(settings).toMatchObject({ method: "POST", redirect: "error", credentials: "omit" });
    expect(settings.headers).toEqual({
      accept: "application/json",
      authorization: "Bearer cs_test_secret",
      "content-type": "application/json",
      "idempotency-key": "k",
    });
  });

  test("writes the query, without what is undefined", async () => {
    const { client, wire } = clientOf([Response.json({ messages: [] })]);
    await client.inbox.list({ to: "+1 2", limit: 5, after: undefined } as never);
    expect(wire.asked[0]!.url).toBe("https://mfa.example.com/v1/inbox?to=%2B1+2&limit=5");
  });

  test("is never repeated unless that was asked for", async () => {
    const { client, wire } = clientOf([undefined, Response.json({})]);
    await expect(client.users.list()).rejects.toMatchObject({ reason: "unreachable" });
    expect(wire.asked).toHaveLength(1);
  });

  test("an answer of somebody between is a refusal without our code", async () => {
    const { client } = clientOf([new Response("<h1>Bad gateway</h1>", { status: 502 })]);
    await expect(client.users.list()).rejects.toMatchObject({ status: 502, code: "unknown" });
  });

  test("an answer that is no JSON is a broken one", async () => {
    const { client } = clientOf([new Response("<h1>Hello</h1>")]);
    await expect(client.users.list()).rejects.toMatchObject({ reason: "broken" });
  });

  test("the caller's own abort comes back as it was given", async () => {
    const { client } = clientOf([undefined]);
    const reason = new Error("enough");
    await expect(client.users.list({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("a server that does not answer is given up", async () => {
    const client = createClient({
      baseUrl: "http://localhost",
      apiKey: "cs_test_x",
      timeoutMs: 1,
      fetch: (_url, settings) =>
        new Promise((_resolve, reject) => {
          settings?.signal?.addEventListener("abort", () => reject(settings.signal?.reason));
        }),
    });
    await expect(client.users.list()).rejects.toMatchObject({ reason: "timeout" });
  });

  test("no error names the key", async () => {
    const { client } = clientOf([undefined, problem(401, "unauthenticated")]);
    for (const call of [client.users.list(), client.users.list()]) {
      const error = await call.catch((thrown: unknown) => thrown);
      expect(JSON.stringify(error) + String(error)).not.toContain("cs_test_secret");
    }
  });
});

describe("repeating, when asked for", () => {
  const retry = { times: 2 };

  test("reads are repeated with growing waits, and given up in the end", async () => {
    const { client, wire } = clientOf([undefined, undefined, undefined], retry);
    await expect(client.users.list()).rejects.toThrow(CountersignConnectionError);
    expect(wire.waited).toEqual([250, 500]);
  });

  test("a change is repeated only with an idempotency key", async () => {
    const bare = clientOf([undefined, Response.json({})], retry);
    await expect(bare.client.verifications.start({ user: "u", via: "sms" })).rejects.toThrow();
    expect(bare.wire.asked).toHaveLength(1);
    const keyed = clientOf([undefined, Response.json({ id: "1" })], retry);
    const options = { idempotencyKey: "k" };
    expect(await keyed.client.verifications.start({ user: "u", via: "sms" }, options)).toEqual({ id: "1" });
  });

  test("an overloaded server has not looked at it: anything is repeated, when it says", async () => {
    const overloaded = problem(503, "overloaded", { "retry-after": "2" });
    const { client, wire } = clientOf([overloaded, Response.json({ id: "1" })], retry);
    await client.verifications.cancel("1");
    expect(wire.waited).toEqual([2_000]);
  });

  test("a long wait and a refusal of the rules are not waited for", async () => {
    const long = clientOf([problem(503, "overloaded", { "retry-after": "60" })], retry);
    await expect(long.client.users.list()).rejects.toMatchObject({ retryAfterSeconds: 60 });
    const limited = clientOf([problem(429, "rate_limited", { "retry-after": "1" })], retry);
    await expect(limited.client.users.list()).rejects.toMatchObject({ code: "rate_limited" });
    expect([...long.wire.waited, ...limited.wire.waited]).toEqual([]);
  });
});
