import { CountersignApiError } from "@countersign/client";
import { expect, test } from "vitest";
import { at, problemBeside, problemsOf, problemWithin } from "./problems.ts";

test("every problem is shown once: at its field, at the field around it, or beside them", () => {
  const problems = problemsOf(
    new CountersignApiError(400, {
      code: "invalid_settings",
      fields: [
        { field: "/settings/port", problem: "must be integer" },
        { field: "/settings/testNumbers/1", problem: "must match pattern" },
        { field: "/settings/a~1b", problem: "is wrong" },
        { field: "/settings/other/x", problem: "is not a known field" },
        { field: "/settings", problem: "needs two of these" },
      ],
    }),
  );
  expect(problemWithin(problems, at("/settings", "port"))).toBe("must be integer");
  expect(problemWithin(problems, at("/settings", "po"))).toBeUndefined();
  expect(problemWithin(problems, at("/settings", "testNumbers"))).toBe("1: must match pattern");
  expect(problemWithin(problems, at("/settings", "a/b"))).toBe("is wrong");
  expect(problemBeside(problems, "/settings", ["port", "testNumbers", "a/b"])).toBe(
    "other/x: is not a known field · needs two of these",
  );
  expect(problemBeside(problems, "", ["settings"])).toBeUndefined();
  expect(problemsOf(new Error("x")).size).toBe(0);
});
