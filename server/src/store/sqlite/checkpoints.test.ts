import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import {
  createCheckpoints,
  demandWholeRecord,
  highWaterPath,
  RecordCutError,
  readCheckpoints,
} from "./checkpoints.ts";

const folder = mkdtempSync(join(tmpdir(), "countersign-checkpoints-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hashOf = (seq: number) => seq.toString(16).padStart(64, "0");
const headAt = (seq: number) => ({ seq, hash: hashOf(seq), at: 0 });
const signer = {
  signCheckpoint: (note: { origin: string; seq: number; hash: string; at: number }) => ({
    ...note,
    kid: "k",
    signature: "s".repeat(86),
  }),
};

function setup() {
  const path = join(mkdtempSync(join(folder, "store-")), "checkpoints.txt");
  const time = { now: 1_000_000_000, due: [] as (() => void)[] };
  const checkpoints = createCheckpoints(path, "here", signer, {
    clock: { now: () => time.now },
    after: (_ms, call) => {
      time.due.push(call);
      return () => time.due.splice(time.due.indexOf(call), 1);
    },
  });
  const highWater = () => readCheckpoints(highWaterPath(path)).map((one) => one.seq);
  return { path, time, checkpoints, highWater };
}

it("the high-water file follows within a second, while the growing file keeps its slower pace", () => {
  const { path, time, checkpoints, highWater } = setup();
  checkpoints.note(headAt(1));
  checkpoints.note(headAt(2));
  checkpoints.note(headAt(3));
  expect(highWater()).toEqual([1]);
  expect(time.due).toHaveLength(1);
  time.now += 1_000;
  time.due.shift()?.();
  expect(highWater()).toEqual([3]);
  time.now += 1_000;
  checkpoints.note(headAt(4));
  expect(highWater()).toEqual([4]);
  expect(readCheckpoints(path).map((one) => one.seq)).toEqual([1]);
  checkpoints.close(headAt(4));
  expect(readCheckpoints(path).map((one) => one.seq)).toEqual([1, 4]);
  expect(time.due).toHaveLength(0);
});

it("a clock that went back does not silence it", () => {
  const { time, checkpoints, highWater } = setup();
  checkpoints.note(headAt(1));
  time.now -= 3_600_000;
  checkpoints.note(headAt(2));
  expect(highWater()).toEqual([2]);
});

it("a database that lost what the high-water file counted is refused, and a torn file counts for nothing", () => {
  const { path, time, checkpoints } = setup();
  checkpoints.note(headAt(1));
  time.now += 1_000;
  checkpoints.note(headAt(9));
  const demand = (seq: number) =>
    demandWholeRecord({
      path,
      origin: "here",
      verifier: { verifyCheckpoint: () => true },
      headAt: (wanted) => headAt(Math.min(wanted, seq)),
    });
  expect(() => demand(9)).not.toThrow();
  expect(() => demand(8)).toThrow(RecordCutError);
  truncateSync(highWaterPath(path), 40);
  expect(() => demand(8)).not.toThrow();
});

it("it is overwritten in place and never grows", () => {
  const { path, time, checkpoints } = setup();
  writeFileSync(highWaterPath(path), "x".repeat(5_000));
  checkpoints.note(headAt(123_456));
  time.now += 1_000;
  checkpoints.note(headAt(123_457));
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(highWaterPath(path), "utf8").trimEnd().split("\n")).toHaveLength(1);
});
