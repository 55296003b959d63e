import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { type Api, connectApi } from "./api.ts";
import { CliError, exits } from "./exit.ts";
import { untilInterrupted } from "./follow.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { plain, remark, showNext } from "./output.ts";
import { readServerEvents } from "./server-events.ts";

/** `countersign watch` */
export function watchCommand(program: Command): void {
  withServer(program.command("watch"))
    .description("Show what happens, as it happens (the live feed); ends with Ctrl-C")
    .option("--after <seq>", "begin after this event; 0: with the first there is")
    .option("--type <type>", "only events of this type, such as verification.approved")
    .option("--verification <id>", "only events of this verification")
    .option("--publication <id>", "only events of this publication")
    .option("--conversation <id>", "only events of this conversation")
    .option("--count <events>", "end after this many events")
    .action(async (options: WatchOptions) => {
      process.exitCode = await watch(options);
    });
}

interface WatchOptions extends ServerOptions {
  readonly after?: string;
  readonly type?: string;
  readonly verification?: string;
  readonly publication?: string;
  readonly conversation?: string;
  readonly count?: string;
}

interface FeedEvent {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly verification?: string;
  readonly user?: string;
  readonly actor?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const leastPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Follows the feed; a broken connection is taken up again where it ended. */
async function watch(options: WatchOptions) {
  const api = connectApi(options, process.env);
  const signal = untilInterrupted();
  const feed: Feed = { last: options.after, left: countOf(options.count), connected: false };
  let pauseMs = leastPauseMs;
  while (!signal.aborted && feed.left > 0) {
    const before = feed.last;
    await readFeed(feed, options, api, signal).catch((error: unknown) => {
      if (!signal.aborted && isFinal(error, feed)) throw error;
    });
    if (signal.aborted || feed.left <= 0) break;
    pauseMs = feed.last === before ? Math.min(longestPauseMs, pauseMs * 2) : leastPauseMs;
    remark(`The connection ended; trying again in ${pauseMs / 1000} s.`);
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return exits.ok;
}

/** A refusal stays one, and a server that never answered is told at once; anything else may pass. */
function isFinal(error: unknown, feed: Feed): boolean {
  return !feed.connected || (error instanceof CliError && error.exit === exits.notPermitted);
}

function countOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError(exits.usage, "--count is a whole number, 1 or more.", "count_malformed");
}

/** Where the reader of the feed stands. */
interface Feed {
  last: string | undefined;
  left: number;
  connected: boolean;
}

async function readFeed(feed: Feed, options: WatchOptions, api: Api, signal: AbortSignal): Promise<void> {
  const query = new URLSearchParams();
  for (const name of ["type", "verification", "publication", "conversation"] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, value);
  }
  if (feed.last !== undefined) query.set("after", feed.last);
  const response = await api.open(`/v1/events?${query}`, { accept: "text/event-stream" }, signal);
  feed.connected = true;
  if (response.body === null) return;
  for await (const message of readServerEvents(response.body)) {
    feed.last = message.id ?? feed.last;
    const event = JSON.parse(message.data) as FeedEvent;
    showNext(options, event, textOf(event));
    feed.left -= 1;
    if (feed.left <= 0) return;
  }
}

function textOf({ seq, at, type, verification, user, actor, details = {} }: FeedEvent): string {
  const facts = Object.entries({ verification, user, actor, ...details })
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${plain(String(value))}`);
  return `${at}  ${String(seq).padStart(6)}  ${plain(type).padEnd(26)} ${facts.join(" ")}`;
}
