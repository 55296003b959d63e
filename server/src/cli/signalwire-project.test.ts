import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serve, tempFolder } from "../../test/cli/command.ts";

const project = "4d0d6f16-5881-4fcc-92a4-02c51a91954d";
const imported = "PT5b1e0f7a9c3d2468ace013579bdf0246";

test("an existing pair of id and token is taken over, one is made, and both log in until they are removed", async () => {
  const folder = tempFolder();
  const server = await serve(join(folder, "data"));
  const statusOf = async (id: string, token: string) => {
    const login = Buffer.from(`${id}:${token}`).toString("base64");
    const answer = await fetch(`${server.url}/api/relay/rest/mfa/sms`, {
      method: "POST",
      headers: { authorization: `Basic ${login}`, "content-type": "application/json" },
      body: JSON.stringify({ to: "+12025550123", from: "+12025550101" }),
    });
    return answer.status;
  };

  const file = join(folder, "token");
  writeFileSync(file, `${imported}\n`, { mode: 0o600 });
  const from = "+12025550100, +12025550101";
  const taken = await server.run([
    ...["signalwire-project", "add", "Old space", "--project", project.toUpperCase()],
    ...["--token-file", file, "--from", from, "--json"],
  ]);
  expect(taken).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(taken.stdout)).toMatchObject({ id: project, lastFour: "0246", links: "allowed" });
  expect(taken.stdout).not.toContain(imported);
  expect(await statusOf(project, imported)).toBe(200);

  const out = join(folder, "made");
  const made = await server.run(["signalwire-project", "add", "--from", "+12025550101", "--out", out]);
  const token = readFileSync(out, "utf8").trim();
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(token).toMatch(/^PT[0-9a-f]{48}$/);
  expect(made.stdout).not.toContain(token);
  const id = /Project +(\S+)/.exec(made.stdout)?.[1] ?? "";
  expect(await statusOf(id, token)).toBe(200);

  const listed = await server.run(["signalwire-project", "list"]);
  expect(listed.stdout).toContain(project);
  expect(listed.stdout).not.toContain(token);

  expect((await server.run(["signalwire-project", "remove", id])).code).toBe(0);
  expect(await statusOf(id, token)).toBe(401);
  expect((await server.run(["signalwire-project", "remove", id])).code).toBe(1);
  expect(await statusOf(project, imported)).toBe(200);

  const shown = await server.run(["signalwire-project", "add", "Shown", "--token", `${imported}x`]);
  expect(shown.stderr).toContain("--token-file");
  for (const wrong of [
    ["--token", imported, "--token-file", file],
    ["--token-file", join(folder, "none")],
    ["--token", "short"],
    ["--project", "not-an-id"],
    ["--from", "alerts"],
    ["--project", project],
  ]) {
    const refused = await server.run(["signalwire-project", "add", "Wrong", ...wrong]);
    expect([wrong, refused.code === 0, refused.stdout]).toEqual([wrong, false, ""]);
  }
});
