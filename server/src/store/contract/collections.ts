import { describe, expect, test } from "vitest";
import type { Collection } from "../../engine/collection.ts";
import { audit, codeOf, epoch, newId, typesOf } from "./fixtures.ts";
import { newApiKey, newApp, newCredential, newProvider, newTemplate, newTestNumber } from "./new-settings.ts";
import { type ColdStore, type OpenedColdStore, openCold } from "./opened.ts";

interface Sample {
  readonly collection: keyof ColdStore["settings"] & string;
  readonly make: (organization: string) => Entity;
  readonly change: Readonly<Record<string, unknown>>;
}
interface Entity {
  readonly id: string;
  readonly organization: string;
  readonly createdAt: number;
}

const samples: readonly Sample[] = [
  { collection: "apps", make: newApp, change: { name: "Renamed" } },
  { collection: "credentials", make: newCredential, change: { description: "for tests" } },
  { collection: "providers", make: newProvider, change: { enabled: false, position: 9 } },
  { collection: "templates", make: newTemplate, change: { text: "Use this code" } },
  { collection: "testNumbers", make: newTestNumber, change: { expiresAt: epoch + 5 } },
  { collection: "apiKeys", make: newApiKey, change: { revokedAt: epoch + 7 } },
];

function collectionOf(store: ColdStore, { collection }: Sample): Collection<Entity> {
  return store.settings[collection] as unknown as Collection<Entity>;
}

/** What is the same for every collection of settings. */
export function describeCollections(name: string, open: () => Promise<OpenedColdStore>): void {
  describe(`${name}: cold verbs`, () => {
    const opened = openCold(open);

    describe.each(samples)("settings: $collection", (sample) => {
      test("insert, find, change some members, remove", async () => {
        const { store, home } = opened;
        const collection = collectionOf(store, sample);
        const entity = sample.make(home);
        await collection.insert(entity, audit(home, "settings.created"));
        expect(await collection.find(home, entity.id)).toStrictEqual(entity);

        const changed = await collection.update(home, entity.id, sample.change, audit(home));
        const { updatedAt, ...rest } = { updatedAt: undefined, ...entity };
        expect(changed).toMatchObject({ ...rest, ...sample.change });
        if (updatedAt !== undefined) expect(changed).toHaveProperty("updatedAt", expect.any(Number));
        expect(await collection.find(home, entity.id)).toStrictEqual(changed);

        expect(await collection.remove(home, entity.id, audit(home, "settings.deleted"))).toBe(true);
        expect(await collection.find(home, entity.id)).toBeUndefined();
        expect(await collection.remove(home, entity.id, audit(home, "settings.deleted"))).toBe(false);
        expect(await collection.update(home, entity.id, sample.change, audit(home))).toBeUndefined();
        expect(await typesOf(store, home)).toEqual([
          "organization.created",
          "settings.created",
          "settings.updated",
          "settings.deleted",
        ]);
      });

      test("API-25/26: another organization sees, changes and removes nothing", async () => {
        const { store, home, foreign } = opened;
        const collection = collectionOf(store, sample);
        const entity = sample.make(home);
        await collection.insert(entity, audit(home));
        expect(await collection.find(foreign, entity.id)).toBeUndefined();
        expect(await collection.update(foreign, entity.id, sample.change, audit(foreign))).toBeUndefined();
        expect(await collection.remove(foreign, entity.id, audit(foreign))).toBe(false);
        expect(await collection.list(foreign, { limit: 100 })).toEqual([]);
        expect(await collection.list(foreign, { limit: 100, after: entity.id })).toEqual([]);
        expect(await collection.find(home, entity.id)).toStrictEqual(entity);
        expect(await typesOf(store, foreign)).toEqual(["organization.created"]);
      });

      test("an id is taken once, and identity never changes", async () => {
        const { store, home, foreign } = opened;
        const collection = collectionOf(store, sample);
        const entity = sample.make(home);
        await collection.insert(entity, audit(home));
        expect(await codeOf(collection.insert({ ...sample.make(home), id: entity.id }, audit(home)))).toBe(
          "name_taken",
        );
        const stolen = { id: newId(), organization: foreign, createdAt: 1 };
        const changed = await collection.update(home, entity.id, stolen, audit(home));
        expect(changed).toMatchObject({ id: entity.id, organization: home, createdAt: epoch });
        expect(await collection.list(foreign, { limit: 9 })).toEqual([]);
      });
    });
  });
}
