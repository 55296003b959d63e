import { join } from "node:path";
import { expect, test } from "vitest";
import { sendCode, serve, tempFolder } from "../../test/cli/command.ts";

test("sending: totals and countries after a message, and why another one would not go", async () => {
  const server = await serve(join(tempFolder(), "data"));
  await sendCode(server);
  const shown = await server.run(["sending"]);
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toMatch(/^Rules +refuse$/m);
  expect(shown.stdout).toMatch(/^Last hour +1 message, 0\.00 EUR$/m);
  expect(shown.stdout).toMatch(/^DE +\+49 +1 +- +go$/m);
  expect(await server.json(["sending", "show"])).toMatchObject({ hour: { sends: 1 }, blockedPrefixes: [] });

  const open = await server.run(["sending", "explain", "+491713920012"]);
  expect(open.stdout).toBe("It would go: sms to DE +49, mobile\n");
  expect(open.code).toBe(0);
  const closed = await server.run(["sending", "explain", "+819012345678", "--via", "voice"]);
  expect(closed.code).toBe(1);
  const premium = await server.run(["sending", "explain", "+19005551234", "--json"]);
  expect(premium.code).toBe(1);
  expect(JSON.parse(premium.stdout)).toMatchObject({
    allowed: false,
    type: "premium_rate",
    refusals: [{ rule: "number_type_blocked" }],
  });
});
