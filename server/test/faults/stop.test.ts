import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { brokenPromises, checkFolder, keptPromises, summary } from "./checker.ts";
import { percentile, type TemporaryFolder, temporaryFolder, wait } from "./folder.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { Operation } from "./history.ts";
import { startLoad } from "./load.ts";
import { serve } from "./server-process.ts";
import { makeWorld } from "./world.ts";

const stops = 10;
/** A request sent in the last moment may still be on its way to the server when the signal comes. */
const onItsWayMs = 25;

let folder: TemporaryFolder;
let gateway: Gateway;
beforeAll(async () => {
  folder = temporaryFolder();
  gateway = await openGateway();
});
afterAll(async () => {
  await gateway.close();
  folder.remove();
});

it(`REL-23 ${stops} times SIGTERM under load: what was begun is answered, and the process ends with 0`, async () => {
  const data = join(folder.path, "data");
  const world = await makeWorld(data, 200, gateway.url);
  const history: Operation[] = [];
  const unanswered: Operation[] = [];
  const exits: (number | null)[] = [];
  const endedMs: number[] = [];
  for (let stop = 0; stop < stops; stop += 1) {
    const server = await serve({ data, environment: { COUNTERSIGN_OUTBOUND_ALLOW: gateway.allow } });
    const load = startLoad({ url: server.url, world, gateway, clients: 16, history });
    await wait(600 + Math.random() * 600);
    const signaledAt = performance.now();
    server.signal("SIGTERM");
    const { code } = await server.ended;
    endedMs.push(performance.now() - signaledAt);
    exits.push(code);
    await load.stop();
    unanswered.push(
      ...history.filter(
        ({ answer, begunAt, endedAt }) =>
          answer === "unknown" && begunAt < signaledAt - onItsWayMs && endedAt >= signaledAt,
      ),
    );
  }
  const findings = await checkFolder(data, history);
  const endedMsMost = Math.round(percentile(endedMs, 100));
  console.log(summary("SIGTERM", findings, { stops, unanswered: unanswered.length, endedMsMost }));
  expect(unanswered).toEqual([]);
  expect(exits).toEqual(exits.map(() => 0));
  expect(endedMsMost).toBeLessThanOrEqual(10_000);
  expect(brokenPromises(findings)).toEqual(keptPromises);
});
