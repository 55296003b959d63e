import { describe, expect, test } from "vitest";
import type { StoredCall } from "../../engine/outbox.ts";
import { epoch } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { openSent } from "./sent-messages.ts";

const now = epoch;

/** The scripts of calls. */
export function describeCalls(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: reports: call scripts`, () => {
    const sent = openSent(open);
    const { start, handOver } = sent;

    const scriptOf = (started: { id: string; delivery: { id: string } }): StoredCall => ({
      id: "ab".repeat(32),
      organization: sent.home,
      provider: "provider-1",
      verification: started.id,
      delivery: started.delivery.id,
      script: "v1.kid.sealed",
      expiresAt: now + 300_000,
    });
    const voice = async () => {
      const started = await start({}, { via: "voice" });
      const call = scriptOf(started);
      await sent.store.calls.keep(call, now);
      return { started, call };
    };

    test("WHK-08: are handed out to exactly one", async () => {
      const { store } = sent;
      const { call } = await voice();
      expect(await store.calls.find(call.id, now)).toEqual(call);
      expect(await store.calls.find(call.id, now)).toEqual(call);
      const taken = await Promise.all(Array.from({ length: 8 }, () => store.calls.take(call.id, now)));
      expect(taken.filter(Boolean)).toEqual([call]);
      expect(await store.calls.find(call.id, now)).toBeUndefined();
    });

    test("WHK-08: are not there after their time, after the answer, nor for another token", async () => {
      const { store, home } = sent;
      const { call, started } = await voice();
      expect(await store.calls.find("cd".repeat(32), now)).toBeUndefined();
      expect(await store.calls.take(call.id, call.expiresAt)).toBeUndefined();
      expect(await store.calls.find(call.id, call.expiresAt - 1)).toEqual(call);
      await store.verifications.cancel({ organization: home, id: started.id, now, actor: "cli" });
      expect(await store.calls.find(call.id, now)).toBeUndefined();
      expect(await store.calls.take(call.id, now)).toBeUndefined();
    });

    test("go when their call failed, and with the sweep", async () => {
      const { store } = sent;
      const failed = await voice();
      await handOver(failed.started, { state: "failed", reference: undefined });
      expect(await store.calls.find(failed.call.id, now)).toBeUndefined();
      const swept = await voice();
      await store.verifications.expire(now + 300_000, 10);
      expect(await store.calls.find(swept.call.id, now)).toBeUndefined();
    });
  });
}
