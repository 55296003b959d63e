import { expect, test } from "vitest";
import { type Choice, eventsOf, withType } from "./choice.ts";

test("a choice becomes the types that the API takes, and types go in and out", () => {
  const all: Choice = { kind: "all", types: ["user.created"] };
  expect(eventsOf(all)).toEqual([]);
  expect(eventsOf({ ...all, kind: "outcomes" })).toContain("verification.approved");
  const chosen = withType(withType({ kind: "chosen", types: [] }, "user.created"), "user.deleted");
  expect(eventsOf(chosen)).toEqual(["user.created", "user.deleted"]);
  expect(eventsOf(withType(chosen, "user.created"))).toEqual(["user.deleted"]);
});
