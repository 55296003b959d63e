import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events.ts";

async function read(text: string, cuts: readonly number[] = []): Promise<ServerSentEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...places, bytes.length];
  async function* chunks() {
    for (let index = 1; index < edges.length; index += 1) yield bytes.slice(edges[index - 1], edges[index]);
  }
  return Array.fromAsync(readServerSentEvents(chunks()));
}

const event = (data: string | undefined, more: Partial<ServerSentEvent> = {}): ServerSentEvent => ({
  type: "message",
  data,
  lastEventId: "",
  retryMs: undefined,
  ...more,
});

describe("reading an event stream (HTML standard §9.2.6)", () => {
  test("the standard's own examples", async () => {
    expect(await read("data: YHOO\ndata: +2\ndata: 10\n\n")).toEqual([event("YHOO\n+2\n10")]);
    expect(
      await read(
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
      ),
    ).toEqual([
      event(undefined),
      event("first event", { lastEventId: "1" }),
      event("second event"),
      event(" third event"),
    ]);
    expect(await read("data\n\ndata\ndata\n\ndata:")).toEqual([event(""), event("\n")]);
    expect(await read("data:test\n\ndata: test\n\n")).toEqual([event("test"), event("test")]);
  });

  test("types, retry times, unknown fields, a byte order mark, and ids that are none", async () => {
    expect(await read("\uFEFFevent: add\nretry: 3000\nother: x\ndata: 1\n\n")).toEqual([
      event("1", { type: "add", retryMs: 3000 }),
    ]);
    expect(await read("id: 7\nretry: soon\n\nid: 8\0\ndata: x\n\n")).toEqual([
      event(undefined, { lastEventId: "7" }),
      event("x", { lastEventId: "7" }),
    ]);
  });

  test("a block that was cut off is no event", async () => {
    expect(await read("data: whole\n\ndata: half\n")).toEqual([event("whole")]);
  });

  test("however the bytes are cut and the lines are ended, the events are the same", async () => {
    const stream = "id: 1\nevent: käse\ndata: 👩‍🚀 one\ndata: two\n\n: still here\n\ndata: three\n\n";
    const whole = await read(stream);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        async (cuts, ending) => {
          expect(await read(stream.replaceAll("\n", ending), cuts)).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });
});
