import type { Extras, Row, Sample, Samples } from "./run.ts";

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
  const lines = [...many.keys()].map((row) => {
    const stub = stubOf[row];
    return `| ${[
      row,
      Math.round(rate(row)).toLocaleString("en"),
      (rate(row) / rate("echo")).toFixed(2),
      stub === undefined ? "" : (rate(row) / rate(stub)).toFixed(2),
      medianOf(many.get(row), (sample) => sample.cpuMicrosecondsPerRequest).toFixed(0),
      medianOf(many.get(row), (sample) => sample.p99Ms).toFixed(1),
      medianOf(few.get(row), (sample) => sample.p99Ms).toFixed(1),
    ].join(" | ")} |`;
  });
  const { flat } = extras;
  return `# Results of \`npm run bench\`

${at.toISOString().slice(0, 10)}, ${machine}. Medians of interleaved turns of 10,000 requests; the load generator is a process of its own on
the same machine. \`echo\` is the bare framework with schemas; \`stub\` is the same route with the engine's decisions but no store
behind it; \`handed over\` also renders, sends (to the simulated phone) and records each message.

| | per second | of echo | of stub | server CPU µs per request | p99 ms, 64 connections | p99 ms, 10 connections |
|---|---|---|---|---|---|---|
${lines.join("\n")}

- Memory (RSS) after ${extras.rssAfter.toLocaleString("en")} starts and as many checks: ${extras.rssMegabytes.toFixed(0)} MB.
- From opening an existing data folder to listening, in the process: ${extras.openMs.toFixed(0)} ms.
${
  flat
    ? `- With ${flat.past.toLocaleString("en")} verifications and twice as many audit events in the store, an empty store is ${flat.start.toFixed(2)}× as fast at start and ${flat.check.toFixed(2)}× at check.\n`
    : "- A full run (`npm run bench -- --full`) also starts a million verifications and measures a store that holds five million.\n"
}`;
}

function medianOf(samples: readonly Sample[] | undefined, of: (sample: Sample) => number): number {
  return median((samples ?? []).map(of));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
