import { connect, type Socket } from "node:net";

/**
 * The load generator, in a process of its own: keep-alive connections over plain sockets, one request in flight on each,
 * so that it costs as little as possible beside the server. It reads one job (JSON) per message and answers with a report.
 */
export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: readonly LoadRequest[];
  /** What every answer must hold; without it any 2xx will do. */
  readonly demand?: string | undefined;
  /** Collects this member of every JSON answer. */
  readonly collect?: string;
}

export interface LoadRequest {
  readonly path: string;
  readonly body: string;
}

export interface LoadReport {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly collected: readonly string[];
  /** The first answer that was not 2xx, or not what was demanded, to tell why. */
  readonly firstFailure?: string;
}

interface Running {
  readonly job: LoadJob;
  readonly head: string;
  next: number;
  failed: number;
  firstFailure: string | undefined;
  readonly latencies: Float64Array;
  readonly collected: string[];
}

/** Sends every request once and reports. */
export async function run(job: LoadJob): Promise<LoadReport> {
  const head = Object.entries(job.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const running: Running = {
    job,
    head,
    next: 0,
    failed: 0,
    firstFailure: undefined,
    latencies: new Float64Array(job.requests.length),
    collected: [],
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: job.connections }, () => runConnection(running)));
  const seconds = (performance.now() - begun) / 1000;
  const sorted = running.latencies.toSorted();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    requests: job.requests.length,
    failed: running.failed,
    seconds,
    perSecond: job.requests.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    collected: running.collected,
    ...(running.firstFailure !== undefined && { firstFailure: running.firstFailure }),
  };
}

function runConnection(running: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: running.job.port, host: "127.0.0.1", noDelay: true });
    let index = -1;
    let sentAt = 0;
    let buffer = "";
    const send = () => {
      index = running.next;
      if (index >= running.job.requests.length) {
        socket.end();
        resolve();
        return;
      }
      running.next += 1;
      sentAt = performance.now();
      writeRequest(socket, running, index);
    };
    socket.setEncoding("latin1");
    socket.on("connect", send);
    socket.on("error", reject);
    // After the last answer this says nothing any more; before it, the bench would wait for ever.
    socket.on("close", () =>
      reject(new Error(`the server closed a connection and left request ${index} unanswered`)),
    );
    socket.on("data", (chunk: string) => {
      buffer += chunk;
      const answer = takeAnswer(buffer);
      if (!answer) return;
      buffer = buffer.slice(answer.length);
      running.latencies[index] = performance.now() - sentAt;
      note(answer, running);
      send();
    });
  });
}

function writeRequest(socket: Socket, { job, head }: Running, index: number): void {
  const { path, body } = job.requests[index] as LoadRequest;
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${head}content-length: ${body.length}\r\n\r\n${body}`,
  );
}

interface Answer {
  readonly length: number;
  readonly status: number;
  readonly body: string;
}

function takeAnswer(buffer: string): Answer | undefined {
  const end = buffer.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const at = buffer.toLowerCase().indexOf("content-length: ");
  const bodyLength = Number.parseInt(buffer.slice(at + 16, at + 26), 10);
  const length = end + 4 + bodyLength;
  if (buffer.length < length) return undefined;
  return { length, status: Number(buffer.slice(9, 12)), body: buffer.slice(end + 4, length) };
}

function note(answer: Answer, running: Running): void {
  const { collect, demand } = running.job;
  const isWrong = demand !== undefined && !answer.body.includes(demand);
  if (answer.status < 200 || answer.status > 299 || isWrong) {
    running.failed += 1;
    running.firstFailure ??= `${answer.status} ${answer.body}`;
    return;
  }
  if (collect === undefined) return;
  const match = answer.body.match(new RegExp(`"${collect}":"([^"]+)"`));
  if (match?.[1] !== undefined) running.collected.push(match[1]);
}

if (process.send !== undefined) {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (job: LoadJob) => {
    void run(job).then((report) => process.send?.(report));
  });
}
