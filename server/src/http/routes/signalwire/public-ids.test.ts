import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { systemRandom, timeOfId, timeOrderedId } from "../../../engine/code/random.ts";
import { createPublicIds } from "./public-ids.ts";

const vault = {
  mac: (_purpose: string, fields: readonly string[]) => ({
    kid: "k",
    value: createHmac("sha256", "secret").update(fields.join("|")).digest(),
  }),
};
const ids = createPublicIds(vault);
/** The expression that the client libraries of two demos test ids with. */
const versionFour = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const now = Date.UTC(2026, 10, 22);

test("every id becomes a UUID of version 4 and comes back, and no two become one", () => {
  const seen = new Set<string>();
  for (let count = 0; count < 3_000; count += 1) {
    const id = timeOrderedId(now, systemRandom);
    const given = ids.publicOf("one", id);
    expect(given).toMatch(versionFour);
    expect(ids.internalOf("one", given)).toBe(id);
    expect(ids.internalOf("one", given.toUpperCase())).toBe(id);
    seen.add(given);
  }
  expect(seen.size).toBe(3_000);
});

test("the same key gives the same id again, another project another one", () => {
  const id = timeOrderedId(now, systemRandom);
  expect(createPublicIds(vault).publicOf("one", id)).toBe(ids.publicOf("one", id));
  const other = ids.publicOf("two", id);
  expect(other).not.toBe(ids.publicOf("one", id));
  expect(ids.internalOf("one", other)).not.toBe(id);
});

test("an id tells neither time nor order", () => {
  const given = Array.from({ length: 2_000 }, () => ids.publicOf("one", timeOrderedId(now, systemRandom)));
  // Of ids made in one millisecond: each of the sixteen values of the first digit in about one of sixteen, and no order.
  const counts = Array.from(
    { length: 16 },
    (_, digit) => given.filter((id) => id.startsWith(digit.toString(16))).length,
  );
  for (const count of counts) expect(Math.abs(count - 125)).toBeLessThan(75);
  const rising = given.filter((id, index) => index > 0 && id > (given[index - 1] ?? "")).length;
  expect(Math.abs(rising - 1_000)).toBeLessThan(250);
});

test("what comes back of a made-up id has the form of ours, whatever its time", () => {
  const made = ids.internalOf("one", "3fa85f64-5717-4562-b3fc-2c963f66afa6") ?? "";
  expect(Number.isNaN(timeOfId(made))).toBe(false);
});

test("what is no UUID of version 4 is no id", () => {
  const bad = [
    "",
    "1",
    "3fa85f64-5717-7562-b3fc-2c963f66afa6",
    "3fa85f64-5717-4562-f3fc-2c963f66afa6",
    "3fa85f6457174562b3fc2c963f66afa6",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6\n",
    "{3fa85f64-5717-4562-b3fc-2c963f66afa6}",
  ];
  for (const id of bad) expect([id, ids.internalOf("one", id)]).toEqual([id, undefined]);
});
