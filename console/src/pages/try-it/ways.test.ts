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
    const bare = { user: "u", via: "sms", authenticator: "a" };
    expect(startOf({ user: "u", way, action: " ", amount: "" })).toEqual(bare);
    expect(startOf({ user: "u", way, action: "", amount: " 1 EUR " })).toEqual({
      ...bare,
      binding: { amount: "1 EUR" },
    });
  });
});
