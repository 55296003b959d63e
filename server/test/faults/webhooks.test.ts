import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Webhook as Verifier } from "standardwebhooks";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder, wait } from "./folder.ts";
import { serve } from "./server-process.ts";
import { makeWorld } from "./world.ts";

const cycles = 12;

/** A receiver that refuses every fifth event at its first try, and lives on when the server dies. */
async function openReceiver() {
  const received = new Map<string, number>();
  const refused = new Set<string>();
  const state = { secret: "" };
  let count = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const verified = new Verifier(state.secret).verify(body, request.headers as Record<string, string>);
    const { id } = verified as { id: string };
    expect(request.headers["webhook-id"]).toBe(id);
    count += 1;
    if (count % 5 === 0 && !refused.has(id) && !received.has(id)) {
      refused.add(id);
      response.writeHead(500).end();
      return;
    }
    received.set(id, (received.get(id) ?? 0) + 1);
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, refused, state, allow: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/hook` };
}

interface AuditEvent {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly user?: string;
  readonly details: { readonly kind?: string };
}

it(`WHK-12 ${cycles} times killed: every event of an acknowledged change reaches the web-hook, under one id`, async () => {
  const receiver = await openReceiver();
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const data = join(folder.path, "data");
  const { apiKey } = await makeWorld(data, 1, receiver.url);
  const environment = { COUNTERSIGN_OUTBOUND_ALLOW: receiver.allow };
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const ask = (url: string, method: string, body?: object) =>
    fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const made = new Set<string>();

  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const server = await serve({ data, environment });
    if (receiver.state.secret === "") {
      const body = { url: receiver.url, events: ["user.created"] };
      const answer = await ask(`${server.url}/v1/webhooks`, "POST", body);
      ({ secret: receiver.state.secret } = (await answer.json()) as { secret: string });
    }
    let running = true;
    const line = async () => {
      while (running) {
        const answer = await ask(`${server.url}/v1/users`, "POST", {}).catch(() => undefined);
        const text = await answer?.text().catch(() => "");
        if (answer?.status === 201 && text) made.add((JSON.parse(text) as { id: string }).id);
      }
    };
    const lines = [line(), line(), line(), line()];
    await wait(150 + Math.random() * 350);
    await server.kill();
    running = false;
    await Promise.all(lines);
  }

  const server = await serve({ data, environment });
  const events: AuditEvent[] = [];
  let next: number | null = null;
  do {
    const query: string = next === null ? "" : `&before=${next}`;
    const answer = await ask(`${server.url}/v1/audit?limit=200${query}`, "GET");
    const page = (await answer.json()) as { events: AuditEvent[]; next: number | null };
    events.push(...page.events);
    next = page.next;
  } while (next !== null);
  // The people of the world were there before the web-hook.
  const begun = events.find(
    ({ type, details }) => type === "settings.created" && details.kind === "webhook",
  )!;
  const created = events.filter(({ type, seq }) => type === "user.created" && seq > begun.seq);
  const recorded = new Set(created.map(({ user, id }) => user ?? id));
  expect(made.size).toBeGreaterThan(200);
  expect([...made].filter((user) => !recorded.has(user))).toEqual([]);

  // A second try comes after five or six seconds, and arrives.
  const missing = () => created.filter(({ id }) => !receiver.received.has(id));
  await expect.poll(() => missing().length, { timeout: 60_000 }).toBe(0);
  expect(receiver.refused.size).toBeGreaterThan(20);
  const known = new Set(created.map(({ id }) => id));
  expect([...receiver.received.keys()].filter((id) => !known.has(id))).toEqual([]);
  const again = [...receiver.received.values()].filter((times) => times > 1).length;
  console.log(`web-hooks under kill -9: ${created.length} events, ${again} of them received more than once`);
  await server.kill();
});
