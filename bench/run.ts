import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { hotp, totpStep } from "../server/src/engine/code/totp.ts";
import { seed } from "./fill.ts";
import type { LoadReport, LoadRequest } from "./load.ts";
import { type Loader, startLaunched, startLoader, startTarget, type Target } from "./processes.ts";
import { median, renderResults } from "./results.ts";
import {
  assistantSends,
  assistantVerifies,
  chatCodes,
  chatStarts,
  signalwireSends,
  signalwireVerifies,
  type TalkStep,
} from "./talks.ts";
import type { TargetKind } from "./target.ts";

/** What one measurement is called, in the order of the table. */
export const rows = [
  "echo",
  "stub start",
  "stub check",
  "sqlite start",
  "sqlite check",
  "sqlite totp check",
  "sqlite start, handed over",
  "sqlite check of as many",
  "chat turn that sends",
  "chat turn with the code",
  "SWAIG send_mfa",
  "SWAIG verify_mfa",
  "SignalWire send",
  "SignalWire verify",
] as const;
export type Row = (typeof rows)[number];

export interface Sample extends LoadReport {
  readonly cpuMicrosecondsPerRequest: number;
}

export type Samples = Map<Row, Sample[]>;

export interface Extras {
  readonly openMs: number;
  readonly rssMegabytes: number;
  readonly rssAfter: number;
  /** start at five million verifications relative to an empty store, and check likewise; absent in a short run. */
  readonly flat?: { readonly past: number; readonly start: number; readonly check: number };
}

const users = 10_000;
/** Conversations and foreign calls of one turn: fewer, since there are six kinds of them, and as many as a server remembers. */
const talking = 1_000;
/** What comes a thousand at a time is measured more often: one collection of memory would decide the slowest of a thousand. */
const talksPerRound = 3;
const rounds = 5;
const full = process.argv.includes("--full");
const loader = startLoader();
let turns = 0;

const many = await measure(64, rounds);
const few = await measure(10, 2);
const extras = await measureExtras(many);
loader.stop();
const text = renderResults({ many, few, extras, machine: machineName(), at: new Date() });
console.log(text);
writeFileSync(new URL("./RESULTS.md", import.meta.url), text);

/** All targets live at once and take turns, so that a slow moment of the machine falls on all of them. */
async function measure(connections: number, times: number): Promise<Samples> {
  const samples: Samples = new Map(rows.map((row) => [row, []]));
  const kinds: readonly TargetKind[] = ["echo", "stub", "sqlite", "delivered"];
  const targets = new Map<TargetKind, Target>();
  for (const kind of kinds) targets.set(kind, await startTarget(kind, users));
  // The first turn warms up and is not counted.
  for (let round = 0; round <= times; round += 1) {
    for (const target of targets.values()) {
      for (const [row, sample] of await takeTurn(target, connections, loader)) {
        if (round > 0) samples.get(row)?.push(sample);
      }
      if (target.kind !== "sqlite") continue;
      // As many as of the other requests, which are measured beside them: code that ran a thousand times is not yet as fast.
      for (let more = round === 0 ? users / talking - 1 : 0; more > 0; more -= 1) {
        await talk(target, connections, loader);
      }
      for (let time = 0; time < talksPerRound; time += 1) {
        for (const [row, sample] of await talk(target, connections, loader)) {
          if (round > 0) samples.get(row)?.push(sample);
        }
      }
    }
  }
  await Promise.all([...targets.values()].map((target) => target.stop()));
  return samples;
}

async function takeTurn(
  target: Target,
  connections: number,
  by: Loader,
): Promise<readonly (readonly [Row, Sample])[]> {
  const load = (requests: readonly LoadRequest[]) => measureLoad(target, requests, connections, by);
  if (target.kind === "echo") {
    const body = '{"user":"01a20416-7640-75f6-b65c-a935c1d57df5","via":"sms"}';
    return [["echo", await load(Array(users).fill({ path: "/v1/verifications", body }))]];
  }
  // A purpose of its own each turn: an unanswered verification of the turn before would make this one a resend.
  turns += 1;
  const purpose = `turn-${turns}`;
  const starts = (via: string) => startsOf(target.users, { via, purpose });
  const checks = ({ collected }: Sample, code: string) => checksOf(collected, code);
  const started = await load(starts("sms"));
  if (target.kind === "delivered") return [["sqlite start, handed over", started]];
  const checked = await load(checks(started, target.code));
  if (target.kind === "stub") {
    return [
      ["stub start", started],
      ["stub check", checked],
    ];
  }
  const begun = await load(starts("totp"));
  const code = hotp(seed, totpStep(Date.now(), 30), 6, "SHA1");
  return [
    ["sqlite start", started],
    ["sqlite check", checked],
    ["sqlite totp check", await load(checks(begun, code))],
  ];
}

function startsOf(
  people: readonly string[],
  what: { readonly via: string; readonly purpose: string },
): readonly LoadRequest[] {
  return people.map((user) => ({ path: "/v1/verifications", body: JSON.stringify({ user, ...what }) }));
}

function checksOf(ids: readonly string[], code: string): readonly LoadRequest[] {
  return ids.map((id) => ({ path: `/v1/verifications/${id}/check`, body: JSON.stringify({ code }) }));
}

/** The surfaces that are not REST: conversations, assistants, and clients of SignalWire's API; and REST checks to compare them with. */
async function talk(
  target: Target,
  connections: number,
  by: Loader,
): Promise<readonly (readonly [Row, Sample])[]> {
  const { talks, code } = target;
  if (talks === undefined) throw new Error("this target has nobody to talk to");
  const load = ({ requests, headers, demand }: TalkStep) =>
    measureLoad(target, requests, connections, by, { headers, demand });
  turns += 1;
  const people = target.users.slice(0, talking);
  const started = await measureLoad(
    target,
    startsOf(people, { via: "sms", purpose: `turn-${turns}` }),
    connections,
    by,
  );
  const compared = await measureLoad(target, checksOf(started.collected, code), connections, by);
  const begun = await load(chatStarts(talks, people, turns));
  const answered = await load(chatCodes(talks, talking, turns, code));
  const sent = await load(assistantSends(talks, talking, turns));
  const verified = await load(assistantVerifies(talks, talking, turns, code));
  const asked = await load(signalwireSends(talks, talking));
  const checked = await load(signalwireVerifies(talks, asked.collected, code));
  return [
    ["sqlite check of as many", compared],
    ["chat turn that sends", begun],
    ["chat turn with the code", answered],
    ["SWAIG send_mfa", sent],
    ["SWAIG verify_mfa", verified],
    ["SignalWire send", asked],
    ["SignalWire verify", checked],
  ];
}

async function measureLoad(
  target: Target,
  requests: readonly LoadRequest[],
  connections: number,
  by: Loader,
  terms: Partial<Pick<TalkStep, "headers" | "demand">> = {},
): Promise<Sample> {
  const { headers = { authorization: `Bearer ${target.key}` }, demand } = terms;
  const before = await target.usage();
  const report = await by.run({ port: target.port, connections, headers, requests, demand, collect: "id" });
  if (report.failed > 0)
    throw new Error(`${target.kind}: ${report.failed} failed, first: ${report.firstFailure}`);
  const after = await target.usage();
  const cpu = (after.cpuMicroseconds - before.cpuMicroseconds) / requests.length;
  return { ...report, cpuMicrosecondsPerRequest: cpu };
}

/** Memory, opening time and, in a full run, a million starts and a store with five million verifications. */
async function measureExtras(samples: Samples): Promise<Extras> {
  const starts = full ? 1_000_000 : 100_000;
  const target = await startLaunched(users);
  for (let done = 0; done < starts; done += users) await takeTurn(target, 64, loader);
  const rssMegabytes = (await target.usage()).rssBytes / 1e6;
  const { openMs } = target;
  await target.stop();
  const past = full ? 5_000_000 : 20_000;
  const old = await startTarget("sqlite", users, past);
  const measured: Map<Row, Sample>[] = [];
  for (let round = 0; round <= rounds; round += 1) measured.push(new Map(await takeTurn(old, 64, loader)));
  await old.stop();
  const rate = (row: Row) => median(measured.slice(1).map((turn) => turn.get(row)?.perSecond ?? 0));
  const fresh = (row: Row) => median((samples.get(row) ?? []).map((sample) => sample.perSecond));
  return {
    openMs,
    rssMegabytes,
    rssAfter: starts,
    ...(full && {
      flat: {
        past,
        start: fresh("sqlite start") / rate("sqlite start"),
        check: fresh("sqlite check") / rate("sqlite check"),
      },
    }),
  };
}

function machineName(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? "unknown processor"}, Node ${process.version}`;
}
