import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { brokenPromises, checkFolder, keptPromises, summary } from "./checker.ts";
import { percentile, soundnessOf, type TemporaryFolder, temporaryFolder, wait } from "./folder.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { Operation } from "./history.ts";
import { startLoad } from "./load.ts";
import { serve } from "./server-process.ts";
import { makeWorld } from "./world.ts";

const cycles = 40;

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

it(`REL-01 ${cycles} times killed under load: nothing acknowledged is lost, nothing is accepted twice`, async () => {
  const data = join(folder.path, "data");
  const world = await makeWorld(data, 200, gateway.url);
  const history: Operation[] = [];
  const readyMs: number[] = [];
  const unsound: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const server = await serve({ data, environment: { COUNTERSIGN_OUTBOUND_ALLOW: gateway.allow } });
    readyMs.push(server.readyMs);
    const load = startLoad({ url: server.url, world, gateway, clients: 16, history });
    await wait(300 + Math.random() * 900);
    await server.kill();
    await load.stop();
    if (cycle % 4 === 0) unsound.push(...soundnessOf(data, join(folder.path, "copy")));
  }
  const findings = await checkFolder(data, history);
  const p95 = Math.round(percentile(readyMs, 95));
  console.log(summary("kill -9", findings, { cycles, readyMsP95: p95 }));
  expect(brokenPromises(findings)).toEqual(keptPromises);
  expect(unsound).toEqual([]);
  // A rehearsal in which nothing happened proves nothing.
  expect(findings.acknowledged).toBeGreaterThan(2_000);
  expect(findings.unknown).toBeGreaterThan(cycles);
  expect(p95).toBeLessThanOrEqual(2_000);
});
