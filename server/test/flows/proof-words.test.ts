import { afterAll, beforeAll, expect, it } from "vitest";
import { type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;

beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

async function messageTo(phone: string, locale: string) {
  const { api } = server;
  const user = await api.post("/v1/users", { phone, locale });
  const started = await api.post("/v1/verifications", { user: user.body.id, via: "sms" });
  expect(started.status).toBe(201);
  const [message] = await server.messagesOf(started.body.id);
  return { verification: started.body.id, text: message?.text ?? "" };
}

it("shows each verification's own two words where a template has the place", async () => {
  for (const locale of ["en", "de"]) {
    const text = `\${OTP} [\${words}]`;
    expect((await server.api.post("/v1/templates", { via: "sms", locale, text })).status).toBe(201);
  }
  const words = /^\d{6} \[(\p{L}+ \p{L}+)\]$/u;
  const english = await messageTo("+12025550181", "en");
  const german = await messageTo("+12025550182", "de");
  expect(english.text).toMatch(words);
  expect(german.text).toMatch(words);
  expect(words.exec(english.text)?.[1]).toBe(words.exec(english.text)?.[1]?.toLowerCase());
  expect(words.exec(german.text)?.[1]).toMatch(/^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u);

  const stored = await server.api.get(`/v1/verifications/${english.verification}`);
  const events = await server.api.get(`/v1/audit?verification=${english.verification}`);
  const said = words.exec(english.text)?.[1] ?? "";
  expect(JSON.stringify([stored.body, events.body])).not.toContain(said);
});
