import { describe, expect, it } from "vitest";
import type { DeliveryTools, OutboundMessage } from "../provider.ts";
import { createInbox, type Inbox, type InboxMessage } from "./inbox.ts";

const tools: DeliveryTools = {
  fetch: () => Promise.reject(new Error("no network here")),
  addressesOf: () => Promise.reject(new Error("no network here")),
  signal: new AbortController().signal,
  secret: async () => "",
  now: () => 1_790_000_000_000,
};

function messageOf(id: string, organization = "acme"): OutboundMessage {
  const verification = `v-${id}`;
  return {
    id,
    verification,
    organization,
    via: "sms",
    to: "+4915112345678",
    text: `text ${id}`,
    locale: "en",
    ttlSeconds: 300,
  };
}

async function fill(inbox: Inbox, ids: readonly string[], organization?: string): Promise<void> {
  for (const id of ids) {
    expect(await inbox.provider.send(messageOf(id, organization), {}, tools)).toEqual({ ok: true });
  }
}

const ids = (messages: readonly InboxMessage[]): string[] => messages.map((message) => message.id);

describe("the simulated phone", () => {
  it("shows the newest message first, page by page", async () => {
    const inbox = createInbox({ capacity: 5 });
    await fill(inbox, ["a", "b", "c"]);
    expect(ids(inbox.list("acme", { limit: 2 }))).toEqual(["c", "b"]);
    expect(ids(inbox.list("acme", { limit: 2, after: "b" }))).toEqual(["a"]);
    expect(ids(inbox.list("acme", { limit: 2, after: "a" }))).toEqual([]);
    expect(inbox.list("acme", { limit: 1 })[0]).toMatchObject({
      to: "+4915112345678",
      text: "text c",
      at: 1_790_000_000_000,
    });
  });

  it("keeps as many as it was told to and forgets the oldest", async () => {
    const inbox = createInbox({ capacity: 3 });
    await fill(inbox, ["a", "b", "c", "d", "e"]);
    expect(ids(inbox.list("acme", { limit: 10 }))).toEqual(["e", "d", "c"]);
    expect(ids(inbox.list("acme", { limit: 10, after: "d" }))).toEqual(["c"]);
    expect(ids(inbox.list("acme", { limit: 10, after: "c" }))).toEqual([]);
    expect(ids(inbox.list("acme", { limit: 10, after: "a" }))).toEqual([]);
    await fill(inbox, ["a"]);
    expect(ids(inbox.list("acme", { limit: 10 }))).toEqual(["a", "e", "d"]);
  });

  it("takes a repeated message once", async () => {
    const inbox = createInbox();
    const heard: string[] = [];
    const end = inbox.onMessage((message) => heard.push(message.id));
    await fill(inbox, ["a", "a", "b"]);
    end();
    await fill(inbox, ["c"]);
    expect(ids(inbox.list("acme", { limit: 10 }))).toEqual(["c", "b", "a"]);
    expect(heard).toEqual(["a", "b"]);
  });

  it("shows an organization its own messages only", async () => {
    const inbox = createInbox();
    await fill(inbox, ["a", "b"], "acme");
    await fill(inbox, ["x"], "other");
    expect(ids(inbox.list("acme", { limit: 10 }))).toEqual(["b", "a"]);
    expect(ids(inbox.list("other", { limit: 10 }))).toEqual(["x"]);
    expect(inbox.list("third", { limit: 10 })).toEqual([]);
  });
});
