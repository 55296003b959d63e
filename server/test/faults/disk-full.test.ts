import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenPromises, checkFolder, keptPromises, summary } from "./checker.ts";
import { type TemporaryFolder, temporaryFolder, wait } from "./folder.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { AnswerBody, Operation } from "./history.ts";
import { startLoad } from "./load.ts";
import { serve } from "./server-process.ts";
import { makeWorld, type World } from "./world.ts";

let folder: TemporaryFolder;
let gateway: Gateway;
let small: string;
let isMounted = false;
beforeAll(async () => {
  folder = temporaryFolder();
  gateway = await openGateway();
  small = join(folder.path, "small");
  mkdirSync(small);
});
afterAll(async () => {
  if (isMounted) spawnSync("umount", [small]);
  await gateway.close();
  folder.remove();
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log("disk full: skipped, because only root can mount a small disk");

function mountSmallDisk(): boolean {
  isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", small]).status === 0;
  if (!isMounted) console.log("disk full: skipped, because this machine does not let us mount a small disk");
  return isMounted;
}

/** Takes every byte that is left. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let size = 1 << 20; size >= 1; size = size > 1 ? size >> 4 : 0) writeUntilFull(file, size);
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, size: number): void {
  const block = Buffer.alloc(size, 1);
  try {
    while (writeSync(file, block) === size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

interface Asked {
  readonly status: number;
  readonly type: string | null;
  readonly body: AnswerBody;
}

async function ask(url: string, path: string, world: World, body?: object): Promise<Asked> {
  const answer = await fetch(`${url}${path}`, {
    ...(body && { method: "POST", body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${world.apiKey}`, ...(body && { "content-type": "application/json" }) },
  });
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    body: (await answer.json()) as AnswerBody,
  };
}

describe.skipIf(!isRoot)("REL-19 the disk is full", () => {
  it("changes are refused, nothing is approved, reading goes on; with space again it recovers by itself", async (context) => {
    if (!mountSmallDisk()) return context.skip();
    const data = join(small, "data");
    const world = await makeWorld(data, 200, gateway.url);
    const server = await serve({ data, environment: { COUNTERSIGN_OUTBOUND_ALLOW: gateway.allow } });
    const { url } = server;
    const history: Operation[] = [];
    const person = world.people[0];
    const started = await ask(url, "/v1/verifications", world, { user: person?.user, via: "sms" });
    const code = await gateway.codeOf(started.body.deliveries?.[0]?.id ?? "", 2_000);
    const pending = `/v1/verifications/${started.body.id}`;

    // Under load until the disk is full, and on.
    // Not by the first person: the load's resends and wrong answers would end what is asked for here.
    const others = { ...world, people: world.people.slice(1) };
    const load = startLoad({ url, world: others, gateway, clients: 16, history });
    await wait(500);
    const ballast = join(small, "ballast");
    fill(ballast);
    await wait(1_500);
    const checks: Asked[] = [];
    const starts: Asked[] = [];
    const reads: Asked[] = [];
    const ready: number[] = [];
    for (let count = 0; count < 50; count += 1) {
      checks.push(await ask(url, `${pending}/check`, world, { code }));
      starts.push(await ask(url, "/v1/verifications", world, { user: person?.user, via: "totp" }));
      reads.push(await ask(url, pending, world), await ask(url, "/healthz", world));
      ready.push((await ask(url, "/readyz", world)).status);
    }
    await load.stop();
    const refused = [...checks, ...starts];
    const approvedWhileFull = refused.filter(({ body }) => body.approved === true).length;

    rmSync(ballast);
    const freedAt = performance.now();
    let again = await ask(url, `${pending}/check`, world, { code });
    while (again.status !== 200 && performance.now() - freedAt < 5_000) {
      await wait(50);
      again = await ask(url, `${pending}/check`, world, { code });
    }
    const readyAgain = (await ask(url, "/readyz", world)).status;
    const recoveredMs = Math.round(performance.now() - freedAt);
    server.signal("SIGTERM");
    const { code: exit } = await server.ended;
    const findings = await checkFolder(data, history);
    const unavailable = history.filter(({ answer }) => answer !== "unknown" && answer.status === 503).length;
    console.log(
      summary("disk full", findings, {
        refusedWhileFull: refused.length + unavailable,
        approvedWhileFull,
        readsWhileFull: reads.length,
        recoveredMs,
      }),
    );
    // A change may still fit into what the log file already owns; then it is kept like any other. Everything else is refused
    // in one way, and there was plenty of it.
    const answers = refused.filter(({ status }) => status >= 300);
    expect(new Set(answers.map(({ status, type, body }) => `${status} ${type} ${body.code}`))).toEqual(
      new Set(["503 application/problem+json storage_unavailable"]),
    );
    expect(answers.length + unavailable).toBeGreaterThan(100);
    expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]));
    // Reading goes on, and yet nothing new should be sent here: a balancer is told so, and told when that is over.
    expect(ready).toContain(503);
    expect(readyAgain).toBe(200);
    // One approval in all: none before the code could be counted on the disk, none after it was spent.
    expect(again.status).toBe(200);
    expect(approvedWhileFull + (again.body.approved === true ? 1 : 0)).toBe(1);
    expect(exit).toBe(0);
    expect(brokenPromises(findings)).toEqual(keptPromises);
  });
});
