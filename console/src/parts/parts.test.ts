import { CountersignApiError, CountersignConnectionError } from "@countersign/client";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { de } from "../words/de.ts";
import { en } from "../words/en.ts";
import { cutAtCode } from "./code-in.ts";
import { closingReason, eventText } from "./event-text.ts";
import { problemText } from "./problem-text.ts";
import { decodeReceipt } from "./receipt.ts";
import { laterText, leftText } from "./time-text.ts";

const at = "2026-11-22T12:00:00.000Z";

describe("a receipt taken apart", () => {
  test("a token that somebody else made", async () => {
    const token = await new SignJWT({ sub: "Jürgen 👍", amr: ["otp", "sms"] })
      .setProtectedHeader({ alg: "HS256", kid: "1" })
      .sign(new Uint8Array(32));
    expect(decodeReceipt(token)).toEqual({
      header: { alg: "HS256", kid: "1" },
      claims: { sub: "Jürgen 👍", amr: ["otp", "sms"] },
    });
  });

  test("anything else is none", () => {
    for (const text of ["", "a.b", "a.b.c", "W10.W10.x", "eyJ9.eyJ9.x", "bnVsbA.bnVsbA.x"]) {
      expect([text, decodeReceipt(text)]).toEqual([text, undefined]);
    }
  });
});

describe("the code of a message", () => {
  test("as the built-in texts write it, by text and by voice", () => {
    expect(cutAtCode("603 268 is your code, valid for 5 min.")).toEqual({
      before: "",
      code: "603 268",
      after: " is your code, valid for 5 min.",
      digits: "603268",
    });
    expect(cutAtCode("Your code is: 6, 0, 3, 2, 6, 8. I repeat")?.digits).toBe("603268");
    expect(cutAtCode("Der Code ist 0042.")?.digits).toBe("0042");
    expect(cutAtCode("Valid for 5 minutes, call 112.")).toBeUndefined();
  });
});

describe("an event in words", () => {
  const refused = {
    seq: 1,
    at,
    type: "attempt.refused",
    details: { reason: "wrong", via: "sms", to: "+49 *** **12", attempts: 2, failures: 1 },
  };

  test("says what, where, why and how often", () => {
    expect(eventText(refused, en)).toEqual({
      title: "An answer was refused",
      to: "+49 *** **12",
      via: "Text message",
      reason: en.reasons["wrong"],
      facts: ["2 tries so far", "1 wrong answer in a row with this method"],
      tone: "bad",
    });
    expect(eventText(refused, de).title).toBe("Eine Antwort wurde abgelehnt");
  });

  test("shows the name of what it does not know", () => {
    const { title, reason } = eventText({ seq: 1, at, type: "moon.rose", details: { reason: "tide" } }, en);
    expect([title, reason]).toEqual(["moon.rose", "tide"]);
  });

  test("the reason for the end is that of the last closing event", () => {
    const denied = { seq: 2, at, type: "verification.denied", details: { reason: "too_many_attempts" } };
    expect(closingReason([refused, denied, { ...refused, seq: 3 }])).toBe("too_many_attempts");
    expect(closingReason([refused])).toBeUndefined();
  });
});

describe("a refusal in words", () => {
  test("ours by its code, with when to come back and what to quote", () => {
    const error = new CountersignApiError(429, {
      code: "rate_limited",
      detail: "Too many.",
      instance: "abc-1",
      retryAfterSeconds: 30,
    });
    expect(problemText(error, en)).toEqual({
      text: en.errors.codes["rate_limited"],
      after: "Try again in 30 seconds.",
      quote: "Code rate_limited, request abc-1",
    });
  });

  test("one without words of ours in the server's, a missing right with what is missing", () => {
    const other = new CountersignApiError(400, { code: "conflict", detail: "It was changed meanwhile." });
    expect(problemText(other, en).text).toBe("It was changed meanwhile.");
    const forbidden = new CountersignApiError(403, { code: "forbidden", detail: "It needs inbox:read." });
    expect(problemText(forbidden, en).text).toBe(`${en.errors.forbidden} It needs inbox:read.`);
    expect(problemText(new CountersignConnectionError("timeout"), en).text).toBe(en.errors.timeout);
    expect(problemText(new Error("x"), en).text).toBe(en.errors.broken);
  });
});

describe("times", () => {
  test("what is left, and how much later", () => {
    expect(leftText(at, Date.parse(at) - 299_001)).toBe("5:00");
    expect(leftText(at, Date.parse(at) - 9_000)).toBe("0:09");
    expect(leftText(at, Date.parse(at) + 1)).toBe("0:00");
    expect(laterText(at, "2026-11-22T12:00:01.240Z", "de")).toBe("1,2");
    expect(laterText(at, "2026-11-22T12:01:30.400Z", "en")).toBe("90");
  });
});
