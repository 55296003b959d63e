import { describe, expect, test } from "vitest";
import type { User } from "../../engine/model.ts";
import {
  addUser,
  audit,
  codeOf,
  context,
  epoch,
  newAuthenticator,
  newId,
  newUser,
  typesOf,
} from "./fixtures.ts";
import { type OpenedColdStore, openCold } from "./opened.ts";

/** Users, and that nobody else sees them. */
export function describeUsers(name: string, open: () => Promise<OpenedColdStore>): void {
  describe(`${name}: cold verbs: users`, () => {
    const opened = openCold(open);

    test("users: insert with authenticators, find, list, change, remove", async () => {
      const { store, home } = opened;
      const made: User[] = [];
      for (const externalId of ["e1", undefined, "e3"]) {
        made.push(
          await addUser(store, home, { externalId, displayName: "Ann", locale: "de" }, (user) => [
            newAuthenticator(user, "sms"),
          ]),
        );
      }
      const [first, second] = made as [User, User];
      expect(await store.users.find(home, first.id)).toEqual(first);
      expect(await store.users.findByExternalId(home, "e1")).toEqual(first);
      expect(await store.users.findByExternalId(home, "E1")).toBeUndefined();
      expect(await store.users.list(home, { limit: 2 })).toEqual(made.slice(0, 2));
      expect(await store.users.list(home, { limit: 9, after: second.id })).toEqual(made.slice(2));
      const changed = await store.users.update(
        home,
        first.id,
        { role: "admin", disabledAt: epoch, displayName: undefined },
        audit(home, "user.updated"),
      );
      expect(changed).toMatchObject({ role: "admin", disabledAt: epoch, displayName: "Ann", locale: "de" });
      expect(await store.users.find(home, first.id)).toEqual(changed);
      expect(await store.users.remove(home, first.id, audit(home, "user.deleted"))).toBe(true);
      expect(await store.users.remove(home, first.id, audit(home, "user.deleted"))).toBe(false);
      expect(await store.users.find(home, first.id)).toBeUndefined();
      expect(await store.enrollments.list(home, first.id)).toEqual([]);
      expect((await typesOf(store, home)).filter((type) => type === "user.deleted")).toHaveLength(1);
      await addUser(store, home, { externalId: "e1" });
    });

    test("users: an external id is unique in its organization; a refused insert keeps nothing of it", async () => {
      const { store, home, foreign } = opened;
      const user = await addUser(store, home, { externalId: "same" });
      const twin = newUser(home, { externalId: "same" });
      const insert = store.users.insert(twin, [newAuthenticator(twin, "totp")], audit(home));
      expect(await codeOf(insert)).toBe("name_taken");
      expect(await store.users.find(home, twin.id)).toBeUndefined();
      const clash = newUser(home);
      const authenticator = newAuthenticator(clash, "totp");
      expect(await codeOf(store.users.insert(clash, [authenticator, authenticator], audit(home)))).toBe(
        "name_taken",
      );
      expect(await store.users.find(home, clash.id)).toBeUndefined();
      const other = await addUser(store, foreign, { externalId: "same" });
      expect(await codeOf(store.users.update(home, user.id, { externalId: "new" }, audit(home)))).toBe(
        "no error",
      );
      const third = await addUser(store, home, { externalId: "same" });
      expect(await codeOf(store.users.update(home, third.id, { externalId: "new" }, audit(home)))).toBe(
        "name_taken",
      );
      expect(await store.users.findByExternalId(foreign, "same")).toEqual(other);
      const nowhere = newUser(newId());
      expect(await codeOf(store.users.insert(nowhere, [], audit(nowhere.organization)))).toBe("not_found");
    });

    test("API-25/26: users and authenticators of another organization are not there", async () => {
      const { store, home, foreign } = opened;
      const user = await addUser(store, home, { externalId: "e" }, (one) => [newAuthenticator(one, "sms")]);
      const [view] = await store.enrollments.list(home, user.id);
      const id = view!.authenticator.id;
      expect(await store.users.find(foreign, user.id)).toBeUndefined();
      expect(await store.users.findByExternalId(foreign, "e")).toBeUndefined();
      expect(await store.users.list(foreign, { limit: 100 })).toEqual([]);
      expect(await store.users.update(foreign, user.id, { role: "admin" }, audit(foreign))).toBeUndefined();
      expect(await store.users.remove(foreign, user.id, audit(foreign))).toBe(false);
      expect(await store.enrollments.find(foreign, user.id, id)).toBeUndefined();
      expect(await store.enrollments.list(foreign, user.id)).toEqual([]);
      expect(await store.enrollments.revoke(context(foreign), user.id, id)).toBe(false);
      expect(await store.enrollments.enable(context(foreign), user.id, id)).toBe(false);
      const planted = newAuthenticator({ ...user, organization: foreign }, "totp");
      expect(await codeOf(store.enrollments.begin(planted, [], context(foreign)))).toBe("not_found");
      expect(await codeOf(store.enrollments.begin(planted, [], context(home)))).toBe("not_found");
      expect(await store.users.find(home, user.id)).toEqual(user);
      expect(await store.enrollments.list(home, user.id)).toEqual([view]);
      expect(await typesOf(store, foreign)).toEqual(["organization.created"]);
    });
  });
}
