import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { surfaceRanges } from "../../src/engine/verification/terms.ts";
import { defaultMessage } from "../../src/http/routes/signalwire/message.ts";
import { type Arena, openArena } from "../attacks/arena.ts";
import {
  basic,
  messageFor,
  type SurfaceAnswer,
  type SurfaceClient,
  surfaceClient,
  tokenFor,
} from "../signalwire.ts";

let arena: Arena;
let client: SurfaceClient;
beforeAll(async () => {
  arena = await openArena();
  client = surfaceClient(() => arena.server, arena.demo.signalwire);
});
afterAll(() => arena.close());

let phones = 0;
/** A number that no other test has used: failures and messages are counted per number. */
function phone(): string {
  phones += 1;
  return `+1202555${String(1000 + phones)}`;
}
const messageOf = (id: string) => messageFor(arena.server, arena.demo.organization, id);
const tokenOf = (id: string) => tokenFor(arena.server, arena.demo.organization, id);
const wrongFor = (token: string) => token.replace(/^\d/, (digit) => String((Number(digit) % 9) + 1));
const detailsOf = ({ body }: SurfaceAnswer) => body.errors?.map(({ detail }) => detail) ?? [];

/** Our own id of what the caller knows by this one. */
async function verificationOf(id: string): Promise<string> {
  const { body } = await arena.admin.get("/v1/audit?limit=200");
  const events = body["events"] as readonly { verification: string; details?: Record<string, unknown> }[];
  return events.find(({ details }) => details?.["request"] === id)?.verification ?? "";
}

const versionFour = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

describe("sending a token", () => {
  test.each([["sms"], ["call"]] as const)("by %s answers as documented, compactly", async (channel) => {
    const to = phone();
    const answer = await client.ask(`mfa/${channel}`, { to });
    expect(answer.status).toBe(200);
    expect(answer.body.id).toMatch(versionFour);
    expect(answer.text).toBe(`{"id":"${answer.body.id}","success":true,"to":"${to}","channel":"${channel}"}`);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    const message = await messageOf(answer.body.id);
    expect(message).toMatchObject({ to, via: channel === "call" ? "voice" : "sms" });
    const code = channel === "call" ? /(?:\d ){5}\d$/ : /\d{6}$/;
    expect(message.text.replace(code, "")).toBe("Your Personal Authorization Code is: ");
  });

  it("takes every documented field at both ends of its range, and no further", async () => {
    const fits = [
      { token_length: 4 },
      { token_length: 20 },
      { valid_for: 0 },
      { valid_for: 604_800 },
      { max_attempts: 1 },
      { max_attempts: 20 },
      { allow_alphas: true },
      { allow_alphas: false },
      { message: "m".repeat(153) },
      { message: "ж".repeat(63) },
      { from: "+15552221234" },
      { from: "+1 (555) 222-1234" },
    ];
    for (const fields of fits) {
      const { status, text } = await client.sms({ to: phone(), ...fields });
      expect([fields, status, text.includes('"success":true')]).toEqual([fields, 200, true]);
    }
    const wrong = {
      token_length: [3, 21, 0, -6, 6.5, "6", true, null, [6]],
      valid_for: [-1, 604_801, "300", null],
      max_attempts: [0, 21, 1000, "3", null],
      allow_alphas: ["true", "false", 1, 0, null, []],
      message: ["m".repeat(154), "ж".repeat(64), "€".repeat(77), "", "  ", 5, null, {}],
      from: ["+12025550000", "", 15_552_221_234, null],
      to: [
        undefined,
        "",
        "2025550123",
        "00442025550123",
        "+1",
        "+49",
        12_025_550_123,
        null,
        ["+12025550123"],
      ],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const answer = await client.sms({ to: "+12025550123", ...{ [name]: value } });
        const [error] = answer.body.errors ?? [];
        expect([name, value, answer.status, error?.detail.split(" ")[0]]).toEqual([name, value, 422, name]);
        expect(error).toEqual({
          detail: expect.any(String),
          status: "422",
          title: "Invalid Attribute",
          code: "422",
        });
      }
    }
  });

  it("tells all that is wrong at once", async () => {
    const answer = await client.sms({ to: "nobody", token_length: 2, max_attempts: 99, from: "+1" });
    expect(detailsOf(answer).map((detail) => detail.split(" ")[0])).toEqual([
      "to",
      "from",
      "token_length",
      "max_attempts",
    ]);
  });

  it("ignores what it does not know, as the misspelt allow_alpha of SignalWire's own examples", async () => {
    const { status, body } = await client.sms({ to: phone(), allow_alpha: "true", nonsense: { deep: [1] } });
    expect(status).toBe(200);
    expect((await messageOf(body.id)).text).toMatch(/ \d{6}$/);
  });

  it("puts the token into its place in the message, or behind it", async () => {
    for (const [message, expected] of [
      ["{code} is your code", /^\d{6} is your code$/],
      ["Your code {{code}}.", /^Your code \d{6}\.$/],
      ["Your number to verify is: ", /^Your number to verify is: \d{6}$/],
      ["Über-Code", /^Über-Code \d{6}$/],
    ] as const) {
      const { body } = await client.sms({ to: phone(), message });
      expect((await messageOf(body.id)).text).toMatch(expected);
    }
  });

  it("counts a call's 500 characters with the token, and speaks plain text only", async () => {
    expect((await client.call({ to: phone(), message: "m".repeat(493) })).status).toBe(200);
    expect((await client.call({ to: phone(), message: "m".repeat(494) })).status).toBe(422);
    expect((await client.call({ to: phone(), message: "<speak>x</speak>" })).status).toBe(422);
  });

  it("makes tokens of the length asked for, with letters only where they are allowed", async () => {
    for (const token_length of [4, 6, 20]) {
      const { body } = await client.sms({ to: phone(), token_length });
      const token = (await messageOf(body.id)).text.split(" ").at(-1) ?? "";
      expect(token).toMatch(/^[1-9]\d*$/);
      expect(token).toHaveLength(token_length);
      expect((await client.verify(body.id, token)).text).toBe('{"success":true}');
    }
    const { body } = await client.sms({ to: phone(), token_length: 20, allow_alphas: true });
    const token = (await messageOf(body.id)).text.split(" ").at(-1) ?? "";
    expect(token).toMatch(/^[2-9BCDFGHJKMNPQRSTVWXYZ]{20}$/);
    expect(token).toMatch(/[A-Z]/);
    expect((await client.verify(body.id, token.toLowerCase())).text).toBe('{"success":true}');
  });

  it("comes from the project's first number unless another of its own is named", async () => {
    const { body: made } = await arena.admin.post("/v1/signalwire-projects", {
      name: "two numbers",
      from: ["+12025550100", "+12025550101"],
    });
    const two = surfaceClient(() => arena.server, { project: made.id, token: String(made["token"]) });
    const first = await two.sms({ to: phone() });
    const second = await two.sms({ to: phone(), from: "+12025550101" });
    const foreign = await two.sms({ to: phone(), from: "+15552221234" });
    expect([first.status, second.status, foreign.status]).toEqual([200, 200, 422]);
  });

  it("is one request with an Idempotency-Key, and one message", async () => {
    const to = phone();
    const headers = { "idempotency-key": "retry-1" };
    const first = await client.sms({ to }, headers);
    await messageOf(first.body.id);
    const again = await client.sms({ to }, headers);
    expect(again.text).toBe(first.text);
    const messages = arena.server.inbox.list(arena.demo.organization, { limit: 10_000 });
    expect(messages.filter((one) => one.to === to)).toHaveLength(1);
    const other = await client.sms({ to: phone() }, headers);
    expect([other.status, detailsOf(other)[0]?.split(" ")[0]]).toEqual([422, "Idempotency-Key"]);
  });

  it("is refused by the organization's rules with 422 for the field to, and a time to wait", async () => {
    const { body: app } = await arena.admin.post("/v1/apps", {
      name: "narrow",
      policy: { sendsPerDestination: [{ max: 1, seconds: 600 }] },
    });
    const { body: made } = await arena.admin.post("/v1/signalwire-projects", { name: "narrow", app: app.id });
    const narrow = surfaceClient(() => arena.server, { project: made.id, token: String(made["token"]) });
    const to = phone();
    expect((await narrow.sms({ to })).status).toBe(200);
    const refused = await narrow.sms({ to });
    expect(refused.status).toBe(422);
    expect(detailsOf(refused)).toEqual([expect.stringMatching(/^to /)]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  });
});

describe("verifying a token (§1.3 of the API)", () => {
  it("right, alive: true once; then 404", async () => {
    const { body } = await client.sms({ to: phone() });
    const token = await tokenOf(body.id);
    expect(await client.verify(body.id, token)).toMatchObject({ status: 200, text: '{"success":true}' });
    expect(await client.verify(body.id, token)).toMatchObject({ status: 404, text: '{"error":"Not Found"}' });
  });

  it("wrong while attempts remain, the last wrong one too: false; then 404 for whatever token", async () => {
    for (const max_attempts of [1, 3, 4]) {
      const { body } = await client.sms({ to: phone(), max_attempts });
      const token = await tokenOf(body.id);
      for (let attempt = 1; attempt <= max_attempts; attempt += 1) {
        const answer = await client.verify(body.id, wrongFor(token));
        expect(answer).toMatchObject({ status: 200, text: '{"success":false}' });
      }
      expect((await client.verify(body.id, token)).text).toBe('{"error":"Not Found"}');
      expect((await client.verify(body.id, wrongFor(token))).status).toBe(404);
    }
  });

  it("wrong, then right: true", async () => {
    const { body } = await client.sms({ to: phone() });
    const token = await tokenOf(body.id);
    expect((await client.verify(body.id, wrongFor(token))).text).toBe('{"success":false}');
    expect((await client.verify(body.id, token)).text).toBe('{"success":true}');
  });

  it("whatever the token is, it is an attempt", async () => {
    const { body } = await client.sms({ to: phone(), max_attempts: 3 });
    const token = await tokenOf(body.id);
    for (const nonsense of ["hello", "1", "<script>"]) {
      expect((await client.verify(body.id, nonsense)).text).toBe('{"success":false}');
    }
    expect((await client.verify(body.id, token)).status).toBe(404);
  });

  it("valid_for exceeded: 404, after an hour by default, after a week at most, at once for 0", async () => {
    for (const [fields, seconds] of [
      [{}, 3600],
      [{ valid_for: 604_800 }, 604_800],
      [{ valid_for: 1 }, 1],
    ] as const) {
      const [late, early] = [
        await client.sms({ to: phone(), ...fields }),
        await client.sms({ to: phone(), ...fields }),
      ];
      const tokens = [await tokenOf(late.body.id), await tokenOf(early.body.id)];
      arena.clock.at += seconds * 1000 - 1;
      expect((await client.verify(early.body.id, tokens[1])).text).toBe('{"success":true}');
      arena.clock.at += 1;
      expect((await client.verify(late.body.id, tokens[0])).status).toBe(404);
    }
    const { body } = await client.sms({ to: phone(), valid_for: 0 });
    expect((await client.verify(body.id, "123456")).status).toBe(404);
    expect(await arena.server.dispatcher.waitFor(await verificationOf(body.id), 5_000)).toBe("dropped");
  });

  it("unknown id, another project's id, no id at all: 404", async () => {
    const { body: made } = await arena.admin.post("/v1/signalwire-projects", { name: "other" });
    const other = surfaceClient(() => arena.server, { project: made.id, token: String(made["token"]) });
    const { body } = await client.sms({ to: phone() });
    const token = await tokenOf(body.id);
    const answers = [
      await client.verify("3fa85f64-5717-4562-b3fc-2c963f66afa6", token),
      await other.verify(body.id, token),
      await client.verify("nonsense", token),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, text: '{"error":"Not Found"}' });
    }
    expect((await client.verify(body.id.toUpperCase(), token)).text).toBe('{"success":true}');
  });

  it("without a token, or with one that is no text: 422, and no attempt", async () => {
    const { body } = await client.sms({ to: phone(), max_attempts: 1 });
    const token = await tokenOf(body.id);
    for (const given of [undefined, "", null, true, {}, [], [token], 1.5, -1, "1".repeat(257)]) {
      const answer = await client.verify(body.id, given);
      expect([given, answer.status, detailsOf(answer)[0]?.split(" ")[0]]).toEqual([given, 422, "token"]);
    }
    expect((await client.verify(body.id, Number(token))).text).toBe('{"success":true}');
  });

  it("only the newest request of a number is alive, by sms or call", async () => {
    const to = phone();
    const first = await client.sms({ to });
    const token = await tokenOf(first.body.id);
    const second = await client.call({ to });
    expect(second.body.id).not.toBe(first.body.id);
    expect((await client.verify(first.body.id, token)).status).toBe(404);
    expect((await client.verify(second.body.id, await tokenOf(second.body.id))).text).toBe(
      '{"success":true}',
    );
  });

  it("survives a restart: same id, same attempts", async () => {
    const { body } = await client.sms({ to: phone(), max_attempts: 2 });
    const token = await tokenOf(body.id);
    expect((await client.verify(body.id, wrongFor(token))).text).toBe('{"success":false}');
    await arena.restart();
    expect((await client.verify(body.id, token)).text).toBe('{"success":true}');
  });

  it("once with an Idempotency-Key: a repeated right answer is true again, and a wrong one costs one attempt", async () => {
    const { body } = await client.sms({ to: phone(), max_attempts: 2 });
    const token = await tokenOf(body.id);
    const verify = (given: string, key: string) =>
      client.ask(`mfa/${body.id}/verify`, { token: given }, { "idempotency-key": key });
    expect((await verify(wrongFor(token), "w")).text).toBe('{"success":false}');
    expect((await verify(wrongFor(token), "w")).text).toBe('{"success":false}');
    expect((await verify(token, "r")).text).toBe('{"success":true}');
    expect((await verify(token, "r")).text).toBe('{"success":true}');
    expect((await verify(token, "s")).status).toBe(404);
  });
});

describe("every answer is JSON of the first family", () => {
  const login = () => ({ authorization: basic(arena.demo.signalwire) });

  it("whatever is asked, and however", async () => {
    const inject = async (
      method: "GET" | "POST" | "PUT" | "DELETE",
      url: string,
      headers = {},
      payload?: string,
    ) => {
      const {
        statusCode,
        body,
        headers: sent,
      } = await arena.server.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
      return { status: statusCode, body: JSON.parse(body), type: String(sent["content-type"]) };
    };
    const json = { ...login(), "content-type": "application/json" };
    const at = "/api/relay/rest";
    const answers = [
      await inject("GET", `${at}/mfa/sms`, login()),
      await inject("PUT", `${at}/mfa/sms`, json, "{}"),
      await inject("GET", `${at}/phone_numbers`, login()),
      await inject("POST", `${at}/mfa/sms`),
      await inject("POST", `${at}/mfa/sms`, json, "{"),
      await inject("POST", `${at}/mfa/sms`, json, '{"to":"+12025550123","to":"+12025550124"}'),
      await inject("POST", `${at}/mfa/sms`, { ...login(), "content-type": "text/xml" }, "<to/>"),
      await inject("POST", `${at}/mfa/sms`, json, `{"to":"${"1".repeat(70_000)}"}`),
      await inject("POST", `${at}/mfa/sms`, json, "[]"),
      await inject("POST", `${at}/mfa/sms`, json, ""),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 401, 400, 400, 415, 413, 400, 422]);
    for (const { body, type } of answers) {
      expect(type).toMatch(/^application\/json/);
      const texts = body.errors?.flatMap((one: object) => Object.values(one)) ?? [body.error];
      expect(texts.every((text: unknown) => typeof text === "string" && text !== "")).toBe(true);
    }
  });

  it("when the store fails, too", async () => {
    const broken = await openArena();
    const { store } = broken.server;
    await store.close();
    const answer = await surfaceClient(() => broken.server, broken.demo.signalwire).sms({ to: phone() });
    expect(answer).toMatchObject({ status: 503, text: '{"error":"Service Unavailable"}' });
    await broken.server.app.close();
    rmSync(broken.data, { recursive: true });
  });
});

it("the guide names every field with its default and its range", () => {
  const guide = readFileSync(new URL("../../../docs/signalwire.md", import.meta.url), "utf8");
  const { codeLength, codeTtlSeconds, maxAttempts } = surfaceRanges.signalwire;
  for (const [field, fallback, { least, most }] of [
    ["token_length", 6, codeLength],
    ["valid_for", 3600, codeTtlSeconds],
    ["max_attempts", 3, maxAttempts],
  ] as const) {
    expect(guide).toContain(`| \`${field}\` | \`${fallback}\` | ${least}–${most}`);
  }
  expect(guide).toContain(`| \`message\` | \`${defaultMessage}\` |`);
});

describe("projects", () => {
  it("are made with a token that is shown once, changed, and removed; their token never comes back", async () => {
    const { admin } = arena;
    const made = await admin.post("/v1/signalwire-projects", { name: "Portal" });
    expect(made).toMatchObject({ status: 201, body: { from: [], links: "allowed" } });
    const { id, token } = made.body as unknown as { id: string; token: string };
    expect(id).toMatch(versionFour);
    const at = `/v1/signalwire-projects/${id}`;
    const change = { name: "Portal 2", from: ["+12025550111"], links: "refused" };
    expect((await admin.ask("PATCH", at, change)).body).toMatchObject(change);
    for (const path of [at, "/v1/signalwire-projects"]) {
      const text = JSON.stringify((await admin.get(path)).body);
      expect(text).toContain(`"lastFour":"${token.slice(-4)}"`);
      for (const hidden of [token, "tokenDigest"]) expect(text).not.toContain(hidden);
    }
    const stranger = await arena.stranger("projects");
    expect((await stranger.get(at)).status).toBe(404);
    expect((await stranger.ask("PATCH", at, { token: "x".repeat(16) })).status).toBe(404);
    expect((await stranger.ask("DELETE", at)).status).toBe(404);
    expect((await stranger.post("/v1/signalwire-projects", { name: "same id", project: id })).status).toBe(
      409,
    );
    expect((await stranger.get("/v1/signalwire-projects")).body).toMatchObject({ signalwireProjects: [] });
    expect((await admin.ask("DELETE", at)).status).toBe(204);
    expect((await admin.get(at)).status).toBe(404);
    expect((await stranger.post("/v1/signalwire-projects", { name: "same id", project: id })).status).toBe(
      201,
    );
  });

  it("of an app hold that app's policy, and no key of another app makes or changes them", async () => {
    const { body: app } = await arena.admin.post("/v1/apps", { name: "no calls", policy: { vias: ["sms"] } });
    const { body } = await arena.admin.post("/v1/signalwire-projects", { name: "no calls", app: app.id });
    const bound = surfaceClient(() => arena.server, { project: body.id, token: String(body["token"]) });
    expect((await bound.sms({ to: phone() })).status).toBe(200);
    const call = await bound.call({ to: phone() });
    expect([call.status, detailsOf(call)[0]?.split(" ")[0]]).toEqual([422, "to"]);
    const narrow = await arena.callerWith(["settings:write"], { app: arena.demo.app });
    expect((await narrow.post("/v1/signalwire-projects", { name: "wide" })).status).toBe(403);
    expect((await narrow.post("/v1/signalwire-projects", { name: "n", app: app.id })).status).toBe(403);
    expect((await narrow.ask("PATCH", `/v1/signalwire-projects/${body.id}`, { name: "mine" })).status).toBe(
      403,
    );
    expect((await arena.admin.ask("DELETE", `/v1/apps/${app.id}`)).status).toBe(409);
  });
});

describe("what others see of it", () => {
  it("the record names surface and id, and holds no token, text or number", async () => {
    const to = phone();
    const { body } = await client.sms({ to, message: "Dear Anna, it is" });
    const token = await tokenOf(body.id);
    await client.verify(body.id, wrongFor(token));
    await client.verify(body.id, token);
    const { body: audit } = await arena.admin.get("/v1/audit?limit=200");
    const events = audit["events"] as readonly { type: string; details?: Record<string, unknown> }[];
    const started = events.find(({ details }) => details?.["request"] === body.id);
    expect(started).toMatchObject({
      type: "verification.started",
      details: { surface: "signalwire", purpose: "countersign.signalwire", via: "sms" },
    });
    const text = JSON.stringify(audit);
    for (const secret of [token, "Dear Anna", to]) expect(text).not.toContain(secret);
    expect(arena.log.join("\n")).not.toContain(token);
  });

  it("a start of the native API for the same number neither resends nor ends it", async () => {
    const to = phone();
    const { body } = await client.sms({ to, valid_for: 604_800 });
    const token = await tokenOf(body.id);
    const native = await arena.admin.post("/v1/verifications", { to, via: "sms" });
    expect(native.body).toMatchObject({ sends: 1, maxAttempts: 3 });
    expect(Date.parse(String(native.body["expiresAt"]))).toBe(arena.clock.at + 300_000);
    expect((await client.verify(body.id, token)).text).toBe('{"success":true}');
    const borrowed = await arena.admin.post("/v1/verifications", {
      to,
      via: "sms",
      purpose: "countersign.signalwire",
    });
    expect(borrowed.status).toBe(400);
  });
});
