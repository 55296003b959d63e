import { describe, expect, test } from "vitest";
import { defaultPolicy, serverCeiling } from "./defaults.ts";
import { type PolicyLevel, policyLevels } from "./settle.ts";
import { validatePolicyLayer } from "./validate.ts";

function problemsOf(input: unknown, level: PolicyLevel = "organization"): Record<string, string> {
  const result = validatePolicyLayer(input, { level, pointer: "/policy" });
  return result.ok ? {} : Object.fromEntries(result.problems.map(({ field, problem }) => [field, problem]));
}

test("the default, the ceiling and the empty layer are fine everywhere", () => {
  for (const level of policyLevels) {
    for (const { sending, ...plain } of [defaultPolicy, serverCeiling]) {
      expect(problemsOf({}, level)).toEqual({});
      expect(problemsOf(plain, level)).toEqual({});
      if (level === "organization") expect(problemsOf({ sending })).toEqual({});
    }
  }
});

test("every problem at once, each with its pointer and its bound", () => {
  const problems = problemsOf({
    codeLength: 11,
    codeTtlSeconds: 601,
    maxAttempts: 0,
    maxSends: "3",
    failureBudget: 101,
    receiptTtlSeconds: 1.5,
    resend: "sometimes",
    resendDelaysSeconds: [],
    vias: ["sms", "pigeon"],
    "a/b~c": 1,
  });
  expect(Object.keys(problems).sort()).toEqual([
    "/policy/a~1b~0c",
    "/policy/codeLength",
    "/policy/codeTtlSeconds",
    "/policy/failureBudget",
    "/policy/maxAttempts",
    "/policy/maxSends",
    "/policy/receiptTtlSeconds",
    "/policy/resend",
    "/policy/resendDelaysSeconds",
    "/policy/vias",
  ]);
  expect(problems["/policy/codeTtlSeconds"]).toContain("600");
  expect(problems["/policy/codeLength"]).toContain("10");
  expect(problems["/policy/failureBudget"]).toContain("100");
});

describe("POL-01: pins", () => {
  test.each(policyLevels)("a length below the floor is refused at level %s", (level) => {
    expect(problemsOf({ codeLength: 4 }, level)).toHaveProperty("/policy/codeLength");
    expect(problemsOf({ codeLength: 2, legacyPin: true }, level)).toHaveProperty("/policy/codeLength");
  });

  test("a publication may, with the switch, within its price", () => {
    expect(problemsOf({ codeLength: 4, legacyPin: true }, "publication")).toEqual({});
    expect(
      problemsOf({ codeLength: 3, legacyPin: true, maxAttempts: 4, failureBudget: 4 }, "publication"),
    ).toEqual({
      "/policy/maxAttempts": "A pin of 3 digits allows at most 3 attempts.",
      "/policy/failureBudget": "A pin of 3 digits allows at most 3 failures.",
    });
    expect(problemsOf({ legacyPin: true }, "organization")).toHaveProperty("/policy/legacyPin");
    expect(problemsOf({ legacyPin: false }, "organization")).toEqual({});
    expect(problemsOf({ legacyPin: "yes" }, "publication")).toHaveProperty("/policy/legacyPin");
  });
});

test.each([null, [], "policy", 7])("%j is no policy", (input) => {
  expect(problemsOf(input)).toEqual({ "/policy": "A policy is an object." });
});

test.each([
  ["failureDelays", [{ failures: 5, seconds: 30, more: 1 }]],
  ["failureDelays", [{ failures: 101, seconds: 30 }]],
  ["failureDelays", [null]],
  ["failureDelays", [5]],
  [
    "failureDelays",
    [
      { failures: 5, seconds: 30 },
      { failures: 5, seconds: 60 },
    ],
  ],
  [
    "failureDelays",
    [
      { failures: 5, seconds: 30 },
      { failures: 6, seconds: 10 },
    ],
  ],
  ["sendsPerUser", [{ max: 0, seconds: 60 }]],
  ["sendsPerUser", [{ max: 5, seconds: 86_401 }]],
  ["sendsPerDestination", [{ max: 10_001, seconds: 60 }]],
  ["sendsPerDestination", Array.from({ length: 6 }, () => ({ max: 1, seconds: 60 }))],
  ["resendDelaysSeconds", [0, -1]],
  ["resendDelaysSeconds", [601]],
  ["vias", ["sms", "sms"]],
  ["__proto__x", 1],
  ["constructor", 1],
])("%s refuses %j", (setting, value) => {
  expect(Object.keys(problemsOf({ [setting]: value }))).toEqual([`/policy/${setting}`]);
});

test("a prototype in JSON is an unknown setting, and nothing of it stays", () => {
  expect(problemsOf(JSON.parse('{"__proto__":{"maxAttempts":99}}'))).toEqual({
    "/policy/__proto__": "There is no such setting.",
  });
});
