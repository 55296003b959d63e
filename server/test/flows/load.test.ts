import { afterEach, expect, it } from "vitest";
import type { HttpLimits } from "../../src/http/settings.ts";
import { type OpenServer, openServer } from "../open-server.ts";
import { basic } from "../signalwire.ts";

let server: OpenServer;
afterEach(() => server.close());

/** The same request on every surface, as far as the gate sees it: none of them gets far enough to be judged. */
async function knock(): Promise<Readonly<Record<string, Response>>> {
  const { demo, url } = server;
  const login = { authorization: basic(demo.signalwire) };
  const knockAt = async (path: string, headers: Record<string, string>, body: string) =>
    fetch(`${url}${path}`, { method: "POST", headers, body });
  const chat = new URL(demo.publications["chat"]!.url).pathname;
  const voicexml = new URL(demo.publications["voicexml"]!.url).pathname;
  const genesys = new URL(demo.publications["genesys"]!.url).pathname;
  return {
    rest: await knockAt("/v1/verifications", { authorization: `Bearer ${demo.apiKey}` }, ""),
    signalwire: await knockAt("/api/relay/rest/mfa/sms", login, ""),
    chat: await knockAt(chat, {}, ""),
    voicexml: await knockAt(voicexml, {}, ""),
    genesys: await knockAt(`${genesys}/codeAuthentication`, {}, ""),
    health: await fetch(`${url}/healthz`),
  };
}

async function open(limits: Partial<HttpLimits>): Promise<void> {
  server = await openServer({ limits });
}

const statusesOf = (answers: Readonly<Record<string, Response>>) =>
  Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));

it("without a place each surface refuses in its own form, and /healthz answers", async () => {
  await open({ maxInFlight: 0, maxWaiting: 0 });
  const answers = await knock();
  expect(statusesOf(answers)).toEqual({
    rest: 503,
    signalwire: 503,
    chat: 503,
    voicexml: 503,
    genesys: 503,
    health: 200,
  });
  for (const [name, { headers }] of Object.entries(answers)) {
    expect(headers.get("retry-after"), name).toBe(name === "health" ? null : "1");
  }
  expect(await answers["rest"]!.json()).toMatchObject({ code: "overloaded" });
  expect(await answers["signalwire"]!.json()).toEqual({ error: "Service Unavailable" });
});

it("beyond its rate each surface says 429, and one does not use up what another has", async () => {
  // One request each, and the next in a quarter of an hour; what a surface has not seen yet is nobody's and counts for nobody.
  await open({ organizationRequestsPerSecond: 0.001, requestBurstSeconds: 1_000 });
  const first = await knock();
  const second = await knock();
  const third = await knock();
  const limited = (name: string) => [first, second, third].map((answers) => answers[name]!.status === 429);
  expect(limited("rest")).toEqual([false, true, true]);
  expect([limited("signalwire"), limited("chat")]).toEqual([
    [false, false, true],
    [false, false, true],
  ]);
  expect(third["signalwire"]!.headers.get("retry-after")).toBe("1");
  expect(await third["signalwire"]!.json()).toEqual({ error: "Too Many Requests" });
  expect(third["health"]!.status).toBe(200);
  expect(await third["chat"]!.json()).toMatchObject({ code: "rate_limited" });
});
