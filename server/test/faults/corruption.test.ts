import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { hotp, totpStep } from "../../src/engine/code/totp.ts";
import type { Clock } from "../../src/engine/tools.ts";
import { type Countersign, openCountersign } from "../../src/server.ts";
import { copyFolder, type TemporaryFolder, temporaryFolder } from "./folder.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { AnswerBody } from "./history.ts";
import { wrongFor } from "./load.ts";
import { serve, serveInVain } from "./server-process.ts";
import { makeWorld, type World } from "./world.ts";

let folder: TemporaryFolder;
let gateway: Gateway;
/** The data folder of a server that was killed: database, log and all. */
let dead: string;
let world: World;
let spent: Spent;

/** Time stands still, so that a spent code of an authenticator app is refused for being spent and nothing else. */
const clock: Clock = { now: () => frozenAt };
const frozenAt = Date.now() + 60_000;

/** Answers that no sound server accepts. */
interface Spent {
  /** Approved before, by this code. */
  readonly approved: Asked;
  /** Denied before its right code came. */
  readonly denied: Asked;
  readonly canceled: Asked;
  /** Pending, with a code that is not its own. */
  readonly wrong: Asked;
  /** Pending, with the code of a time step that is spent. */
  readonly replayed: Asked;
}
type Asked = readonly [verification: string, code: string];

beforeAll(async () => {
  folder = temporaryFolder();
  gateway = await openGateway();
  const data = join(folder.path, "living");
  dead = join(folder.path, "dead");
  world = await makeWorld(data, 6, gateway.url);
  const server = await open(data, []);
  spent = await spend(server);
  // As a killed process leaves it: copied while it is open and quiet.
  copyFolder(data, dead);
  await server.close();
  // With the last checkpoint as it is kept elsewhere: it counts all that the log held.
  copyFileSync(join(data, "audit-checkpoints.txt"), join(dead, "audit-checkpoints.txt"));
});
afterAll(async () => {
  await gateway.close();
  folder.remove();
});

function open(data: string, fatal: Error[]): Promise<Countersign> {
  const environment = { COUNTERSIGN_LOG_LEVEL: "silent", COUNTERSIGN_OUTBOUND_ALLOW: gateway.allow };
  return openCountersign(loadConfig({ data, port: "0", demo: false }, environment), {
    environment,
    version: "0.0.0-test",
    clock,
    onFatal: (error) => fatal.push(error),
  });
}

async function ask(server: Countersign, path: string, body: object) {
  const answer = await server.app.inject({
    method: "POST",
    url: `/v1/verifications${path}`,
    headers: { authorization: `Bearer ${world.apiKey}` },
    payload: body,
  });
  return { status: answer.statusCode, body: answer.json() as AnswerBody };
}

async function spend(server: Countersign): Promise<Spent> {
  const started = async (index: number, via: string): Promise<Asked> => {
    const { body } = await ask(server, "", { user: world.people[index]?.user, via });
    const delivery = body.deliveries?.[0]?.id;
    return [body.id ?? "", delivery === undefined ? "" : ((await gateway.codeOf(delivery, 5_000)) ?? "")];
  };
  const check = ([id, code]: Asked) => ask(server, `/${id}/check`, { code });
  const approved = await started(0, "sms");
  expect((await check(approved)).body.approved).toBe(true);
  const denied = await started(1, "sms");
  for (let attempt = 0; attempt < 10; attempt += 1) await check([denied[0], wrongFor(denied[1])]);
  const canceled = await started(2, "sms");
  await ask(server, `/${canceled[0]}/cancel`, {});
  const [pending, code] = await started(3, "sms");
  const seed = world.people[4]?.seed ?? new Uint8Array();
  const step = hotp(seed, totpStep(frozenAt, 30), 6, "SHA1");
  expect((await check([(await started(4, "totp"))[0], step])).body.approved).toBe(true);
  const [again] = await started(4, "totp");
  return { approved, denied, canceled, wrong: [pending, wrongFor(code)], replayed: [again, step] };
}

type Outcome = "refused to open" | "answered" | "answered errors" | "stopped";

/** Opens a damaged folder and asks for everything that must not be accepted; gives what happened and what was accepted. */
async function probe(
  data: string,
): Promise<{ readonly outcome: Outcome; readonly accepted: readonly string[] }> {
  const fatal: Error[] = [];
  let server: Countersign;
  try {
    server = await open(data, fatal);
  } catch (error) {
    // A refusal says why, in a sentence.
    expect(String((error as Error).message).length).toBeGreaterThan(10);
    return { outcome: "refused to open", accepted: [] };
  }
  try {
    const statuses: number[] = [];
    const accepted: string[] = [];
    for (const [name, [id, code]] of Object.entries(spent) as [string, Asked][]) {
      const { status, body } = await ask(server, `/${id}/check`, { code });
      statuses.push(status);
      if (body.approved === true) accepted.push(name);
    }
    if (fatal.length > 0) return { outcome: "stopped", accepted };
    return { outcome: statuses.every((status) => status === 200) ? "answered" : "answered errors", accepted };
  } finally {
    await server.close().catch(() => undefined);
  }
}

/** A generator of our own, so that a failure can be repeated by its seed. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function flipByte(path: string, next: (limit: number) => number): string {
  const bytes = readFileSync(path);
  const at = next(bytes.length);
  const bit = next(8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
  return `bit ${bit} of byte ${at}`;
}

describe("REL-21, STO-07 damage", () => {
  const flips = 60;

  it("the probe sees what is not damaged as it is", async () => {
    const copy = join(folder.path, "sound");
    copyFolder(dead, copy);
    expect(await probe(copy)).toEqual({ outcome: "answered", accepted: [] });
  });

  it.each([
    ["database", "countersign.db"],
    ["log", "countersign.db-wal"],
  ])(`a flipped bit in the %s, ${flips} times: nothing spent or wrong is accepted`, async (what, name) => {
    const next = numbersFrom(what.length * 7919);
    const counts: Partial<Record<Outcome, number>> = {};
    for (let flip = 0; flip < flips; flip += 1) {
      const copy = join(folder.path, "flipped");
      copyFolder(what === "database" ? await folded() : dead, copy);
      const place = flipByte(join(copy, name), next);
      const { outcome, accepted } = await probe(copy);
      expect([place, accepted]).toEqual([place, []]);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    console.log(`flipped bits, ${what}: ${JSON.stringify({ flips, accepted: 0, ...counts })}`);
  });

  it("a log cut off anywhere: a server that has lost what a checkpoint counted does not start", async () => {
    const counts: Partial<Record<Outcome, number>> = {};
    const size = statSync(join(dead, "countersign.db-wal")).size;
    const cuts = 24;
    for (let cut = 0; cut < cuts; cut += 1) {
      const copy = join(folder.path, "cut");
      copyFolder(dead, copy);
      truncateSync(join(copy, "countersign.db-wal"), Math.floor((size * cut) / cuts));
      const { outcome, accepted } = await probe(copy);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      expect([cut, outcome, accepted]).toEqual([cut, "refused to open", []]);
    }
    console.log(`log cut off: ${JSON.stringify({ cuts, ...counts })}`);
  });

  it("ends with exit 65 and a sentence, and not in a circle, where the process cannot start", async () => {
    const copy = join(folder.path, "ruined");
    copyFolder(await folded(), copy);
    const path = join(copy, "countersign.db");
    writeFileSync(path, Buffer.concat([Buffer.alloc(4_096, 7), readFileSync(path).subarray(4_096)]));
    const { code, stderr } = await serveInVain({ data: copy });
    expect(code).toBe(65);
    expect(JSON.parse(stderr.trim()).error.message).toMatch(/damaged.*countersign restore/);
  });

  it("an older database in the place of the newer one is noticed by its checkpoints: exit 65", async () => {
    const data = join(folder.path, "older");
    const older = join(folder.path, "older-copy");
    copyFolder(await folded(), data);
    copyFolder(data, older);
    const server = await serve({ data });
    await fetch(`${server.url}/v1/verifications`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ user: world.people[5]?.user, via: "totp" }),
    });
    server.signal("SIGTERM");
    await server.ended;
    writeFileSync(join(data, "countersign.db"), readFileSync(join(older, "countersign.db")));
    const { code, stderr } = await serveInVain({ data });
    expect(code).toBe(65);
    expect(JSON.parse(stderr.trim()).error).toMatchObject({ code: "record_cut_off" });
  });
});

let foldedPath: string | undefined;
/** The dead folder after a clean stop: everything is in the database file. */
async function folded(): Promise<string> {
  if (foldedPath === undefined) {
    foldedPath = join(folder.path, "folded");
    copyFolder(dead, foldedPath);
    await (await open(foldedPath, [])).close();
  }
  return foldedPath;
}
