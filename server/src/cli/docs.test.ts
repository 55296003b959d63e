import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../../test/cli/command.ts";
import { exits } from "./exit.ts";

const guide = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
const commands: readonly (readonly string[])[] = [
  ...["serve", "init", "doctor", "send", "check", "status", "inbox", "watch", "backup", "restore"].map(
    (name) => [name],
  ),
  ...["add", "list", "show", "disable", "enable", "remove"].map((name) => ["user", name]),
  ...["create", "list", "revoke"].map((name) => ["key", name]),
  ...["list", "add", "enable", "disable", "move", "test"].map((name) => ["provider", name]),
  ...["show", "explain"].map((name) => ["sending", name]),
  ["policy", "rehearse"],
  ...["add", "list", "remove"].map((name) => ["signalwire-project", name]),
  ...["add", "list", "test", "notices", "replay", "remove"].map((name) => ["webhook", name]),
  ...["new", "status", "verify", "rotate", "retire"].map((name) => ["keys", name]),
  ...["verify", "bundle", "export"].map((name) => ["audit", name]),
  ...["voicexml", "twiml", "swml", "chat", "swaig"].map((name) => ["call", name]),
  ["erase"],
  ["import", "genesys-settings"],
];

test("the guide names every option of every command", async () => {
  const missing: string[] = [];
  for (const command of commands) {
    const { code, stdout } = await run([...command, "--help"]);
    expect(code, command.join(" ")).toBe(0);
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]!);
    expect(options).toContain("--json");
    missing.push(
      ...options.filter((option) => !guide.includes(`\`${option}`) && !guide.includes(`${option} `)),
    );
  }
  expect(missing.filter((option) => option !== "--help")).toEqual([]);
});

test("the guide names every command group, and every exit code", async () => {
  const { stdout } = await run(["--help"]);
  const groups = [...stdout.matchAll(/^ {2}([a-z]+) /gm)]
    .map((match) => match[1]!)
    .filter((name) => name !== "help");
  for (const group of groups) expect(guide, group).toContain(`\`countersign ${group}`);
  for (const exit of Object.values(exits)) expect(guide).toMatch(new RegExp(`^\\| ${exit} \\|`, "m"));
});
