import { describe, expect, it } from "vitest";
import { createStoreTime } from "./store-time.ts";

function setup(at: number) {
  const record = { head: { seq: 1, hash: "", at } };
  const monotonic = { at: 5_000, now: () => monotonic.at };
  return { record, monotonic, timeOf: createStoreTime(record, monotonic) };
}

describe("the store's time", () => {
  it("is the caller's while that does not go back", () => {
    const { timeOf } = setup(1_000);
    expect([timeOf(1_000), timeOf(1_500), timeOf(90_000)]).toEqual([1_000, 1_500, 90_000]);
  });

  it("goes on by itself while the caller's clock is behind the record", () => {
    const { record, monotonic, timeOf } = setup(100_000);
    expect(timeOf(40_000)).toBe(100_000);
    monotonic.at += 700.9;
    expect(timeOf(40_700)).toBe(100_700);
    record.head = { ...record.head, at: 100_700 };
    monotonic.at += 300;
    expect(timeOf(41_000)).toBe(101_000);
    // Set back once more: nothing of what has passed is lost.
    monotonic.at += 1_000;
    expect(timeOf(1)).toBe(102_000);
  });

  it("is the caller's again as soon as that has caught up, and is measured anew when it falls behind again", () => {
    const { record, monotonic, timeOf } = setup(100_000);
    timeOf(99_000);
    monotonic.at += 1_000;
    expect(timeOf(100_000)).toBe(100_000);
    record.head = { ...record.head, at: 200_000 };
    monotonic.at += 50_000;
    expect(timeOf(150_000)).toBe(200_000);
  });
});
