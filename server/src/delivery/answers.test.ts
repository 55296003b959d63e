import { describe, expect, it } from "vitest";
import { plainCode, priceFrom, readJson, referenceFrom, textAt, valueAt } from "./answers.ts";
import type { OutboundMessage } from "./provider.ts";

const message: OutboundMessage = {
  id: "1",
  verification: "1",
  organization: "acme",
  via: "sms",
  to: "+4915112345678",
  text: "493 827 is your code.",
  code: "493827",
  locale: "en",
  ttlSeconds: 300,
};

describe("a provider's code", () => {
  it.each(["0", "21211", "131026", "EC_UNKNOWN_SUBSCRIBER", "low-balance", "4.4.1"])("%s is kept", (code) => {
    expect(plainCode(code, message)).toBe(code);
    expect(plainCode(code)).toBe(code);
  });

  it.each([
    "493827",
    "0493827",
    "x493827",
    "4915112345678",
    "15112345678",
    "12345678",
    "two words",
    "",
    "é",
    "a".repeat(41),
  ])("%s is not", (code) => {
    expect(plainCode(code, message)).toBeUndefined();
  });

  it("with letters is not kept where it is the message's own", () => {
    const lettered = { ...message, code: "B7KQ", text: "B7KQ is your code." };
    expect(plainCode("b7kq", lettered)).toBeUndefined();
    expect(plainCode("E400", lettered)).toBe("E400");
  });
});

it("a price has an amount that can be and a currency", () => {
  expect(priceFrom("0.0051", "USD")).toEqual({ amount: 0.0051, currency: "USD" });
  expect(priceFrom("0", "EUR")).toEqual({ amount: 0, currency: "EUR" });
  for (const [amount, currency] of [
    ["-1", "USD"],
    ["", "USD"],
    ["x", "USD"],
    ["Infinity", "USD"],
    ["1", "usd"],
    ["1", undefined],
    [undefined, "USD"],
  ]) {
    expect(priceFrom(amount, currency)).toBeUndefined();
  }
});

it("a reference has one spelling", () => {
  const uuid = "AAAAAAAA-BBBB-4CCC-8DDD-0123456789AB";
  expect(referenceFrom(uuid)).toBe(uuid.toLowerCase());
  expect(referenceFrom("wamid.HBgL==")).toBe("wamid.HBgL==");
  for (const none of [undefined, "", "two words", "x".repeat(201), "a\nb"]) {
    expect(referenceFrom(none)).toBeUndefined();
  }
});

it("a path leads to own members only", () => {
  const value = readJson('{"a":[{"b":7}],"c":{"d":null}}');
  expect(textAt(value, "a.0.b")).toBe("7");
  for (const path of ["a.length", "a.1.b", "constructor", "a.__proto__", "c.d.e", "c.d", "c"]) {
    expect(textAt(value, path)).toBe(path === "a.length" ? "1" : undefined);
  }
  expect(valueAt(value, "c")).toEqual({ d: null });
  expect(readJson("{")).toBeUndefined();
});
