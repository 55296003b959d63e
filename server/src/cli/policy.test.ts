import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendCode, serve, tempFolder } from "../../test/cli/command.ts";

test("policy rehearse: what rules of a file would have blocked, by rule, country and day", async () => {
  const folder = tempFolder();
  const server = await serve(join(folder, "data"));
  await sendCode(server);
  const rules = join(folder, "rules.json");
  writeFileSync(rules, JSON.stringify({ smsCountries: ["AT"] }));
  const kept = await server.run(["policy", "rehearse"]);
  expect(kept).toMatchObject({ code: 0, stderr: "" });
  expect(kept.stdout).toBe("0 of 1 messages blocked, of which 0 were later approved\n");
  const changed = await server.run(["policy", "rehearse", "--rules", rules, "--days", "1"]);
  expect(changed.stdout).toMatch(/^1 of 1 messages blocked, of which 0 were later approved$/m);
  expect(changed.stdout).toMatch(/^country_not_allowed +1 +0$/m);
  expect(changed.stdout).toMatch(/^DE +1 +0$/m);
  expect(changed.stdout).toMatch(/^20\d\d-\d\d-\d\d +1 +0$/m);
  expect(await server.json(["policy", "rehearse", "--rules", rules])).toMatchObject({
    blocked: 1,
    complete: true,
  });
  writeFileSync(rules, "[]");
  expect((await server.run(["policy", "rehearse", "--rules", rules])).code).toBe(2);
  expect((await server.run(["policy", "rehearse", "--days", "0"])).code).not.toBe(0);
});
