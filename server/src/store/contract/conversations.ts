import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../../engine/conversations.ts";
import type { Authenticator } from "../../engine/model.ts";
import {
  addOrganization,
  addUser as addPerson,
  newAuthenticator,
  newId,
  epoch as now,
  openPolicy,
  someNumber,
} from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";

/** Dialogues, the verifications that belong to them, and whom a number belongs to: the same on every store. */
export function describeConversations(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: conversations`, () => {
    let opened: OpenedStore;
    let store: OpenedStore["store"];
    let home: string;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
      home = await addOrganization(store);
    });
    afterEach(() => opened.close());

    const fresh = (more: Partial<Conversation> = {}): Conversation => ({
      id: `cv_${newId()}`,
      organization: home,
      publication: "publication",
      channel: "voicexml",
      externalId: "call-1",
      version: 1,
      state: "v1.kid.sealed",
      createdAt: now,
      updatedAt: now,
      expiresAt: now + 900_000,
      ...more,
    });
    const eventsOf = async () =>
      (await store.audit.after(home, 0, 1000)).filter(({ type }) => type.startsWith("conversation."));

    test("comes back as it was saved, whole or bare, and only to its own organization", async () => {
      const bare = fresh();
      const whole = fresh({ user: "user", verification: "verification", path: "success" });
      expect(await store.conversations.save(bare, [])).toBe(true);
      expect(await store.conversations.save(whole, [])).toBe(true);
      expect(await store.conversations.find(home, bare.id)).toEqual(bare);
      expect(await store.conversations.find(home, whole.id)).toEqual(whole);
      const elsewhere = await addOrganization(store);
      expect(await store.conversations.find(elsewhere, bare.id)).toBeUndefined();
      expect(await store.conversations.save({ ...bare, organization: elsewhere, version: 2 }, [])).toBe(
        false,
      );
      expect(await store.conversations.find(home, "cv_nobody")).toBeUndefined();
    });

    test("one writer wins each version, and only the winner's events are kept", async () => {
      const first = fresh();
      const started = { type: "conversation.started", organization: home } as const;
      const ended = { type: "conversation.ended", organization: home } as const;
      const begun = await Promise.all([1, 2, 3].map(() => store.conversations.save(first, [started])));
      expect(begun.filter(Boolean)).toHaveLength(1);
      const second = (state: string) => ({ ...first, version: 2, state, updatedAt: now + 1 });
      const writes = ["a", "b", "c"].map((state) => store.conversations.save(second(state), [ended]));
      const won = (await Promise.all(writes)).indexOf(true);
      expect(await store.conversations.find(home, first.id)).toEqual(second("abc".charAt(won)));
      expect((await eventsOf()).map(({ type }) => type)).toEqual([
        "conversation.started",
        "conversation.ended",
      ]);
      expect(await store.conversations.save(second("late"), [ended])).toBe(false);
      expect(await store.conversations.save({ ...first, version: 4 }, [])).toBe(false);
      expect(await eventsOf()).toHaveLength(2);
    });

    test("is forgotten when its time is over, the oldest first", async () => {
      const over = [fresh({ expiresAt: now }), fresh({ expiresAt: now - 1 }), fresh({ expiresAt: now - 2 })];
      const living = fresh({ expiresAt: now + 1 });
      for (const one of [...over, living]) await store.conversations.save(one, []);
      expect(await store.conversations.forget(now, 2)).toBe(2);
      expect(await store.conversations.find(home, over[0]!.id)).toBeDefined();
      expect(await store.conversations.forget(now, 2)).toBe(1);
      expect(await store.conversations.forget(now, 2)).toBe(0);
      expect(await store.conversations.find(home, living.id)).toEqual(living);
    });

    test("nobody finds the conversation of an erased person, nor one that was forgotten", async () => {
      const user = await addUser(store, home, "active");
      const theirs = fresh({ user });
      const old = fresh({ expiresAt: now });
      for (const one of [theirs, old]) await store.conversations.save(one, []);
      expect(await store.conversations.find(home, theirs.id)).toEqual(theirs);
      await store.conversations.forget(now, 10);
      expect(await store.conversations.find(home, old.id)).toBeUndefined();
      expect(await store.users.erase(home, user, { type: "user.erased", organization: home })).toBe(true);
      expect(await store.conversations.find(home, theirs.id)).toBeUndefined();
    });

    test("a verification of a conversation names it in every event, and keeps what its messages say", async () => {
      const wishes = { from: "Example", proofWords: true as const };
      const conversation = "cv_1";
      const started = await store.verifications.start({
        organization: home,
        id: newId(),
        deliveryId: newId(),
        now,
        actor: "channel:p",
        via: "sms",
        purpose: "login",
        channel: "voicexml",
        target: {
          destination: "+12025550123",
          destinationKey: "key",
          hint: "+1 *** **23",
          number: someNumber,
        },
        fallbackLocale: "en",
        policy: openPolicy,
        production: false,
        conversation,
        wishes,
      });
      expect(started).toMatchObject({ verification: { conversation, wishes }, delivery: { wishes } });
      if (started.kind === "refused") throw new Error("refused");
      const { id } = started.verification;
      await store.verifications.cancel({ organization: home, id, now, actor: "channel:p" });
      const told = await store.audit.after(home, 0, 1000);
      const its = told.filter(({ verification }) => verification === id);
      expect(its.map(({ details }) => details?.["conversation"])).toEqual([conversation, conversation]);
      expect(await store.verifications.find(home, id)).toMatchObject({ conversation, wishes });
    });

    test("a number finds those who proved that it is theirs", async () => {
      const proved = await addUser(store, home, "active");
      const second = await addUser(store, home, "active");
      await addUser(store, home, "pending");
      await addUser(store, home, "revoked");
      const elsewhere = await addOrganization(store);
      await addUser(store, elsewhere, "active");
      const found = await store.users.findByDestination(home, "key", 10);
      expect(found.map(({ id }) => id)).toEqual([proved, second].sort());
      expect(await store.users.findByDestination(home, "key", 1)).toHaveLength(1);
      expect(await store.users.findByDestination(home, "another", 10)).toEqual([]);
    });
  });
}

/** A person with a telephone. */
async function addUser(
  store: OpenedStore["store"],
  organization: string,
  status: Authenticator["status"],
): Promise<string> {
  // The same number by text and by call: one person still.
  const kinds = ["sms", "voice"] as const;
  const { id } = await addPerson(store, organization, {}, (user) =>
    kinds.map((kind) => newAuthenticator(user, kind, { status, destinationKey: "key" })),
  );
  return id;
}
