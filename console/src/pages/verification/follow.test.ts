import { type AuditEvent, CountersignApiError } from "@countersign/client";
import { expect, test } from "vitest";
import { type FollowTools, follow } from "./follow.ts";

const eventOf = (seq: number) =>
  ({ id: `evt_1_${seq}`, seq, type: "attempt.refused", details: {} }) as unknown as AuditEvent;

/** A record in pages, newest first, and a feed that opens before it is read. */
function openFakes(pages: readonly (readonly number[])[], live: readonly number[]) {
  const asked: unknown[] = [];
  const client = {
    audit: {
      list: async (query: { verification?: string; before?: number }) => {
        if (query.verification === undefined) return { events: [], next: null };
        asked.push(query.before);
        const index = pages.findIndex((page) => query.before === undefined || (page[0] ?? 0) < query.before);
        const page = pages[index] ?? [];
        return { events: page.map(eventOf), next: index + 1 < pages.length ? (page.at(-1) ?? null) : null };
      },
    },
    events: {
      stream: async function* (query: object, options: { onState?: (state: "open") => void }) {
        asked.push(query);
        options.onState?.("open");
        for (const seq of live) yield eventOf(seq);
        await new Promise(setImmediate);
      },
    },
  } as unknown as FollowTools["client"];
  return { client, asked };
}

async function followed(client: FollowTools["client"]): Promise<readonly number[]> {
  let seen: readonly AuditEvent[] = [];
  const { signal } = new AbortController();
  await follow("v", { client, signal, onEvents: (events) => (seen = events) });
  return seen.map(({ seq }) => seq);
}

test("the record's pages and the feed become one list, and what comes both ways counts once", async () => {
  const { client, asked } = openFakes([[5, 4], [3]], [5, 7]);
  expect(await followed(client)).toEqual([3, 4, 5, 7]);
  expect(asked).toEqual([{ verification: "v" }, undefined, 4]);
});

test("a key that may not read the record has the feed tell everything", async () => {
  const { client, asked } = openFakes([], [1, 2]);
  const list = async () => {
    throw new CountersignApiError(403, { code: "forbidden" });
  };
  expect(await followed({ ...client, audit: { list } })).toEqual([1, 2]);
  expect(asked).toEqual([{ verification: "v", after: 0 }]);
});

test("a record that cannot be read is an error", async () => {
  const { client } = openFakes([], []);
  let calls = 0;
  const list = async () => {
    calls += 1;
    if (calls > 1) throw new CountersignApiError(503, { code: "storage_unavailable" });
    return { events: [], next: null };
  };
  await expect(followed({ ...client, audit: { list } })).rejects.toThrow(CountersignApiError);
});
