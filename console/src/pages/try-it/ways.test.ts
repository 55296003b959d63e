import type { Authenticator } from "@countersign/client";
import { describe, expect, test } from "vitest";
import { startOf, waysOf } from "./ways.ts";

const one = (more: Partial<Authenticator>): Authenticator => ({
  id: "a",
  kind: "sms",
  status: "active",
  hint: "+1",
  createdAt: "",
  failures: 0,
  ...more,
});

describe("the ways to answer", () => {
  test("are those that work now and take a code", () => {
    const given = [
      one({}),
      one({ status: "disabled" }),
      one({ status: "pending" }),
      one({ kind: "passkey" }),
    ];
    expect(waysOf(given)).toEqual([{ ...given[0], via: "sms" }]);
  });

  test("an empty action or amount is not sent", () => {
    const way = waysOf([one({})])[0]!;
    const choice = { user: "u", way, ways: [way] };
    expect(startOf({ ...choice, action: " ", amount: "" })).toEqual({ user: "u", via: "sms" });
    expect(startOf({ ...choice, action: "", amount: " 1 EUR " })).toEqual({
      user: "u",
      via: "sms",
      binding: { amount: "1 EUR" },
    });
  });

  test("one of several of a kind is named", () => {
    const ways = waysOf([one({}), one({ id: "b" }), one({ id: "c", kind: "email" })]);
    const choice = { user: "u", ways, action: "", amount: "" };
    expect(startOf({ ...choice, way: ways[1]! })).toEqual({ user: "u", via: "sms", authenticator: "b" });
    expect(startOf({ ...choice, way: ways[2]! })).toEqual({ user: "u", via: "email" });
  });
});
