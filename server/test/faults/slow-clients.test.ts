import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { percentile, type TemporaryFolder, temporaryFolder, wait } from "./folder.ts";
import { type ServerProcess, serve } from "./server-process.ts";
import { makeWorld, type World } from "./world.ts";

/** Of each kind. */
const slowClients = 500;
/** The documented ten seconds, the second between two looks at connections, and some for a busy machine. */
const closedWithinMs = 15_000;

let folder: TemporaryFolder;
let server: ServerProcess;
let world: World;
beforeAll(async () => {
  folder = temporaryFolder();
  const data = join(folder.path, "data");
  world = await makeWorld(data, 50, "http://127.0.0.1:9/none");
  server = await serve({ data });
});
afterAll(async () => {
  await server?.kill();
  folder.remove();
});

interface SlowClient {
  /** From its first byte until the server ended the connection. */
  readonly closedMs: Promise<number>;
  readonly answer: () => string;
  stop(): void;
}

/** Sends its first text at once and then a byte every second, as long as anybody listens. */
function slowClient(first: string, drop: string): SlowClient {
  const socket: Socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const begun = performance.now();
  let answer = "";
  socket.write(first);
  const timer = setInterval(() => socket.write(drop), 1_000);
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  const closedMs = new Promise<number>((resolve) => {
    socket.on("close", () => {
      clearInterval(timer);
      resolve(performance.now() - begun);
    });
  });
  return { closedMs, answer: () => answer, stop: () => socket.destroy() };
}

function memoryMb(): number {
  const [, kilobytes = "0"] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

async function startOne(index: number): Promise<{ readonly status: number; readonly ms: number }> {
  const begun = performance.now();
  const { status } = await fetch(`${server.url}/v1/verifications`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ user: world.people[index % 50]?.user, via: "totp", purpose: `p${index}` }),
  });
  return { status, ms: performance.now() - begun };
}

it("REL-16 slow heads and slow bodies are ended, and hold up nobody meanwhile", async () => {
  const good = [];
  for (let index = 0; index < 50; index += 1) good.push(await startOne(index));
  const before = memoryMb();
  const head = `Host: x\r\nAuthorization: Bearer ${world.apiKey}\r\nContent-Type: application/json\r\n`;
  const slow = Array.from({ length: slowClients }, () => [
    slowClient("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a"),
    slowClient(`POST /v1/verifications HTTP/1.1\r\n${head}Content-Length: 1000\r\n\r\n{"user":"`, "a"),
    // Nobody has proved anything here yet.
    slowClient("POST /channels/chat/none HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", "a"),
  ]).flat();
  const meanwhile = [];
  for (let index = 0; index < 50; index += 1) {
    meanwhile.push(await startOne(1_000 + index));
    await wait(100);
  }
  const memoryMost = memoryMb();
  const closed = await Promise.race([
    Promise.all(slow.map(({ closedMs }) => closedMs)),
    wait(closedWithinMs).then(() => undefined),
  ]);
  for (const client of slow) client.stop();
  const msOf = (answers: readonly { readonly ms: number }[], p: number) =>
    Math.round(
      percentile(
        answers.map(({ ms }) => ms),
        p,
      ) * 10,
    ) / 10;
  console.log(
    `REL-16: ${JSON.stringify({
      closedMsMost: Math.round(percentile(closed ?? [], 100)),
      before: { p50Ms: msOf(good, 50), p99Ms: msOf(good, 99) },
      meanwhile: { p50Ms: msOf(meanwhile, 50), p99Ms: msOf(meanwhile, 99) },
      memoryMb: { before, most: memoryMost },
    })}`,
  );
  expect([...good, ...meanwhile].filter(({ status }) => status !== 201)).toEqual([]);
  expect(closed, "all connections ended").toBeDefined();
  expect(slow.filter((client) => !/^HTTP\/1\.1 408 /.test(client.answer()))).toHaveLength(0);
  expect(memoryMost - before).toBeLessThanOrEqual(100);
});
