import type { Extras, Row, Sample, Samples } from "./run.ts";

const talkRows: readonly Row[] = [
  "chat turn that sends",
  "chat turn with the code",
  "SWAIG send_mfa",
  "SWAIG verify_mfa",
  "SignalWire send",
  "SignalWire verify",
];

export interface Results {
  /** At 64 connections. */
  readonly many: Samples;
  /** At 10 connections. */
  readonly few: Samples;
  readonly extras: Extras;
  readonly machine: string;
  readonly at: Date;
}

/** The report as Markdown: rates, and what they are relative to the floor and to the same route without a store. */
export function renderResults({ many, few, extras, machine, at }: Results): string {
  const rate = (row: Row) => medianOf(many.get(row), (sample) => sample.perSecond);
  const stubOf: Partial<Record<Row, Row>> = { "sqlite start": "stub start", "sqlite check": "stub check" };
  const check = "sqlite check of as many";
  const talks = talkRows.map((row) => {
    const times = (samples: Samples, of: (sample: Sample) => number) =>
      (medianOf(samples.get(row), of) / medianOf(samples.get(check), of)).toFixed(2);
    return `| ${[
      row,
      times(many, (sample) => sample.cpuMicrosecondsPerRequest),
      times(many, (sample) => sample.p50Ms),
      times(many, (sample) => sample.p99Ms),
      times(few, (sample) => sample.p50Ms),
      times(few, (sample) => sample.p99Ms),
    ].join(" | ")} |`;
  });
  const lines = [...many.keys()].map((row) => {
    const stub = stubOf[row];
    return `| ${[
      row,
      Math.round(rate(row)).toLocaleString("en"),
      (rate(row) / rate("echo")).toFixed(2),
      stub === undefined ? "" : (rate(row) / rate(stub)).toFixed(2),
      medianOf(many.get(row), (sample) => sample.cpuMicrosecondsPerRequest).toFixed(0),
      latency(many.get(row)),
      latency(few.get(row)),
    ].join(" | ")} |`;
  });
  const { flat } = extras;
  return `# Results of \`npm run bench\`

${at.toISOString().slice(0, 10)}, ${machine}. Medians of interleaved turns of 10,000 requests (conversations and foreign calls: 1,000); the load generator is a process of its own on
the same machine. \`echo\` is the bare framework with schemas; \`stub\` is the same route with the engine's decisions but no store
behind it; \`handed over\` also renders, sends (to the simulated phone) and records each message.

| | per second | of echo | of stub | server CPU µs per request | p50 / p99 ms, 64 connections | p50 / p99 ms, 10 connections |
|---|---|---|---|---|---|---|
${lines.join("\n")}

Each of the other surfaces in units of \`${check}\`, which is measured among them (the aim is at most 2): every user has a conversation of two turns
with one method, a call of an assistant that sends and verifies, and a SignalWire client's send and verify.

| times a REST check | server CPU | p50, 64 connections | p99, 64 connections | p50, 10 connections | p99, 10 connections |
|---|---|---|---|---|---|
${talks.join("\n")}

- Memory (RSS) of the server as it is launched, after ${extras.rssAfter.toLocaleString("en")} starts by SMS and by authenticator app each, and as many checks: ${extras.rssMegabytes.toFixed(0)} MB.
- From launching it on an existing data folder to listening: ${extras.openMs.toFixed(0)} ms.
${
  flat
    ? `- With ${flat.past.toLocaleString("en")} verifications and twice as many audit events in the store, an empty store is ${flat.start.toFixed(2)}× as fast at start and ${flat.check.toFixed(2)}× at check.\n`
    : "- A full run (`npm run bench -- --full`) also starts a million verifications and measures a store that holds five million.\n"
}`;
}

function latency(samples: readonly Sample[] | undefined): string {
  const p50 = medianOf(samples, (sample) => sample.p50Ms);
  return `${p50.toFixed(1)} / ${medianOf(samples, (sample) => sample.p99Ms).toFixed(1)}`;
}

function medianOf(samples: readonly Sample[] | undefined, of: (sample: Sample) => number): number {
  return median((samples ?? []).map(of));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
