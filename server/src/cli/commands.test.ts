import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { mainFile, run, sendCode, serve, tempFolder } from "../../test/cli/command.ts";
import { parseApiKey } from "../engine/code/api-key.ts";

test("send, inbox, check, status: a code goes out, comes in and is accepted once", async () => {
  const server = await serve(join(tempFolder(), "data"));
  const { id, code } = await sendCode(server);
  expect(await server.json(["status", id])).toMatchObject({ id, status: "pending", attempts: 0 });

  const other = code === "000000" ? "000001" : "000000";
  const wrong = await server.run(["check", id, other, "--json"]);
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.stdout)).toMatchObject({ approved: false });

  // As a person reads it out, and through stdin so that no shell remembers it.
  const spoken = `${code.slice(0, 3)} ${code.slice(3)}\n`;
  const right = await server.run(["check", id, "--json"], { input: spoken });
  expect(right).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(right.stdout)).toMatchObject({ approved: true, receipt: expect.any(String) });

  const spent = await server.run(["check", id, ...code.match(/.{3}/g)!]);
  expect(spent.code).toBe(1);
  expect(spent.stdout).toMatch(/^Not approved/);
  expect(await server.json(["status", id])).toMatchObject({ status: "approved" });
  const text = await server.run(["status", id]);
  expect(text.stdout).toContain("Status        approved");

  const nothing = await server.run(["check", id]);
  expect(nothing.code).toBe(2);
  const unknown = await server.run(["status", "019ab3c4-0000-7000-8000-000000000000"]);
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  const nobody = await server.run(["send", "no-such-person"]);
  expect(nobody.code).toBe(1);

  const byNumber = await server.json<{ to: string }>(["send", "+12025550123"]);
  expect(byNumber.to).not.toContain("2025550");
});

test("user and key: what is made can be listed, changed and taken away", async () => {
  const folder = tempFolder();
  const server = await serve(join(folder, "data"));
  const added = await server.json<{ id: string }>([
    ...["user", "add", "--external-id", "77", "--name", "Bob\u001B[31m", "--email", "bob@example.com"],
  ]);
  const shown = await server.json<{ authenticators: object[] }>(["user", "show", "77"]);
  expect(shown).toMatchObject({ id: added.id, externalId: "77", role: "member" });
  expect(shown.authenticators).toHaveLength(1);
  // A name is text from elsewhere: it must not command the terminal.
  const list = await server.run(["user", "list"]);
  expect(list.stdout).toContain("Bob");
  expect(list.stdout).not.toContain("\u001B");

  expect((await server.run(["user", "disable", "77"])).code).toBe(0);
  expect((await server.run(["send", "77", "--via", "email"])).code).not.toBe(0);
  expect((await server.run(["user", "enable", added.id])).code).toBe(0);
  expect((await server.run(["send", "77", "--via", "email"])).code).toBe(0);
  expect((await server.run(["user", "remove", "77"])).code).toBe(0);
  expect((await server.run(["user", "show", "77"])).code).toBe(1);
  expect((await server.run(["user", "add", "--phone", "12"])).code).toBe(2);

  const file = join(folder, "agent.key");
  const made = await server.run(["key", "create", "agent", "--scopes", "verifications:start", "--out", file]);
  expect(made.code).toBe(0);
  const key = readFileSync(file, "utf8").trim();
  expect(made.stdout).not.toContain(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const asAgent = (...parts: string[]) => run([...parts, "--url", server.url, "--key-file", file]);
  const forbidden = await asAgent("user", "list", "--json");
  expect(forbidden.code).toBe(77);
  expect(JSON.parse(forbidden.stderr).error.code).toBe("forbidden");

  const { apiKeys } = await server.json<{ apiKeys: { name: string; id: string }[] }>(["key", "list"]);
  const { id } = apiKeys.find(({ name }) => name === "agent")!;
  expect(parseApiKey(key)?.id).toBe(id);
  expect((await server.run(["key", "revoke", id])).code).toBe(0);
  expect((await asAgent("user", "list")).code).toBe(77);
  const repeated = await server.run(["key", "create", "agent", "--scopes", "nonsense"]);
  expect(repeated.code).toBe(2);
});

test("a list longer than a page is read to its end", async () => {
  const server = await serve(join(tempFolder(), "data"));
  for (let number = 0; number < 205; number += 1) {
    const response = await server.ask("POST", "/v1/users", { externalId: `bulk-${number}` });
    expect(response.status).toBe(201);
  }
  const { users } = await server.json<{ users: { id: string }[] }>(["user", "list"]);
  expect(new Set(users.map(({ id }) => id)).size).toBe(209);
});

/** A command that stays: its lines one by one, and an end as by Ctrl-C. */
function following(url: string, apiKey: string, parts: readonly string[]) {
  const child = spawn(process.execPath, [mainFile, ...parts, "--json"], {
    env: { ...process.env, COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: apiKey },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    next: async () => JSON.parse((await lines.next()).value ?? "null") as Record<string, unknown>,
    interrupt: () => {
      const ended = new Promise((resolve) => child.on("close", resolve));
      child.kill("SIGINT");
      return ended;
    },
  };
}

test("watch and inbox --follow print each event and message as it comes, and end with 0", async () => {
  const server = await serve(join(tempFolder(), "data"));
  const { url, demo } = server;
  const feed = following(url, demo.apiKey, ["watch", "--after", "0", "--type", "verification.started"]);
  const phone = following(url, demo.apiKey, ["inbox", "--follow"]);
  const { id } = await server.json<{ id: string }>(["send", "1001"]);
  expect(await feed.next()).toMatchObject({ type: "verification.started", verification: id });
  expect(await phone.next()).toMatchObject({ via: "sms", verification: id, text: expect.any(String) });
  const second = await server.json<{ id: string }>(["send", "1002", "--via", "email"]);
  expect(await feed.next()).toMatchObject({ verification: second.id });
  expect(await phone.next()).toMatchObject({ via: "email", verification: second.id });
  expect(await Promise.all([feed.interrupt(), phone.interrupt()])).toEqual([0, 0]);

  const counted = await server.run(["watch", "--after", "0", "--count", "2", "--json"]);
  expect(counted.code).toBe(0);
  expect(
    counted.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2]);
});

const genesys = [
  "SMS.Method=POST",
  "SMS.URL=https://sms.example.com/send?to=[var:Recipient]",
  "SMS.RequestHeaders=Authorization: Bearer very-secret-token",
  "SMS.RequestBody=[var:Message]",
  "Email.SMTP.Host=mail.example.com",
  "Email.SMTP.User=mailer",
  "Email.SMTP.Password=very-secret-password",
].join("\n");

test("import genesys-settings --dry-run tells what it would make, without a server and without secrets", async () => {
  const file = join(tempFolder(), "settings.properties");
  writeFileSync(file, genesys);
  const planned = await run(["import", "genesys-settings", file, "--dry-run", "--json"]);
  expect(planned.code).toBe(0);
  expect(planned.stdout).not.toContain("very-secret");
  const { drafts } = JSON.parse(planned.stdout);
  expect(drafts.map((draft: { provider: { kind: string } }) => draft.provider.kind)).toEqual([
    "http-gateway",
    "smtp",
  ]);
  expect(drafts[1].missing).toEqual(["from"]);

  writeFileSync(file, "SMS.Method=BREW\nSMS.URL=gopher://x\n");
  const refused = await run(["import", "genesys-settings", file, "--dry-run"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("SMS.Method");
});

test("provider add keeps secrets at any depth of the settings, and nothing when there is no such place", async () => {
  const folder = tempFolder();
  const server = await serve(join(folder, "data"));
  const [file, secret] = [join(folder, "gateway.json"), join(folder, "secret.txt")];
  const headers = [{ name: "X-Api-Key" }];
  const settings = {
    ...{ method: "POST", url: "https://gateway.example.com/send", headers },
    bodyTemplate: `{"to":"\${to}","text":"\${text}"}`,
  };
  writeFileSync(file, JSON.stringify({ name: "Gateway", kind: "http-gateway", vias: ["sms"], settings }));
  writeFileSync(secret, "gateway-key\n");
  const add = (member: string) =>
    server.run(["provider", "add", file, "--secret", `${member}=${secret}`, "--beside-simulated", "--json"]);
  for (const member of ["headers.1.credential", "headers.0.name.credential", "nothing.credential"]) {
    const refused = await add(member);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(member)]);
  }
  const credentials = async () =>
    (
      (await (await server.ask("GET", "/v1/credentials")).json()) as {
        credentials: { id: string; name: string }[];
      }
    ).credentials;
  const before = (await credentials()).length;
  const added = await add("headers.0.credential");
  expect(added.stderr).toBe("");
  const kept = (await credentials()).find(({ name }) => name === "Gateway headers.0.credential");
  expect(JSON.parse(added.stdout).settings.headers).toEqual([{ name: "X-Api-Key", credential: kept?.id }]);
  expect((await credentials()).length).toBe(before + 1);

  for (const [more, code] of [
    [[], 2],
    [["--beside-simulated"], 0],
  ] as const) {
    await server.run(["provider", "disable", "Gateway"]);
    expect((await server.run(["provider", "enable", "Gateway", ...more])).code).toBe(code);
  }
});

test("import genesys-settings makes the providers and their credentials, and takes all of it back when one is refused", async () => {
  const folder = tempFolder();
  const server = await serve(join(folder, "data"));
  const file = join(folder, "settings.properties");
  writeFileSync(file, genesys);
  const without = await server.run(["import", "genesys-settings", file]);
  expect(without.code).toBe(2);
  expect(without.stderr).toContain("--from");

  const from = ["--from", "mfa@example.com"];
  // The demo's simulated phone is on: the server says so before anything is made.
  const beside = await server.run(["import", "genesys-settings", file, ...from]);
  expect(beside.code).toBe(2);
  expect(beside.stderr).toContain("simulated");
  const done = await server.run([
    "import",
    "genesys-settings",
    file,
    ...from,
    "--beside-simulated",
    "--json",
  ]);
  expect(done.stderr).toBe("");
  expect(done.code).toBe(0);
  expect(done.stdout).not.toContain("very-secret");
  const { providers } = JSON.parse(done.stdout);
  expect(providers).toMatchObject([
    { name: "Genesys SMS gateway", credentials: [{ name: "Genesys SMS Authorization" }] },
    { name: "Genesys mail server", credentials: [{ name: "Genesys SMTP password" }] },
  ]);

  const count = async (collection: string) => {
    const answer = await (await server.ask("GET", `/v1/${collection}`)).json();
    return (answer as Record<string, unknown[]>)[collection]!.length;
  };
  const before = [await count("providers"), await count("credentials")];
  // The names are taken now. A second import stops at the first of them and leaves nothing of its own.
  const again = await server.run(["import", "genesys-settings", file, ...from, "--disabled"]);
  expect(again.code).toBe(1);
  expect([await count("providers"), await count("credentials")]).toEqual(before);
});
