import { type AuditEvent, CountersignApiError, type QueryOf } from "@countersign/client";
import { describe, expect, test } from "vitest";
import { createFeed } from "./feed.ts";
import { listen } from "./listen.ts";

const event = (seq: number): AuditEvent => ({ seq, at: "2026-11-22T12:00:00.000Z", type: "user.created" });

function clientOf(recent: readonly AuditEvent[] | Error, live: readonly AuditEvent[]) {
  const asked: QueryOf<"events.stream">[] = [];
  return {
    asked,
    audit: {
      list: async () => {
        if (recent instanceof Error) throw recent;
        return { events: recent, next: null };
      },
    },
    events: {
      async *stream(query: QueryOf<"events.stream"> = {}) {
        asked.push(query);
        yield* live;
      },
    },
  };
}

async function heard(client: ReturnType<typeof clientOf>) {
  const feed = createFeed((tell) => tell());
  const told: number[] = [];
  await listen(client, new AbortController().signal, { feed, onEvent: ({ seq }) => void told.push(seq) });
  return { kept: feed.snapshot().events.map(({ seq }) => seq), told };
}

describe("listening", () => {
  test("begins with what happened lately and goes on behind it", async () => {
    const client = clientOf([event(9), event(7)], [event(10)]);
    expect(await heard(client)).toEqual({ kept: [10, 9, 7], told: [10] });
    expect(client.asked).toEqual([{ after: 9 }]);
  });

  test("an empty record begins at its beginning, so nothing slips between the two calls", async () => {
    const client = clientOf([], [event(1)]);
    await heard(client);
    expect(client.asked).toEqual([{ after: 0 }]);
  });

  test("without the right to read the record it begins now; any other refusal is thrown", async () => {
    const client = clientOf(new CountersignApiError(403, { code: "forbidden" }), [event(5)]);
    expect(await heard(client)).toEqual({ kept: [5], told: [5] });
    expect(client.asked).toEqual([{}]);
    const refused = clientOf(new CountersignApiError(401, { code: "unauthenticated" }), []);
    await expect(heard(refused)).rejects.toMatchObject({ status: 401 });
  });
});
