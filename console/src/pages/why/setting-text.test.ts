import { expect, test } from "vitest";
import { de } from "../../words/de.ts";
import { en } from "../../words/en.ts";
import { ruleText, settingText } from "./setting-text.ts";

const text = (name: string, value: unknown) => settingText(name, value, "EUR", en);

test("values are read as a person says them: limits, windows, waits, lists, amounts", () => {
  expect([text("sending.sendsPerDay", null), text("sending.sendsPerDay", 5000)]).toEqual([
    "no limit",
    "5,000",
  ]);
  expect(text("sendsPerUser", [{ max: 10, seconds: 3600 }])).toBe("10 within 3,600 s");
  expect(text("failureDelays", [{ failures: 8, seconds: 30 }])).toBe("after 8: 30 s");
  expect([text("vias", ["sms", "totp"]), text("vias", [])]).toEqual([
    "Text message, Authenticator app",
    "none",
  ]);
  expect(text("sending.blockedNumbers", [{ prefix: "+4475" }, { key: "digest", hint: "+49 *** 12" }])).toBe(
    "+4475…, +49 *** 12",
  );
  expect(text("sending.spendPerDay", 12_500_000)).toBe("€12.50");
  expect(settingText("sending.smsPrices", { DE: 75_000, "*": 100_000 }, "EUR", de)).toMatch(
    /^DE: 0,075\s€, \*: 0,10\s€$/u,
  );
  expect([text("legacyPin", false), text("sending.smsPrices", {})]).toEqual(["no", "none"]);
});

test("a setting that the page does not know is explained in the words of the server", () => {
  expect(ruleText("codeLength", "as the server says", de)).toBe("Der längste Wert gilt.");
  expect(ruleText("brandNew", "as the server says", de)).toBe("as the server says");
});
