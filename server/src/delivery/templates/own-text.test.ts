import { describe, expect, test } from "vitest";
import type { Template } from "../../engine/settings.ts";
import { composeMessage } from "./compose.ts";
import { fillOwnText } from "./own-text.ts";

describe("a text of the caller's own", () => {
  test.each([
    ["Your Personal Authorization Code is:", "Your Personal Authorization Code is: 408127"],
    ["Your number to verify is: ", "Your number to verify is: 408127"],
    ["Code  \n", "Code 408127"],
    ["{code} is your code", "408127 is your code"],
    ["Use {{code}} now", "Use 408127 now"],
    ["{{code}} or {code}", "408127 or 408127"],
    [`\${code}`, "$408127"],
    [`\${OTP} $&`, `\${OTP} $& 408127`],
    ["{{ code }}", "{{ code }} 408127"],
    ["{CODE}", "{CODE} 408127"],
    ["u\u0308ber:", "über: 408127"],
  ])("%j is sent as %j", (text, sent) => {
    expect(fillOwnText(text, "408127", "sms")).toBe(sent);
  });

  const input = {
    code: "408127",
    locales: ["de-AT", undefined],
    templates: [],
    brand: "Example",
    ttlSeconds: 300,
    createdAt: 0,
  };
  const template: Template = {
    id: "t",
    organization: "o",
    via: "sms",
    locale: "de",
    sender: "Other",
    text: `Template \${OTP}`,
    createdAt: 0,
    updatedAt: 0,
  };

  test("is used before any template, from the number that was asked for", () => {
    const message = composeMessage({
      ...input,
      via: "sms",
      templates: [template],
      ownText: "Own:",
      wishes: { from: "+12025550100" },
    });
    expect(message).toEqual({
      text: "Own: 408127",
      from: "+12025550100",
      locale: "de-AT",
      segments: expect.objectContaining({ segments: 1 }),
    });
  });

  test("is said twice by a voice, the code apart; letters one by one", () => {
    const call = { ...input, via: "voice", ownText: "Hello, {code} it is" } as const;
    expect(composeMessage(call)).toMatchObject({
      text: "Hello, 4 0 8 1 2 7 it is",
      speech: {
        parts: [
          { kind: "text", text: "Hello, " },
          { kind: "digits", digits: "408127" },
          { kind: "text", text: " it is" },
          { kind: "pause", seconds: 1 },
          { kind: "text", text: "Hello, " },
          { kind: "digits", digits: "408127" },
          { kind: "text", text: " it is" },
        ],
        invitation: expect.stringMatching(/./),
      },
    });
    expect(composeMessage({ ...call, code: "BC23" }).speech?.parts[1]).toEqual({
      kind: "text",
      text: "B C 2 3",
    });
    expect(composeMessage({ ...call, ownText: "{code}" }).speech?.parts).toHaveLength(3);
  });
});
