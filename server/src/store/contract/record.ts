import { describe, expect, test } from "vitest";
import { addOrganization, context, eventsOf, newId, typesOf } from "./fixtures.ts";
import { openHot } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** The record of what happens on the hot path. */
export function describeRecord(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: record`, () => {
    const hot = openHot(open);
    const { addPhone, start, check } = hot;

    test("a clock set back by more than five minutes is told once, in every organization", async () => {
      const { store, home, now } = hot;
      const told = async () =>
        (await typesOf(store, home)).filter((type) => type === "clock.backwards").length;
      const before = await told();
      const later = now + 3_600_000;
      await store.audit.append({ type: "user.updated", organization: home }, later);
      const cancel = (at: number) => store.verifications.cancel({ ...context(home, at), id: newId(now) });
      await cancel(later - 60_000);
      expect(await told()).toBe(before);
      await cancel(later);
      await cancel(later - 3_000_000);
      await cancel(later - 3_000_000);
      expect(await told()).toBe(before + 1);
    });

    test("the record is gapless, in order, told to listeners, and one with what happened", async () => {
      const { store, home, now } = hot;
      const foreign = await addOrganization(store);
      const heads: number[] = [];
      store.audit.onAppend((seq) => heads.push(seq));
      const phones = await Promise.all(Array.from({ length: 10 }, () => addPhone()));
      const theirs = await addPhone(newId(), foreign);
      const started = await Promise.all([...phones, theirs].map((phone) => start(phone)));
      await Promise.all(started.map(({ verification, code }) => check(verification, code)));
      await store.audit.append({ type: "clock.backwards", organization: home }, now);
      const events = [...(await eventsOf(store, home)), ...(await eventsOf(store, foreign))];
      events.sort((a, b) => a.seq - b.seq);
      const head = await store.audit.head();
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
      expect(events.every(({ at }, index) => index === 0 || at >= events[index - 1]!.at)).toBe(true);
      expect(heads.at(-1)).toBe(head);
      expect(heads).toEqual(heads.toSorted((a, b) => a - b));
      for (const { verification, code } of started) {
        const own = events.filter((event) => event.verification === verification.id);
        expect(own.map(({ type }) => type)).toEqual(["verification.started", "verification.approved"]);
        expect(JSON.stringify(own)).not.toContain(`"${code}"`);
      }
    });
  });
}
