import { describe, expect, test } from "vitest";
import { audit, eventsOf } from "./fixtures.ts";
import { newApp } from "./new-settings.ts";
import { type OpenedColdStore, openCold } from "./opened.ts";

/** How the record is read. */
export function describeAudit(name: string, open: () => Promise<OpenedColdStore>): void {
  describe(`${name}: cold verbs: audit`, () => {
    const opened = openCold(open);

    test("audit: read forwards and backwards, by organization, with everything that was said", async () => {
      const { store, home, foreign } = opened;
      const { apps } = store.settings;
      for (let count = 0; count < 5; count += 1) {
        await apps.insert(newApp(home), { ...audit(home), details: { count, text: "ä", none: null } });
        await apps.insert(newApp(foreign), audit(foreign));
      }
      const all = await eventsOf(store, home);
      expect(all.map((event) => event.details?.["count"])).toEqual([undefined, 0, 1, 2, 3, 4]);
      expect(all[1]).toMatchObject({ organization: home, actor: "cli", details: { text: "ä", none: null } });
      const seqs = [...all, ...(await eventsOf(store, foreign))].map(({ seq }) => seq).sort((a, b) => a - b);
      const head = await store.audit.head();
      expect(seqs).toEqual(Array.from({ length: head }, (_, index) => index + 1));
      expect(await store.audit.after(home, all[3]!.seq, 1)).toEqual([all[4]]);
      expect(await store.audit.before(home, all[3]!.seq, 2)).toEqual([all[2], all[1]]);
      expect(await store.audit.before(home, head + 1, 1)).toEqual([all[5]]);
      expect(await store.audit.after(home, head, 10)).toEqual([]);
    });
  });
}
