import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeIn, type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;

beforeAll(async () => {
  server = await openServer({ environment: { COUNTERSIGN_PUBLIC_URL: "https://mfa.example.com" } });
});
afterAll(() => server.close());

interface Verification {
  readonly id: string;
  readonly status: string;
  readonly to: string;
  readonly sends: number;
  readonly attempts: number;
  readonly via: string;
}

interface Check {
  readonly approved: boolean;
  readonly receipt: string;
  readonly status?: string;
  readonly reason?: string;
}

/** A person of their own for each test, so that none waits for another's limits. */
let born = 0;
async function person(): Promise<{ id: string; phone: string; email: string }> {
  born += 1;
  const phone = `+120255501${String(10 + born)}`;
  const email = `person${born}@example.com`;
  const { body, status } = await server.api.post("/v1/users", {
    displayName: `Person ${born}`,
    phone,
    email,
  });
  expect(status).toBe(201);
  return { id: body.id, phone, email };
}

async function start(user: string, more: object = {}): Promise<Verification> {
  const { status, body } = await server.api.post<Verification>("/v1/verifications", {
    user,
    via: "sms",
    ...more,
  });
  expect(status).toBe(201);
  return body;
}

const check = (id: string, code: string, headers = {}) =>
  server.api.post<Check>(`/v1/verifications/${id}/check`, { code }, headers);

const wrongFor = (code: string) => code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));

const consume = (body: object) => server.api.post<Record<string, unknown>>("/v1/receipts/consume", body);

describe("a code by SMS", () => {
  it("arrives, is right once, and its receipt is good for anybody who has the public keys", async () => {
    const { id: user, phone } = await person();
    const verification = await start(user, { purpose: "payment", binding: { amount: "250.00 EUR" } });
    expect(verification).toMatchObject({ status: "pending", to: "+1 *** **11", sends: 1 });
    const [message, ...others] = await server.messagesOf(verification.id);
    expect(others).toEqual([]);
    expect(message).toMatchObject({ to: phone, via: "sms", verification: verification.id });

    const approved = await check(verification.id, codeIn(message));
    expect(approved).toMatchObject({ status: 200, body: { approved: true, amr: ["otp", "sms"] } });

    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(approved.body.receipt, keys, {
      issuer: "https://mfa.example.com",
      audience: server.demo.organization,
      typ: "cs-receipt+jwt",
      algorithms: ["EdDSA"],
    });
    expect(payload).toMatchObject({
      sub: user,
      org: server.demo.organization,
      verification: verification.id,
      purpose: "payment",
      acr: "restricted",
      binding: { amount: "250.00 EUR" },
    });

    const again = await check(verification.id, codeIn(message));
    expect(again.body).toMatchObject({ approved: false, reason: "closed" });
    expect(again.body.receipt).toBeUndefined();
  });

  it("makes a receipt that is consumed once, and only for what it is for", async () => {
    const { id: user } = await person();
    const verification = await start(user, {
      purpose: "payment",
      binding: { action: "pay", amount: "1 EUR" },
    });
    const { body } = await check(verification.id, await server.codeOf(verification.id));
    const { receipt } = body;
    const stranger = (await server.addOrganization("consume-stranger")).api;
    const refusals = [
      await stranger.post("/v1/receipts/consume", { receipt }),
      await consume({ receipt, purpose: "login" }),
      await consume({ receipt, binding: { action: "pay", amount: "100 EUR" } }),
      await consume({ receipt, binding: { action: "pay" } }),
      await consume({ receipt: receipt.slice(0, -3) }),
      await consume({ receipt: `${receipt.slice(0, -4)}AAAA` }),
    ];
    const consumed = await consume({
      receipt,
      purpose: "payment",
      binding: { action: "pay", amount: "1 EUR" },
    });
    expect(consumed).toMatchObject({
      status: 200,
      body: { consumed: true, sub: user, verification: verification.id, purpose: "payment" },
    });
    refusals.push(await consume({ receipt }));
    // Alike in everything but the request's own id, so that nobody can probe.
    const told = refusals.map(({ status, body: { instance: _, ...rest } }) => ({ status, ...rest }));
    expect(told[0]).toMatchObject({ status: 422, code: "receipt_invalid" });
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it("lets exactly one of many callers consume", async () => {
    const { id: user } = await person();
    const verification = await start(user);
    const { body } = await check(verification.id, await server.codeOf(verification.id));
    const answers = await Promise.all(Array.from({ length: 8 }, () => consume({ receipt: body.receipt })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422, 422, 422, 422]);
  });

  it("is denied after three wrong answers, whatever comes then", async () => {
    const { id: user } = await person();
    const { id } = await start(user);
    const code = await server.codeOf(id);
    for (const attempts of [1, 2, 3]) {
      const { body } = await check(id, wrongFor(code));
      expect(body).toMatchObject({ approved: false, attempts });
    }
    expect((await check(id, code)).body).toMatchObject({ approved: false, status: "denied" });
    expect((await server.api.get(`/v1/verifications/${id}`)).body).toMatchObject({ status: "denied" });
  });

  it("tells an ordinary key nothing but no", async () => {
    const { id: user } = await person();
    const { id } = await start(user);
    const code = await server.codeOf(id);
    const plain = server.as(await server.keyWith(["verifications:check"]));
    const { body } = await plain.post(`/v1/verifications/${id}/check`, { code: wrongFor(code) });
    expect(body).toEqual({ approved: false });
  });

  it("does not count what is no code", async () => {
    const { id: user } = await person();
    const { id } = await start(user);
    const refused = await check(id, "hello");
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_code_format" } });
    expect((await server.api.get(`/v1/verifications/${id}`)).body).toMatchObject({ attempts: 0 });
  });
});

describe("asking again", () => {
  it("a second start is a resend: one verification, a new code, the old one is worth nothing", async () => {
    const { id: user } = await person();
    const first = await start(user);
    const oldCode = await server.codeOf(first.id);
    const second = await start(user);
    expect(second).toMatchObject({ id: first.id, sends: 2 });
    const newCode = await server.codeOf(first.id);
    if (newCode !== oldCode) expect((await check(first.id, oldCode)).body.approved).toBe(false);
    expect((await check(first.id, newCode)).body.approved).toBe(true);
  });

  it("a start for another amount closes the one before", async () => {
    const { id: user } = await person();
    const first = await start(user, { binding: { amount: "1 EUR" } });
    const code = await server.codeOf(first.id);
    const second = await start(user, { binding: { amount: "1000 EUR" } });
    expect(second.id).not.toBe(first.id);
    expect((await check(first.id, code)).body.approved).toBe(false);
  });

  it("resends by voice, and what is said can be typed", async () => {
    const { id: user } = await person();
    const { id } = await start(user);
    await server.messagesOf(id);
    const resent = await server.api.post<Verification>(`/v1/verifications/${id}/resend`, { via: "voice" });
    expect(resent).toMatchObject({ status: 200, body: { id, via: "voice", sends: 2 } });
    const [newest] = await server.messagesOf(id);
    expect(newest).toMatchObject({ via: "voice" });
    expect((await check(id, codeIn(newest))).body).toMatchObject({ approved: true, amr: ["otp", "tel"] });
  });

  it("canceled is canceled", async () => {
    const { id: user } = await person();
    const { id } = await start(user);
    const code = await server.codeOf(id);
    expect((await server.api.post(`/v1/verifications/${id}/cancel`)).body).toMatchObject({
      status: "canceled",
    });
    expect(await server.api.post(`/v1/verifications/${id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: "already_closed" },
    });
    expect((await check(id, code)).body.approved).toBe(false);
  });
});

describe("Idempotency-Key", () => {
  it("a repeated start sends nothing more; another body with the key is a conflict", async () => {
    const { id: user } = await person();
    const headers = { "idempotency-key": `start-${user}` };
    const body = { user, via: "sms" };
    const first = await server.api.post("/v1/verifications", body, headers);
    const repeated = await server.api.post("/v1/verifications", body, headers);
    expect(repeated).toMatchObject({ status: 201, body: { id: first.body.id, sends: 1 } });
    expect(await server.messagesOf(first.body.id)).toHaveLength(1);
    const other = await server.api.post("/v1/verifications", { user, via: "email" }, headers);
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
  });

  it("a repeated check is one attempt, and its receipt is the same approval", async () => {
    const { id: user } = await person();
    const { id } = await start(user);
    const code = await server.codeOf(id);
    const wrong = { "idempotency-key": `wrong-${id}` };
    await check(id, wrongFor(code), wrong);
    await check(id, wrongFor(code), wrong);
    expect((await server.api.get(`/v1/verifications/${id}`)).body).toMatchObject({ attempts: 1 });
    const right = { "idempotency-key": `right-${id}` };
    const first = await check(id, code, right);
    const repeated = await check(id, code, right);
    expect([first.body.approved, repeated.body.approved]).toEqual([true, true]);
    const answers = [
      await consume({ receipt: first.body.receipt }),
      await consume({ receipt: repeated.body.receipt }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 422]);
  });
});

describe("by destination", () => {
  it("needs the scope for it, and never shows the whole number", async () => {
    const body = { to: "+12025550188", via: "sms" };
    const plain = server.as(await server.keyWith(["verifications:start"]));
    expect(await plain.post("/v1/verifications", body)).toMatchObject({ status: 403 });
    const started = await server.api.post("/v1/verifications", body);
    expect(started.status).toBe(201);
    expect(JSON.stringify(started.body)).not.toContain("2025550188");
    const approved = await check(started.body.id, await server.codeOf(started.body.id));
    expect(approved.body.approved).toBe(true);
  });

  it("a second start by a call is a call about the same verification", async () => {
    const to = "+12025550187";
    const first = await server.api.post<Verification>("/v1/verifications", { to, via: "sms" });
    const second = await server.api.post<Verification>("/v1/verifications", { to, via: "voice" });
    expect(second.body).toMatchObject({ id: first.body.id, via: "voice", sends: 2 });
    const [newest] = await server.messagesOf(first.body.id);
    expect(newest).toMatchObject({ via: "voice", to });
    expect((await check(first.body.id, codeIn(newest))).body).toMatchObject({ approved: true });
  });
});
