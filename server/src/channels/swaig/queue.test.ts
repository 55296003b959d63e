import { expect, it } from "vitest";
import type { ConversationStore } from "../../engine/conversations.ts";
import { inTurn } from "./queue.ts";

const epoch = 1_800_000_000_000;

/** Requests of one store; each is under way until it is ended. */
function openCase() {
  const store = {} as ConversationStore;
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    end: async (name: string) => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    ask: (name: string, now = epoch, conversation = "call") =>
      inTurn(
        store,
        { conversation, now },
        async () => {
          begun.push(name);
          await new Promise<void>((resolve) => ends.set(name, resolve));
          return `done ${name}`;
        },
        () => `busy ${name}`,
      ),
    quick: (now: number, conversation = "call") =>
      inTurn(
        store,
        { conversation, now },
        async () => "done",
        () => "busy",
      ),
  };
}

it("takes one of a conversation at a time, in order, and other conversations beside it", async () => {
  const { ask, begun, end } = openCase();
  const answers = Promise.all([ask("one"), ask("two"), ask("other", epoch, "another call")]);
  await end("nothing");
  expect(begun).toEqual(["one", "other"]);
  await end("one");
  expect(begun).toEqual(["one", "other", "two"]);
  await end("other");
  await end("two");
  expect(await answers).toEqual(["done one", "done two", "done other"]);
});

it("is busy at once for the 31st that would wait", async () => {
  const { ask } = openCase();
  for (let count = 0; count < 30; count += 1) void ask(`${count}`);
  expect(await ask("late")).toBe("busy late");
});

it("takes 200 in ten seconds, and others again after them", async () => {
  const { quick } = openCase();
  for (let count = 0; count < 200; count += 1) expect(await quick(epoch + count)).toBe("done");
  expect(await quick(epoch + 9_999)).toBe("busy");
  expect(await quick(epoch + 9_999, "another call")).toBe("done");
  expect(await quick(epoch + 10_000)).toBe("done");
});

it("keeps the place of what is under way, however long that takes", async () => {
  const { ask, begun, end, quick } = openCase();
  const first = ask("first");
  // Another conversation's new window is when those that are over are forgotten.
  expect(await quick(epoch + 60_000, "another call")).toBe("done");
  const second = ask("second", epoch + 60_001);
  await end("nothing");
  expect(begun).toEqual(["first"]);
  await end("first");
  await end("second");
  expect(await Promise.all([first, second])).toEqual(["done first", "done second"]);
});
