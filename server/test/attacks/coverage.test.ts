import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Ids of the attack lists, two digits each. */
function idsOf(list: string, first: number, last: number): readonly string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${list}-${String(first + index).padStart(2, "0")}`,
  );
}

/** Ids in titles of tests, also `API-25/26` and `API-25…27`. */
function idsIn(text: string): readonly string[] {
  return [...text.matchAll(/\b([A-Z]{3})-(\d+)(?:\s*(…|\/)\s*(\d+))?/g)].flatMap(
    ([, list = "", first = "", sign, last = first]) =>
      sign === "…"
        ? idsOf(list, Number(first), Number(last))
        : [...idsOf(list, Number(first), Number(first)), ...idsOf(list, Number(last), Number(last))],
  );
}

const covered = new Set(
  globSync(["src/**/*.test.ts", "src/**/contract.ts", "test/**/*.test.ts"], { cwd: root })
    .filter((path) => !path.endsWith("coverage.test.ts"))
    .flatMap(
      (path) => readFileSync(join(root, path), "utf8").match(/["`][^"`\n]*\b[A-Z]{3}-\d[^"`\n]*["`]/g) ?? [],
    )
    .flatMap(idsIn),
);

it("says which attacks on the API have no test yet", () => {
  // Consecutive numbers with two gaps.
  const ids = [...idsOf("API", 1, 36), ...idsOf("API", 40, 50)];
  const missing = ids.filter((id) => !covered.has(id));
  console.log(
    `attacks on the API: ${ids.length - missing.length} of ${ids.length} have tests; none for ${missing.join(" ") || "—"}`,
  );
  expect(ids.length - missing.length).toBeGreaterThan(20);
});

it.each([
  ["the SignalWire-compatible API", idsOf("SWX", 1, 10)],
  ["the digital employee", idsOf("SWG", 1, 12)],
  ["the XML web services", idsOf("GEN", 1, 15)],
  ["web-hooks of telephone platforms", idsOf("WHK", 1, 12)],
])("every attack on %s has a test that names it", (_surface, ids) => {
  expect(ids.filter((id) => !covered.has(id))).toEqual([]);
});
