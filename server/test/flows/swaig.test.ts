import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readServerEvents } from "../../src/cli/server-events.ts";
import { type Stub, startStub } from "../../src/delivery/contract.ts";
import { type Arena, openArena, wrongFor } from "../attacks/arena.ts";
import { run, serve, tempFolder } from "../cli/command.ts";
import {
  addCredential,
  ask,
  balance,
  callOf,
  inboxOf,
  newestCode,
  publishAssistant,
  type Told,
} from "../swaig.ts";

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

const events = (after = 0) => arena.server.store.audit.after(arena.demo.organization, after, 10_000);
const lastSeq = async () => (await events()).at(-1)?.seq ?? 0;

test("the seed's conversation: sent, wrong, right, in the words of its functions", async () => {
  const assistant = await publishAssistant(arena);
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "seed", caller: phone });
  expect((await call.verify("123456")).response).toMatch(/^No number was sent/);
  expect((await call.use("send_mfa", { phone_number: phone })).response).toMatch(/^6 digit number sent/);
  const code = newestCode(arena);
  expect((await call.verify(wrongFor(code))).response).toMatch(/^Verification failed, try again/);
  expect((await call.verify(code)).response).toMatch(/^Verification successful/);
});

test("two callers at once never verify each other's codes", async () => {
  const assistant = await publishAssistant(arena);
  const people = [await arena.person(), await arena.person()];
  const calls = people.map(({ phone }, index) =>
    callOf(arena, assistant, { id: `parallel-${index}`, caller: phone }),
  );
  await Promise.all(calls.map((call) => call.send()));
  const codes = people.map(({ phone }) =>
    inboxOf(arena)
      .find(({ to }) => to === phone)!
      .text.replace(/\D/g, "")
      .slice(0, 6),
  );
  const crossed = await Promise.all([calls[0]!.verify(codes[1]), calls[1]!.verify(codes[0])]);
  expect(crossed.map(({ response }) => response)).toEqual(
    Array(2).fill(expect.stringContaining("2 tries are left")),
  );
  const right = await Promise.all(calls.map((call, index) => call.verify(codes[index])));
  expect(right.map(({ response }) => response)).toEqual(Array(2).fill(expect.stringMatching(/successful/)));
});

test("wrong answers to the end, then a new code; sends to the end, then the truth", async () => {
  const assistant = await publishAssistant(arena, {}, { policy: { maxSends: 2 } });
  const { phone } = await arena.person();
  const call = callOf(arena, assistant, { id: "exhausted", caller: phone });
  await call.send();
  await call.send();
  expect((await call.send()).response).toMatch(/^No further number can be sent/);
  const code = newestCode(arena);
  const heard = [];
  for (const digit of "789") heard.push((await call.verify(wrongFor(code).replace(/.$/, digit))).response);
  expect(heard.at(-1)).toContain("No try is left");
  expect((await call.verify(code)).response).not.toContain("successful");
  expect((await call.send()).response).toMatch(/^6 digit number sent/);
  expect((await call.verify(newestCode(arena))).response).toMatch(/successful/);
});

test("whom a code goes to: the person named by the address, by the table, by the number; the raw number only by setting", async () => {
  const [ann, bob] = [await arena.person(), await arena.person()];
  const assistant = await publishAssistant(arena, {
    people: { "sip:ann@pbx.example": ann.user },
    unknownCaller: "tell",
  });
  const to = async (call: { id: string; caller?: string; path?: string }, of = assistant) => {
    const before = inboxOf(arena).length;
    const told = await callOf(arena, of, call).send();
    return inboxOf(arena).length === before ? told.response : inboxOf(arena)[0]!.to;
  };
  const stranger = "+12025550188";
  expect(await to({ id: "w1", caller: bob.phone })).toBe(bob.phone);
  expect(await to({ id: "w2", caller: "sip:ann@pbx.example" })).toBe(ann.phone);
  expect(await to({ id: "w3", path: `/swaig?subject=${ann.user}` })).toBe(ann.phone);
  expect(await to({ id: "w4", caller: bob.phone, path: "/swaig?subject=nobody" })).toMatch(
    /nothing on record/,
  );
  expect(await to({ id: "w5", caller: stranger })).toMatch(/nothing on record/);
  const open = await publishAssistant(arena, { sendToCaller: true });
  expect(await to({ id: "w6", caller: stranger }, open)).toBe(stranger);
  expect(await to({ id: "w7", caller: "+19005550100" }, open)).not.toMatch(/^\+/);
  expect((await callOf(arena, assistant, { id: "w8", caller: bob.phone }).send()).response).toContain(
    `number ending in ${bob.phone.slice(-2)}`,
  );
});

describe("the keypad lane", () => {
  /** What the platform does with the SWML in an answer: asks for digits and posts them. */
  async function press(told: Told, digits: string, assistant: Awaited<ReturnType<typeof publishAssistant>>) {
    const main = told.action.find(({ SWML }) => SWML)!.SWML!.sections.main;
    const request = main.find((method) => "request" in method)!["request"] as {
      headers: Record<string, string>;
      url: string;
    };
    expect(request.url).toBe(`${assistant.url}/keypad`);
    const body = digits === "" ? { event: "no_input", value: "" } : { event: "match_digits", value: digits };
    return ask(arena, assistant, {
      path: "/keypad",
      headers: { ...request.headers, authorization: undefined },
      body,
    });
  }

  test("digits reach us past the model, which learns the result and nothing else", async () => {
    const assistant = await publishAssistant(arena, { codeEntry: "keypad" });
    const { phone } = await arena.person();
    const call = callOf(arena, assistant, { id: "keys", caller: phone });
    expect((await call.use("verify_mfa")).response).toMatch(/^No number was sent/);
    await call.send();
    const code = newestCode(arena);
    // What the model claims to have heard is not looked at.
    const asked = await call.verify(code);
    expect(asked.response).toContain("type the number on the keypad");
    expect((await call.balance()).response).toMatch(/^Refused/);
    const nothing = await press(asked, wrongFor(code), assistant);
    expect([nothing.status, nothing.text]).toEqual([200, "{}"]);
    const wrong = await call.use("verify_mfa");
    expect(wrong.response).toContain("2 tries are left");
    const again = await call.use("verify_mfa");
    expect(await press(again, `${code}#`, assistant)).toMatchObject({ status: 200, text: "{}" });
    const right = await call.use("verify_mfa");
    expect(right.response).toMatch(/^Verification successful/);
    expect((await call.balance()).response).toBe("The balance is 120 dollars.");
    const transcript = JSON.stringify([asked, nothing, wrong, again, right, await events()]);
    expect(transcript).not.toContain(code);
  });

  test("one question takes one answer, its key opens no other, and silence costs nothing", async () => {
    const assistant = await publishAssistant(arena);
    const { phone } = await arena.person();
    const call = callOf(arena, assistant, { id: "keys-2", caller: phone });
    await call.send();
    const code = newestCode(arena);
    const first = await call.use("verify_mfa", { keypad: true });
    await press(first, "", assistant);
    // The first answer counts: what is posted with the same key afterwards is not looked at.
    await press(first, code, assistant);
    expect((await call.use("verify_mfa", { keypad: true })).response).toMatch(/typed nothing/);
    expect((await call.balance()).response).toMatch(/^Refused/);
    const second = await call.use("verify_mfa", { keypad: true });
    await press(first, code, assistant);
    expect((await call.balance()).response).toMatch(/^Refused/);
    await press(second, code, assistant);
    expect((await call.balance()).response).toBe("The balance is 120 dollars.");
    const forged = { "x-countersign-key": "cv_abc.1.AAAA", authorization: undefined };
    expect((await ask(arena, assistant, { path: "/keypad", headers: forged, body: {} })).status).toBe(401);
  });
});

describe("protected functions", () => {
  test("call the web service with what they declare, and pass its words on", async () => {
    const authorization = await addCredential(arena, "Bearer of the customer's system");
    const pay = {
      name: "pay",
      description: "Pay.",
      parameters: {
        type: "object",
        properties: { amount: { type: "number", description: "How much." } },
        required: ["amount"],
      },
      http: { url: `${stub.url}/pay`, credential: authorization, timeoutMs: 500 },
    };
    const assistant = await publishAssistant(arena, { functions: [pay] });
    const { phone, user } = await arena.person();
    const call = callOf(arena, assistant, { id: "pay", caller: phone });
    await call.send();
    await call.verify(newestCode(arena));
    const before = stub.requests.length;
    expect((await call.use("pay", {})).response).toMatch(/^The arguments do not fit/);
    expect((await call.use("pay", { amount: "all" })).response).toMatch(/^The arguments do not fit/);
    expect(stub.requests.length).toBe(before);
    stub.reply = () => ({ body: '{"response":"Paid 12 dollars."}' });
    expect((await call.use("pay", { amount: 12, user_id: "somebody else" })).response).toBe(
      "Paid 12 dollars.",
    );
    const { headers, body } = stub.requests.at(-1)!;
    expect(headers["authorization"]).toBe("Bearer of the customer's system");
    expect(JSON.parse(body)).toMatchObject({ function: "pay", arguments: { amount: 12 }, call: "pay", user });
    expect(JSON.parse(body).arguments).toEqual({ amount: 12 });
    for (const reply of [
      "hang",
      "reset",
      { status: 500 },
      { status: 302, headers: { location: "/" } },
    ] as const) {
      stub.reply = () => reply;
      expect((await call.use("pay", { amount: 13 })).response).toMatch(/^That did not work/);
    }
  });
});

test("a provider that hangs: the model is told that the message is on its way, before the provider answered", async () => {
  const { organization, api } = await hangingOrganization();
  const { body: app } = await api.post("/v1/apps", { name: "hang" });
  const { body: key } = await api.post("/v1/credentials", { name: "k", secret: "key of the assistant x" });
  const { body: published } = await api.post(`/v1/apps/${app.id}/publications`, {
    name: "hang",
    channel: "swaig",
    settings: { access: key.id, functions: [balance] },
  });
  const phone = "+4915110199999";
  expect((await api.post("/v1/users", { phone })).status).toBe(201);
  stub.reply = () => "hang";
  const before = stub.requests.length;
  const path = `/channels/swaig/${published.id}`;
  const authorization = `Basic ${Buffer.from("x:key of the assistant x").toString("base64")}`;
  const assistant = { id: published.id, path, url: path, authorization, key: "" };
  const told = await callOf(arena, assistant, { id: "hang", caller: phone }).send();
  expect(told.response).toMatch(/^6 digit number sent. It is on its way/);
  expect(stub.requests.length).toBe(before + 1);
  const [verification] = (await arena.server.store.audit.after(organization, 0, 1_000)).filter(
    ({ type }) => type === "verification.started",
  );
  const found = await arena.server.store.verifications.find(organization, verification!.verification!);
  expect(["queued", "sending"]).toContain(found!.deliveries[0]!.state);
  stub.reply = () => ({});
});

async function hangingOrganization() {
  const { organization, ...api } = await arena.stranger("hanging");
  const policy = { sending: { smsCountries: ["DE"], enforce: "block" } };
  await api.ask("PATCH", "/v1/organization", { policy });
  const { status, body } = await api.post("/v1/providers", {
    name: "slow",
    kind: "http-gateway",
    vias: ["sms"],
    settings: {
      url: `${stub.url}/sms`,
      method: "POST",
      bodyTemplate: `{"to":"\${to}","text":"\${text}"}`,
      timeoutMs: 3_000,
    },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { organization, api };
}

describe("what is posted after a conversation", () => {
  const summary = "Paid; the code was 408127, or four zero eight one two seven.";
  const posted = {
    action: "post_conversation",
    post_prompt_data: { raw: summary },
    call_log: [{ role: "user", content: "408127" }],
  };

  test.each(["never", "redacted"])("keepConversations: %s", async (keepConversations) => {
    const assistant = await publishAssistant(arena, { keepConversations });
    const { phone } = await arena.person();
    const id = `post-${keepConversations}`;
    await callOf(arena, assistant, { id, caller: phone }).send();
    const seq = await lastSeq();
    for (const _ of [1, 2])
      expect((await ask(arena, assistant, { path: "/post", body: { ...posted, call_id: id } })).status).toBe(
        200,
      );
    const recorded = (await events(seq)).filter(({ type }) => type.startsWith("conversation."));
    const kept = keepConversations === "never" ? [] : ["conversation.summarized"];
    expect(recorded.map(({ type }) => type)).toEqual([...kept, "conversation.ended"]);
    expect(JSON.stringify(recorded)).not.toMatch(/408127|four|eight/);
    if (kept.length > 0) expect(recorded[0]!.details?.["summary"]).toBe("Paid; the code was […], or […].");
  });
});

test("countersign call swaig plays the whole conversation, and the feed shows it live", async () => {
  const folder = tempFolder();
  const server = await serve(folder);
  const { id } = server.demo.publications["swaig"]!;
  const script = join(folder, "script.txt");
  writeFileSync(script, "yes please\n!look_up_balance\n111\ntype it\n{code}#\nmy balance?\nbye\n");
  const feed = await fetch(`${server.url}/v1/events?publication=${id}`, {
    headers: { authorization: `Bearer ${server.demo.apiKey}` },
  });
  const spoken = run(["call", "swaig", "--data", folder, "--script", script, "--inbox", "--json"], {
    environment: { COUNTERSIGN_URL: server.url, COUNTERSIGN_API_KEY: server.demo.apiKey },
  });
  const seen: { type: string; details: Record<string, unknown> }[] = [];
  for await (const { data } of readServerEvents(feed.body!)) {
    seen.push(JSON.parse(data));
    if (seen.at(-1)?.type === "conversation.ended") break;
  }
  const { code, stdout, stderr } = await spoken;
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("Verification successful");
  expect(stdout).toContain("120 dollars");
  const [told, ...others] = stdout
    .split("\n")
    .toSorted((a, b) => Number(b.includes(`"phone"`)) - Number(a.includes(`"phone"`)));
  expect(told).toMatch(/sms to \+12025550123: .*\d{3} \d{3}/);
  expect(others.join("\n")).not.toMatch(/\d{6}|\d{3} \d{3}|"phone"/);
  expect(seen.map(({ type }) => type)).toEqual(
    [
      "conversation.started",
      "verification.started",
      "delivery.accepted",
      "function.refused",
      "verification.approved",
      "function.allowed",
      "conversation.ended",
    ].toSorted((a, b) => seen.findIndex(({ type }) => type === a) - seen.findIndex(({ type }) => type === b)),
  );
  const conversations = new Set(seen.map(({ details }) => details["conversation"]));
  expect(conversations.size).toBe(1);
  const replay = await fetch(`${server.url}/v1/events?after=0&conversation=${[...conversations][0]}`, {
    headers: { authorization: `Bearer ${server.demo.apiKey}` },
  });
  const again: string[] = [];
  for await (const { data } of readServerEvents(replay.body!)) {
    again.push(JSON.parse(data).type);
    if (again.length === seen.length) break;
  }
  expect(again).toEqual(seen.map(({ type }) => type));
});
