import { execFileSync, spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWriter } from "../../src/store/sqlite/connection.ts";
import { brokenPromises, checkFolder, type Findings, keptPromises, summary } from "./checker.ts";
import { copyFolder, type TemporaryFolder, temporaryFolder, wait } from "./folder.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { Operation } from "./history.ts";
import { startLoad } from "./load.ts";
import { serve } from "./server-process.ts";
import { makeWorld, type World } from "./world.ts";

const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
if (!hasCompiler) console.log("power cut: skipped, because there is no C compiler (cc) here");

let folder: TemporaryFolder;
let gateway: Gateway;
let shim: string;
beforeAll(async () => {
  folder = temporaryFolder();
  gateway = await openGateway();
  shim = join(folder.path, "powercut.so");
  if (hasCompiler) {
    const source = join(import.meta.dirname, "powercut.c");
    execFileSync("cc", ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", shim, source, "-ldl"]);
  }
});
afterAll(async () => {
  await gateway.close();
  folder.remove();
});

interface Round {
  readonly data: string;
  readonly world: World;
  readonly history: Operation[];
  /** What the disk does not keep although it was told to. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Load until the power is cut; then the data folder is what the disk had kept. */
async function cutPower({ data, world, history, environment = {} }: Round): Promise<void> {
  const disk = join(folder.path, "disk");
  copyFolder(data, disk);
  const server = await serve({
    data,
    environment: {
      COUNTERSIGN_OUTBOUND_ALLOW: gateway.allow,
      LD_PRELOAD: shim,
      PC_SRC: data,
      PC_DST: disk,
      ...environment,
    },
  });
  const load = startLoad({ url: server.url, world, gateway, clients: 16, history });
  await wait(500 + Math.random() * 1_000);
  await server.kill();
  await load.stop();
  rmSync(data, { recursive: true });
  renameSync(disk, data);
  for (const name of ["countersign.db", "countersign.db-wal", "audit-checkpoints.txt"]) {
    rmSync(join(data, `${name}.part`), { force: true });
  }
}

/** Nothing is left in the write-ahead log: an old log beside a newer database would be another fault than meant. */
function foldLog(data: string): void {
  openWriter(join(data, "countersign.db")).close();
}

describe.skipIf(!hasCompiler)("REL-02 the power is cut", () => {
  const cycles = 10;

  it(`${cycles} times under load: what was acknowledged had reached the disk`, async () => {
    const data = join(folder.path, "full");
    const world = await makeWorld(data, 200, gateway.url);
    const history: Operation[] = [];
    for (let cycle = 0; cycle < cycles; cycle += 1) await cutPower({ data, world, history });
    const findings = await checkFolder(data, history);
    console.log(summary("power cut", findings, { cycles }));
    expect(brokenPromises(findings)).toEqual(keptPromises);
    expect(findings.acknowledged).toBeGreaterThan(500);
  });

  it("with syncs of the log left out, as synchronous=NORMAL does, acknowledged work is lost: the rehearsal can tell", async () => {
    const data = join(folder.path, "normal");
    const world = await makeWorld(data, 200, gateway.url);
    const history: Operation[] = [];
    foldLog(data);
    await cutPower({ data, world, history, environment: { PC_SKIP_WAL: "1" } });
    const findings: Findings = await checkFolder(data, history);
    console.log(summary("power cut, NORMAL (negative control)", findings));
    expect(findings.lost.length).toBeGreaterThan(0);
  });
});
