import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenServer, openServer } from "../open-server.ts";
import { type Broken, breakEverything, type Healthy, openHealthy } from "./broken-providers.ts";
import { checkAll, eventsOf, type Issue, issue, issueFor, openWorld, quantile } from "./providers-load.ts";

let server: OpenServer;
beforeAll(async () => {
  server = await openServer({
    environment: { COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8,192.0.2.1:81" },
  });
});
afterAll(() => server.close());

/** As long as it takes a silent one to be left out, and some more. */
const pace = { seconds: 7, perSecond: 20 };

async function rehearse(broken: Broken, healthy: Healthy) {
  const { api } = await openWorld(broken.title, broken.via, [broken.provider, healthy.provider], server);
  const issues = await issueFor(pace, api, broken.via, server);
  const events = await eventsOf(api);
  const attempts = new Map(
    events
      .filter(({ type }) => type === "delivery.accepted")
      .map((event) => [event.verification, `${event.details["attempts"]}`]),
  );
  const isAfter = ({ id }: Issue) => attempts.get(id)?.includes("left_out") === true;
  const timesOf = (those: readonly Issue[]) => those.map(({ handedOverMs }) => handedOverMs);
  const [after, before] = [issues.filter(isAfter), issues.filter((one) => !isAfter(one))];
  await checkAll(issues, 10, healthy.came, api);
  const row = {
    fault: broken.title,
    issued: issues.length,
    handedOver: issues.filter(({ state }) => state === "accepted").length,
    // With the message that tries it after five seconds.
    requests: before.length,
    p99BeforeMs: quantile(timesOf(before), 0.99),
    p99AfterMs: quantile(timesOf(after), 0.99),
    ambiguous: [...attempts.values()].filter((one) => one.includes("ambiguous")).length,
    opened: events.filter(({ type }) => type === "provider.unavailable").length,
  };
  const twice = issues.filter(({ delivery }) => healthy.came.get(delivery)?.times !== 1).length;
  return { row, twice, after: after.length };
}

describe("REL-10 and REL-13: a first provider that fails, a second that works", () => {
  it("every message is handed over, at once after the breaker has opened, with codes that are right", async () => {
    const [faults, healthy] = [await breakEverything(), await openHealthy()];
    const done: Awaited<ReturnType<typeof rehearse>>[] = [];
    for (let first = 0; first < faults.length; first += 3) {
      const some = faults.slice(first, first + 3);
      done.push(...(await Promise.all(some.map((broken) => rehearse(broken, healthy)))));
    }
    console.table(done.map(({ row }) => row));
    for (const { row, twice, after } of done) {
      expect(row, row.fault).toMatchObject({ handedOver: row.issued, opened: 1 });
      expect([row.fault, twice, after > 0]).toEqual([row.fault, 0, true]);
      expect(row.requests, row.fault).toBeLessThanOrEqual(20);
      expect(row.p99BeforeMs, row.fault).toBeLessThanOrEqual(7_500);
      expect(row.p99AfterMs, row.fault).toBeLessThanOrEqual(500);
    }
    for (const { title, heard } of faults) {
      if (title === "SMTP without STARTTLS")
        expect(heard()).toMatch(/^(?:(?:EHLO|HELO|STARTTLS|QUIT).*\r\n)+$/i);
    }
    await Promise.all([...faults.map(({ close }) => close()), healthy.close()]);
  });
});

describe("REL-11 all providers down, then back", () => {
  it("is told at once, nothing old is sent later, and messages go within ten seconds", async () => {
    const both = [await openHealthy(), await openHealthy()];
    const { api } = await openWorld(
      "both down",
      "sms",
      both.map(({ provider }) => provider),
      server,
    );
    for (const one of both) await one.turn("down");
    const failed = await issueFor({ seconds: 5, perSecond: 8 }, api, "sms", server);
    expect(new Set(failed.map(({ state }) => state))).toEqual(new Set(["failed"]));
    const answered = quantile(
      failed.map(({ answeredMs }) => answeredMs),
      0.99,
    );
    expect(answered).toBeLessThan(1_000);
    for (const one of both) await one.turn("up");
    const backAt = performance.now();
    let tries = 0;
    do tries += 1;
    while ((await issue(api, "sms", server)).state !== "accepted" && tries < 1_000);
    const recoveredMs = Math.round(performance.now() - backAt);
    expect(recoveredMs).toBeLessThan(10_000);
    const late = failed.filter(({ delivery }) => both.some(({ came }) => came.has(delivery)));
    expect(late).toEqual([]);
    console.log(
      `all down: answered in ${answered} ms (p99), told as failed in ${quantile(
        failed.map((one) => one.handedOverMs),
        0.99,
      )} ms, 0 of ${failed.length} sent later; back after ${recoveredMs} ms`,
    );
    for (const one of both) await one.close();
  });
});

describe("REL-12 a provider that comes and goes every three seconds", () => {
  it("changes state seldom, and hardly anybody gets a code twice", async () => {
    const [flapping, steady] = [await openHealthy(), await openHealthy()];
    const { api } = await openWorld("flapping", "sms", [flapping.provider, steady.provider], server);
    const load = issueFor({ seconds: 18, perSecond: 20 }, api, "sms", server);
    for (const state of ["down", "up", "down", "up", "down", "up"] as const) {
      await pause(3_000);
      await flapping.turn(state);
    }
    const issues = await load;
    const events = await eventsOf(api);
    const changes = events.filter(({ type }) => type.startsWith("provider.")).length;
    const cameTo = ({ delivery }: Issue) =>
      (flapping.came.get(delivery)?.times ?? 0) + (steady.came.get(delivery)?.times ?? 0);
    const twice = issues.filter((one) => cameTo(one) > 1).length;
    const none = issues.filter((one) => cameTo(one) === 0).length;
    console.log(
      `flapping: ${issues.length} issued, ${none} lost, ${twice} came twice, ${changes} changes of the breaker in 18 s`,
    );
    expect(none).toBe(0);
    // 0.5 % of those that were issued, and 120 changes in five minutes.
    expect(twice).toBeLessThanOrEqual(Math.ceil(issues.length * 0.005));
    expect(changes).toBeLessThanOrEqual(8);
    await Promise.all([flapping.close(), steady.close()]);
  });
});
