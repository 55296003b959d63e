import { expect, it } from "vitest";
import { manualTimers } from "../../../test/http/parts.ts";
import type { AuditDraft, AuditEvent } from "../../engine/audit/event.ts";
import { createEventHub, type HubAudit, type Subscriber } from "./hub.ts";

function openHub() {
  const events: AuditEvent[] = [];
  const listeners: ((seq: number, organizations?: readonly string[]) => void)[] = [];
  let reads = 0;
  const audit: HubAudit = {
    after: async (organization, seq, limit) => {
      reads += 1;
      return events.filter((event) => event.organization === organization && event.seq > seq).slice(0, limit);
    },
    head: async () => events.length,
    onAppend: (listener) => listeners.push(listener),
  };
  const timers = manualTimers();
  const onError = (error: unknown) => {
    throw error;
  };
  const append = async (organization: string, draft: Partial<AuditDraft> = {}) => {
    const event = { type: "user.created", organization, ...draft, seq: events.length + 1, at: 0 } as const;
    events.push(event);
    for (const listener of listeners) listener(event.seq, [organization]);
    await settle();
  };
  return { hub: createEventHub(audit, { timers, onError }), append, timers, reads: () => reads };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

function subscriber(key = "all", wants: Subscriber["filter"]["wants"] = () => true) {
  const given: Buffer[] = [];
  const one: Subscriber = { position: 0, filter: { key, wants }, give: (bytes) => given.push(bytes) };
  return { ...one, given };
}

it("looks only where something happened", async () => {
  const { hub, append, reads } = openHub();
  hub.join("acme", subscriber());
  hub.join("other", subscriber());
  await settle();
  const before = reads();
  await append("acme");
  await append("nobody");
  expect(reads() - before).toBe(1);
});

it("writes an event once for all who want the same, and other bytes for others", async () => {
  const { hub, append } = openHub();
  const [first, second] = [subscriber(), subscriber()];
  const chosen = subscriber("p", ({ details }) => details?.["publication"] === "p");
  for (const one of [first, second, chosen]) hub.join("acme", one);
  await settle();
  await append("acme");
  await append("acme", { details: { publication: "p" } });
  expect(first.given).toHaveLength(2);
  for (const [index, bytes] of first.given.entries()) expect(second.given[index]).toBe(bytes);
  expect(chosen.given).toEqual([first.given[1]]);
  expect(chosen.given[0]).not.toBe(first.given[1]);
});

it("gathers what happens for many readers, the first at once and nothing lost", async () => {
  const { hub, append, timers, reads } = openHub();
  const readers = Array.from({ length: 1_000 }, () => subscriber());
  for (const reader of readers) hub.join("acme", reader);
  await settle();
  const before = reads();
  for (let count = 0; count < 5; count += 1) await append("acme");
  expect([reads() - before, readers[0]?.given.length]).toEqual([1, 1]);
  timers.advance(50);
  await settle();
  expect([reads() - before, readers[0]?.given.length]).toEqual([2, 2]);
  for (const { given } of readers) {
    const ids = Buffer.concat(given)
      .toString()
      .match(/^id: \d+$/gmu);
    expect(ids).toEqual([1, 2, 3, 4, 5].map((id) => `id: ${id}`));
  }
  timers.advance(50);
  await settle();
  await append("acme");
  expect(readers[0]?.given).toHaveLength(3);
});
