import { describe, expect, it } from "vitest";
import type { Webhook } from "../../engine/webhooks.ts";
import { OutboundError, type OutboundFetch } from "../provider.ts";
import { createTrialLimit, tryWebhook } from "./trial.ts";

const webhook: Webhook = {
  id: "w",
  organization: "acme",
  url: "https://example.com/",
  events: [],
  enabled: false,
  secret: "sealed",
  createdAt: 0,
  updatedAt: 0,
};

/** A trial whose time passes only when the test says so. */
function begin(fetch: OutboundFetch) {
  let end: (() => void) | undefined;
  let waitMs = 0;
  const timers = {
    after: (milliseconds: number, callback: () => void) => {
      waitMs = milliseconds;
      end = callback;
      return () => undefined;
    },
    every: () => () => undefined,
  };
  const vault = { open: () => Buffer.from(`whsec_${Buffer.alloc(32).toString("base64")}`) };
  let told: unknown;
  const trial = tryWebhook(webhook, { fetch, vault, clock: { now: () => 0 }, timers }).then((answer) => {
    told = answer;
  });
  return { trial, told: () => told, pass: () => end?.(), waitMs: () => waitMs };
}

describe("PRV-07: a trial", () => {
  it.each(["blocked", "unreachable", "timeout", "reset", "garbage"] as const)(
    "that ends as %s says the same, at the same time",
    async (kind) => {
      const running = begin(async () => {
        throw new OutboundError(kind, false, "10.0.0.1 said no");
      });
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      expect([running.told(), running.waitMs()]).toEqual([undefined, 5_000]);
      running.pass();
      await running.trial;
      expect(running.told()).toEqual({ ok: false });
    },
  );

  it("that is answered says so at once", async () => {
    const running = begin(async () => ({ status: 201, headers: {}, body: "kept to itself" }));
    await running.trial;
    expect(running.told()).toEqual({ ok: true, status: 201 });
  });

  it("is one of five a minute, per organization", () => {
    const limit = createTrialLimit();
    const enter = (at: number, organization = "acme") => limit.enter(organization, at);
    expect([0, 1_000, 2_000, 3_000, 4_000].map((at) => enter(at))).toEqual(Array(5).fill(undefined));
    expect(enter(10_000)).toBe(50);
    expect(enter(10_000, "other")).toBeUndefined();
    expect(enter(60_000)).toBeUndefined();
    expect(enter(60_500)).toBe(1);
  });
});
