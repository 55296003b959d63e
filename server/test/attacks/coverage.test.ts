import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** The attack list of the public API: consecutive numbers with two gaps. */
const ids = [...numbers(1, 36), ...numbers(40, 50)].map((id) => `API-${String(id).padStart(2, "0")}`);

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Ids in titles of tests, also `API-25/26` and `API-25…27`. */
function idsIn(text: string): readonly string[] {
  return [...text.matchAll(/API-(\d+)(?:\s*(…|\/)\s*(\d+))?/g)].flatMap(
    ([, first = "", sign, last = first]) => {
      const covered = sign === "…" ? numbers(Number(first), Number(last)) : [Number(first), Number(last)];
      return covered.map((id) => `API-${String(id).padStart(2, "0")}`);
    },
  );
}

it("says which attacks on the API have no test yet", () => {
  const titles = globSync(["src/**/*.test.ts", "src/**/contract.ts", "test/**/*.test.ts"], { cwd: root })
    .filter((path) => !path.endsWith("coverage.test.ts"))
    .flatMap((path) => readFileSync(join(root, path), "utf8").match(/"[^"\n]*API-\d[^"\n]*"/g) ?? []);
  const covered = new Set(titles.flatMap(idsIn));
  const missing = ids.filter((id) => !covered.has(id));
  console.log(
    `attacks on the API: ${ids.length - missing.length} of ${ids.length} have tests; none for ${missing.join(" ") || "—"}`,
  );
  expect(covered.size).toBeGreaterThan(20);
});
