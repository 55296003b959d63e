import { describe, expect, it } from "vitest";
import { copiedPage, pageAsSettings } from "../../../test/genesys-page.ts";
import { settingsInForce } from "../settings.ts";
import { settingsOfPage } from "./page-settings.ts";
import { takePage } from "./page-text.ts";

describe("the page of the MicroApp", () => {
  it("becomes settings of the dialogue, every label of it", () => {
    const { entries, rest } = takePage(copiedPage);
    expect(rest).toBe("");
    const read = settingsOfPage(entries);
    expect(read).toMatchObject({ problems: [], mailFrom: "mfa@example.com" });
    expect(read.settings).toEqual(pageAsSettings);
    expect(settingsInForce(read.settings)).toMatchObject(pageAsSettings);
  });

  it("may be JSON, in groups or not, and leaves the other settings alone", () => {
    const urls = { Test: "https://t.example.com/c", Production: "https://p.example.com/c" };
    const document = {
      "Two Factor Authentication Settings": {
        "Contact Methods and Behavior": { "Maximum Attempts at Sending an Authentication Code": 5 },
        "Skip Options": true,
        "Web Service details": { "Check Verified Contact Methods Web Service": urls },
      },
      SMS: { URL: "https://sms.example.com/" },
    };
    const { entries, rest } = takePage(JSON.stringify(document));
    expect(settingsOfPage(entries).settings).toEqual({
      maxSends: 5,
      skipIfVerified: true,
      ws: { checkMethods: { test: urls.Test, production: urls.Production } },
    });
    expect(JSON.parse(rest)).toEqual({ "SMS.URL": "https://sms.example.com/" });
  });

  it.each([
    ["mfa@example.com", {}, "mfa@example.com"],
    ['"Example, Inc." <mfa@example.com>', { emailFrom: "Example, Inc." }, "mfa@example.com"],
    ["Example", { emailFrom: "Example" }, undefined],
    ["", {}, undefined],
  ])("reads the sender %j", (written, settings, mailFrom) => {
    const read = settingsOfPage(takePage(JSON.stringify({ "Email Address 'From'": written })).entries);
    expect([read.settings, read.mailFrom]).toEqual([settings, mailFrom]);
  });

  it("says every problem at once, by its label", () => {
    const { entries } = takePage(
      [
        "Variable Name for Customer Email Address=1st",
        "Maximum Attempts at Sending an Authentication Code=eleven",
        "Maximum Attempts at Verifying an Authentication Code=99",
        "Behaviour After Exceeding Maximum Code Send Attempts=success",
        "Skip Options=perhaps",
        "Skip Options=true",
        "Select an option for the code generation=External",
        "Check Verified Contact Methods Web Service (production)=ftp://x",
        "Number of digits for the Generated Code=3",
      ].join("\n"),
    );
    expect([...new Set(settingsOfPage(entries).problems.map(({ field }) => field))].toSorted()).toEqual([
      "Behaviour After Exceeding Maximum Code Send Attempts",
      "Check Verified Contact Methods Web Service (production)",
      "Code Authentication Web Service (production)",
      "Maximum Attempts at Sending an Authentication Code",
      "Maximum Attempts at Verifying an Authentication Code",
      "Number of digits for the Generated Code",
      "Send Authentication Code Web Service (production)",
      "Skip Options",
      "Variable Name for Customer Email Address",
    ]);
  });
});
