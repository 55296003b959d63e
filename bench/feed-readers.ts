import { connect, type Socket } from "node:net";

/**
 * Many readers of the live feed in a process of its own, on bare sockets. It takes one job, says `open` when all streams are
 * open, and answers `report` with how late events came. Server and readers share a clock.
 */
export interface ReadersJob {
  readonly port: number;
  readonly key: string;
  readonly readers: number;
}

export interface ReadersReport {
  readonly events: number;
  /** Readers whose stream ended, and numbers that one of them missed. */
  readonly cut: number;
  readonly missed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** A reader's place in its stream, across chunks. */
interface Place {
  rest: Buffer;
  last: number;
}

/** Lateness by whole milliseconds; the last one stands for everything longer. */
const longestMs = 10_000;
const lateness = new Int32Array(longestMs + 1);
const mark = Buffer.from('{"id":"evt_');
/** The mark, the time, the number and their separators are shorter. */
const longestHead = 48;
let missed = 0;
let cut = 0;

/** Reads `evt_<time>_<number>` out of every frame that has come whole so far. */
function take(chunk: Buffer, place: Place): void {
  const now = Date.now();
  const bytes = place.rest.length === 0 ? chunk : Buffer.concat([place.rest, chunk]);
  let at = bytes.indexOf(mark);
  let done = 0;
  while (at !== -1) {
    const end = bytes.indexOf('"', at + mark.length);
    if (end === -1) break;
    const [time, seq] = bytes.toString("latin1", at + mark.length, end).split("_");
    note(now - Number(time), Number(seq), place);
    done = end;
    at = bytes.indexOf(mark, end);
  }
  const from = at === -1 ? Math.max(done, bytes.length - longestHead) : at;
  place.rest = Buffer.from(bytes.subarray(from));
}

function note(lateMs: number, seq: number, place: Place): void {
  const bucket = Math.min(longestMs, Math.max(0, lateMs));
  lateness[bucket] = (lateness[bucket] ?? 0) + 1;
  if (place.last !== 0) missed += seq - place.last - 1;
  place.last = seq;
}

function openReader({ port, key }: ReadersJob): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const place: Place = { rest: Buffer.alloc(0), last: 0 };
    socket.once("data", (chunk: Buffer) => {
      if (!chunk.toString("latin1", 0, 15).includes(" 200 "))
        reject(new Error(chunk.toString("latin1", 0, 200)));
      socket.on("data", (more: Buffer) => take(more, place));
      resolve(socket);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      cut += 1;
    });
    socket.write(`GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n\r\n`);
  });
}

function report(): ReadersReport {
  const events = lateness.reduce((sum, count) => sum + count, 0);
  const at = (share: number) => {
    let left = Math.ceil(events * share);
    return lateness.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
  };
  return {
    events,
    cut,
    missed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: lateness.findLastIndex((count) => count > 0),
  };
}

if (process.send !== undefined) {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: ReadersJob | "report") => {
    if (message === "report") {
      process.send?.(report());
      return;
    }
    void Promise.all(Array.from({ length: message.readers }, () => openReader(message))).then(
      () => process.send?.("open"),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
