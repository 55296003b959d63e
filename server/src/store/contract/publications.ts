import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Publication } from "../../engine/settings.ts";
import type { Store } from "../../engine/store.ts";
import { addOrganization as addHome, audit, newId, epoch as now } from "./fixtures.ts";
import { newApp } from "./new-settings.ts";
import type { OpenedStore } from "./opened.ts";

/** Publications as a channel's platform names them, and the credentials they need: the same on every store. */
export function describePublications(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: publications`, () => {
    let opened: OpenedStore;
    let settings: Store["settings"];
    let home: string;
    let app: string;
    beforeEach(async () => {
      opened = await open();
      ({ settings } = opened.store);
      [home, app] = await addOrganization(opened.store);
    });
    afterEach(() => opened.close());

    const publication = (more: Partial<Publication> = {}): Publication => ({
      id: newId(),
      organization: home,
      app,
      name: newId(),
      channel: "voicexml",
      mfa: true,
      policy: {},
      settings: {},
      createdAt: now,
      updatedAt: now,
      ...more,
    });
    const addCredential = async (organization: string) => {
      const id = newId();
      const entity = { id, organization, name: id, secret: "v1.sealed", createdAt: now, updatedAt: now };
      await settings.credentials.insert(entity, audit(organization));
      return id;
    };
    const removal = (id: string) =>
      settings.credentials.remove(home, id, audit(home)).catch(({ code }: { code: string }) => code);

    test("one is found before its organization is known", async () => {
      const entity = publication({ settings: { access: "x" }, mfa: false });
      await settings.publications.insert(entity, audit(home));
      expect(await settings.publication(entity.id)).toEqual(entity);
      expect(await settings.publication(newId())).toBeUndefined();
      await settings.publications.remove(home, entity.id, audit(home));
      expect(await settings.publication(entity.id)).toBeUndefined();
    });

    test("a credential stays while one uses it, wherever in its settings", async () => {
      const [used, nested, free] = [
        await addCredential(home),
        await addCredential(home),
        await addCredential(home),
      ];
      const entity = publication({ settings: { access: used, ws: { authorization: nested } } });
      await settings.publications.insert(entity, audit(home));
      expect([await removal(used), await removal(nested), await removal(free)]).toEqual([
        "in_use",
        "in_use",
        true,
      ]);
      await settings.publications.update(home, entity.id, { settings: { access: used } }, audit(home));
      expect([await removal(used), await removal(nested)]).toEqual(["in_use", true]);
      await settings.publications.remove(home, entity.id, audit(home));
      expect(await removal(used)).toBe(true);
    });

    test("another organization's credential is no use of it", async () => {
      const [foreign] = await addOrganization(opened.store);
      const theirs = await addCredential(foreign);
      await settings.publications.insert(publication({ settings: { access: theirs } }), audit(home));
      expect(await settings.credentials.remove(foreign, theirs, audit(foreign))).toBe(true);
    });
  });
}

async function addOrganization(store: OpenedStore["store"]): Promise<[organization: string, app: string]> {
  const organization = await addHome(store);
  const app = newApp(organization);
  await store.settings.apps.insert(app, audit(organization));
  return [organization, app.id];
}
