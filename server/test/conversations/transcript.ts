import { type PhoneChannel, phoneChannels } from "../../src/cli/call/phone/open.ts";

/** A scripted call, as its file says. The format is described in docs/simulator.md. */
export interface Transcript {
  readonly title: string;
  /** What the person has: `email`, `sms`; empty for a person with nothing. */
  readonly person: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Answers of the customer's own services, one after the other; the last one stays. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** What becomes of messages, one after the other; without it they go to the simulated phone. */
  readonly deliveries: readonly string[];
  readonly locale: string | undefined;
  readonly channels: readonly PhoneChannel[];
  /** Whether the server is also restarted between all turns. */
  readonly restarts: boolean;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly kind: "System" | "Caller" | "Phone" | "Wait" | "Path";
  /** For these channels only; empty: for all. */
  readonly channels: readonly string[];
  readonly text: string;
}

const linePattern = /^(System|Caller|Phone|Wait|Path)(?: \(([a-z, ]+)\))?: ?(.*)$/;

export function readTranscript(text: string): Transcript {
  const [title = "", ...rest] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const first = rest.findIndex((line) => linePattern.test(line));
  const head = rest.slice(0, first).map(memberOf);
  const all = (name: string) => head.filter((one) => one.name === name).map((one) => one.value);
  const only = all("Only").flatMap(listOf);
  return {
    title,
    person: all("Person").flatMap(listOf),
    settings: Object.fromEntries(
      all("Setting").map((one) => [pair(one)[0], JSON.parse(pair(one)[1])] as const),
    ),
    services: Object.fromEntries(
      all("Service").map((one) => [
        pair(one)[0],
        pair(one)[1]
          .split("|")
          .map((part) => part.trim()),
      ]),
    ),
    deliveries: all("Deliveries").flatMap(listOf),
    locale: all("Locale")[0],
    channels: phoneChannels.filter((channel) => only.length === 0 || only.includes(channel)),
    restarts: all("Restarts").length > 0,
    lines: rest.slice(first).map(lineOf),
  };
}

/** The lines of one channel. */
export function linesFor(channel: PhoneChannel, { lines }: Transcript): readonly Line[] {
  return lines.filter(({ channels }) => channels.length === 0 || channels.includes(channel));
}

function memberOf(line: string): { readonly name: string; readonly value: string } {
  const [, name, value] = /^([A-Z][a-z]+): ?(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not a line of a transcript: ${line}`);
  return { name, value };
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf(" = ");
  if (at < 0) throw new Error(`not a name and a value: ${text}`);
  return [text.slice(0, at), text.slice(at + 3)];
}

function listOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "nothing");
}

function lineOf(line: string): Line {
  const [, kind, channels = "", text = ""] = linePattern.exec(line) ?? [];
  if (kind === undefined) throw new Error(`not a line of a transcript: ${line}`);
  return { kind: kind as Line["kind"], channels: listOf(channels), text };
}
