import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { hotp, totpStep } from "../../src/engine/code/totp.ts";
import { type Countersign, openCountersign } from "../../src/server.ts";
import { type TemporaryFolder, temporaryFolder } from "./folder.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { AnswerBody } from "./history.ts";
import { makeWorld, type World } from "./world.ts";

const hour = 3_600_000;
const year = 365 * 24 * hour;

let folder: TemporaryFolder;
let gateway: Gateway;
let world: World;
let data: string;
beforeAll(async () => {
  folder = temporaryFolder();
  gateway = await openGateway();
  data = join(folder.path, "data");
  world = await makeWorld(data, 40, gateway.url);
});
afterAll(async () => {
  await gateway.close();
  folder.remove();
});

/** The system's clock, set forward and back by hand. */
const clock = { offsetMs: 0, now: () => Date.now() + clock.offsetMs };

function open(): Promise<Countersign> {
  const environment = { COUNTERSIGN_LOG_LEVEL: "silent", COUNTERSIGN_OUTBOUND_ALLOW: gateway.allow };
  return openCountersign(loadConfig({ data, port: "0", demo: false }, environment), {
    environment,
    version: "0.0.0-test",
    clock,
    onFatal: (error) => {
      throw error;
    },
  });
}

async function ask(server: Countersign, path: string, body: object): Promise<AnswerBody> {
  const answer = await server.app.inject({
    method: "POST",
    url: `/v1/verifications${path}`,
    headers: { authorization: `Bearer ${world.apiKey}` },
    payload: body,
  });
  expect(answer.statusCode).toBeLessThan(300);
  return answer.json() as AnswerBody;
}

async function startSms(server: Countersign, person: number): Promise<readonly [string, string]> {
  const body = await ask(server, "", { user: world.people[person]?.user, via: "sms" });
  const code = await gateway.codeOf(body.deliveries?.at(-1)?.id ?? "", 5_000);
  return [body.id ?? "", code ?? ""];
}

const check = (server: Countersign, id: string, code: string) => ask(server, `/${id}/check`, { code });

it("REL-22 the clock jumps: no expired code, no spent time step is accepted, and new verifications work at once", async () => {
  const counts = { jumps: 0, expiredAccepted: 0, stepsReused: 0, newFailed: 0 };
  let server = await open();
  let person = 0;
  let latest = 0;
  // Forward jumps let living codes end; after each jump back they must stay ended, with and without a restart.
  for (const jump of [hour, -hour, 10 * year, -10 * year, -hour, 2 * hour]) {
    const [old, oldCode] = await startSms(server, person);
    const app = world.people[person];
    const step = hotp(app?.seed ?? new Uint8Array(), totpStep(clock.now(), 30), 6, "SHA1");
    const first = (await ask(server, "", { user: app?.user, via: "totp" })).id ?? "";
    const wasAccepted = (await check(server, first, step)).approved;
    const before = clock.offsetMs;
    clock.offsetMs += Math.max(jump, 400_000);
    // A clock still behind the record says nothing about how old a code is; any other says that it is over.
    const isOver = clock.now() > latest;
    latest = Math.max(latest, clock.now());
    if ((await check(server, old, oldCode)).approved && isOver) counts.expiredAccepted += 1;
    clock.offsetMs = before + jump;
    if ((await check(server, old, oldCode)).approved) counts.expiredAccepted += 1;
    await server.close();
    server = await open();
    if ((await check(server, old, oldCode)).approved) counts.expiredAccepted += 1;
    const again = (await ask(server, "", { user: app?.user, via: "totp" })).id ?? "";
    if (wasAccepted && (await check(server, again, step)).approved) counts.stepsReused += 1;
    const [fresh, code] = await startSms(server, person + 1);
    if (!(await check(server, fresh, code)).approved) counts.newFailed += 1;
    counts.jumps += 1;
    person += 2;
  }
  await server.close();
  console.log(`clock: ${JSON.stringify(counts)}`);
  expect(counts).toEqual({ jumps: 6, expiredAccepted: 0, stepsReused: 0, newFailed: 0 });
});
