import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemRandom, timeOrderedId } from "../../src/engine/code/random.ts";
import { type Entry, type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

interface Event {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly publication?: string;
  readonly conversation?: string;
  readonly verification?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Page {
  readonly events: readonly Event[];
  readonly next: number | null;
}

/** What the feed holds after an event, up to the one that fits. */
async function feed(query: string, last: (event: Event) => boolean): Promise<readonly Event[]> {
  const response = await fetch(`${server.url}/v1/events?after=0&${query}`, {
    headers: { authorization: `Bearer ${server.demo.apiKey}` },
  });
  const events: Event[] = [];
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split("\n\n");
    text = frames.pop() ?? "";
    for (const frame of frames) {
      const data = /^data: (.*)$/mu.exec(frame)?.[1];
      if (data !== undefined) events.push(JSON.parse(data) as Event);
    }
    if (events.some(last)) break;
  }
  return events;
}

/** Started in a publication and a call, answered wrong, then right, its receipt taken. */
async function runThrough(publication: string, call: string) {
  const { api, demo } = server;
  const binding = { call };
  const body = { user: demo.users[1]!.id, via: "sms", publication, binding, purpose: call };
  const { body: started } = await api.post("/v1/verifications", body);
  const code = await server.codeOf(started.id);
  const wrong = code === "271828" ? "314159" : "271828";
  await api.post(`/v1/verifications/${started.id}/check`, { code: wrong });
  const { body: approved } = await api.post<Entry & { receipt: string }>(
    `/v1/verifications/${started.id}/check`,
    { code },
  );
  await api.post("/v1/receipts/consume", { receipt: approved.receipt, binding });
  return { id: started.id, code };
}

const steps = [
  "verification.started",
  "delivery.accepted",
  "attempt.refused",
  "verification.approved",
  "receipt.consumed",
];

describe("the live feed of a publication", () => {
  it("shows every step with id, time, call and masked destination, and never a code", async () => {
    const publication = server.demo.publications["api"]!.id;
    const { id, code } = await runThrough(publication, "call-1");
    await runThrough(
      Object.values(server.demo.publications).find((one) => one.id !== publication)!.id,
      "call-2",
    );
    const events = await feed(`publication=${publication}`, ({ type }) => type === "receipt.consumed");
    expect(events.map(({ type }) => type)).toEqual(steps);
    for (const event of events) {
      expect(event).toMatchObject({
        id: expect.stringMatching(/^evt_\d+_\d+$/),
        verification: id,
        publication,
        details: { call: "call-1", to: expect.stringContaining("***"), publication, channel: "api" },
      });
    }
    expect(JSON.stringify(events)).not.toContain(code);
  });

  it("shows a send that was refused before there was a verification", async () => {
    const { api, demo } = server;
    const publication = demo.publications["api"]!.id;
    const { body: user } = await api.post("/v1/users", { displayName: "No phone" });
    const body = { user: user.id, via: "sms", publication, binding: { call: "call-3" } };
    expect((await api.post("/v1/verifications", body)).status).toBe(422);
    const refused = (event: Event) => event.type === "send.refused" && event.details["call"] === "call-3";
    const events = await feed(`publication=${publication}&type=send.refused`, refused);
    expect(events.find(refused)).toMatchObject({ publication, details: { reason: "no_authenticator" } });
  });
});

describe("the record of one verification", () => {
  it("is found where it can be, newest first, in pages", async () => {
    const { api } = server;
    const publication = server.demo.publications["api"]!.id;
    const before = await runThrough(publication, "call-4");
    const { id } = await runThrough(publication, "call-5");
    const other = await api.post("/v1/users", { displayName: "In between" });
    expect(other.status).toBe(201);
    const { body } = await api.get<Page>(`/v1/audit?verification=${id}`);
    expect(body.events.map(({ type }) => type)).toEqual(steps.toReversed());
    expect(body.next).toBeNull();
    expect(body.events.every(({ verification }) => verification === id)).toBe(true);
    const pages: Event[] = [];
    let next: number | null = null;
    do {
      const from: string = next === null ? "" : `&before=${next}`;
      const page: Page = (await api.get<Page>(`/v1/audit?verification=${id}&limit=2${from}`)).body;
      pages.push(...page.events);
      next = page.next;
    } while (next !== null);
    expect(pages).toEqual(body.events);
    const earlier = (await api.get<Page>(`/v1/audit?verification=${before.id}`)).body;
    expect(earlier.events.map(({ type }) => type)).toEqual(steps.toReversed());
  });

  it("is empty for one that is not there, or somebody else's", async () => {
    const { id } = await runThrough(server.demo.publications["api"]!.id, "call-6");
    const stranger = (await server.addOrganization("feed-stranger")).api;
    const nothing = { events: [], next: null };
    expect((await stranger.get(`/v1/audit?verification=${id}`)).body).toEqual(nothing);
    expect((await server.api.get("/v1/audit?verification=nobody")).body).toEqual(nothing);
    const unknown = timeOrderedId(Date.now(), systemRandom);
    expect((await server.api.get(`/v1/audit?verification=${unknown}`)).body).toEqual(nothing);
    expect((await server.api.get("/v1/audit?verification=a%20b")).status).toBe(400);
  });
});
