import type { AuditEvent } from "@countersign/client";
import { describe, expect, test } from "vitest";
import { createFeed, keptEvents, shownIn, waitingIn } from "./feed.ts";

const event = (seq: number): AuditEvent => ({ seq, at: "2026-11-22T12:00:00.000Z", type: "user.created" });
const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
const seqs = (list: readonly AuditEvent[]) => list.map(({ seq }) => seq);
const now = (tell: () => void) => tell();

describe("the feed of a page", () => {
  test("keeps the newest, newest first, each once", () => {
    const feed = createFeed(now);
    feed.receive(events(1, 3));
    feed.receive([event(3), event(4)]);
    expect(seqs(feed.snapshot().events)).toEqual([4, 3, 2, 1]);
    feed.receive(events(5, keptEvents + 10));
    expect(feed.snapshot().events).toHaveLength(keptEvents);
    expect(feed.snapshot().events[0]?.seq).toBe(keptEvents + 10);
  });

  test("while held, shows what was there; on release, all that came", () => {
    const feed = createFeed(now);
    feed.receive(events(1, 2));
    feed.hold();
    feed.receive([event(3)]);
    feed.hold();
    feed.receive([event(4)]);
    expect(seqs(shownIn(feed.snapshot()))).toEqual([2, 1]);
    expect(seqs(waitingIn(feed.snapshot()))).toEqual([4, 3]);
    feed.release();
    expect(seqs(shownIn(feed.snapshot()))).toEqual([4, 3, 2, 1]);
    expect(waitingIn(feed.snapshot())).toEqual([]);
  });

  test("while held for long, reading waits instead of losing something", async () => {
    const feed = createFeed(now);
    feed.hold();
    feed.receive(events(1, 4_999));
    await feed.room();
    feed.receive([event(5_000)]);
    let open = false;
    const room = feed.room().then(() => {
      open = true;
    });
    await Promise.resolve();
    expect(open).toBe(false);
    expect(waitingIn(feed.snapshot())).toHaveLength(5_000);
    feed.release();
    await room;
    expect(open).toBe(true);
  });

  test("tells of a burst once", () => {
    const scheduled: (() => void)[] = [];
    const feed = createFeed((tell) => scheduled.push(tell));
    let told = 0;
    const stop = feed.subscribe(() => {
      told += 1;
    });
    for (const one of events(1, 50)) feed.receive([one]);
    expect([scheduled.length, feed.snapshot().events.length]).toEqual([1, 0]);
    scheduled[0]!();
    expect([told, feed.snapshot().events.length]).toEqual([1, 50]);
    stop();
    feed.connection("open");
    scheduled[1]!();
    expect(told).toBe(1);
  });
});
