import { describe, expect, it } from "vitest";
import { manualTimers, startTestServer } from "../../../test/http/parts.ts";
import type { HttpSettings } from "../settings.ts";
import { docsRoutes } from "./docs.ts";
import { opsRoutes } from "./ops.ts";

async function start(access: HttpSettings["metrics"], ready: () => Promise<void> = async () => undefined) {
  return startTestServer(({ timers, metrics }) => [
    opsRoutes({
      store: { ready },
      metrics,
      access,
      timers,
      jwks: () => ({ keys: [{ kty: "OKP", kid: "r1" }] }),
    }),
    docsRoutes({ origin: "https://mfa.example.com", tls: true }),
  ]);
}

describe("health", () => {
  it("lives and is ready while the store answers", async () => {
    const { app } = await start({ loopback: false });
    expect((await app.inject("/healthz")).json()).toEqual({ status: "ok" });
    expect((await app.inject({ method: "HEAD", url: "/healthz" })).statusCode).toBe(200);
    expect((await app.inject("/readyz")).json()).toEqual({ status: "ready" });
    await app.close();
  });

  it("API-29 is not ready, but lives, when the store fails or does not answer", async () => {
    const failing = await start({ loopback: false }, () =>
      Promise.reject(new Error("SQLITE_IOERR /var/lib/x.db")),
    );
    const answer = await failing.app.inject("/readyz");
    expect([answer.statusCode, answer.json().code]).toEqual([503, "storage_unavailable"]);
    expect(answer.body).not.toMatch(/SQLITE|var/u);
    expect((await failing.app.inject("/healthz")).statusCode).toBe(200);
    await failing.app.close();

    const asked = Promise.withResolvers<void>();
    const hanging = await start({ loopback: false }, () => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    const pending = hanging.app.inject("/readyz").then((late) => late.statusCode);
    await asked.promise;
    hanging.timers.advance(2_000);
    expect(await pending).toBe(503);
    await hanging.app.close();
  });
});

describe("API-28 what is closed by default", () => {
  it.each([
    "/metrics",
    "/debug",
    "/debug/pprof",
    "/.git/config",
    "/.env",
    "/..%2f..%2fetc%2fpasswd",
    "/docs/..%2f..%2fpackage.json",
    "/docs/style.css.map",
    "/main.ts",
    "/openapi",
    "/server-status",
  ])("%s is 404", async (url) => {
    const { app } = await start({ loopback: false });
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.json().code]).toEqual([404, "not_found"]);
    await app.close();
  });

  it("docs and openapi do not exist where they are switched off", async () => {
    const { app } = await startTestServer(() => []);
    for (const url of ["/docs", "/docs/problems", "/openapi.json"]) {
      expect((await app.inject(url)).statusCode).toBe(404);
    }
    await app.close();
  });

  it("metrics open to the token only, and otherwise look like nothing", async () => {
    const { app } = await start({ token: "s3cret-token", loopback: false });
    const status = async (authorization?: string) =>
      (await app.inject({ url: "/metrics", headers: authorization === undefined ? {} : { authorization } }))
        .statusCode;
    expect(await status()).toBe(404);
    expect(await status("Bearer s3cret-tokem")).toBe(404);
    expect((await app.inject("/metrics?token=s3cret-token")).statusCode).toBe(404);
    expect(await status("Bearer s3cret-token")).toBe(200);
    await app.close();
  });

  it("by loopback they open to this machine, but not to what a proxy here forwards", async () => {
    const { app } = await start({ loopback: true });
    const status = async (remoteAddress: string, headers = {}) =>
      (await app.inject({ url: "/metrics", remoteAddress, headers })).statusCode;
    expect(await status("127.0.0.1")).toBe(200);
    expect(await status("::1")).toBe(200);
    expect(await status("10.0.0.7")).toBe(404);
    expect(await status("127.0.0.1", { "x-forwarded-for": "127.0.0.1" })).toBe(404);
    expect(await status("127.0.0.1", { forwarded: "for=127.0.0.1" })).toBe(404);
    await app.close();
  });
});

it("metrics are Prometheus text with what the rooms counted", async () => {
  const { app, metrics } = await start({ loopback: true });
  metrics.verificationStarted("sms");
  metrics.verificationStarted("sms");
  metrics.attemptRefused("sms", "wrong");
  metrics.delivery("smtp", "accepted");
  const first = await app.inject("/metrics");
  expect(first.headers["content-type"]).toContain("text/plain");
  expect(first.body).toContain('countersign_verifications_started_total{via="sms"} 2\n');
  expect(first.body).toContain('countersign_attempts_refused_total{via="sms",reason="wrong"} 1\n');
  expect(first.body).toContain('countersign_deliveries_total{provider="smtp",state="accepted"} 1\n');
  metrics.verificationStarted("sms");
  expect((await app.inject("/metrics")).body).toContain(
    'countersign_verifications_started_total{via="sms"} 3\n',
  );
  for (const line of first.body.split("\n")) {
    expect(line).toMatch(/^(?:|# (?:HELP|TYPE) \w+ .+|\w+(?:\{[^}]*\})? [\d.e+-]+)$/u);
  }
  await app.close();
});

it("the public keys may be cached", async () => {
  const { app } = await start({ loopback: false });
  const answer = await app.inject("/.well-known/jwks.json");
  expect(answer.json()).toEqual({ keys: [{ kty: "OKP", kid: "r1" }] });
  expect(answer.headers).toMatchObject({
    "cache-control": "public, max-age=300",
    "content-type": "application/jwk-set+json",
  });
  await app.close();
});

it("manual timers fire in order and repeat", () => {
  const timers = manualTimers();
  const fired: string[] = [];
  timers.every(10, () => fired.push(`every ${timers.now()}`));
  const stop = timers.after(15, () => fired.push("after"));
  timers.advance(20);
  expect(fired).toEqual(["every 10", "after", "every 20"]);
  stop();
});
