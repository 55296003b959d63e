import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeliveryVia } from "../../engine/model.ts";
import { parseTemplate } from "./placeholders.ts";
import {
  appendWebOtp,
  bindingText,
  groupDigits,
  renderTemplate,
  singleLine,
  type TemplateValues,
} from "./render.ts";

const base: TemplateValues = {
  via: "sms",
  code: "123456",
  from: "Acme",
  createdAt: Date.UTC(2025, 1, 25, 17, 33, 30, 999),
  ttlSeconds: 300,
};

const render = (template: string, change: Partial<TemplateValues> = {}) =>
  renderTemplate(template, { ...base, ...change });

describe("placeholders", () => {
  it.each<[string, string, string]>([
    ["${OTP}", "123456", "123456"],
    ["${OTPFMT}", "123 456", "1 2 3 4 5 6"],
    ["${OTPFMTSSML}", "1:2:3:4:5:6", "1:2:3:4:5:6"],
    ["${OTPDIGIT[0]}", "1", "1"],
    ["${OTPDIGIT[5]}", "6", "6"],
    ["${OTPDIGIT[6]}", "", ""],
    ["${from}", "Acme", "Acme"],
    ["${timestamp}", "2025-02-25T17:33:30Z", "2025-02-25T17:33:30Z"],
    ["${ttlMinutes}", "5", "5"],
    ["${binding}", "", ""],
    ["$${OTP}", "${OTP}", "${OTP}"],
    ["$$${OTP}", "$${OTP}", "$${OTP}"],
    ["$${${OTP}}", "${123456}", "${123456}"],
    ["$ 5 {x} $", "$ 5 {x} $", "$ 5 {x} $"],
    ["${constructor}", "${constructor}", "${constructor}"],
    [
      "${__proto__} ${process.env.X} ${7*7}",
      "${__proto__} ${process.env.X} ${7*7}",
      "${__proto__} ${process.env.X} ${7*7}",
    ],
    ["{{7*7}} <%=7%> #{7}", "{{7*7}} <%=7%> #{7}", "{{7*7}} <%=7%> #{7}"],
    ["${otp}${OTP }${ OTP}", "${otp}${OTP }${ OTP}", "${otp}${OTP }${ OTP}"],
    ["${OTPDIGIT[01]}", "${OTPDIGIT[01]}", "${OTPDIGIT[01]}"],
    ["${OTP", "${OTP", "${OTP"],
    ["${${OTP}", "${123456", "${123456"],
  ])("%s", (template, sms, voice) => {
    expect(render(template)).toBe(sms);
    expect(render(template, { via: "voice" })).toBe(voice);
  });

  it.each([
    [3, "123", "1 2 3"],
    [4, "1234", "1 2 3 4"],
    [5, "12345", "1 2 3 4 5"],
    [6, "123 456", "1 2 3 4 5 6"],
    [7, "123 4567", "1 2 3 4 5 6 7"],
    [8, "1234 5678", "1 2 3 4 5 6 7 8"],
    [9, "123 456 789", "1 2 3 4 5 6 7 8 9"],
    [10, "123 456 7890", "1 2 3 4 5 6 7 8 9 0"],
    [11, "123 4567 8901", "1 2 3 4 5 6 7 8 9 0 1"],
    [12, "1234 5678 9012", "1 2 3 4 5 6 7 8 9 0 1 2"],
  ])("groups %i digits", (length, sms, voice) => {
    const code = "123456789012".slice(0, length);
    expect(render("${OTPFMT}", { code })).toBe(sms);
    expect(render("${OTPFMT}", { code, via: "email" })).toBe(sms);
    expect(render("${OTPFMT}", { code, via: "voice" })).toBe(voice);
    expect(render("${OTPFMTSSML}", { code })).toBe(Array.from(code).join(":"));
    const digits = Array.from(code, (_, index) => `\${OTPDIGIT[${index}]}`).join("");
    expect(render(digits, { code })).toBe(code);
  });

  it("always makes groups of three or four, the shorter ones first, and loses no digit", () => {
    for (let length = 6; length <= 64; length += 1) {
      const code = "0123456789".repeat(7).slice(0, length);
      const groups = groupDigits(code).split(" ");
      expect(groups.join("")).toBe(code);
      expect(groups.every((group) => group.length === 3 || group.length === 4)).toBe(true);
      expect(groups.map((group) => group.length)).toEqual(groups.map((group) => group.length).sort());
    }
  });

  it("says whole minutes that are certainly left", () => {
    expect(
      [30, 59, 60, 119, 120, 300, 599, 600].map((ttlSeconds) => render("${ttlMinutes}", { ttlSeconds })),
    ).toEqual(["1", "1", "1", "1", "2", "5", "9", "10"]);
  });

  it("renders the sample of the handbook", () => {
    const sample = `<voice name="de-de-female" loop="2" loop-info="I repeat">
   Your verification code is: <break strength="medium" />
   <prosody rate="x-slow">
      <say-as interpret-as="number_digit"> \${OTPFMTSSML}</say-as>
   </prosody>
</voice>`;
    expect(render(sample, { via: "voice" })).toBe(sample.replace("${OTPFMTSSML}", "1:2:3:4:5:6"));
  });
});

describe("values", () => {
  it("are never expanded, whatever they hold (TPL-03)", () => {
    expect(render("${from}: ${OTP}", { from: "${OTP}" })).toBe("${OTP}: 123456");
    const dangerous = fc.constantFrom(
      "${OTP}",
      "$${",
      "$",
      "{",
      "}",
      "OTP",
      "$&",
      "$1",
      "$`",
      "${from}",
      "a",
      "[0]",
    );
    fc.assert(
      fc.property(
        fc.array(dangerous, { maxLength: 8 }),
        fc.constantFrom<DeliveryVia>("sms", "voice", "email"),
        (parts, via) => {
          const from = parts.join("");
          expect(render("<${from}>", { from, via: via === "voice" ? "sms" : via })).toBe(`<${from}>`);
          expect(render("x${from}|${binding}", { from, via, binding: { action: from } })).toBe(
            `x${from}|${bindingText({ action: from })}`,
          );
        },
      ),
    );
  });

  it("are escaped in SSML and only there (TPL-10)", () => {
    const from = `<break/>&"'`;
    expect(render("<p>${from}</p>", { from, via: "voice" })).toBe("<p>&lt;break/&gt;&amp;&quot;&apos;</p>");
    expect(render("  \n<p>${from}</p>", { from, via: "voice" })).toContain("&lt;break/&gt;");
    expect(render("Hi ${from}", { from, via: "voice" })).toBe(`Hi ${from}`);
    expect(render("<p>${from}</p>", { from })).toBe(`<p>${from}</p>`);
  });

  it("are one line, without control or bidirectional characters, and bounded", () => {
    expect(render("${from}", { from: " A\r\n\r\n@evil.example #000000\u2028\u202e\0 B " })).toBe(
      "A @evil.example #000000 B",
    );
    expect(singleLine("x".repeat(100), 10)).toBe("xxxxxxx...");
    expect(singleLine("😀".repeat(11), 10)).toBe(`${"😀".repeat(7)}...`);
    expect(bindingText({ action: "pay ".repeat(1000), amount: "250.00 EUR" })).toMatch(
      /^pay .{33}\.\.\. 250\.00 EUR$/,
    );
    expect(bindingText({ action: "transfer", amount: "250.00 EUR" })).toBe("transfer 250.00 EUR");
    expect(bindingText({ amount: "250.00 EUR" })).toBe("250.00 EUR");
    expect(bindingText({ call: "c1" })).toBe("");
    expect(bindingText(undefined)).toBe("");
  });
});

it("puts the plain code into the WebOTP line, which is the last one", () => {
  expect(appendWebOtp("123 456 is your code.\n", "portal.example.com", "123456")).toBe(
    "123 456 is your code.\n\n@portal.example.com #123456",
  );
});

it("keeps every character of a template that holds no placeholder, in one pass", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("$", "{", "}", "O", "OTP", "[", "$${", "a"), { maxLength: 40 }),
      (pieces) => {
        const template = pieces.join("");
        const parts = parseTemplate(template);
        const source = parts
          .map((part) => (part.kind === "placeholder" ? `\${${part.name}}` : part.text))
          .join("");
        expect(source.length).toBeLessThanOrEqual(template.length);
        for (const part of parts) {
          if (part.kind !== "text") expect(template.startsWith("${", part.position)).toBe(true);
        }
        if (!template.includes("${")) expect(render(template)).toBe(template);
      },
    ),
    { numRuns: 1000 },
  );
});
