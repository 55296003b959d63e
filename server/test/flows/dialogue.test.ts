import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { openLoopback, type Stub, startStub } from "../../src/delivery/contract.ts";
import type { Outbound } from "../../src/delivery/http.ts";
import { conversationId } from "../../src/dialogue/memory.ts";
import type { Input, Reply, Turn } from "../../src/dialogue/model.ts";
import { plainText } from "../../src/dialogue/phrases/plain.ts";
import type { DialoguePublication, DialogueTools } from "../../src/dialogue/run.ts";
import type { DialogueSettings } from "../../src/dialogue/settings.ts";
import { takeTurn } from "../../src/dialogue/turn.ts";
import { proofWords } from "../../src/engine/code/proof-words.ts";
import { systemRandom, timeOrderedId } from "../../src/engine/code/random.ts";
import type { PolicyLayer } from "../../src/engine/policy/policy.ts";
import type { CheckCommand } from "../../src/engine/store.ts";
import { receiptType } from "../../src/engine/verification/receipt.ts";
import { type Arena, openArena, type Person, wrongFor } from "../attacks/arena.ts";
import { enrollApp } from "../attacks/authenticator-app.ts";

let arena: Arena;
let stub: Stub;
let outbound: Outbound;
beforeAll(async () => {
  arena = await openArena({ COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8" });
  stub = await startStub();
  outbound = openLoopback();
});
afterAll(async () => {
  await arena.close();
  await outbound.close();
  await stub.close();
});

/** The dialogue's tools of the server as it is now; another node shares nothing in memory with it. */
function tools(
  node: "this node" | "another node" = "this node",
  more: Partial<DialogueTools> = {},
): DialogueTools {
  const { services, dispatcher, outbound: out, config } = arena.server;
  const { store } = services;
  const foreign = { ...services, store: { ...store, conversations: { ...store.conversations } } };
  return {
    services: node === "this node" ? services : foreign,
    fetch: out.fetch,
    secretOf: () => Promise.reject(new Error("no secret is needed here")),
    waitForDelivery: node === "this node" ? dispatcher.waitFor : async () => undefined,
    publicUrl: config.publicUrl,
    ...more,
  };
}

async function publish(
  settings: DialogueSettings = {},
  policy: PolicyLayer = {},
  organization = arena.demo.organization,
  app = arena.demo.app,
): Promise<DialoguePublication> {
  const now = arena.clock.now();
  const id = timeOrderedId(now, systemRandom);
  const common = { id, organization, app, name: id, channel: "voicexml", mfa: true, policy } as const;
  const publication = { ...common, settings, createdAt: now, updatedAt: now };
  const told = { type: "settings.created", organization } as const;
  await arena.server.store.settings.publications.insert(publication, told);
  return publication;
}

let calls = 0;

/** One caller with one telephone call. */
class Call {
  readonly publication: DialoguePublication;
  first: Partial<Turn>;
  readonly id: string;
  reply: Reply | undefined;

  constructor(publication: DialoguePublication, first: Partial<Turn> = {}) {
    calls += 1;
    this.id = `call-${calls}`;
    this.publication = publication;
    this.first = first;
  }

  turn(input: Input, more: Partial<Turn> = {}): Turn {
    return { conversation: this.id, step: this.reply?.step, input, ...more };
  }

  async take(input: Input, more: Partial<Turn> = {}, node = tools()): Promise<Reply> {
    this.reply = await takeTurn(this.turn(input, more), this.publication, node);
    return this.reply;
  }

  start(): Promise<Reply> {
    return this.take({ kind: "start" }, this.first);
  }

  keys(keys: string): Promise<Reply> {
    return this.take({ kind: "keys", keys });
  }

  get said(): string {
    return plainText(this.reply?.say ?? [], "read");
  }

  get path(): string | undefined {
    return this.reply?.done?.path;
  }

  get conversation(): string {
    const { organization, id } = this.publication;
    return conversationId(organization, id, this.id, arena.server.services.vault);
  }

  async kept() {
    const found = await arena.server.store.conversations.find(
      this.publication.organization,
      this.conversation,
    );
    if (!found) throw new Error("not kept");
    return found;
  }

  /** The code of the round, as the simulated phone shows it. */
  async code(): Promise<string> {
    return arena.codeOf((await this.kept()).verification ?? "");
  }

  async attempts(): Promise<number> {
    const { organization, verification } = await this.kept();
    return (await arena.server.store.verifications.find(organization, verification ?? ""))?.attempts ?? 0;
  }

  async events() {
    const all = await arena.server.store.audit.after(this.publication.organization, 0, 100_000);
    return all.filter(({ details }) => details?.["conversation"] === this.conversation);
  }
}

async function callOf(
  person: Person,
  settings: DialogueSettings = {},
  policy: PolicyLayer = {},
): Promise<Call> {
  return new Call(await publish(settings, policy), { subject: person.user, locale: "en-US" });
}

describe("our own codes", () => {
  it("two methods, the second one, a wrong code, the right code: success, with a receipt for this call", async () => {
    const person = await arena.person();
    const call = await callOf(person);
    const menu = await call.start();
    expect(menu).toMatchObject({
      conversation: call.conversation,
      step: 1,
      locale: "en",
      expect: {
        kind: "choice",
        options: [
          { key: "1", value: "email" },
          { key: "2", value: "sms" },
        ],
      },
    });
    expect(call.said).toMatch(/starts with V at example\.com, press 1.*ending in \d\d, press 2/);
    const asked = await call.keys("2");
    expect(asked).toMatchObject({ step: 2, expect: { kind: "code", minDigits: 6, maxDigits: 6 } });
    expect(call.said).toContain(person.phone.slice(-2));
    const code = await call.code();
    await call.keys(wrongFor(code));
    expect(call.said).toMatch(/2 tries left/);
    const { done } = await call.keys(`${code}#`);
    expect(done).toMatchObject({ path: "success", verification: (await call.kept()).verification });
    const claims = arena.server.services.vault.verifyJwt(done?.receipt ?? "", receiptType);
    expect(claims).toMatchObject({
      sub: person.user,
      purpose: "login",
      via: "sms",
      binding: { call: call.id },
    });

    const events = await call.events();
    expect(events.map(({ type }) => type)).toEqual([
      "conversation.started",
      "verification.started",
      "delivery.accepted",
      "attempt.refused",
      "verification.approved",
      "conversation.ended",
    ]);
    expect(events.at(-1)?.details).toMatchObject({
      path: "success",
      codes: "internal",
      via: "sms",
      channel: "voicexml",
    });
    const kept = await call.kept();
    const told = JSON.stringify([menu, asked, done, events, { ...kept, state: "" }]);
    for (const secret of [code, person.phone, person.email]) expect(told).not.toContain(secret);
    expect(kept.state).toMatch(/^v1\.[^{}"]+$/);
  });

  it("the live feed shows one conversation with everything that its verifications did", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    await call.start();
    await call.keys(await call.code());
    const url = await arena.server.listen();
    const feed = await fetch(`${url}/v1/events?after=0&conversation=${call.conversation}`, {
      headers: { authorization: `Bearer ${arena.demo.apiKey}` },
    });
    const types: string[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of feed.body ?? []) {
      types.push(...[...decoder.decode(chunk).matchAll(/^event: (.+)$/gm)].map(([, type = ""]) => type));
      if (types.includes("conversation.ended")) break;
    }
    expect(types).toEqual((await call.events()).map(({ type }) => type));
  });

  it("leaves by the agent when every code and every answer is used up, and every one of them was counted", async () => {
    const person = await arena.person();
    const call = await callOf(person, { methods: ["email"] });
    await call.start();
    for (let left = 9; left > 0; left -= 1) {
      expect(call.path).toBeUndefined();
      // Beyond the eighth failure the engine makes everybody wait.
      arena.clock.at += 31_000;
      await call.keys(wrongFor(await call.code()));
    }
    expect(call.path).toBe("agent");
    expect(call.reply?.done).not.toHaveProperty("receipt");
    expect((await arena.failures(person.user))["email"]).toMatchObject({ failures: 9 });
  });

  it("an old code is a wrong one, an expired one brings another, and who is too late for everything hears an error", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    await call.start();
    const first = await call.code();
    await call.take({ kind: "wish", wish: "resend" });
    expect(await call.code()).not.toBe(first);
    await call.keys(first);
    expect(call.path).toBeUndefined();
    expect(await call.attempts()).toBe(1);
    arena.clock.at += 300_000;
    await call.keys(await call.code());
    expect(call.said).toMatch(/expired/);
    const third = await call.code();
    arena.clock.at += 600_000;
    await call.keys(third);
    expect(call.path).toBe("error");
  });

  it("who passed is not asked again in this call, but in every other one", async () => {
    const person = await arena.person();
    const call = await callOf(person, { methods: ["sms"] });
    await call.start();
    await call.keys(await call.code());
    const before = (await call.events()).length;
    expect((await call.start()).done).toMatchObject({ path: "success", skipped: true });
    const added = (await call.events()).slice(before).map(({ type }) => type);
    expect(added).toEqual(["conversation.started", "conversation.ended"]);
    const other = new Call(call.publication, call.first);
    await other.start();
    expect(other.reply?.expect.kind).toBe("code");
    arena.clock.at += 3_600_000;
    await arena.server.store.conversations.forget(arena.clock.now(), 1000);
    await call.start();
    expect(call.reply?.expect.kind).toBe("code");
  });

  it("a conversation that was forgotten begins anew, and nothing of the old one opens it", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"], skipIfVerified: false });
    await call.start();
    const code = await call.code();
    await call.keys(code);
    expect(call.path).toBe("success");
    arena.clock.at += 900_000;
    expect(await arena.server.store.conversations.forget(arena.clock.now(), 1000)).toBeGreaterThan(0);
    call.reply = undefined;
    await call.start();
    expect(await call.code()).not.toBe(code);
    await call.keys(code);
    expect(call.path).toBeUndefined();
    expect(await call.attempts()).toBe(1);
  });

  it("speech, talk and silence: what is no code costs nothing", async () => {
    const call = await callOf(await arena.person());
    await call.start();
    await call.take({ kind: "speech", text: "by text message please" });
    const code = await call.code();
    await call.keys("123");
    expect(call.said).toMatch(/6 digits/);
    await call.take({ kind: "text", text: "what?" });
    await call.take({ kind: "speech", text: "help" });
    await call.take({ kind: "silence" });
    await call.take({ kind: "no_match" });
    expect(await call.attempts()).toBe(0);
    const spoken = [...code].map(
      (digit) => "zero one two three four five six seven eight nine".split(" ")[Number(digit)],
    );
    await call.take({ kind: "speech", text: `it is ${spoken.join(" ")}` });
    expect(call.path).toBe("success");
  });

  it("an app of the person's own is asked for by its name and checked by us", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    const call = new Call(await publish({ methods: ["totp"], authenticatorName: "Acme App" }), {
      subject: user,
    });
    await call.start();
    expect(call.said).toContain("Acme App");
    await call.keys(wrongFor(app.codeAt(0)));
    await call.keys(app.codeAt(0));
    expect(call.path).toBe("success");
  });

  it("length and lifetime follow the settings as far as the policy allows", async () => {
    const person = await arena.person();
    const long = await callOf(person, { methods: ["sms"], digits: 8, expiryMinutes: 1, maxVerify: 2 });
    await long.start();
    expect(long.reply?.expect).toMatchObject({ minDigits: 8, maxDigits: 8 });
    expect(await long.code()).toMatch(/^\d{8}$/);
    arena.clock.at += 60_000;
    await long.keys(await long.code());
    expect(long.said).toMatch(/expired/);

    const refused = await callOf(person, { methods: ["email"], digits: 4 });
    await refused.start();
    expect(refused.reply?.expect).toMatchObject({ minDigits: 6 });

    const pin = await callOf(person, { methods: ["email"], digits: 4 }, { legacyPin: true, codeLength: 4 });
    await pin.start();
    expect(pin.reply?.expect).toMatchObject({ minDigits: 4, maxDigits: 4 });
  });

  it("the message has the sender, the subject and the two words that the caller hears", async () => {
    const person = await arena.person();
    const settings = { emailFrom: "Acme Care", emailSubject: "Your call", smsFrom: "Acme", proofWords: true };
    const call = await callOf(person, { ...settings, methods: ["email", "sms"] });
    await call.start();
    await call.keys("1");
    const { organization, verification = "" } = await call.kept();
    const words = proofWords({ organization, verification, locale: "en" }, arena.server.services.vault);
    expect(call.said).toContain(words);
    const [mail] = arena.server.inbox.list(organization, { limit: 1 });
    expect(mail).toMatchObject({ via: "email", subject: "Your call" });
    expect(mail?.text).toContain(words);
    await call.keys("*");
    await call.keys("2");
    const [text] = arena.server.inbox.list(organization, { limit: 1 });
    expect(text).toMatchObject({ via: "sms" });
    expect(text?.text).not.toContain(words);
  });
});

describe("whom it concerns", () => {
  it("nobody, a stranger, a disabled person, and one without methods look the same", async () => {
    const disabled = await arena.person();
    await arena.admin.ask("PATCH", `/v1/users/${disabled.user}`, { disabled: true });
    const { body: bare } = await arena.admin.post("/v1/users", {});
    const elsewhere = await arena.stranger(`elsewhere ${Date.now()}`);
    const { body: foreign } = await elsewhere.post("/v1/users", { email: "x@example.com" });
    const publication = await publish();
    for (const subject of [undefined, "nobody", disabled.user, bare.id, foreign.id]) {
      const call = new Call(publication, { subject });
      await call.start();
      expect(call.path).toBe("agent");
    }
  });

  it("by the calling system's own id, and by the number of the caller where the setting says so", async () => {
    const person = await arena.person();
    await arena.admin.ask("PATCH", `/v1/users/${person.user}`, { externalId: `ext ${person.user}` });
    const byExternalId = new Call(await publish(), { subject: `ext ${person.user}` });
    await byExternalId.start();
    expect(byExternalId.reply?.expect.kind).toBe("choice");

    const settings: DialogueSettings = { identify: "subject_or_caller", methods: ["sms"] };
    const byCaller = new Call(await publish(settings), { caller: person.phone });
    await byCaller.start();
    expect((await byCaller.kept()).user).toBe(person.user);
    const named = new Call(await publish(settings), { caller: person.phone, subject: "nobody" });
    expect((await named.start()).done?.path).toBe("agent");
    const spoofed = new Call(await publish(), { caller: person.phone });
    expect((await spoofed.start()).done?.path).toBe("agent");
    for (const caller of ["anonymous", "+12025550188"]) {
      const unknown = new Call(await publish({ identify: "caller" }), { caller });
      expect((await unknown.start()).done?.path).toBe("agent");
    }
    // Two people with one telephone: the number does not say which of them calls.
    const twin = await arena.admin.post("/v1/users", { phone: person.phone });
    expect(twin.status).toBe(201);
    const shared = new Call(await publish(settings), { caller: person.phone });
    expect((await shared.start()).done?.path).toBe("agent");
  });

  it("the addresses that the calling flow vouches for", async () => {
    const publication = await publish({ emailVariable: "Mail" });
    const call = new Call(publication, {
      variables: { Mail: "flow@example.com", CustomerPhone: "(202) 555-0177" },
    });
    await call.start();
    await call.keys("1");
    expect(arena.server.inbox.list(arena.demo.organization, { limit: 1 })[0]).toMatchObject({
      to: "flow@example.com",
    });
    await call.keys(await call.code());
    expect(call.path).toBe("success");
    const broken = new Call(publication, {
      variables: { Mail: "a@example.com, b@example.com", CustomerPhone: "7" },
    });
    expect((await broken.start()).done?.path).toBe("agent");
  });

  it("two callers are never mixed, whatever their platforms call them", async () => {
    const [ann, ben] = [await arena.person(), await arena.person()];
    const publication = await publish({ methods: ["sms"] });
    const [first, second] = [ann, ben].map(({ user }) => new Call(publication, { subject: user }));
    const sameName = new Call(await publish({ methods: ["sms"] }), { subject: ben.user });
    Object.assign(sameName, { id: first!.id });
    for (const call of [first, second, sameName]) await call!.start();
    expect(new Set([first, second, sameName].map((call) => call!.conversation)).size).toBe(3);
    await second!.keys(await first!.code());
    expect(second!.path).toBeUndefined();
    await first!.keys(await first!.code());
    expect(first!.path).toBe("success");
    expect((await second!.kept()).path).toBeUndefined();
    // A calling system that takes one dialogue for another's is told nothing and changes nothing.
    const mistaken = await takeTurn(
      { ...second!.turn({ kind: "wish", wish: "repeat" }), subject: ann.user },
      publication,
      tools(),
    );
    expect(mistaken).toMatchObject({ expect: { kind: "nothing" }, done: { path: "error" } });
    expect((await second!.kept()).version).toBe(2);
  });
});

describe("our limits hold underneath", () => {
  const quiet = (sends: number): PolicyLayer => ({ sendsPerDestination: [{ max: sends, seconds: 3600 }] });

  it("too many messages: the path of the setting, and no message", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"], onRefused: "later" }, quiet(1));
    await call.start();
    const code = await call.code();
    await call.take({ kind: "wish", wish: "resend" });
    expect(call.path).toBe("later");
    const late = await takeTurn(call.turn({ kind: "keys", keys: code }), call.publication, tools());
    expect(late).toEqual(call.reply);
  });

  it("a disabled authenticator is not offered; when none is left the person is handed over", async () => {
    const person = await arena.person({ failureBudget: 3 });
    const call = await callOf(person, { methods: ["email", "sms"] });
    await call.start();
    await call.keys("1");
    for (let tries = 0; tries < 3; tries += 1) await call.keys(wrongFor(await call.code()));
    expect(call.path).toBe("agent");
    const next = await callOf(person, { methods: ["email", "sms"] });
    await next.start();
    expect(next.said).toContain(person.phone.slice(-2));
    expect(next.reply?.expect.kind).toBe("code");
    const alone = await callOf(person, { methods: ["email"], onRefused: "locked" });
    expect((await alone.start()).done?.path).toBe("locked");
  });

  it("nobody can deliver: every send is used, and the path is the setting's", async () => {
    const { organization, post } = await arena.stranger(`silent ${Date.now()}`);
    const { body: app } = await post("/v1/apps", { name: "App" });
    const { body: user } = await post("/v1/users", { email: "v@example.com" });
    const call = new Call(await publish({ maxSends: 2 }, {}, organization, app.id), { subject: user.id });
    await call.start();
    expect(call.path).toBe("agent");
    expect(call.said).toMatch(/could not be sent/);
    const failed = (await call.events()).filter(({ type }) => type === "delivery.failed");
    expect(failed).toHaveLength(2);
  });
});

describe("one turn is one attempt", () => {
  const wrong = (code: string): Input => ({ kind: "keys", keys: wrongFor(code) });

  it("asked for again, at any time, it has the same answer", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    const asked = await call.start();
    const sent = arena.server.inbox.list(arena.demo.organization, { limit: 10_000 }).length;
    const start = { ...call.turn({ kind: "start" }, call.first), step: undefined };
    expect(await takeTurn(start, call.publication, tools())).toEqual(asked);
    const code = await call.code();
    const turn = call.turn(wrong(code));
    const answer = await takeTurn(turn, call.publication, tools());
    for (const node of ["this node", "another node"] as const) {
      expect(await takeTurn(turn, call.publication, tools(node))).toEqual(answer);
    }
    expect(await takeTurn({ ...turn, step: 1 }, call.publication, tools())).toEqual(answer);
    expect(await takeTurn({ ...turn, step: 99 }, call.publication, tools())).toEqual(answer);
    expect(await call.attempts()).toBe(1);
    expect(arena.server.inbox.list(arena.demo.organization, { limit: 10_000 })).toHaveLength(sent);
  });

  test.each(["this node", "another node"] as const)("eight times at once, from %s", async (node) => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    const sent = arena.server.inbox.list(arena.demo.organization, { limit: 10_000 }).length;
    const together = (turn: Turn) =>
      Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => takeTurn(turn, call.publication, tools(node))));
    const started = await together(call.turn({ kind: "start" }, call.first));
    expect(new Set(started.map((one) => JSON.stringify(one))).size).toBe(1);
    call.reply = started[0];
    const code = await call.code();
    expect(arena.server.inbox.list(arena.demo.organization, { limit: 10_000 })).toHaveLength(sent + 1);
    const refused = await together(call.turn(wrong(code)));
    expect(new Set(refused.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await call.attempts()).toBe(1);
    call.reply = refused[0];
    const approved = await together(call.turn({ kind: "keys", keys: code }));
    expect(new Set(approved.map(({ done }) => done?.receipt)).size).toBe(1);
    expect((await call.events()).filter(({ type }) => type === "verification.approved")).toHaveLength(1);
    expect((await call.events()).filter(({ type }) => type === "conversation.ended")).toHaveLength(1);
  });

  it("different answers to one question, on as many nodes: one of them counts", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    await call.start();
    const code = await call.code();
    const guesses = Array.from({ length: 9 }, (_, index) =>
      String((Number(code) + index + 1) % 1_000_000).padStart(6, "0"),
    );
    const turns = guesses.map((keys) => call.turn({ kind: "keys", keys }));
    await Promise.all(turns.map((turn) => takeTurn(turn, call.publication, tools("another node"))));
    expect(await call.attempts()).toBe(1);
    expect((await call.kept()).version).toBe(2);
  });

  it("who hangs up is heard, also while a code is being checked, and only once", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    await call.start();
    const { verification } = await call.kept();
    const checking = takeTurn(call.turn(wrong(await call.code())), call.publication, tools());
    const hangup = await takeTurn(call.turn({ kind: "hangup" }), call.publication, tools());
    await checking;
    expect(hangup.done).toMatchObject({ path: "hangup" });
    expect(await takeTurn(call.turn({ kind: "hangup" }), call.publication, tools())).toEqual(hangup);
    const stored = await arena.server.store.verifications.find(arena.demo.organization, verification ?? "");
    expect(stored).toMatchObject({ status: "canceled" });
    const stray = new Call(call.publication);
    expect((await stray.take({ kind: "hangup" })).done?.path).toBe("hangup");
    expect((await stray.take({ kind: "keys", keys: "1" }, { step: 7 })).done?.path).toBe("error");
  });
});

describe("a restart", () => {
  it("between any two turns changes nothing", async () => {
    const call = await callOf(await arena.person());
    const restarted = async <Value>(value: Promise<Value>): Promise<Value> => {
      const result = await value;
      await arena.restart();
      return result;
    };
    await restarted(call.start());
    await call.keys("2");
    const code = await restarted(call.code());
    await restarted(call.keys(wrongFor(code)));
    await restarted(call.take({ kind: "wish", wish: "slower" }));
    expect(call.reply?.pace).toBe("slow");
    const answer = await restarted(call.keys(wrongFor(code)));
    expect(
      await takeTurn(
        call.turn({ kind: "keys", keys: "0" }, { step: answer.step - 1 }),
        call.publication,
        tools(),
      ),
    ).toEqual(answer);
    const done = await restarted(call.keys(code));
    expect(done.done?.path).toBe("success");
    expect(await takeTurn(call.turn({ kind: "keys", keys: code }), call.publication, tools())).toEqual(done);
    expect(await call.attempts()).toBe(3);
  });

  /** The process dies after what the engine did and before its answer is kept. */
  const dead = (): DialogueTools => {
    const dying = tools("another node");
    const { services } = dying;
    const deaf = { ...services.store.conversations, save: () => Promise.reject(new Error("died")) };
    return { ...dying, services: { ...services, store: { ...services.store, conversations: deaf } } };
  };

  /** The process dies after the check is durable and before anybody heard of it. */
  const speechless = (): DialogueTools => {
    const dying = tools();
    const { services } = dying;
    const verifications = {
      ...services.store.verifications,
      check: async (command: CheckCommand) => {
        await services.store.verifications.check(command);
        throw new Error("died");
      },
    };
    return { ...dying, services: { ...services, store: { ...services.store, verifications } } };
  };

  it("within a choice: the same one sends nothing twice, and another one is not shut out for long", async () => {
    const call = await callOf(await arena.person());
    const menu = await call.start();
    const sent = () => arena.server.inbox.list(arena.demo.organization, { limit: 10_000 }).length;
    const before = sent();
    const first = call.turn({ kind: "keys", keys: "1" });
    await expect(takeTurn(first, call.publication, dead())).rejects.toThrow("died");
    const other = call.turn({ kind: "keys", keys: "2" });
    expect(await takeTurn(other, call.publication, tools())).toEqual(menu);
    arena.clock.at += 20_001;
    await expect(takeTurn(other, call.publication, dead())).rejects.toThrow("died");
    call.reply = await takeTurn(other, call.publication, tools());
    expect(call.reply.expect.kind).toBe("code");
    // What the turn that died had begun to send may still be on its way.
    await expect.poll(sent).toBe(before + 2);
    await call.keys(await call.code());
    expect(call.path).toBe("success");
  });

  it("within a turn: what the engine did is not done again", async () => {
    const call = await callOf(await arena.person(), { methods: ["sms"] });
    await call.start();
    const code = await call.code();
    const turn = call.turn(wrong(code));
    await expect(takeTurn(turn, call.publication, dead())).rejects.toThrow("died");
    expect(await call.attempts()).toBe(1);
    await arena.restart();
    call.reply = await takeTurn(turn, call.publication, tools());
    expect(call.said).toMatch(/2 tries left/);
    expect(await call.attempts()).toBe(1);

    // Another answer after such a death is told what became of the one before it, which was counted in its place.
    await expect(takeTurn(call.turn(wrong(code)), call.publication, dead())).rejects.toThrow("died");
    const other = call.turn({ kind: "keys", keys: wrongFor(code).replace(/.$/, code.slice(-1)) });
    call.reply = await takeTurn(other, call.publication, tools());
    expect(call.said).toMatch(/one more try/);
    expect(await call.attempts()).toBe(2);

    // The right one is kept with its approval: who died after it had only not said so yet.
    const right = call.turn({ kind: "keys", keys: code });
    await expect(takeTurn(right, call.publication, speechless())).rejects.toThrow("died");
    await arena.restart();
    const done = await takeTurn(right, call.publication, tools());
    expect(done.done).toMatchObject({ path: "success", receipt: expect.stringMatching(/^ey/) });
    expect(await takeTurn(right, call.publication, tools("another node"))).toEqual(done);
    expect(await call.attempts()).toBe(3);
  });

  const wrong = (code: string): Input => ({ kind: "keys", keys: wrongFor(code) });
});

describe("codes of the customer's own system", () => {
  const answer = (root: string, status: string, inner = "") => ({
    body: `<${root}><status>${status}</status>${inner}</${root}>`,
  });
  const listing = (...methods: readonly string[]) =>
    answer("checkVerifiedContactMethods", "success", `<methods>${methods.join("")}</methods>`);
  const sms = '<method name="SMS" value="+12025550123"/>';
  const app = '<method name="authenticator"/>';

  interface Script {
    readonly check: ReturnType<typeof answer>;
    readonly send?: string;
    readonly verify?: readonly string[];
  }

  /** The three services, and what they were asked. */
  function customer({ check, send = "success", verify = [] }: Script) {
    const checks = [...verify];
    stub.requests.length = 0;
    stub.reply = ({ target }) => {
      if (target === "/check") return check;
      if (target === "/send") return answer("sendAuthenticationCode", send);
      const status = checks.shift() ?? "incorrect code";
      return status === "hang" ? "hang" : answer("codeAuthentication", status);
    };
  }
  const asked = () => stub.requests.map(({ target, body }) => `${target} ${body}`);
  const settings = (more: DialogueSettings = {}): DialogueSettings => {
    const at = (path: string) => ({ production: `${stub.url}${path}`, test: `${stub.url}/test${path}` });
    const urls = { checkMethods: at("/check"), sendCode: at("/send"), verifyCode: at("/verify") };
    return { codeGeneration: "external", ...more, ws: { ...urls, ...more.ws } };
  };
  const call = async (more: DialogueSettings = {}) =>
    new Call(await publish(settings(more)), {
      subject: "acc-7",
      caller: "+12025550123",
      called: "+12025550199",
    });

  it("V14: an app, two wrong codes, the right one; the record tells it, and we made nothing", async () => {
    customer({ check: listing(app), verify: ["incorrect code", "Incorrect Code", "success"] });
    const one = await call({ authenticatorName: "Acme App" });
    await one.start();
    expect(one.reply?.expect).toEqual({ kind: "code", minDigits: 4, maxDigits: 10 });
    expect(one.said).toContain("Acme App");
    for (const code of ["0001", "12345678", "007007"]) await one.keys(code);
    expect(one.reply?.done).toEqual({ path: "success" });
    const session = one.conversation;
    const common = `CustomerID=acc-7&SessionID=${session}&CLI=%2B12025550123&DNIS=%2B12025550199`;
    expect(asked()).toEqual([
      `/check ${common}`,
      `/verify ${common}&authCode_nbest1=0001`,
      `/verify ${common}&authCode_nbest1=12345678`,
      `/verify ${common}&authCode_nbest1=007007`,
    ]);
    const events = await one.events();
    expect(events.map(({ type }) => type)).toEqual(["conversation.started", "conversation.ended"]);
    expect(events[1]?.details).toMatchObject({ path: "success", codes: "external", via: "external" });
  });

  it("V2, V15, V19: chosen, sent by them, and every other status is the path", async () => {
    customer({ check: listing(app, sms), verify: ["agent"] });
    const chosen = await call();
    await chosen.start();
    await chosen.keys("2");
    expect(asked()[1]).toMatch(/^\/send .*&TwoFactorAuthSelectedMethod=SMS$/);
    expect(chosen.said).toContain("23");
    await chosen.keys("123456");
    expect(chosen.path).toBe("agent");

    customer({ check: listing(sms), send: "no mobile" });
    const refused = await call();
    expect((await refused.start()).done?.path).toBe("no mobile");

    customer({ check: listing(sms), send: "error" });
    const failing = await call({ maxSends: 2 });
    expect((await failing.start()).done?.path).toBe("agent");
    expect(asked()).toHaveLength(3);

    customer({ check: answer("checkVerifiedContactMethods", "not found") });
    expect((await (await call({ onNoMethod: "nobody" })).start()).done?.path).toBe("nobody");
  });

  it("our own codes go where their list says; what is no address is dropped", async () => {
    const unsafe = '<method name="email" value="a@example.com,b@example.com"/>';
    customer({
      check: listing(unsafe, app, '<method name="sms"/>', '<method name="pigeon" value="x"/>', sms),
    });
    const one = await call({ codeGeneration: "internal" });
    expect((await one.start()).done?.path).toBe("agent");
    customer({ check: listing(unsafe, app, sms) });
    const two = await call({ codeGeneration: "internal" });
    await two.start();
    expect(two.reply?.expect.kind).toBe("code");
    await two.keys(await two.code());
    expect(two.reply?.done).toMatchObject({ path: "success", receipt: expect.any(String) });
    customer({ check: listing('<method name="SMS"/>') });
    const three = await call({ codeGeneration: "internal" });
    three.first = { ...three.first, variables: { CustomerPhone: "+12025550124" } };
    await three.start();
    expect(three.said).toContain("24");
  });

  it("a called number makes it a test call", async () => {
    customer({ check: listing(app) });
    const one = await call({ testNumbers: ["+12025550199"] });
    await one.start();
    expect(asked()[0]).toMatch(/^\/test\/check /);
    expect(one.path).toBe("error");
  });

  it("a dead service ends the call on the configured way within its time, and is asked once", async () => {
    customer({ check: listing(app), verify: ["hang", "success"] });
    const one = await call({ ws: { timeoutMs: 150 } });
    await one.start();
    const turn = one.turn({ kind: "keys", keys: "123456" });
    const done = await takeTurn(turn, one.publication, tools());
    expect(done.done).toEqual({ path: "error" });
    expect(await takeTurn(turn, one.publication, tools())).toEqual(done);
    expect(asked()).toHaveLength(2);
    stub.reply = () => "hang";
    const two = await call({ ws: { timeoutMs: 150 } });
    expect((await two.start()).done?.path).toBe("error");
  });

  it("a repeated turn is not asked twice: neither at once, nor on another node, nor after a crash", async () => {
    customer({ check: listing(app), verify: ["incorrect code"] });
    const one = await call();
    await one.start();
    const turn = one.turn({ kind: "keys", keys: "111111" });
    const replies = await Promise.all(
      ["this node", "this node", "another node"].map((node) =>
        takeTurn(turn, one.publication, tools(node as "this node")),
      ),
    );
    expect(asked()).toHaveLength(2);
    one.reply = await takeTurn(turn, one.publication, tools());
    expect(replies).toContainEqual(one.reply);

    // The process dies while it waits for the service: whether the code was right nobody knows any more.
    const dying = tools("another node", { fetch: () => Promise.reject(new Error("died")) });
    const { services } = dying;
    let saves = 0;
    const conversations: typeof services.store.conversations = {
      ...services.store.conversations,
      save: (conversation, events) => {
        saves += 1;
        if (saves > 1) return Promise.reject(new Error("died"));
        return services.store.conversations.save(conversation, events);
      },
    };
    const dead = { ...dying, services: { ...services, store: { ...services.store, conversations } } };
    const next = one.turn({ kind: "keys", keys: "222222" });
    await expect(takeTurn(next, one.publication, dead)).rejects.toThrow("died");
    const after = await takeTurn(next, one.publication, tools());
    expect(after.done).toEqual({ path: "error" });
    expect(asked()).toHaveLength(2);
  });
});
