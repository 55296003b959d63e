import { fork } from "node:child_process";
import { connect } from "node:net";
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { ReadersJob, ReadersReport } from "./feed-readers.ts";
import { answerOf, startTarget, type Target } from "./processes.ts";

/**
 * The live feed under load: many readers on one node, all of whom want everything, while verifications are started and their
 * messages handed over; and one reader that stops reading, is cut, and comes back.
 */
/** With the slow one a thousand: as many as one key may hold open. */
const readers = 999;
const eventsPerSecond = 200;
/** Each start tells two events: itself, and that its message was accepted. */
const startsPerSecond = eventsPerSecond / 2;
const seconds = 30;
const warmUpSeconds = 3;
/** What the system itself keeps for a connection is a few megabytes; a reader is behind only with more. */
const burst = 12_000;

const target = await startTarget("delivered", startsPerSecond * (seconds + warmUpSeconds));
const child = fork(new URL("./feed-readers.ts", import.meta.url), [], { execArgv: [] });
child.send({ port: target.port, key: target.key, readers } satisfies ReadersJob);
await answerOf<"open">(child);
const slow = await openSlowReader(target);
await startEvenly(warmUpSeconds, 0);
const [load = 0] = loadavg();
const before = await target.usage();
const begun = performance.now();
await startEvenly(seconds, startsPerSecond * warmUpSeconds);
const took = (performance.now() - begun) / 1000;
const after = await target.usage();
await pause(1_000);
child.send("report");
const report = await answerOf<ReadersReport>(child);
child.disconnect();
await startAtOnce();
const back = await slow.comeBack();
await target.stop();

const cpu = (after.cpuMicroseconds - before.cpuMicroseconds) / 1e6 / took;
console.log(`${readers + 1} readers, ${eventsPerSecond} events a second for ${seconds} s, all to everybody (load of the machine before: ${load.toFixed(1)})
  delivered     ${report.events.toLocaleString("en")} (${report.missed} missed, ${report.cut} readers cut)
  late by       p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms, p99.9 ${report.p999Ms} ms, at most ${report.maxMs} ms
  server        ${(cpu * 100).toFixed(0)} % of one core, ${(after.rssBytes / 1e6).toFixed(0)} MB
  slow reader   ${back.before} events until it was cut, ${back.after} more with Last-Event-ID, ${back.lost} lost`);
process.exitCode = report.p99Ms <= 250 && report.missed === 0 && back.after > 0 && back.lost === 0 ? 0 : 1;

/** Starts evenly spread over the time, whatever the answers take. */
async function startEvenly(forSeconds: number, from: number): Promise<void> {
  const answers: Promise<void>[] = [];
  const begunAt = performance.now();
  for (let count = 0; count < startsPerSecond * forSeconds; count += 1) {
    const wait = begunAt + (count * 1000) / startsPerSecond - performance.now();
    if (wait > 1) await pause(wait);
    answers.push(start(from + count, "feed"));
  }
  await Promise.all(answers);
}

/** As fast as it goes. */
async function startAtOnce(): Promise<void> {
  let next = 0;
  const line = async () => {
    while (next < burst) {
      next += 1;
      await start(next % target.users.length, `burst-${Math.floor(next / target.users.length)}`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, line));
}

async function start(index: number, purpose: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${target.port}/v1/verifications`, {
    method: "POST",
    headers: { authorization: `Bearer ${target.key}`, "content-type": "application/json" },
    body: JSON.stringify({ user: target.users[index], via: "sms", purpose }),
  });
  const text = await response.text();
  if (response.status === 503) {
    // Too much at once on a busy machine: the burst waits its turn.
    await pause(100);
    await start(index, purpose);
  } else if (response.status !== 201) throw new Error(`${response.status} ${text}`);
}

/** The numbers of the events that have come whole. */
function readIds(chunks: readonly Buffer[]): readonly number[] {
  const text = Buffer.concat(chunks).toString();
  const whole = text.slice(0, text.lastIndexOf("\n\n") + 2);
  return [...whole.matchAll(/^id: (\d+)\nevent: /gmu)].map(([, id]) => Number(id));
}

async function openSlowReader({ port, key }: Target) {
  const open = (more: string) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const chunks: Buffer[] = [];
    socket.on("error", () => undefined).on("data", (chunk: Buffer) => chunks.push(chunk));
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.write(`GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n${more}\r\n`);
    return { socket, chunks, closed };
  };
  const first = open("");
  await new Promise((resolve) => first.socket.once("data", resolve));
  first.socket.pause();
  if (first.chunks[0]?.toString().includes(" 200 ") !== true) throw new Error(String(first.chunks[0]));
  return {
    comeBack: async () => {
      first.socket.resume();
      // A connection that was cut long ago may just stay silent.
      await Promise.race([first.closed, pause(10_000)]);
      first.socket.destroy();
      const seen = readIds(first.chunks);
      const last = seen.at(-1) ?? 0;
      const again = open(`Last-Event-ID: ${last}\r\n`);
      // Everything has happened by now, so it comes at once.
      await pause(5_000);
      again.socket.destroy();
      const rest = readIds(again.chunks);
      const all = [...seen, ...rest];
      const lost = (all.at(-1) ?? 0) - (all[0] ?? 0) + 1 - new Set(all).size;
      return { before: seen.length, after: rest.length, lost };
    },
  };
}
