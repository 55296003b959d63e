import { describe, expect, it } from "vitest";
import { startTestServer } from "../../test/http/parts.ts";
import type { Idempotency } from "../engine/store.ts";
import { principalOf, requireScope } from "./access.ts";
import type { RoutePlugin } from "./app.ts";
import { idempotencyOf } from "./idempotency.ts";

async function start() {
  const asked: (Idempotency | undefined)[] = [];
  const routes: RoutePlugin = (app) => {
    for (const url of ["/v1/things", "/v1/things/:id/check"]) {
      app.post(
        url,
        {
          config: { access: requireScope("verifications:start") },
          schema: { body: { type: "object", additionalProperties: true } },
        },
        async (request) => {
          asked.push(idempotencyOf(request, principalOf(request)));
          return {};
        },
      );
    }
  };
  const server = await startTestServer(() => [routes]);
  const send = async (key: string, idempotencyKey: string | undefined, body: object, url = "/v1/things") => {
    const answer = await server.app.inject({
      method: "POST",
      url,
      headers: {
        authorization: `Bearer ${key}`,
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      payload: body,
    });
    return { status: answer.statusCode, asked: asked.at(-1) };
  };
  return { ...server, send };
}

describe("API-46 Idempotency-Key", () => {
  it("the same request has the same key and fingerprint; another body the same key only", async () => {
    const { send, keys, app } = await start();
    const key = keys.issue(["verifications:start"]);
    const first = await send(key, "order 42", { a: 1 });
    const repeat = await send(key, "order 42", { a: 1 });
    const other = await send(key, "order 42", { a: 2 });
    expect(repeat.asked).toEqual(first.asked);
    expect(other.asked?.key).toBe(first.asked?.key);
    expect(other.asked?.fingerprint).not.toBe(first.asked?.fingerprint);
    await app.close();
  });

  it("callers and routes are independent; two ids of one route are two requests", async () => {
    const { send, keys, app } = await start();
    const [one, two] = [keys.issue(["verifications:start"]), keys.issue(["verifications:start"])];
    const mine = await send(one, "k", {});
    expect((await send(two, "k", {})).asked?.key).not.toBe(mine.asked?.key);
    const first = await send(one, "k", {}, "/v1/things/a/check");
    const second = await send(one, "k", {}, "/v1/things/b/check");
    expect(first.asked?.key).not.toBe(mine.asked?.key);
    expect(second.asked?.fingerprint).not.toBe(first.asked?.fingerprint);
    await app.close();
  });

  it.each([
    ["", 400],
    ["a", 200],
    ["~".repeat(255), 200],
    ["a".repeat(256), 400],
    ["schlüssel", 400],
    ["a\tb", 400],
  ])("%j answers %i", async (idempotencyKey, status) => {
    const { send, keys, app } = await start();
    expect((await send(keys.issue(["verifications:start"]), idempotencyKey, {})).status).toBe(status);
    await app.close();
  });

  it("without the header there is none", async () => {
    const { send, keys, app } = await start();
    expect((await send(keys.issue(["verifications:start"]), undefined, {})).asked).toBeUndefined();
    await app.close();
  });
});
