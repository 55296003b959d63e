import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run, serve, tempFolder } from "../cli/command.ts";

const canary = "canary-7f3b9d51c2e84a60";

/** Every file below a folder, as it lies on the disk. */
function bytesBelow(folder: string): readonly (readonly [name: string, bytes: Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))] as const);
}

/** Command line and environment of the processes that name the folder: what `ps` would show to others. */
function processesOf(folder: string): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const line = readFileSync(join("/proc", id, "cmdline"), "utf8");
        return line.includes(folder) ? [line, readFileSync(join("/proc", id, "environ"), "utf8")] : [];
      } catch {
        // It ended meanwhile.
        return [];
      }
    })
    .join("\n");
}

it("PRV-13: a secret shows in no answer, file, backup, manifest, export or process", async () => {
  const folder = tempFolder();
  const data = join(folder, "data");
  const server = await serve(data);
  const made = await server.ask("POST", "/v1/credentials", { name: "gateway", secret: canary });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const provider = {
    name: "Gateway",
    kind: "twilio",
    vias: ["sms"],
    settings: { accountSid: `AC${"0".repeat(32)}`, authToken: id, from: "+12025550100" },
    enabled: false,
    besideSimulated: true,
  };
  const added = await server.ask("POST", "/v1/providers", provider);
  expect([added.status, await added.text()]).toEqual([201, expect.stringContaining(id)]);
  const { demo } = server;
  const paths = ["/v1/credentials", `/v1/credentials/${id}`, "/v1/providers", "/v1/audit?limit=200"];
  const answers = await Promise.all(paths.map(async (path) => (await server.ask("GET", path)).text()));
  expect(answers.join("\n")).toContain("gateway");
  const running = processesOf(data);
  if (process.platform === "linux") expect(running).toContain(data);
  for (const secret of [canary, demo.apiKey]) {
    for (const shown of [...answers, running]) expect(shown).not.toContain(secret);
  }
  expect((await run(["backup", join(folder, "copy.db"), "--data", data])).code).toBe(0);
  await server.stop();
  const exported = await run(["audit", "export", "--data", data]);
  expect(exported.stdout).toContain("settings.created");
  expect(exported.stdout).not.toContain(canary);
  const files = bytesBelow(folder);
  expect(files.map(([name]) => name)).toEqual(
    expect.arrayContaining(["countersign.db", "copy.db", "copy.db.json"]),
  );
  for (const [name, bytes] of files) {
    expect([name, bytes.includes(canary)]).toEqual([name, false]);
    // The file for scripts is made to hold the demo's key, and nothing else does.
    if (name !== "demo.json") expect([name, bytes.includes(demo.apiKey)]).toEqual([name, false]);
  }
});
