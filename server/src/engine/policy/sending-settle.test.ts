import { describe, expect, test } from "vitest";
import { resolvePolicy } from "./resolve.ts";
import type { SendingLayer, SendRules } from "./sending.ts";
import { defaultSending, openSending } from "./sending-defaults.ts";
import { sendingProblems } from "./sending-validate.ts";
import type { PolicyLevel } from "./settle.ts";
import { layersOf } from "./source.ts";

function over(organization: SendingLayer, app: SendingLayer = {}, publication: SendingLayer = {}): SendRules {
  return resolvePolicy([
    { level: "organization", layer: { sending: organization } },
    { level: "app", layer: { sending: app } },
    { level: "publication", layer: { sending: publication } },
  ]).sending;
}

describe("the layers", () => {
  test("nothing said: the defaults; all of them said by the organization: exactly those", () => {
    expect(resolvePolicy([]).sending).toEqual(defaultSending);
    expect(over(openSending)).toEqual(openSending);
  });

  test("countries: the organization's own one unless it lists others; below it they only narrow", () => {
    const inForce = (country: string | undefined, sending: SendingLayer, app: SendingLayer = {}) =>
      resolvePolicy(
        layersOf(
          { production: true },
          { country, policy: { sending } },
          { policy: { sending: app } },
          undefined,
        ),
      ).sending;
    expect(inForce("DE", {})).toMatchObject({ smsCountries: ["DE"], voiceCountries: ["DE"] });
    expect(inForce(undefined, {})).toMatchObject({ smsCountries: [], voiceCountries: [] });
    expect(inForce("DE", { smsCountries: ["AT", "CH"] })).toMatchObject({
      smsCountries: ["AT", "CH"],
      voiceCountries: ["DE"],
    });
    expect(
      inForce("DE", { smsCountries: ["AT", "CH"] }, { smsCountries: ["CH", "US"] }).smsCountries,
    ).toEqual(["CH"]);
    expect(inForce("DE", { smsCountries: ["*"] }, { smsCountries: ["CH"] }).smsCountries).toEqual(["CH"]);
    expect(inForce("DE", {}, { smsCountries: ["*"] }).smsCountries).toEqual(["DE"]);
  });

  test("limits: the organization raises a default or takes it away, an app only lowers", () => {
    expect(over({ sendsPerHour: 50_000 }).sendsPerHour).toBe(50_000);
    expect(over({ sendsPerHour: null }).sendsPerHour).toBeNull();
    expect(over({ sendsPerHour: null }, { sendsPerHour: 5 }).sendsPerHour).toBe(5);
    expect(over({ sendsPerHour: 5 }, { sendsPerHour: 50 }).sendsPerHour).toBe(5);
    expect(over({ sendsPerHour: 5 }, { sendsPerHour: null }).sendsPerHour).toBe(5);
    expect(over({}, { sendsPerHour: null }).sendsPerHour).toBe(defaultSending.sendsPerHour);
    expect(over({ conversionPercent: 5 }, { conversionPercent: 20 }).conversionPercent).toBe(20);
    expect(over({ callSeconds: 60 }, { callSeconds: 600 }).callSeconds).toBe(600);
    expect(over({ callSeconds: 60 }, { callSeconds: 30 }).callSeconds).toBe(60);
    expect(over({ callSeconds: 60 }, { callSeconds: null }).callSeconds).toBe(60);
    expect(over({ callSeconds: null }, { callSeconds: 30 }).callSeconds).toBe(30);
    expect(over({ conversionPercent: 20 }, { conversionPercent: 5 }).conversionPercent).toBe(20);
  });

  test("watching yields to refusing; blocked types add up", () => {
    expect(over({ enforce: "monitor" }).enforce).toBe("monitor");
    expect(over({ enforce: "monitor" }, { enforce: "block" }).enforce).toBe("block");
    expect(over({}, { enforce: "monitor" }).enforce).toBe("block");
    expect(over({ blockedTypes: ["voip"] }, { blockedTypes: ["voip", "fixed_line"] }).blockedTypes).toEqual([
      "voip",
      "fixed_line",
    ]);
  });
});

describe("what may be set", () => {
  const problemsOf = (input: unknown, level: PolicyLevel = "organization") =>
    Object.fromEntries(
      sendingProblems(input, { level, pointer: "/policy/sending" }).map(({ field, problem }) => [
        field,
        problem,
      ]),
    );
  const key = "ab".repeat(32);

  test("good lists, limits and prices", () => {
    expect(
      problemsOf({
        enforce: "monitor",
        smsCountries: ["DE", "+44", "*"],
        blockedTypes: ["voip"],
        safeNumbers: [{ prefix: "+4930901820" }, { key, hint: "+49 *** **78" }],
        sendsPerHour: null,
        spendPerDay: 50_000_000,
        currency: "EUR",
        smsPrices: { DE: 75_000, "*": 0 },
        conversionPercent: 90,
      }),
    ).toEqual({});
  });

  test("every problem at once, with its place", () => {
    const problems = problemsOf({
      enforce: "perhaps",
      smsCountries: ["DE", "de", "49", 1],
      voiceCountries: "DE",
      blockedTypes: ["cordless"],
      safeNumbers: [
        "+49151",
        { prefix: "+49309018201" },
        { prefix: "49" },
        { key, hint: "+4915112345678" },
        { key: "k", hint: "+49 *** **78" },
      ],
      blockedNumbers: Array(201).fill({ prefix: "+1" }),
      sendsPerHour: 0,
      spendPerDay: 1.5,
      currency: "euro",
      smsPrices: { DE: -1 },
      voicePrices: { Germany: 1 },
      conversionPercent: 0,
      sendsPerMinute: 1,
    });
    expect(Object.keys(problems).sort()).toEqual(
      [
        "blockedNumbers",
        "blockedTypes",
        "conversionPercent",
        "currency",
        "enforce",
        ...["0", "1", "2", "3", "4"].map((index) => `safeNumbers/${index}`),
        "sendsPerHour",
        "sendsPerMinute",
        ...["1", "2", "3"].map((index) => `smsCountries/${index}`),
        "smsPrices/DE",
        "spendPerDay",
        "voiceCountries",
        "voicePrices",
      ].map((part) => `/policy/sending/${part}`),
    );
  });

  test("an app narrows and keeps no lists of numbers; a person has no send rules", () => {
    expect(problemsOf({ smsCountries: ["DE"], sendsPerHour: 1, enforce: "block" }, "app")).toEqual({});
    expect(
      Object.keys(problemsOf({ safeNumbers: [], smsPrices: {}, currency: "EUR" }, "publication")),
    ).toHaveLength(3);
    expect(problemsOf({}, "user")).toEqual({ "/policy/sending": expect.stringContaining("organization") });
    expect(problemsOf([])).toEqual({ "/policy/sending": "Send rules are an object." });
  });
});
