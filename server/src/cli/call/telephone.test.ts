import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type RunningServer, run, serve, tempFolder } from "../../../test/cli/command.ts";
import { readScript, readTyped, writtenAct } from "./caller.ts";
import { phoneChannels } from "./phone/open.ts";

let server: RunningServer;
const folder = mkdtempSync(join(tmpdir(), "countersign-call-"));
const data = join(folder, "data");
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  server = await serve(data, {}, (stop) => stops.push(stop));
});
afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Called {
  readonly path: string | null;
  readonly how: string;
  readonly values: Readonly<Record<string, string>>;
  readonly turns: readonly { readonly system: string; readonly caller?: string }[];
}

/** With the demo of the data folder, as somebody who has just started it. */
const call = (parts: readonly string[], input = "") =>
  run(["call", ...parts, "--data", data, "--url", server.url], { input });

describe.each(phoneChannels)("countersign call %s", (channel) => {
  it("two methods, the second one, a wrong code, the right one: success", async () => {
    const { code, stdout } = await call([channel, "--keys", "2 {wrong} (silence) {code}", "--inbox"]);
    expect(stdout).toMatch(/press 2|type 2/);
    expect(stdout).toContain("| sms to +12025550123");
    expect(stdout).toContain("Caller: (wrong code)");
    expect(stdout).toMatch(/Path: success\n$/);
    expect(code).toBe(0);
  });

  it("the limits exceeded: agent, and exit 1", async () => {
    const person = {
      externalId: `unlucky-${channel}`,
      email: `${channel}@example.com`,
      phone: `+120255501${70 + phoneChannels.indexOf(channel)}`,
    };
    expect((await server.ask("POST", "/v1/users", person)).status).toBe(201);
    const script = `1 ${"{wrong} ".repeat(9)}`;
    const { code, stdout } = await call([channel, "--json", "--user", person.externalId, "--keys", script]);
    const called: Called = JSON.parse(stdout);
    expect(called).toMatchObject({ path: "agent" });
    expect(called.turns).toHaveLength(11);
    // What was typed stands nowhere.
    expect(JSON.stringify(called.turns)).not.toMatch(/\d{6}/);
    expect(code).toBe(1);
  });
});

test("keys are typed line by line, and the end of the input hangs up", async () => {
  const { stdout, code } = await call(["twiml"], "2\n\n*0\n");
  expect(stdout).toContain("Caller: 2\nSystem: We have sent a code by text message");
  expect(stdout).toContain("Caller: (silence)");
  expect(stdout).toMatch(/Path: agent\n$/);
  expect(code).toBe(1);
  const hung = await call(["voicexml"], "2\n");
  expect(hung.stdout).toMatch(/Caller: \(hangs up\)\n\n.*\nPath: hangup\n$/);
});

test("a transcript has words and no codes", async () => {
  const { stdout } = await call(["swml", "--transcript", "--keys", "2 *3 {code}"]);
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual([
    ...["System:", "Caller:", "System:", "Caller:", "System:", "Caller:", "System:", "Path:"],
  ]);
  expect(lines[5]).toBe("Caller: (code 1)");
});

test("a caller is known by the number, and another language is spoken", async () => {
  const { stdout } = await call([
    ...["voicexml", "--caller", "+491713920012", "--locale", "de", "--keys", "2 {code}"],
  ]);
  expect(stdout).toContain("Für eine E-Mail");
  expect(stdout).toMatch(/Path: success\n$/);
});

test("a publication whose platform signs needs the secret, and the right one", async () => {
  const secret = "a-token-of-a-platform-0123456789";
  const credential = await server.ask("POST", "/v1/credentials", { name: "auth token", secret });
  const { id: access } = (await credential.json()) as { id: string };
  const settings = { access, methods: ["sms"] };
  const body = { name: "Signed", channel: "twiml", settings };
  const made = await server.ask("POST", `/v1/apps/${server.demo.app}/publications`, body);
  const { id } = (await made.json()) as { id: string };
  const signed = (...more: string[]) =>
    call(["twiml", "--json", "--publication", id, "--keys", "{code}", ...more]);
  const without = await signed();
  expect(without).toMatchObject({ code: 78, stdout: "" });
  expect(JSON.parse(without.stderr).error.code).toBe("publication_missing");
  const file = join(tempFolder(), "token");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  const { stdout, code } = await signed("--access-file", file);
  expect(JSON.parse(stdout)).toMatchObject({ path: "success" });
  expect(code).toBe(0);
  writeFileSync(file, `${secret}x`);
  const wrong: Called = JSON.parse((await signed("--access-file", file)).stdout);
  expect(wrong).toMatchObject({ path: null, how: "failed", why: expect.stringContaining("403") });
  expect((await call(["swml", "--publication", id])).code).toBe(78);
  expect((await call(["swml", "--publication", "019ab3c4-0000-7000-8000-000000000000"])).code).toBe(1);
});

test("what a caller does is read as it is documented", () => {
  expect(readScript('2 {wrong}, (code 2) "slower please" hangup')).toEqual([
    ...["2", "{wrong}", "(code 2)", '"slower please"', "hangup"],
  ]);
  expect(readTyped(" 12 34# ")).toEqual({ kind: "act", act: { kind: "keys", keys: "1234#" } });
  expect(readTyped("")).toEqual({ kind: "act", act: { kind: "silence" } });
  expect(readTyped("(code 2)#")).toEqual({ kind: "code", number: 2, more: "#" });
  expect(readTyped("{wrong}")).toEqual({ kind: "wrong" });
  expect(readTyped("slower please")).toEqual({ kind: "act", act: { kind: "words", text: "slower please" } });
  expect(writtenAct({ kind: "keys", keys: "387989#" }, ["1", "387989"])).toBe("(code 2)");
  expect(writtenAct({ kind: "keys", keys: "111111" }, ["387989"])).toBe("(wrong code)");
  expect(writtenAct({ kind: "keys", keys: "111111" }, [])).toBe("(a code)");
});
