import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { serverCeiling } from "../../src/engine/policy/defaults.ts";
import type { Api, OpenServer } from "../open-server.ts";
import type { Broken, Healthy } from "./broken-providers.ts";

export interface Event {
  readonly type: string;
  readonly verification?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Issue {
  readonly id: string;
  readonly delivery: string;
  readonly state: string | undefined;
  /** Until the server answered, and until a provider had the message. */
  readonly answeredMs: number;
  readonly handedOverMs: number;
}

/** An organization that may send as much as it likes. */
export interface World {
  readonly id: string;
  readonly api: Api;
}

/** An organization with these providers, in this order. */
export async function openWorld(
  name: string,
  via: "sms" | "email",
  providers: readonly Broken["provider"][],
  server: OpenServer,
): Promise<World> {
  const { id, api } = await server.addOrganization(name);
  const { sendsPerDestination, sendsPerUser, sending } = serverCeiling;
  const policy = { sendsPerDestination, sendsPerUser, sending };
  expect((await api.patch("/v1/organization", { policy })).status).toBe(200);
  for (const [position, provider] of providers.entries()) {
    const body = { name: `provider ${position}`, vias: [via], position, ...provider };
    const { status, body: said } = await api.post("/v1/providers", body);
    expect([name, status, status === 201 ? "" : said]).toEqual([name, 201, ""]);
  }
  return { id, api };
}

let numbers = 0;
export async function issue(api: Api, via: "sms" | "email", server: OpenServer): Promise<Issue> {
  numbers += 1;
  const to = via === "sms" ? `+1202${5_550_000 + numbers}` : `person${numbers}@example.com`;
  const begunAt = performance.now();
  const { status, body } = await api.post("/v1/verifications", { to, via });
  expect([status, status === 201 ? "" : body]).toEqual([201, ""]);
  const answeredMs = performance.now() - begunAt;
  const state = await server.countersign.dispatcher.waitFor(body.id, 30_000);
  const [delivery] = body["deliveries"] as readonly { readonly id: string }[];
  return {
    id: body.id,
    delivery: delivery?.id ?? "",
    state,
    answeredMs,
    handedOverMs: performance.now() - begunAt,
  };
}

/** How many are begun and how fast, whatever became of those before. */
export interface Pace {
  readonly seconds: number;
  readonly perSecond: number;
}

export async function issueFor(
  { seconds, perSecond }: Pace,
  api: Api,
  via: "sms" | "email",
  server: OpenServer,
): Promise<readonly Issue[]> {
  const issues: Promise<Issue>[] = [];
  for (let count = 0; count < seconds * perSecond; count += 1) {
    issues.push(issue(api, via, server));
    await pause(1000 / perSecond);
  }
  return Promise.all(issues);
}

export async function eventsOf(api: Api): Promise<readonly Event[]> {
  const all: Event[] = [];
  let before: number | null = null;
  do {
    const query: string = before === null ? "" : `&before=${before}`;
    const { body } = await api.get<{ events: Event[]; next: number | null }>(`/v1/audit?limit=200${query}`);
    all.push(...body.events);
    before = body.next;
  } while (before !== null);
  return all;
}

/** Every code is right; what the checks took, one begun every `everyMs`. */
export async function checkAll(
  issues: readonly Issue[],
  everyMs: number,
  came: Healthy["came"],
  api: Api,
): Promise<readonly number[]> {
  const checks = issues.map(async ({ id, delivery }, place) => {
    await pause(place * everyMs);
    const begunAt = performance.now();
    const code = came.get(delivery)?.code;
    const { body } = await api.post<{ approved: boolean }>(`/v1/verifications/${id}/check`, { code });
    expect(body.approved).toBe(true);
    return performance.now() - begunAt;
  });
  return Promise.all(checks);
}

/** To a tenth. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(10 * (sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0)) / 10;
}
