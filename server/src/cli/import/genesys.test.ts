import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, serve, tempFolder } from "../../../test/cli/command.ts";
import { copiedPage, pageAsSettings } from "../../../test/genesys-page.ts";

function fileWith(text: string): string {
  const file = join(tempFolder(), "page.txt");
  writeFileSync(file, text);
  return file;
}

test("import genesys-settings --dry-run shows the publication and the providers of one file, or all that is wrong with it", async () => {
  const both = `${copiedPage}\nEmail.SMTP.Host=mail.example.com\n`;
  const { code, stdout } = await run(["import", "genesys-settings", fileWith(both), "--dry-run", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    drafts: [{ provider: { kind: "smtp", settings: { from: "mfa@example.com" } }, missing: [] }],
    publication: { channel: "voicexml", settings: pageAsSettings },
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
  const made = await server.run([
    "import",
    "genesys-settings",
    fileWith(copiedPage),
    "--name",
    "Import",
    "--json",
  ]);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const { publication } = JSON.parse(made.stdout);
  const { pathname } = new URL(publication.url);
  const headers = { "X-Countersign-Key": publication.key };
  const document = await fetch(`${server.url}${pathname}`, { method: "POST", headers });
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
    settings: { ...pageAsSettings, maxSends: 7, digits: 5 },
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
    fileWith(copiedPage),
    "--name",
    "Import",
    "--channel",
    "chat",
  ]);
  expect([again.code, await count()]).toEqual([1, before]);
  const twiml = await server.run(["import", "genesys-settings", fileWith(copiedPage), "--channel", "twiml"]);
  expect([twiml.code, twiml.stderr]).toEqual([2, expect.stringContaining("--access")]);
});
