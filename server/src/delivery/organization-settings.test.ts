import { expect, test } from "vitest";
import type { EngineSettings } from "../engine/services.ts";
import type { SettingsStore } from "../engine/store.ts";
import type { Vault } from "../engine/tools.ts";
import { createOrganizationDelivery } from "./organization-settings.ts";

/** Credentials in a map, and a vault whose seal is a colour: what was sealed under another one does not open. */
function opened() {
  const rows = new Map<string, string>();
  let reads = 0;
  let colour = "blue";
  const listeners: ((change: { collection: string; organization: string; id: string }) => void)[] = [];
  const store = {
    onChange: (listener: (typeof listeners)[number]) => listeners.push(listener),
    credentials: {
      find: async (organization: string, id: string) => {
        reads += 1;
        const secret = organization === "acme" ? rows.get(id) : undefined;
        return secret && { id, organization, secret };
      },
    },
  } as unknown as SettingsStore;
  const vault = {
    open: (_place: unknown, sealed: string) => {
      if (!sealed.startsWith(colour)) throw new Error("sealed with another key");
      return Buffer.from(sealed.slice(colour.length));
    },
  } as unknown as Vault;
  const { secretOf } = createOrganizationDelivery({
    store,
    vault,
    settings: {} as EngineSettings,
    isUsable: () => true,
  });
  return {
    secretOf,
    rows,
    reads: () => reads,
    change: (id: string) => {
      for (const tell of listeners) tell({ collection: "credentials", organization: "acme", id });
    },
    repaint: () => {
      colour = "red";
    },
  };
}

test("a credential is read once, and anew after it changed", async () => {
  const { secretOf, rows, reads, change } = opened();
  rows.set("c1", "blue one");
  expect([await secretOf("acme", "c1"), await secretOf("acme", "c1")]).toEqual([" one", " one"]);
  expect(reads()).toBe(1);
  rows.set("c1", "blue two");
  change("c1");
  expect(await secretOf("acme", "c1")).toBe(" two");
  rows.delete("c1");
  change("c1");
  await expect(secretOf("acme", "c1")).rejects.toMatchObject({ code: "not_found" });
});

test("what is known of one organization is told to no other, and what is not there is asked again", async () => {
  const { secretOf, rows } = opened();
  await expect(secretOf("acme", "c1")).rejects.toMatchObject({ code: "not_found" });
  rows.set("c1", "blue one");
  expect(await secretOf("acme", "c1")).toBe(" one");
  await expect(secretOf("other", "c1")).rejects.toMatchObject({ code: "not_found" });
});

test("a change while it is read wins", async () => {
  const { secretOf, rows, change } = opened();
  rows.set("c1", "blue one");
  const before = secretOf("acme", "c1");
  rows.set("c1", "blue two");
  change("c1");
  await before;
  expect(await secretOf("acme", "c1")).toBe(" two");
});

test("one that was sealed anew is read again", async () => {
  const { secretOf, rows, repaint } = opened();
  rows.set("c1", "blue one");
  await secretOf("acme", "c1");
  rows.set("c1", "red one");
  repaint();
  await expect(secretOf("acme", "c1")).rejects.toThrow();
  expect(await secretOf("acme", "c1")).toBe(" one");
});
