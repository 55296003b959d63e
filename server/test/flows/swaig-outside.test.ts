import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stub, type StubReply, startStub } from "../../src/delivery/contract.ts";
import { type Arena, openArena, wrongFor } from "../attacks/arena.ts";
import { type OpenServer, openServer } from "../open-server.ts";
import { tokenFor } from "../signalwire.ts";
import { addCredential, ask, callOf, publishAssistant } from "../swaig.ts";

/** Assistants whose codes SignalWire makes, sends and compares: the engine's rules hold all the same. */
let arena: Arena;
let stub: Stub;
beforeAll(async () => {
  arena = await openArena({ COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8" });
  stub = await startStub();
});
afterAll(async () => {
  await arena.close();
  await stub.close();
});

const right = "408127";
let codes = 0;
const sentAs = (id: string): StubReply => ({ body: JSON.stringify({ id, success: true }) });
const isSend = (target: string) => target.endsWith("/sms") || target.endsWith("/call");

/** As SignalWire's documentation says: a new id for every code, and one that was right is over. */
beforeEach(() => {
  const over = new Set<string>();
  stub.reply = ({ target, body }) => {
    if (isSend(target)) {
      codes += 1;
      return sentAs(`code-${codes}`);
    }
    if (over.has(target)) return { status: 404, body: '{"error":"Not Found"}' };
    const success = JSON.parse(body).token === right;
    if (success) over.add(target);
    return { body: JSON.stringify({ success }) };
  };
});

const publish = async (settings: object = {}, more: object = {}) =>
  publishAssistant(
    arena,
    {
      ...{ mfa: "signalwire", signalwireUrl: stub.url, signalwireProject: "project-1" },
      signalwireCredential: await addCredential(arena, "PTtoken-of-the-project"),
      ...settings,
    },
    more as Readonly<Record<string, unknown>>,
  );
const events = (after: number) => arena.server.store.audit.after(arena.demo.organization, after, 10_000);
const lastSeq = async () => (await events(0)).at(-1)?.seq ?? 0;
const asked = (from: number) => stub.requests.slice(from).map(({ target }) => target);
const startedSince = async (seq: number) =>
  (await events(seq)).flatMap(({ type, verification = "" }) =>
    type === "verification.started" ? [verification] : [],
  );

test("a verification like any other: counted, told, shown, worth a grant", async () => {
  const assistant = await publish();
  const { phone, user } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside", caller: phone });
  const seq = await lastSeq();
  const told = await call.send();
  expect(told.response).toMatch(/^6 digit number sent/);
  const { target, body } = stub.requests.at(-1)!;
  expect([target, JSON.parse(body)]).toEqual([
    "/api/relay/rest/mfa/sms",
    { to: phone, token_length: 6, valid_for: 300, max_attempts: 3 },
  ]);
  const [id = ""] = await startedSince(seq);
  const view = async () => (await arena.admin.get(`/v1/verifications/${id}`)).body;
  expect(await view()).toMatchObject({
    ...{ status: "pending", codes: "signalwire", attempts: 0, sends: 1, user, publication: assistant.id },
    ...{ binding: { call: "outside" }, deliveries: [{ via: "sms", state: "accepted" }] },
  });
  expect((await call.verify("12345")).response).toContain("nothing was checked");
  expect((await call.verify("999999")).response).toContain("2 tries are left");
  expect(await arena.failures(user)).toMatchObject({ sms: { failures: 1 } });
  expect((await call.balance()).response).toMatch(/^Refused/);
  expect((await call.verify(right)).response).toMatch(/^Verification successful/);
  expect(stub.requests.at(-1)!.target).toBe(`/api/relay/rest/mfa/code-${codes}/verify`);
  expect((await call.balance()).response).toBe("The balance is 120 dollars.");
  expect(await view()).toMatchObject({ status: "approved", attempts: 2 });
  expect(await arena.failures(user)).toMatchObject({ sms: { failures: 0 } });
  const recorded = await events(seq);
  expect(recorded.map(({ type }) => type)).toEqual([
    ...["verification.started", "delivery.accepted", "conversation.started"],
    ...["attempt.counted", "attempt.refused", "function.refused"],
    ...["attempt.counted", "verification.approved", "function.allowed"],
  ]);
  expect(new Set(recorded.map(({ verification }) => verification))).toEqual(new Set([id]));
  for (const secret of [right, phone, `code-${codes}`])
    expect(JSON.stringify([told, recorded, await view()])).not.toContain(secret);
  // A grant ends, and what comes then is a new verification.
  arena.clock.at += 3_601_000;
  expect((await call.balance()).response).toMatch(/^Refused/);
  expect((await call.send()).response).toMatch(/^6 digit number sent/);
});

test("the same request again is one message and one attempt", async () => {
  const assistant = await publish();
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside-twice", caller: phone });
  const before = stub.requests.length;
  const storm = async (use: () => Promise<{ response: string }>) =>
    new Set((await Promise.all(Array.from({ length: 10 }, use))).map(({ response }) => response));
  expect(await storm(() => call.send())).toHaveProperty("size", 1);
  expect(await storm(() => call.verify("111111"))).toEqual(
    new Set([expect.stringContaining("2 tries are left")]),
  );
  expect(asked(before)).toHaveLength(2);
});

test("REST neither compares, nor resends, nor takes a start for a resend of it", async () => {
  const assistant = await publish();
  const { phone, user } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside-rest", caller: phone });
  const seq = await lastSeq();
  await call.send();
  const [id = ""] = await startedSince(seq);
  for (const code of [right, "000000"]) {
    expect(await arena.check(id, code)).toMatchObject({
      ...{ approved: false, reason: "checked_outside", attempts: 0 },
    });
  }
  const resent = await arena.admin.post(`/v1/verifications/${id}/resend`);
  expect([resent.status, resent.body.code]).toEqual([422, "sent_outside"]);
  const { binding, purpose } = (await arena.admin.get(`/v1/verifications/${id}`)).body;
  const ours = await arena.start(user, "sms", { app: arena.demo.app, binding, purpose });
  expect(ours.id).not.toBe(id);
  expect((await call.verify(right)).response).not.toContain("successful");
  expect((await arena.check(ours.id, await arena.codeOf(ours.id))).approved).toBe(true);
  expect((await arena.admin.get(`/v1/verifications/${id}`)).body.status).toBe("canceled");
});

test("only the newest code counts, in a call and over calls", async () => {
  const assistant = await publish();
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside-newest", caller: phone });
  const seq = await lastSeq();
  await call.send();
  await call.send();
  const before = stub.requests.length;
  await call.verify("111111");
  expect(asked(before)).toEqual([`/api/relay/rest/mfa/code-${codes}/verify`]);
  // Another call of the same person takes its place.
  const other = callOf(arena, assistant, { id: "outside-newest-2", caller: phone });
  await other.send();
  expect((await call.verify(right)).response).not.toContain("successful");
  expect((await other.verify(right)).response).toMatch(/^Verification successful/);
  expect((await call.balance()).response).toMatch(/^Refused/);
  const [first = "", second = ""] = await startedSince(seq);
  const statusOf = async (id: string) => (await arena.admin.get(`/v1/verifications/${id}`)).body.status;
  expect([await statusOf(first), await statusOf(second)]).toEqual(["canceled", "approved"]);
});

describe("what is counted", () => {
  test("a new code brings no new tries, and a send that may have left is a send", async () => {
    const assistant = await publish();
    const { phone } = await arena.person();
    const call = callOf(arena, assistant, { id: "outside-3", caller: phone });
    await call.send();
    await call.verify("111111");
    await call.verify("222222");
    await call.send();
    expect((await call.verify("333333")).response).toContain("No try is left");
    expect((await call.verify(right)).response).toContain("No try is left");

    stub.reply = () => "reset";
    const other = callOf(arena, assistant, { id: "outside-4", caller: phone });
    const [seq, before] = [await lastSeq(), stub.requests.length];
    for (let send = 0; send < 5; send += 1) await other.send();
    expect(asked(before)).toHaveLength(3);
    expect((await events(seq)).map(({ type }) => type)).toContain("delivery.maybe_sent");
    expect((await other.verify(right)).response).toContain("no longer in use");
    expect(asked(before)).toHaveLength(3);
  });

  test("the failure budget holds over calls, channels and restarts", async () => {
    const assistant = await publish();
    const { phone, user } = await arena.person({ failureBudget: 5 });
    const call = (id: string) => callOf(arena, assistant, { id, caller: phone });
    const first = call("budget-1");
    await first.send();
    for (const wrong of ["111111", "222222", "333333"]) await first.verify(wrong);
    await arena.restart();
    const ours = await arena.start(user, "sms");
    await arena.check(ours.id, wrongFor(await arena.codeOf(ours.id)));
    const before = stub.requests.length;
    const second = call("budget-2");
    await second.send();
    expect((await second.verify("444444")).response).toContain("too many wrong answers");
    expect((await second.verify(right)).response).not.toContain("successful");
    expect(asked(before)).toHaveLength(2);
    expect(await arena.failures(user)).toMatchObject({ sms: { failures: 5, status: "disabled" } });
    expect((await call("budget-3").send()).response).toContain("a limit is reached");
    expect(asked(before)).toHaveLength(2);
    expect((await arena.admin.post("/v1/verifications", { user, via: "sms" })).body.code).toBe(
      "authenticator_disabled",
    );
  });

  test("the right answer that would have been the last failure is none", async () => {
    const assistant = await publish();
    const { phone, user } = await arena.person({ failureBudget: 2 });
    const call = callOf(arena, assistant, { id: "budget-right", caller: phone });
    await call.send();
    await call.verify("111111");
    expect((await call.verify(right)).response).toMatch(/^Verification successful/);
    expect(await arena.failures(user)).toMatchObject({ sms: { failures: 0, status: "active" } });
  });

  test("send rules and limits refuse before SignalWire is asked", async () => {
    const before = stub.requests.length;
    const sending = { smsCountries: ["US"], enforce: "block" };
    const abroad = await publish({}, { policy: { sending } });
    const { phone } = await arena.person();
    const call = callOf(arena, abroad, { id: "rules", caller: phone });
    const seq = await lastSeq();
    expect((await call.send()).response).toContain("a limit is reached");
    expect(asked(before)).toEqual([]);
    expect((await events(seq)).find(({ type }) => type === "send.refused")?.details).toMatchObject({
      ...{ reason: "country_not_allowed", channel: "swaig", call: "rules" },
    });
    const assistant = await publish();
    const limited = await arena.person({ sendsPerUser: [{ max: 1, seconds: 3600 }] });
    const calls = ["window-1", "window-2"].map((id) =>
      callOf(arena, assistant, { id, caller: limited.phone }),
    );
    expect((await calls[0]!.send()).response).toMatch(/^6 digit number sent/);
    expect((await calls[1]!.send()).response).toContain("a limit is reached");
    expect(asked(before)).toHaveLength(1);
  });
});

describe("when SignalWire does not answer as it should", () => {
  test("a refusal and rubbish are never a yes, stay counted, and are told in the record", async () => {
    const assistant = await publish();
    const { phone, user } = await arena.person();
    const call = callOf(arena, assistant, { id: "outside-2", caller: phone });
    stub.reply = () => ({ status: 500 });
    const seq = await lastSeq();
    expect((await call.send()).response).toMatch(/could not be sent/);
    stub.reply = () => sentAs("abc");
    await call.send();
    const replies = [{ status: 500 }, "reset", { body: '{"success":"true"}' }] as const;
    for (const [index, reply] of replies.entries()) {
      stub.reply = () => reply;
      const { response } = await call.verify(`99999${index}`);
      expect(response).toContain(index < 2 ? "could not be checked" : "No try is left");
    }
    stub.reply = () => ({ body: '{"success":true}' });
    expect((await call.verify(right)).response).toContain("No try is left");
    expect((await call.balance()).response).toMatch(/^Refused/);
    expect(await arena.failures(user)).toMatchObject({ sms: { failures: 3 } });
    const last = await arena.person({ failureBudget: 1 });
    const other = callOf(arena, assistant, { id: "outside-2b", caller: last.phone });
    stub.reply = ({ target }) => (isSend(target) ? sentAs("def") : { status: 500 });
    await other.send();
    expect((await other.verify("999999")).response).toContain("too many wrong answers");
    const reasons = (await events(seq)).flatMap(({ type, details }) =>
      type === "attempt.refused" ? [details?.["reason"]] : [],
    );
    expect(reasons).toEqual(["unanswered", "unanswered", "unanswered", "closed", "unanswered"]);
  });

  test("one that hangs is waited for a moment; its answer stays counted, and another one may be right", async () => {
    const assistant = await publish();
    const { phone } = await arena.person();
    const call = callOf(arena, assistant, { id: "outside-hang", caller: phone });
    const reply = stub.reply;
    stub.reply = () => "hang";
    const seq = await lastSeq();
    expect((await call.send()).response).toMatch(/could not be sent/);
    const [id = ""] = await startedSince(seq);
    const view = async () => (await arena.admin.get(`/v1/verifications/${id}`)).body;
    expect(await view()).toMatchObject({ status: "pending", deliveries: [{ state: "maybe_sent" }] });
    stub.reply = reply;
    expect((await call.send()).response).toMatch(/^6 digit number sent/);
    stub.reply = () => "hang";
    expect((await call.verify(right)).response).toContain("could not be checked");
    expect(await view()).toMatchObject({ status: "pending", attempts: 1, sends: 2 });
    stub.reply = reply;
    expect((await call.use("verify_mfa", { token: right, again: true })).response).toMatch(/successful/);
  });

  test("a code that is over there is not asked for again", async () => {
    const assistant = await publish();
    const { phone } = await arena.person();
    const call = callOf(arena, assistant, { id: "outside-over", caller: phone });
    await call.send();
    stub.reply = () => ({ status: 404, body: '{"error":"Not Found"}' });
    expect((await call.verify("111111")).response).toContain("no longer in use");
    const before = stub.requests.length;
    expect((await call.verify("222222")).response).toContain("no longer in use");
    expect(asked(before)).toEqual([]);
  });
});

test("what SignalWire takes, refuses and brings to an answer is measured beside providers, over restarts", async () => {
  const outside = async () => {
    const { body } = await arena.admin.get("/v1/providers/health");
    const [one] = body["outside"] as Record<string, unknown>[];
    return one as { lastFailure?: { reason: string }; countries: Record<string, number>[] } | undefined;
  };
  const sums = async () => {
    const { countries = [] } = (await outside()) ?? {};
    const sumOf = (of: string) => countries.reduce((sum, country) => sum + (country[of] ?? 0), 0);
    return ["calls", "accepted", "converted"].map(sumOf);
  };
  const metric = async (name: string, labels: string) =>
    Number(
      new RegExp(`^${name}\\{${labels}\\} (\\d+)$`, "m").exec(await arena.server.metrics.render())?.[1] ?? 0,
    );
  const accepted = () =>
    metric("countersign_deliveries_total", 'provider="outside:signalwire",state="accepted"');
  // The record tells what an earlier process measured before this one began.
  const restart = async () => {
    arena.clock.at += 1;
    await arena.restart();
  };
  await restart();
  const before = [...(await sums()), await accepted()];
  const assistant = await publish();
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside-measured", caller: phone });
  const reply = stub.reply;
  stub.reply = () => ({ status: 503 });
  expect((await call.send()).response).toMatch(/could not be sent/);
  stub.reply = reply;
  expect((await call.send()).response).toMatch(/^6 digit number sent/);
  expect((await call.verify(right)).response).toMatch(/^Verification successful/);
  const after = [...(await sums()), await accepted()];
  expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([2, 1, 1, 1]);
  expect(await outside()).toMatchObject({ service: "signalwire", lastFailure: { reason: "temporary" } });
  await restart();
  expect(await sums()).toEqual(after.slice(0, 3));
});

test("a test number is told to nobody outside", async () => {
  const assistant = await publish();
  const { phone } = await arena.person();
  const expiresAt = new Date(arena.clock.at + 3_600_000).toISOString();
  const made = await arena.admin.post("/v1/test-numbers", {
    via: "sms",
    to: phone,
    code: "471147",
    expiresAt,
  });
  expect(made.status).toBe(201);
  const call = callOf(arena, assistant, { id: "outside-test", caller: phone });
  const before = stub.requests.length;
  expect((await call.send()).response).toMatch(/digit number sent/);
  expect((await call.verify(right)).response).toContain("2 tries are left");
  expect((await call.verify("471147")).response).toMatch(/^Verification successful/);
  expect(asked(before)).toEqual([]);
});

test("by keypad, past the model", async () => {
  const assistant = await publish({ codeEntry: "keypad" });
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside-keys", caller: phone });
  await call.send();
  const before = stub.requests.length;
  for (const [digits, response] of [
    ["999999", "2 tries are left"],
    [right, "Verification successful"],
  ] as const) {
    const { action } = await call.use("verify_mfa");
    const [, post] = action.find(({ SWML }) => SWML)!.SWML!.sections.main;
    const { headers } = post!["request"] as { headers: Record<string, string> };
    const body = { event: "match_digits", value: digits };
    for (const _ of [1, 2])
      await ask(arena, assistant, {
        path: "/keypad",
        headers: { ...headers, authorization: undefined },
        body,
      });
    expect((await call.use("verify_mfa")).response).toContain(response);
  }
  expect(asked(before)).toHaveLength(2);
});

test("a publication that changes its mind in the middle of a call asks nobody with the old code", async () => {
  const assistant = await publish();
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "outside-changed", caller: phone });
  await call.send();
  const path = `/v1/apps/${arena.demo.app}/publications/${assistant.id}`;
  const { settings } = (await arena.admin.get(path)).body;
  const changed = { ...(settings as object), mfa: "internal" };
  expect((await arena.admin.ask("PATCH", path, { settings: changed })).status).toBe(200);
  const before = stub.requests.length;
  expect((await call.verify(right)).response).not.toContain("successful");
  expect((await call.send()).response).toMatch(/^6 digit number sent/);
  const code = arena.server.inbox
    .list(arena.demo.organization, { limit: 1 })[0]!
    .text.replace(/\D/g, "")
    .slice(0, 6);
  expect((await call.verify(code)).response).toMatch(/^Verification successful/);
  expect(asked(before)).toEqual([]);
});

test("a way that SignalWire has not is refused with the publication", async () => {
  await expect(publish({ methods: ["sms", "totp"] })).rejects.toThrow("no code by totp");
});

describe("with a whole server that speaks the MFA API", () => {
  let service: OpenServer;
  beforeAll(async () => {
    service = await openServer();
  });
  afterAll(() => service.close());

  test("its code by SMS, and then by call, is right here; the caller's own number is enough where a setting says so", async () => {
    const { signalwire, organization } = service.demo;
    const assistant = await publish({
      ...{ signalwireUrl: service.url, signalwireProject: signalwire.project, methods: ["sms", "voice"] },
      ...{ sendToCaller: true, unknownCaller: "tell" },
      signalwireCredential: await addCredential(arena, signalwire.token),
    });
    const caller = "+4915110199123";
    const call = callOf(arena, assistant, { id: "outside-whole", caller });
    // The service hands a message over after it has answered, so the simulated phone may ring a moment later.
    const message = async (number: number) => {
      const list = () => service.countersign.inbox.list(organization, { limit: 10 });
      await expect.poll(() => list().length).toBe(number);
      return list()[0]!;
    };
    const tokenOf = ({ verification }: { verification: string }) =>
      tokenFor(service.countersign, organization, verification);
    expect((await call.send()).response).toMatch(/^6 digit number sent.*ending in 23/);
    const first = await message(1);
    expect((await call.use("send_mfa", { via: "voice" })).response).toMatch(/A call that reads it out/);
    const second = await message(2);
    expect([first.via, second.via, first.to, second.to]).toEqual(["sms", "voice", caller, caller]);
    expect((await call.verify(await tokenOf(first))).response).toContain("2 tries are left");
    expect((await call.verify(await tokenOf(second))).response).toMatch(/^Verification successful/);
    expect((await call.balance()).response).toBe("The balance is 120 dollars.");
  });
});
