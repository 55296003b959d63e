import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PhoneChannel } from "../../src/cli/call/phone/open.ts";
import { alike, play, type Restarts } from "./play.ts";
import { linesFor, readTranscript, type Transcript } from "./transcript.ts";
import { demoStage, gatewayStage, openWorld, type Stage, type World } from "./world.ts";

/** Every transcript of this folder, through every channel: what is said must be the same everywhere, and as it is written. */

let world: World;
let stages: { readonly demo: Stage; readonly gateway: Stage };
beforeAll(async () => {
  world = await openWorld();
  stages = { demo: await demoStage(world), gateway: await gatewayStage(world) };
});
afterAll(() => world.close());

const folder = new URL(".", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .toSorted();
const transcripts = files.map((name): [string, Transcript] => [
  name.replace(".txt", ""),
  readTranscript(readFileSync(new URL(name, folder), "utf8")),
]);

async function expectAsWritten(channel: PhoneChannel, transcript: Transcript, restarts: Restarts = "never") {
  const stage = transcript.deliveries.length > 0 ? stages.gateway : stages.demo;
  const told = await play(channel, transcript, stage, world, restarts);
  const expected = linesFor(channel, transcript).map(({ kind, text }) => `${kind}: ${text}`);
  expect(alike(channel, told, expected)).toEqual(expected);
}

describe.each(transcripts)("%s", (_name, transcript) => {
  it.each(transcript.channels)("by %s", (channel) => expectAsWritten(channel, transcript));
});

const restarted = transcripts.filter(([, { restarts }]) => restarts);

describe.each(restarted)("%s, with a restart between all turns", (_name, transcript) => {
  it.each(transcript.channels)("by %s", (channel) =>
    expectAsWritten(channel, transcript, "between all turns"),
  );
});

it("each of the 23 vectors has its transcript", () => {
  const vectors = files.flatMap((name) => /^v(\d\d)-/.exec(name)?.[1] ?? []);
  expect(vectors).toEqual(Array.from({ length: 23 }, (_, index) => `${index + 1}`.padStart(2, "0")));
});
