import { afterAll, beforeAll, expect, it } from "vitest";
import { copiedPage, pageAsSettings } from "../genesys-page.ts";
import { type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const gateway = [
  "SMS.Method=POST",
  "SMS.URL=https://sms.example.com/send?to=[var:Recipient]",
  "SMS.RequestHeaders=“Content-Type:text/plain”, “Authorization:Bearer s3cret-of-the-gateway”",
  "SMS.RequestBody=[var:Message]",
  "SMS.Timeout=4000",
  "SMS.PlusSymbolBeforeRecipientNumber=false",
  "Email.SMTP.Host=mail.example.com",
  "Email.SMTP.Port=587",
].join("\n");

interface Made {
  readonly providers: readonly { readonly id: string }[];
  readonly publication: {
    readonly id: string;
    readonly name: string;
    readonly url: string;
    readonly key: string;
  };
}

interface Problem {
  readonly fields: readonly { readonly field: string; readonly problem: string }[];
}

async function counts(): Promise<readonly number[]> {
  const paths = ["providers", "credentials", `apps/${server.demo.app}/publications`];
  return Promise.all(
    paths.map(async (path) => {
      const { body } = await server.api.get<Record<string, unknown[]>>(`/v1/${path}?limit=200`);
      return Object.values(body).find(Array.isArray)?.length ?? Number.NaN;
    }),
  );
}

it("takes both halves over: providers with their secrets put away, and a publication that opens with its new key", async () => {
  const text = `${copiedPage}\n${gateway}`;
  const made = await server.api.post<Made>("/v1/import/genesys-settings", { text, besideSimulated: true });
  expect(made).toMatchObject({ status: 201, body: { publication: { updated: false } } });
  const { providers, publication } = made.body;
  expect(JSON.stringify(made.body)).not.toContain("s3cret");
  const kept = await Promise.all(
    providers.map(async ({ id }) => (await server.api.get(`/v1/providers/${id}`)).body),
  );
  expect(kept).toMatchObject([
    { kind: "http-gateway", vias: ["sms"], enabled: true },
    { kind: "smtp", vias: ["email"], settings: { host: "mail.example.com", from: "mfa@example.com" } },
  ]);
  const at = `/v1/apps/${server.demo.app}/publications/${publication.id}`;
  const { body } = await server.api.get<{ settings: { access: string } }>(at);
  expect(body.settings).toEqual({ ...pageAsSettings, access: body.settings.access });
  const path = new URL(publication.url).pathname;
  const asked = (key: string) =>
    fetch(`${server.url}${path}`, { method: "POST", headers: { "X-API-Key": key } });
  expect([(await asked("wrong".repeat(5))).status, (await asked(publication.key)).status]).toEqual([
    401, 200,
  ]);

  const change = {
    text: "Internal Code Expiration Time (minutes)=4",
    publication: { publication: publication.id },
  };
  const changed = await server.api.post("/v1/import/genesys-settings", change);
  expect(changed.body).toEqual({
    providers: [],
    publication: { id: publication.id, name: publication.name, url: publication.url, updated: true },
  });
  expect((await server.api.get<{ settings: object }>(at)).body.settings).toEqual({
    ...body.settings,
    expiryMinutes: 4,
  });
  // Single settings are changed by our own names, with every problem told at once.
  const wrong = {
    ...{ ...body.settings, maxSends: 11, maxVerify: "many", onSendExceeded: "success", unheardOf: 1 },
    ws: {
      ...{ ...pageAsSettings.ws, verifyCode: {} },
      checkMethods: { production: "https://me:secret@p.example.com/" },
    },
  };
  const refused = await server.api.patch<Problem>(at, { settings: wrong });
  expect(refused.status).toBe(400);
  expect([...new Set(refused.body.fields.map(({ field }) => field))].sort()).toEqual([
    "/settings",
    "/settings/maxSends",
    "/settings/maxVerify",
    "/settings/onSendExceeded",
    "/settings/unheardOf",
  ]);
  const sentences = refused.body.fields.map(({ problem }) => problem).join("\n");
  expect(sentences).toContain("ws.verifyCode.production: external code generation needs");
  expect(sentences).toContain("ws.checkMethods.production: this is not an http or https URL without a login");
});

it("says every problem at once by the text's own names, and makes nothing", async () => {
  const before = await counts();
  const text =
    "SMS.Method=BREW\nSMS.Timeout=soon\nSkip Options=perhaps\nNumber of digits for the Generated Code=4";
  const refused = await server.api.post<{ code: string; fields: { field: string }[] }>(
    "/v1/import/genesys-settings",
    { text, publication: { channel: "twiml" } },
  );
  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_settings" } });
  expect(refused.body.fields.map(({ field }) => field)).toEqual([
    "SMS.URL",
    "SMS.Method",
    "SMS.Timeout",
    "Skip Options",
    "/publication/access",
    "/publication/legacyPin",
  ]);
  // A name that is taken by then: the provider and the credentials before it are taken back.
  const name = (
    await server.api.get<{ publications: { name: string }[] }>(`/v1/apps/${server.demo.app}/publications`)
  ).body.publications[0]?.name;
  const late = {
    text: `${copiedPage}\n${gateway.replace("SMS.URL=https://sms", "SMS.URL=https://other")}`,
    enabled: false,
  };
  const taken = await server.api.post("/v1/import/genesys-settings", { ...late, publication: { name } });
  expect([taken.status, await counts()]).toEqual([409, before]);
});
