import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Webhook as Verifier } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { serve, tempFolder } from "../../test/cli/command.ts";

interface Call {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Keeps what it is told, and answers with the status of the moment. */
async function startReceiver() {
  const calls: Call[] = [];
  const state = { status: 204 };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    calls.push({ headers: request.headers as Record<string, string>, body });
    response.writeHead(state.status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { calls, state, port, url: `http://127.0.0.1:${port}/hook` };
}

test("webhook: add, list, test, notices, replay and remove", async () => {
  const receiver = await startReceiver();
  const folder = tempFolder();
  const environment = { COUNTERSIGN_OUTBOUND_ALLOW: `127.0.0.1:${receiver.port}` };
  const server = await serve(join(folder, "data"), environment);
  const file = join(folder, "hook.secret");
  const add = ["webhook", "add", receiver.url, "--events", "user.created", "--out", file];
  const { id } = await server.json<{ id: string }>(add);
  const secret = readFileSync(file, "utf8").trim();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const shown = await server.run(["webhook", "add", receiver.url, "--events", "user.deleted"]);
  expect(shown.stdout).toMatch(/^whsec_/);
  expect((await server.run(["webhook", "add", "http://169.254.169.254/"])).code).toBe(2);
  const list = await server.run(["webhook", "list"]);
  expect(list.stdout).toContain(id);
  expect(list.stdout).not.toContain("whsec_");

  expect(await server.json(["webhook", "test", id])).toEqual({ ok: true, status: 204 });
  const [trial] = receiver.calls;
  expect(new Verifier(secret).verify(trial!.body, trial!.headers)).toMatchObject({ type: "webhook.tested" });
  receiver.state.status = 500;
  expect(await server.run(["webhook", "test", id])).toMatchObject({
    code: 1,
    stdout: "It answered 500. Only 2xx counts as received.\n",
  });

  const notices = () =>
    server.json<{ notices: { event: string; state: string }[] }>(["webhook", "notices", id]);
  await server.run(["user", "add", "--name", "Told"]);
  await expect.poll(async () => (await notices()).notices.map(({ state }) => state)).toEqual(["waiting"]);
  receiver.state.status = 200;
  const { event } = (await notices()).notices[0]!;
  expect((await server.run(["webhook", "replay", id, "--event", event])).code).toBe(0);
  await expect.poll(async () => (await notices()).notices.map(({ state }) => state)).toEqual(["delivered"]);
  expect((await server.run(["webhook", "notices", id, "--state", "delivered"])).stdout).toContain(event);
  expect((await server.run(["webhook", "replay", id])).code).toBe(2);
  expect((await server.run(["webhook", "replay", id, "--since", "2026-01-01T00:00:00Z"])).code).toBe(0);
  expect((await server.run(["webhook", "remove", id])).code).toBe(0);
  expect((await server.run(["webhook", "test", id])).code).toBe(1);
});
