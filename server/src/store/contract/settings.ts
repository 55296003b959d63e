import { describe, expect, test } from "vitest";
import type { Publication } from "../../engine/settings.ts";
import { addUser, audit, codeOf, newId, newOrganization } from "./fixtures.ts";
import {
  newApiKey,
  newApp,
  newCredential,
  newProvider,
  newPublication,
  newTemplate,
  newTestNumber,
} from "./new-settings.ts";
import { type OpenedColdStore, openCold } from "./opened.ts";

/** Names, references, pages and listeners of the settings. */
export function describeSettings(name: string, open: () => Promise<OpenedColdStore>): void {
  describe(`${name}: cold verbs: settings`, () => {
    const opened = openCold(open);

    test("names are unique in their organization and compared exactly; a refused write leaves no trace", async () => {
      const { store, home, foreign } = opened;
      const { apps } = store.settings;
      await apps.insert(newApp(home, "Main"), audit(home));
      const head = await store.audit.head();
      expect(await codeOf(apps.insert(newApp(home, "Main"), audit(home)))).toBe("name_taken");
      expect(await store.audit.head()).toBe(head);
      for (const other of ["main", "Main ", "Máin", "Main%"])
        await apps.insert(newApp(home, other), audit(home));
      await apps.insert(newApp(foreign, "Main"), audit(foreign));
      const [first] = await apps.list(home, { limit: 1 }, { name: "main" });
      expect(await codeOf(apps.update(home, first!.id, { name: "Main" }, audit(home)))).toBe("name_taken");
      expect(await apps.find(home, first!.id)).toMatchObject({ name: "main" });
    });

    test("lists come in id order, by pages and filters", async () => {
      const { store, home } = opened;
      const { apps, publications } = store.settings;
      const app = newApp(home);
      const other = newApp(home);
      await apps.insert(app, audit(home));
      await apps.insert(other, audit(home));
      const made: Publication[] = [];
      for (let count = 0; count < 7; count += 1) {
        made.push(newPublication(home, count % 2 === 0 ? app.id : other.id));
      }
      for (const one of made.toReversed()) await publications.insert(one, audit(home));
      expect(await publications.list(home, { limit: 3 })).toEqual(made.slice(0, 3));
      expect(await publications.list(home, { limit: 10, after: made[2]!.id })).toEqual(made.slice(3));
      expect((await publications.list(home, { limit: 10 }, { app: other.id })).map(({ id }) => id)).toEqual([
        made[1]!.id,
        made[3]!.id,
        made[5]!.id,
      ]);
      expect(await publications.list(home, { limit: 10 }, { channel: "swaig" })).toEqual([]);
      expect(await publications.list(home, { limit: 10 }, {})).toHaveLength(7);
      expect(await codeOf(publications.list(home, { limit: 10 }, { mfa: true }))).toBe("invalid_request");
    });

    test("a reference must be there, in the same organization, and stays while it is used", async () => {
      const { store, home, foreign } = opened;
      const { apps, publications, templates, apiKeys } = store.settings;
      const app = newApp(home);
      const theirs = newApp(foreign);
      await apps.insert(app, audit(home));
      await apps.insert(theirs, audit(foreign));
      for (const wrong of [newId(), theirs.id]) {
        expect(await codeOf(publications.insert(newPublication(home, wrong), audit(home)))).toBe("not_found");
        expect(await codeOf(templates.insert(newTemplate(home, wrong), audit(home)))).toBe("not_found");
        expect(await codeOf(apiKeys.insert({ ...newApiKey(home), app: wrong }, audit(home)))).toBe(
          "not_found",
        );
      }
      const publication = newPublication(home, app.id);
      await publications.insert(publication, audit(home));
      expect(await codeOf(publications.update(home, publication.id, { app: theirs.id }, audit(home)))).toBe(
        "not_found",
      );
      expect(await codeOf(apps.remove(home, app.id, audit(home)))).toBe("in_use");
      expect(await publications.remove(home, publication.id, audit(home))).toBe(true);
      const template = newTemplate(home, app.id);
      await templates.insert(template, audit(home));
      expect(await codeOf(apps.remove(home, app.id, audit(home)))).toBe("in_use");
      expect(await templates.remove(home, template.id, audit(home))).toBe(true);
      expect(await apps.remove(home, app.id, audit(home))).toBe(true);
    });

    test("a credential stays while a provider uses it, wherever in its settings", async () => {
      const { store, home, foreign } = opened;
      const { credentials, providers } = store.settings;
      const named = newCredential(home);
      const nested = newCredential(home);
      const theirs = newCredential(foreign);
      await credentials.insert(named, audit(home));
      await credentials.insert(nested, audit(home));
      await credentials.insert(theirs, audit(foreign));
      expect(await codeOf(providers.insert(newProvider(home, { credential: newId() }), audit(home)))).toBe(
        "not_found",
      );
      expect(await codeOf(providers.insert(newProvider(home, { credential: theirs.id }), audit(home)))).toBe(
        "not_found",
      );
      const provider = newProvider(home, {
        credential: named.id,
        headers: [{ name: "X", password: nested.id }],
        note: theirs.id,
      });
      await providers.insert(provider, audit(home));
      expect(await codeOf(credentials.remove(home, named.id, audit(home)))).toBe("in_use");
      expect(await codeOf(credentials.remove(home, nested.id, audit(home)))).toBe("in_use");
      expect(await credentials.remove(foreign, theirs.id, audit(foreign))).toBe(true);
      await providers.update(home, provider.id, { settings: { credential: named.id } }, audit(home));
      expect(await credentials.remove(home, nested.id, audit(home))).toBe(true);
      expect(await codeOf(credentials.remove(home, named.id, audit(home)))).toBe("in_use");
      await providers.remove(home, provider.id, audit(home));
      expect(await credentials.remove(home, named.id, audit(home))).toBe(true);
    });

    test("one template per app, via and language; one test number per destination and via", async () => {
      const { store, home, foreign } = opened;
      const { templates, testNumbers } = store.settings;
      await templates.insert(newTemplate(home), audit(home));
      expect(await codeOf(templates.insert(newTemplate(home), audit(home)))).toBe("name_taken");
      await templates.insert({ ...newTemplate(home), locale: "de" }, audit(home));
      await templates.insert(newTemplate(foreign), audit(foreign));
      await testNumbers.insert(newTestNumber(home, "k"), audit(home));
      expect(await codeOf(testNumbers.insert(newTestNumber(home, "k"), audit(home)))).toBe("name_taken");
      await testNumbers.insert({ ...newTestNumber(home, "k"), via: "voice" }, audit(home));
    });

    test("changes of different members at the same time are all kept", async () => {
      const { store, home } = opened;
      const { apps } = store.settings;
      const app = newApp(home);
      await apps.insert(app, audit(home));
      await Promise.all([
        apps.update(home, app.id, { name: "Both" }, audit(home)),
        apps.update(home, app.id, { policy: { maxSends: 1 } }, audit(home)),
      ]);
      expect(await apps.find(home, app.id)).toMatchObject({ name: "Both", policy: { maxSends: 1 } });
    });

    test("listeners hear of every successful write, and of no other", async () => {
      const { store, home, foreign } = opened;
      const heard: string[] = [];
      store.settings.onChange(({ organization, collection, id }) =>
        heard.push(`${organization} ${collection} ${id}`),
      );
      const { apps } = store.settings;
      const app = newApp(home);
      await apps.insert(app, audit(home));
      await codeOf(apps.insert(app, audit(home)));
      await apps.update(home, app.id, { name: "New" }, audit(home));
      await apps.update(foreign, app.id, { name: "No" }, audit(foreign));
      await apps.remove(foreign, app.id, audit(foreign));
      await apps.remove(home, app.id, audit(home));
      await apps.remove(home, app.id, audit(home));
      expect(heard).toEqual(Array(3).fill(`${home} apps ${app.id}`));
    });

    test("an organization is found by itself only; its name is unique on the server", async () => {
      const { store, home, foreign } = opened;
      const { organizations } = store.settings;
      expect(await organizations.find(foreign, home)).toBeUndefined();
      const found = await organizations.find(home, home);
      expect(found).toMatchObject({ id: home, displayName: "Example" });
      expect((await organizations.list(home, { limit: 10 })).map(({ id }) => id)).toEqual([home]);
      expect(await organizations.update(foreign, home, { displayName: "X" }, audit(foreign))).toBeUndefined();
      await organizations.update(home, home, { policy: { maxSends: 2 } }, audit(home));
      expect(await organizations.find(home, home)).toMatchObject({
        policy: { maxSends: 2 },
        displayName: "Example",
      });
      const twin = { ...newOrganization(), name: found!.name };
      expect(await codeOf(organizations.insert(twin, audit(twin.id)))).toBe("name_taken");
      await addUser(store, home);
      expect(await codeOf(organizations.remove(home, home, audit(home)))).toBe("in_use");
    });

    test("an API key is found before its organization is known", async () => {
      const { store, home } = opened;
      const key = newApiKey(home);
      await store.settings.apiKeys.insert(key, audit(home, "api_key.created"));
      expect(await store.settings.apiKey(key.id)).toStrictEqual(key);
      expect(await store.settings.apiKey(newId())).toBeUndefined();
      expect(await store.settings.apiKey("' OR 1=1 --")).toBeUndefined();
    });
  });
}
