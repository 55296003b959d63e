import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { run, serve, tempFolder } from "../../../test/cli/command.ts";
import { settingsInForce } from "../../dialogue/settings.ts";
import { settingsOfPage } from "./page-settings.ts";
import { takePage } from "./page-text.ts";

/** The whole page, as it is copied: headings, tabs, typographic marks. */
const page = [
  "Setting\tDescription",
  "Contact Methods and Behavior",
  "Variable Name for Customer Email Address\tMail",
  "Variable Name for Customer Phone Number\tPhone",
  "Behaviour if No Verified Contact Method Available\tagent",
  "Maximum Attempts at Sending an Authentication Code\t2",
  "Behavior After Exceeding Maximum Code Send Attempts\tfront desk",
  "Maximum Attempts at Verifying an Authentication Code\t4",
  "Behaviour After Exceeding Maximum Code Verification Attempts\t",
  "Skip Options\tNo",
  "Code Generation Options",
  "Select an option for the code generation\tExternal",
  "Prompt Wording = Google Authenticator",
  "Check Verified Contact Methods Web Service (test): https://t.example.com/check?a=b:c",
  "Check Verified Contact Methods Web Service (production) = https://p.example.com/check",
  "Send Authentication Code Web Service - Production calls: https://p.example.com/send",
  "Send Authentication Code Web Service test: https://t.example.com/send",
  "Code Authentication Web Service: https://both.example.com/verify",
  "Web Service Timeout (milliseconds)\t4000",
  "Number of digits for the Generated Code\t8",
  "Internal Code Expiration Time (minutes)\t2.5",
  "Email Address \u2018From\u2019\tExample Bank <mfa@example.com>",
  "Email Subject\t\u201cYour code\u201d: important",
  "SMS Number \u201cFrom\u201d\t1 (202) 555-0100",
].join("\n");

const expected = {
  emailVariable: "Mail",
  phoneVariable: "Phone",
  onNoMethod: "agent",
  maxSends: 2,
  onSendExceeded: "front desk",
  maxVerify: 4,
  onVerifyExceeded: null,
  skipIfVerified: false,
  codeGeneration: "external",
  authenticatorName: "Google Authenticator",
  ws: {
    checkMethods: { test: "https://t.example.com/check?a=b:c", production: "https://p.example.com/check" },
    sendCode: { test: "https://t.example.com/send", production: "https://p.example.com/send" },
    verifyCode: { test: "https://both.example.com/verify", production: "https://both.example.com/verify" },
    timeoutMs: 4000,
  },
  digits: 8,
  expiryMinutes: 2.5,
  emailFrom: "Example Bank",
  emailSubject: "\u201cYour code\u201d: important",
  smsFrom: "+12025550100",
};

describe("the page of the MicroApp", () => {
  it("becomes settings of the dialogue, every label of it", () => {
    const { entries, rest } = takePage(page);
    expect(rest).toBe("");
    const read = settingsOfPage(entries);
    expect(read).toMatchObject({ problems: [], mailFrom: "mfa@example.com" });
    expect(read.settings).toEqual(expected);
    expect(settingsInForce(read.settings)).toMatchObject(expected);
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

function fileWith(text: string): string {
  const file = join(tempFolder(), "page.txt");
  writeFileSync(file, text);
  return file;
}

test("import genesys-settings --dry-run shows the publication and the providers of one file, or all that is wrong with it", async () => {
  const both = `${page}\nEmail.SMTP.Host=mail.example.com\n`;
  const { code, stdout } = await run(["import", "genesys-settings", fileWith(both), "--dry-run", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    drafts: [{ provider: { kind: "smtp", settings: { from: "mfa@example.com" } }, missing: [] }],
    publication: { channel: "voicexml", settings: expected },
  });
  const wrong =
    "Skip Options=perhaps\nMaximum Attempts at Sending a Code=3\nSMS.Method=BREW\nEmail Subject=x\n";
  const refused = await run(["import", "genesys-settings", fileWith(wrong), "--dry-run"]);
  expect(refused.code).toBe(2);
  for (const field of ["Skip Options:", "line 2:", "SMS.Method:", "SMS.URL:"])
    expect(refused.stderr).toContain(field);
  const unknown = await run([
    "import",
    "genesys-settings",
    fileWith('{"Skip Option": true, "Email Subject": "x"}'),
    "--dry-run",
  ]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("Skip Option: This is not")]);
  const pin = fileWith("Number of digits for the Generated Code=4");
  const short = await run(["import", "genesys-settings", pin, "--dry-run"]);
  expect([short.code, short.stderr]).toEqual([2, expect.stringContaining("--legacy-pin")]);
  const allowed = await run(["import", "genesys-settings", pin, "--dry-run", "--legacy-pin", "--json"]);
  expect(JSON.parse(allowed.stdout).publication.policy).toEqual({ legacyPin: true, codeLength: 4 });
});

test("import genesys-settings makes a publication that answers, changes it, and takes everything back when it is refused", async () => {
  const server = await serve(join(tempFolder(), "data"));
  const made = await server.run(["import", "genesys-settings", fileWith(page), "--name", "Import", "--json"]);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const { publication } = JSON.parse(made.stdout);
  const { pathname, search } = new URL(publication.url);
  const document = await fetch(`${server.url}${pathname}${search}`, { method: "POST" });
  expect([document.status, await document.text()]).toEqual([200, expect.stringContaining("<vxml")]);

  const at = `/v1/apps/${server.demo.app}/publications/${publication.id}`;
  const change = fileWith(
    "Maximum Attempts at Sending an Authentication Code=7\nNumber of digits for the Generated Code=5",
  );
  const changed = await server.run([
    "import",
    "genesys-settings",
    change,
    "--publication",
    publication.id,
    "--legacy-pin",
  ]);
  expect([changed.code, changed.stdout]).toEqual([0, expect.stringContaining("Changed")]);
  expect(await (await server.ask("GET", at)).json()).toMatchObject({
    settings: { ...expected, maxSends: 7, digits: 5 },
    policy: { legacyPin: true, codeLength: 5 },
  });

  const count = async () => {
    const answer = await (await server.ask("GET", "/v1/credentials")).json();
    return (answer as { credentials: unknown[] }).credentials.length;
  };
  const before = await count();
  const again = await server.run([
    "import",
    "genesys-settings",
    fileWith(page),
    "--name",
    "Import",
    "--channel",
    "chat",
  ]);
  expect([again.code, await count()]).toEqual([1, before]);
  const twiml = await server.run(["import", "genesys-settings", fileWith(page), "--channel", "twiml"]);
  expect([twiml.code, twiml.stderr]).toEqual([2, expect.stringContaining("--access")]);
});
