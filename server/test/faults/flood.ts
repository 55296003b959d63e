import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { percentile } from "./folder.ts";

/**
 * Clients that do not wait for a server which is too slow: each stream has so many requests a second to make, over its own
 * keep-alive connections with one request at a time. In a process of its own, so that it takes no time from who measures.
 */
export interface Flood {
  readonly port: number;
  readonly seconds: number;
  readonly streams: readonly Stream[];
}

export interface Stream {
  readonly name: string;
  /** As many as are answered, when it is absent. */
  readonly perSecond?: number;
  readonly connections: number;
  readonly requests: readonly FloodRequest[];
}

export interface FloodRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly key?: string;
  readonly body?: object;
}

/** What became of one stream. */
export interface StreamReport {
  readonly name: string;
  /** Requests that it had to make; some of them may never have been sent. */
  readonly due: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers 429 and 503 without `Retry-After`. */
  readonly unexplained: number;
  /** Connections that ended when they should not have. */
  readonly broken: number;
  readonly servedP50Ms: number;
  readonly servedP99Ms: number;
  readonly refusedP50Ms: number;
}

/** A process that floods when it is told to, on the given processor where that can be chosen. */
export interface Flooder {
  run(flood: Flood): Promise<readonly StreamReport[]>;
  readonly pid: number;
  close(): Promise<void>;
}

export function openFlooder(): Flooder {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child: ChildProcess = fork(import.meta.filename, ["flood"], { env, execArgv: [] });
  return {
    pid: child.pid ?? 0,
    run: async (flood) => {
      child.send(flood);
      const [report] = await once(child, "message");
      return report as readonly StreamReport[];
    },
    close: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}

interface Running {
  readonly stream: Stream;
  readonly texts: readonly string[];
  readonly idle: Connection[];
  readonly all: Connection[];
  readonly statuses: Record<string, number>;
  readonly servedMs: number[];
  readonly refusedMs: number[];
  unexplained: number;
  broken: number;
  sent: number;
  due: number;
  isOver: boolean;
}

interface Connection {
  readonly socket: Socket;
  sentAt: number;
  buffer: string;
}

const tickMs = 2;
/** How long answers to what was sent in time are waited for. */
const patienceMs = 3_000;

async function run({ port, seconds, streams }: Flood): Promise<readonly StreamReport[]> {
  const running = await Promise.all(streams.map((stream) => open(stream, port)));
  const begun = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const passed = (performance.now() - begun) / 1000;
      for (const one of running) {
        one.due = (one.stream.perSecond ?? Number.POSITIVE_INFINITY) * Math.min(passed, seconds);
        sendDue(one);
      }
      if (passed < seconds) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
  for (const one of running) one.isOver = true;
  const end = performance.now() + patienceMs;
  while (running.some(({ idle, all, broken }) => idle.length + broken < all.length)) {
    if (performance.now() > end) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return running.map(report);
}

async function open(stream: Stream, port: number): Promise<Running> {
  const running: Running = {
    stream,
    texts: stream.requests.map(textOf),
    idle: [],
    all: [],
    statuses: {},
    servedMs: [],
    refusedMs: [],
    unexplained: 0,
    broken: 0,
    sent: 0,
    due: 0,
    isOver: false,
  };
  for (let count = 0; count < stream.connections; count += 1) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    const connection: Connection = { socket, sentAt: 0, buffer: "" };
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      connection.buffer += text;
      readAnswer(connection, running);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!running.isOver) running.broken += 1;
    });
    running.all.push(connection);
    running.idle.push(connection);
  }
  return running;
}

function textOf({ method, path, key, body }: FloodRequest): string {
  const text = body === undefined ? "" : JSON.stringify(body);
  const type = body === undefined ? "" : "content-type: application/json\r\n";
  const authorization = key === undefined ? "" : `authorization: Bearer ${key}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${type}${authorization}content-length: ${text.length}\r\n\r\n${text}`;
}

function sendDue(running: Running): void {
  while (!running.isOver && running.sent < running.due) {
    const connection = running.idle.pop();
    if (connection === undefined) return;
    const text = running.texts[running.sent % running.texts.length] ?? "";
    running.sent += 1;
    connection.sentAt = performance.now();
    connection.socket.write(text);
  }
}

function readAnswer(connection: Connection, running: Running): void {
  const { buffer } = connection;
  const headEnd = buffer.indexOf("\r\n\r\n");
  if (headEnd < 0) return;
  const head = buffer.slice(0, headEnd).toLowerCase();
  const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  if (buffer.length < headEnd + 4 + length) return;
  connection.buffer = "";
  const status = buffer.slice(9, 12);
  const isRefused = status === "429" || status === "503";
  running.statuses[status] = (running.statuses[status] ?? 0) + 1;
  (isRefused ? running.refusedMs : running.servedMs).push(performance.now() - connection.sentAt);
  if (isRefused && !head.includes("\r\nretry-after: ")) running.unexplained += 1;
  running.idle.push(connection);
  sendDue(running);
}

function report(running: Running): StreamReport {
  const { stream, statuses, unexplained, broken, servedMs, refusedMs, all, sent } = running;
  for (const { socket } of all) socket.destroy();
  const due = stream.perSecond === undefined ? sent : Math.floor(running.due);
  return {
    name: stream.name,
    due,
    statuses,
    unexplained,
    broken,
    servedP50Ms: percentile(servedMs, 50),
    servedP99Ms: percentile(servedMs, 99),
    refusedP50Ms: percentile(refusedMs, 50),
  };
}

if (process.argv[2] === "flood" && process.send !== undefined) {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (flood: Flood) => {
    void run(flood).then((reports) => process.send?.(reports));
  });
}
