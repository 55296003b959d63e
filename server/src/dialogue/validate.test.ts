import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { DialogueSettings, isPathName, settingsInForce } from "./settings.ts";
import { validateDialogue } from "./validate.ts";

const pair = { test: "https://t.example.com/a", production: "https://p.example.com/a" };
const services = { checkMethods: pair, sendCode: pair, verifyCode: pair };

describe("the settings of the dialogue", () => {
  it("are fine as they come, and have the documented defaults", () => {
    expect(validateDialogue({})).toEqual([]);
    expect(settingsInForce({})).toMatchObject({
      maxSends: 3,
      maxVerify: 3,
      maxInputErrors: 3,
      expiryMinutes: 5,
      onNoMethod: "agent",
      onSendExceeded: "agent",
      onVerifyExceeded: null,
      onDeliveryError: null,
      onInputError: "error",
      skipIfVerified: true,
      codeGeneration: "internal",
      externalCode: { minDigits: 4, maxDigits: 10 },
      ws: { timeoutMs: 5000, method: "POST", customerParam: "CustomerID", extraParams: {} },
    });
    expect(Value.Check(DialogueSettings, settingsInForce({}))).toBe(true);
    expect(settingsInForce({ ws: { timeoutMs: 100 }, onVerifyExceeded: "x" })).toMatchObject({
      ws: { timeoutMs: 100, method: "POST" },
      onVerifyExceeded: "x",
    });
  });

  it("are described, every one of them, for the form and the docs", () => {
    const described = (members: object): string[] =>
      Object.entries(members).flatMap(
        ([name, member]: [string, { description?: string; properties?: object }]) => [
          ...(member.description === undefined ? [name] : []),
          ...described(member.properties ?? {}),
        ],
      );
    expect(described(DialogueSettings.properties)).toEqual([]);
  });

  it("external codes need every URL of the environment in use", () => {
    expect(validateDialogue({ codeGeneration: "external", ws: services })).toEqual([]);
    const missing = validateDialogue({
      codeGeneration: "external",
      environment: "test",
      ws: { checkMethods: pair },
    });
    expect(missing.map((problem) => problem.split(":")[0])).toEqual([
      "ws.sendCode.test",
      "ws.verifyCode.test",
    ]);
    const ofBoth = { codeGeneration: "external", testNumbers: ["+12025550199"], ws: {} } as const;
    expect(validateDialogue({ ...ofBoth, testNumbers: ["+12025550199"] })).toHaveLength(6);
    expect(validateDialogue({ ws: { checkMethods: { test: pair.test } } })).toHaveLength(1);
  });

  it("tells every problem at once", () => {
    const problems = validateDialogue({
      codeGeneration: "external",
      maxSends: 0,
      onSendExceeded: " agent",
      onNoMethod: "Success",
      purpose: "countersign.enrollment",
      externalCode: { minDigits: 9, maxDigits: 5 },
      returnUrl: "javascript:alert(1)",
      ws: { ...services, sendCode: { production: "https://user:secret@p.example.com" }, timeoutMs: 5 },
    });
    for (const name of [
      "maxSends",
      "onSendExceeded",
      "onNoMethod",
      "purpose",
      "externalCode",
      "returnUrl",
      "ws.sendCode.production",
      "ws.timeoutMs",
    ]) {
      expect(
        problems.filter((problem) => problem.startsWith(name)),
        name,
      ).toHaveLength(1);
    }
    expect(problems).toHaveLength(8);
  });

  it("of the channel itself are not looked at, unknown ones within ours are", () => {
    const settings = { returnVariable: 7, ws: { unknown: 1 } } as DialogueSettings;
    expect(validateDialogue(settings)).toEqual(["ws must not have additional properties."]);
  });
});

describe("a path name", () => {
  it("is 1 to 64 plain characters, and never the path of those who proved it", () => {
    const legal = ["agent", "incorrect code", "not found", "VIP-desk_2.1", "a", "x".repeat(64), "success 2"];
    const others = ["", " a", "a ", "x".repeat(65), "a/b", "ü", "a\n", "success", "SUCCESS", "sUccess"];
    expect(legal.filter((name) => !isPathName(name))).toEqual([]);
    expect(others.filter((name) => isPathName(name))).toEqual([]);
  });
});
