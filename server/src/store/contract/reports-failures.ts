import { describe, expect, test } from "vitest";
import type { FailOver } from "../../engine/outbox.ts";
import { epoch, newId } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { openSent } from "./sent-messages.ts";

const now = epoch;

/** What is sent instead of a message that a provider could not deliver. */
export function describeReportedFailures(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: reports: a proved failure`, () => {
    const sent = openSent(open);
    const { start, handOver, report, deliveriesOf, eventsOf, codeIn } = sent;

    const names = { sms: ["first", "second", "third"], voice: ["caller"] };
    const failOver = (providers: FailOver["providers"] = names) => ({
      failOver: { deliveryId: newId(now + 1), providers },
    });

    test("WHK-07: is made good by each other provider at most once, with no wait", async () => {
      const { store, home } = sent;
      const started = await start({ maxSends: 10 });
      let message = await handOver(started);
      const skipped: (readonly string[] | undefined)[] = [];
      for (const [index, provider] of ["first", "second", "third"].entries()) {
        const outcome = await report(message, "failed", failOver());
        if (outcome.kind !== "changed") throw new Error("unchanged");
        skipped.push(outcome.instead?.skip);
        if (outcome.instead === undefined) break;
        const next = names.sms[index + 1];
        expect(outcome.instead).toMatchObject({ verification: started.id, state: "queued" });
        message = await handOver({ id: started.id, delivery: outcome.instead }, { provider: next! });
        expect(await report({ ...message }, "accepted")).toEqual({ kind: "unchanged" });
        expect(provider).not.toBe(next);
      }
      expect(skipped).toEqual([["first"], ["first", "second"], undefined]);
      expect(await deliveriesOf(started.id)).toEqual(["failed", "failed", "failed"]);
      expect(await store.verifications.find(home, started.id)).toMatchObject({ sends: 3 });
      expect(await eventsOf("verification.resent")).toMatchObject([
        { actor: "system", details: { insteadOf: "first" } },
        { actor: "system", details: { insteadOf: "first, second" } },
      ]);
    });

    test("WHK-07: reported again and again sends once", async () => {
      const started = await start({ maxSends: 10 });
      const message = await handOver(started);
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => report(message, "failed", failOver())),
      );
      expect(outcomes.filter((one) => one.kind === "changed" && one.instead)).toHaveLength(1);
      expect(await deliveriesOf(started.id)).toEqual(["failed", "queued"]);
    });

    test("WHK-07: sends nothing above the cap, and the record says why", async () => {
      const started = await start({ maxSends: 1 });
      const message = await handOver(started);
      const outcome = await report(message, "failed", failOver());
      expect(outcome).toMatchObject({ kind: "changed" });
      expect(outcome).not.toHaveProperty("instead");
      expect(await deliveriesOf(started.id)).toEqual(["failed"]);
      expect(await eventsOf("send.refused")).toMatchObject([{ details: { reason: "too_many_sends" } }]);
    });

    test("the code that then arrives is right, and the one before is not", async () => {
      const { store, home } = sent;
      const started = await start();
      const before = codeIn(started.delivery);
      const message = await handOver(started);
      const outcome = await report(message, "failed", failOver());
      if (outcome.kind !== "changed" || !outcome.instead) throw new Error("nothing instead");
      const code = codeIn(outcome.instead);
      const check = (candidate: string) =>
        store.verifications.check({
          organization: home,
          id: started.id,
          now: now + 2000,
          actor: "cli",
          candidates: [candidate],
          issuer: "https://mfa.example.com",
        });
      if (code !== before) expect(await check(before)).toMatchObject({ kind: "refused" });
      expect(await check(code)).toMatchObject({ kind: "approved" });
    });

    test.each<[string, (started: { id: string }) => Promise<unknown>, object]>([
      ["without being asked to", async () => undefined, { failOver: undefined }],
      ["of a number that nobody reaches", async () => undefined, { reason: "invalid_recipient" }],
      ["where no other provider is", async () => undefined, failOver({ sms: ["first"] })],
      ["where no other carries this kind of message", async () => undefined, failOver({ voice: ["caller"] })],
      ["after the code's time", async () => undefined, { now: now + 400_000 }],
      [
        "of a closed verification",
        ({ id }) => sent.store.verifications.cancel({ organization: sent.home, id, now, actor: "cli" }),
        {},
      ],
      [
        "of a message before the newest",
        ({ id }) =>
          sent.store.verifications.resend({
            organization: sent.home,
            id,
            deliveryId: newId(now + 1),
            now: now + 120_000,
            actor: "cli",
          }),
        {},
      ],
    ])("%s: sends nothing", async (_, prepare, more) => {
      const started = await start({ maxSends: 10 });
      const message = await handOver(started);
      await prepare(started);
      const sent = (await deliveriesOf(started.id))?.length;
      const outcome = await report(message, "failed", { ...failOver(), ...more });
      expect(outcome).toMatchObject({ kind: "changed" });
      expect(outcome).not.toHaveProperty("instead");
      expect(await deliveriesOf(started.id)).toHaveLength(sent ?? 0);
    });
  });
}
