import { describe, expect, it } from "vitest";
import type { Page } from "../engine/collection.ts";
import { readPage } from "./page.ts";

const rows = Array.from({ length: 120 }, (_, index) => ({ id: `id-${String(index).padStart(3, "0")}` }));

async function read(page: Page) {
  return rows.filter((row) => page.after === undefined || row.id > page.after).slice(0, page.limit);
}

describe("readPage", () => {
  it("walks the whole list, every row once, and ends with null", async () => {
    for (const limit of [1, 7, 60, 119, 120, 121, 200]) {
      const seen: string[] = [];
      let after: string | undefined;
      for (;;) {
        const page = await readPage(after === undefined ? { limit } : { after, limit }, read);
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        seen.push(...page.rows.map((row) => row.id));
        if (page.next === null) break;
        expect(page.rows).toHaveLength(limit);
        after = page.next;
      }
      expect([limit, seen]).toEqual([limit, rows.map((row) => row.id)]);
    }
  });

  it("gives 50 rows when no limit is given, and none after the end", async () => {
    expect(await readPage({}, read)).toMatchObject({ next: "id-049" });
    expect(await readPage({ after: "id-119" }, read)).toEqual({ rows: [], next: null });
  });
});
