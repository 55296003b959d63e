import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, runJson, serve, tempFolder } from "../../test/cli/command.ts";
import { parseApiKey } from "../engine/code/api-key.ts";

const acme = ["--organization", "acme", "--email", "anna@example.com", "--phone", "+49 171 3920012"];

test("init makes an organization, an admin and a key", async () => {
  const data = join(tempFolder(), "data");
  const made = await runJson<{ apiKey: string }>([
    "init",
    "--data",
    data,
    ...acme,
    "--display-name",
    "Acme",
    "--locale",
    "de-at",
  ]);
  expect(made).toMatchObject({ name: "acme", organization: expect.any(String), user: expect.any(String) });
  expect(parseApiKey(made.apiKey)).toMatchObject({ mode: "test" });
  const again = await run(["init", "--data", data, ...acme]);
  expect(again).toMatchObject({ code: 1, stdout: "" });
  expect(again.stderr).toContain('"acme"');
  const keys = await runJson<{ keys: { purpose: string }[] }>(["keys", "status", "--data", data]);
  expect(keys.keys.filter((key) => key.purpose === "data")).toHaveLength(1);
});

test("--key-file takes the key instead of the screen, mode 0600, and never an older file", async () => {
  const folder = tempFolder();
  const data = join(folder, "data");
  const file = join(folder, "first.key");
  const ended = await run(["init", "--data", data, ...acme, "--key-file", file]);
  expect(ended.code).toBe(0);
  const key = readFileSync(file, "utf8").trim();
  expect(parseApiKey(key)).toBeDefined();
  expect(ended.stdout + ended.stderr).not.toContain(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const second = await run(["init", "--data", join(folder, "other"), ...acme, "--key-file", file]);
  expect(second.code).toBe(2);
  expect(readFileSync(file, "utf8").trim()).toBe(key);
});

test.each([
  ["no organization", ["--email", "anna@example.com"]],
  ["no way to reach the admin", ["--organization", "acme"]],
  ["a name with a space", ["--organization", "Acme Inc", "--email", "anna@example.com"]],
  ["a wrong number", ["--organization", "acme", "--phone", "12"]],
  ["a wrong language", ["--organization", "acme", "--email", "anna@example.com", "--locale", "???"]],
  ["a wrong country", ["--organization", "acme", "--email", "anna@example.com", "--country", "Germany"]],
])("without a person to ask, %s ends with 2 and leaves no organization", async (_name, parts) => {
  const data = join(tempFolder(), "data");
  expect((await run(["init", "--data", data, ...parts])).code).toBe(2);
  // The same name is still free.
  expect((await run(["init", "--data", data, ...acme])).code).toBe(0);
});

test("init stays away from a folder that a server holds", async () => {
  const data = join(tempFolder(), "data");
  await serve(data);
  const ended = await run(["init", "--data", data, ...acme]);
  expect(ended.code).toBe(75);
});
