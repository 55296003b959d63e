import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serverCeiling } from "../../src/engine/policy/defaults.ts";
import { type Arena, openArena, shapeOf, wrongFor } from "./arena.ts";
import { enrollApp, recoveryCodes } from "./authenticator-app.ts";

let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

const ttlMs = 300_000;

describe("the life of a code", () => {
  it.each([
    ["50 ms before its end", -50, true],
    ["at its end", 0, false],
    ["1 ms after its end", 1, false],
  ])("API-07, V21 the right code %s", async (_name, offset, approved) => {
    const { user } = await arena.person();
    const begunAt = arena.clock.at;
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    arena.clock.at = begunAt + ttlMs + offset;
    expect((await arena.check(id, code)).approved).toBe(approved);
  });

  it("API-08 the right code twice: once; with the same Idempotency-Key it is the same approval", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    const headers = { "idempotency-key": "first" };
    const first = await arena.check(id, code, headers);
    const repeated = await arena.check(id, code, headers);
    const other = await arena.check(id, code, { "idempotency-key": "second" });
    expect([first.approved, repeated.receipt, other.approved]).toEqual([true, first.receipt, false]);
    expect((await arena.check(id, code)).receipt).toBeUndefined();
  });

  it("API-10 the code of before a resend is worth nothing, and counts", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const old = await arena.codeOf(id);
    await arena.admin.post(`/v1/verifications/${id}/resend`);
    const fresh = await arena.codeOf(id);
    expect(fresh).not.toBe(old);
    expect((await arena.check(id, old)).reason).toBe("wrong");
    expect((await arena.failures(user))["sms"]?.failures).toBe(1);
    expect((await arena.check(id, fresh)).approved).toBe(true);
  });

  const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
  const each = (code: string, spell: (digit: string) => string, between = "") =>
    [...code].map(spell).join(between);
  const spellings: readonly (readonly [string, (code: string) => string])[] = [
    ["a space before", (code) => ` ${code}`],
    ["a space behind", (code) => `${code} `],
    ["in two groups", (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ["with a line end", (code) => `${code}\n`],
    ["full width", (code) => each(code, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
    ["in words", (code) => each(code, (digit) => words[Number(digit)] ?? "", " ")],
    ["with dashes", (code) => each(code, (digit) => digit, "-")],
  ];

  it.each(spellings)(
    "V13 a spent code spelled otherwise (%s) stays spent, and a living one is right",
    async (_, spell) => {
      const { user } = await arena.person();
      const { id } = await arena.start(user, "sms");
      const code = await arena.codeOf(id);
      expect((await arena.check(id, spell(code))).approved).toBe(true);
      expect((await arena.check(id, code)).reason).toBe("closed");
      expect((await arena.check(id, spell(code))).reason).toBe("closed");
      expect((await arena.failures(user))["sms"]?.failures).toBe(0);
    },
  );

  it("V13 wrong codes in three spellings are three attempts of one count", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const wrong = wrongFor(await arena.codeOf(id));
    for (const spelled of [` ${wrong}`, `${wrong.slice(0, 3)} ${wrong.slice(3)}`, `${wrong}\n`]) {
      expect((await arena.check(id, spelled)).reason).toBe("wrong");
    }
    expect((await arena.failures(user))["sms"]?.failures).toBe(3);
    expect((await arena.check(id, wrong)).reason).toBe("closed");
  });
});

describe("what a code is bound to", () => {
  it("API-09, V22 one person's right code on another's verification is wrong there, and counts there", async () => {
    const [anna, ben] = [await arena.person(), await arena.person()];
    const hers = await arena.start(anna.user, "sms");
    const his = await arena.start(ben.user, "sms");
    const code = await arena.codeOf(hers.id);
    expect((await arena.check(his.id, code)).reason).toBe("wrong");
    expect((await arena.failures(ben.user))["sms"]?.failures).toBe(1);
    expect((await arena.failures(anna.user))["sms"]?.failures).toBe(0);
    expect((await arena.check(hers.id, code)).approved).toBe(true);
  });

  it("API-30, V22 so is a code of another's authenticator app, and API-41 a recovery code of another's", async () => {
    const [anna, ben] = [await arena.person(), await arena.person()];
    const app = await enrollApp(anna.user, arena);
    await enrollApp(ben.user, arena);
    const [printed = ""] = await recoveryCodes(anna.user, arena);
    await recoveryCodes(ben.user, arena);
    const byApp = await arena.start(ben.user, "totp");
    expect((await arena.check(byApp.id, app.codeAt(0))).reason).toBe("wrong");
    const byPaper = await arena.start(ben.user, "recovery_code");
    expect((await arena.check(byPaper.id, printed)).reason).toBe("wrong");
    expect(await arena.failures(ben.user)).toMatchObject({
      totp: { failures: 1 },
      recovery_code: { failures: 1 },
    });
  });

  it("API-11 the code of one purpose or amount is not that of another, and its receipt opens nothing else", async () => {
    const { user } = await arena.person();
    const login = await arena.start(user, "sms");
    const payment = await arena.start(user, "sms", { purpose: "payment", binding: { amount: "5 EUR" } });
    const code = await arena.codeOf(login.id);
    expect((await arena.check(payment.id, code)).reason).toBe("wrong");
    const { receipt } = await arena.check(login.id, code);
    for (const other of [{ purpose: "payment" }, { binding: { amount: "5 EUR" } }]) {
      const consumed = await arena.admin.post("/v1/receipts/consume", { receipt, ...other });
      expect(consumed).toMatchObject({ status: 422, body: { code: "receipt_invalid" } });
    }
    expect((await arena.admin.post("/v1/receipts/consume", { receipt, purpose: "login" })).status).toBe(200);
  });

  it("V25 whom a code is for is what the record says: a request cannot name another", async () => {
    const [anna, ben] = [await arena.person(), await arena.person()];
    const { id } = await arena.start(anna.user, "sms");
    const code = await arena.codeOf(id);
    const refused = await arena.admin.post(`/v1/verifications/${id}/check`, { code, user: ben.user });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ field: "/user" }] } });
    const started = await arena.admin.post("/v1/verifications", {
      user: ben.user,
      to: anna.phone,
      via: "sms",
    });
    expect(started.status).toBe(400);
  });

  it("V18 a receipt is taken once, and a forged or cut one never", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const receipt = String((await arena.check(id, await arena.codeOf(id))).receipt);
    const [header, claims = "", signature] = receipt.split(".");
    const said = JSON.parse(Buffer.from(claims, "base64url").toString());
    const altered = Buffer.from(JSON.stringify({ ...said, purpose: "payment" })).toString("base64url");
    const none = Buffer.from('{"alg":"none","typ":"cs-receipt+jwt"}').toString("base64url");
    for (const forged of [
      `${header}.${altered}.${signature}`,
      `${none}.${claims}.`,
      `${header}.${claims}.`,
    ]) {
      expect((await arena.admin.post("/v1/receipts/consume", { receipt: forged })).status).toBe(422);
    }
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => arena.admin.post("/v1/receipts/consume", { receipt })),
    );
    expect(taken.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("V18 a receipt that is over stays over when the clock is set back", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const { receipt } = await arena.check(id, await arena.codeOf(id));
    expect((await arena.admin.post("/v1/receipts/consume", { receipt })).status).toBe(200);
    arena.clock.at += 3_600_000;
    await arena.start(user, "email");
    arena.clock.at -= 3_600_000;
    expect((await arena.admin.post("/v1/receipts/consume", { receipt })).status).toBe(422);
    arena.clock.at += 3_600_000;
  });
});

describe("authenticator apps", () => {
  it("API-32, V21 the steps −1, 0 and +1 are taken, −2 and +2 are not", async () => {
    const taken: Record<number, boolean | undefined> = {};
    for (const step of [-2, -1, 0, 1, 2]) {
      const { user } = await arena.person();
      const app = await enrollApp(user, arena);
      arena.clock.at += 60_000;
      const { id } = await arena.start(user, "totp");
      taken[step] = (await arena.check(id, app.codeAt(step))).approved;
    }
    expect(taken).toEqual({ [-2]: false, [-1]: true, 0: true, 1: true, 2: false });
  });

  it("API-31, V14 a step is taken once: not in another verification, not after a restart, not one before it", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    const [code, before] = [app.codeAt(0), app.codeAt(-1)];
    expect((await arena.check((await arena.start(user, "totp")).id, code)).approved).toBe(true);
    const again = await arena.start(user, "totp");
    expect((await arena.check(again.id, code)).reason).toBe("replayed");
    expect((await arena.check(again.id, before)).reason).toBe("replayed");
    await arena.restart();
    expect((await arena.check(again.id, code)).reason).toBe("replayed");
    arena.clock.at += 30_000;
    const next = await arena.start(user, "totp", { purpose: "payment" });
    expect((await arena.check(next.id, code)).reason).toBe("replayed");
    expect((await arena.check(next.id, app.codeAt(0))).approved).toBe(true);
  });

  it("API-34 no header or field moves the time", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    const later = app.codeAt(120);
    const { id } = await arena.start(user, "totp");
    const date = new Date(arena.clock.at + 3_600_000).toUTCString();
    expect((await arena.check(id, later, { date, "x-time": date })).approved).toBe(false);
    expect(
      (await arena.admin.post(`/v1/verifications/${id}/check`, { code: later, time: date })).status,
    ).toBe(400);
  });

  it("API-35, V19 an enrollment is confirmed once, in ten minutes, with five tries", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    const path = `/v1/users/${user}/enrollments`;
    const replayed = await arena.admin.post(`${path}/${app.id}/confirm`, { code: app.codeAt(0) });
    expect(replayed).toMatchObject({ status: 422, body: { code: "enrollment_refused" } });
    const late = await arena.admin.post(path, { kind: "totp" });
    arena.clock.at += 600_000;
    expect((await arena.admin.post(`${path}/${late.body.id}/confirm`, { code: "123456" })).status).toBe(422);
    const { body } = await arena.admin.get(`/v1/users/${user}/authenticators`);
    const apps = (body["authenticators"] as readonly { kind: string; status: string }[]).filter(
      ({ kind, status }) => kind === "totp" && status === "active",
    );
    expect(apps).toHaveLength(1);
  });
});

describe("recovery codes", () => {
  it("API-40, V17 one is taken once, also when fifty ask at the same time", async () => {
    const { user } = await arena.person({ maxAttempts: 10 });
    const [code = ""] = await recoveryCodes(user, arena);
    const [one, other] = [
      await arena.start(user, "recovery_code"),
      await arena.start(user, "recovery_code", { purpose: "x" }),
    ];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => arena.check(index % 2 ? one.id : other.id, code)),
    );
    expect(answers.filter(({ approved }) => approved)).toHaveLength(1);
  });

  it("API-41 a code of a set that was replaced is worth nothing", async () => {
    const { user } = await arena.person();
    const [old = ""] = await recoveryCodes(user, arena);
    await recoveryCodes(user, arena);
    const { id } = await arena.start(user, "recovery_code");
    expect((await arena.check(id, old)).approved).toBe(false);
  });

  it("API-44 codes are shown once: afterwards only how many are left", async () => {
    const { user } = await arena.person();
    const codes = await recoveryCodes(user, arena);
    const { id } = await arena.start(user, "recovery_code");
    await arena.check(id, codes[0] ?? "");
    const lists = [
      await arena.admin.get(`/v1/users/${user}`),
      await arena.admin.get(`/v1/users/${user}/authenticators`),
      await arena.admin.get("/v1/audit"),
    ];
    const text = JSON.stringify(lists.map(({ body }) => body));
    for (const code of codes) expect(text).not.toContain(code);
    expect(lists[1]?.body["authenticators"]).toContainEqual(
      expect.objectContaining({ kind: "recovery_code", recoveryCodesLeft: codes.length - 1 }),
    );
  });
});

describe("what a caller may ask for", () => {
  it.each([
    ["codeLength", 11],
    ["codeTtlSeconds", 601],
    ["maxAttempts", 11],
    ["failureBudget", 101],
  ] as const)("API-47 %s beyond its ceiling, or no whole number, is 400", async (setting, beyond) => {
    for (const value of [0, -1, 1e9, Number.NaN, "6", 2 ** 53, beyond, 6.5, null, true, [6]]) {
      const { status } = await arena.admin.ask("PATCH", "/v1/organization", { policy: { [setting]: value } });
      expect([setting, value, status]).toEqual([setting, value, 400]);
    }
    const { user } = await arena.person();
    const start = await arena.admin.post("/v1/verifications", { user, via: "sms", [setting]: 6 });
    expect(start).toMatchObject({ status: 400, body: { fields: [{ field: `/${setting}` }] } });
  });

  it("API-50 nobody cancels another's verification, and none that is approved", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const stranger = await arena.stranger("api-50");
    expect((await stranger.post(`/v1/verifications/${id}/cancel`)).status).toBe(404);
    expect((await arena.check(id, await arena.codeOf(id))).approved).toBe(true);
    const late = await arena.admin.post(`/v1/verifications/${id}/cancel`);
    expect(late).toMatchObject({ status: 409, body: { code: "already_closed" } });
    expect((await arena.admin.get(`/v1/verifications/${id}`)).body.status).toBe("approved");
  });

  it("API-19 the windows of a number hold whoever asks and however, and say when to come back", async () => {
    const { sending } = serverCeiling;
    const windows = { sendsPerDestination: [{ max: 3, seconds: 600 }], sending };
    await arena.admin.ask("PATCH", "/v1/organization", { policy: windows });
    const { user, phone } = await arena.person();
    let sent = 0;
    const refusals = [];
    for (let ask = 0; ask < 60; ask += 1) {
      const target = ask % 2 ? { to: phone } : { user };
      const body = { ...target, via: ask % 3 ? "sms" : "voice", purpose: `p${ask}` };
      const { status, headers } = await arena.admin.post("/v1/verifications", body);
      if (status === 201) sent += 1;
      else refusals.push([status, Number(headers["retry-after"]) > 0]);
    }
    await arena.admin.ask("PATCH", "/v1/organization", { policy: { sending } });
    expect(sent).toBe(3);
    expect(refusals).toHaveLength(57);
    expect(new Set(refusals.map(String))).toEqual(new Set(["429,true"]));
  });

  it("V27 the spellings of one number, and of one address, are one destination or none at all", async () => {
    const spellings = [
      ...["+49 151 23456789", "+4915123456789", "0049 151 23456789", "tel:+49-151-23456789"],
      ...["+49 (0)151 23456789", "+49 (151) 234-567-89", " +49\u00a0151\u00a023456789 ", "+49.151.23456789"],
      ...["＋４９ １５１ ２３４５６７８９", "+49\u200b15123456789", "+49 151 23456789;ext=", "0151 23456789"],
    ];
    const keys = new Set<string>();
    for (const [index, to] of spellings.entries()) {
      const answer = await arena.admin.post("/v1/verifications", { to, via: "sms", purpose: "spelled" });
      if (answer.status === 400 || answer.status === 429) continue;
      expect([index, answer.status]).toEqual([index, 201]);
      keys.add(answer.body.id);
    }
    expect(keys.size).toBe(1);
    const mails = [
      "v27@example.com",
      "V27@Example.COM",
      " v27@example.com ",
      "v27@EXAMPLE.com.",
      "v27@example\u200b.com",
    ];
    const boxes = new Set<string>();
    for (const to of mails) {
      const answer = await arena.admin.post("/v1/verifications", { to, via: "email", purpose: "spelled" });
      if (answer.status === 201) boxes.add(answer.body.id);
    }
    expect(boxes.size).toBe(1);
  });

  it("API-21 unknown, foreign and disabled look the same at every verb", async () => {
    const unknown = "01a20439-0000-7000-8000-000000000000";
    const stranger = await arena.stranger("api-21");
    const twin = await stranger.post("/v1/users", { phone: "+4915112345678" });
    const theirs = await stranger.post("/v1/verifications", { user: twin.body.id, via: "totp" });
    const { user } = await arena.person();
    const ours = await arena.start(user, "sms");
    await arena.admin.ask("PATCH", `/v1/users/${user}`, { disabled: true });
    const starts = [unknown, twin.body.id, user].map((id) =>
      arena.admin.post("/v1/verifications", { user: id, via: "sms" }),
    );
    expect(new Set((await Promise.all(starts)).map(shapeOf)).size).toBe(1);
    for (const verb of ["check", "resend", "cancel"]) {
      const body = verb === "check" ? { code: "123456" } : undefined;
      const foreign = await stranger.post(`/v1/verifications/${ours.id}/${verb}`, body);
      const missing = await stranger.post(`/v1/verifications/${unknown}/${verb}`, body);
      expect(foreign.status).toBe(404);
      expect([verb, shapeOf(foreign)]).toEqual([verb, shapeOf(missing)]);
    }
    expect(theirs.status).toBe(422);
  });

  it("API-21 wrong, expired, spent and closed look the same to a key that may only check", async () => {
    const caller = await arena.callerWith(["verifications:check"]);
    const check = (id: string, code: string) => caller.post(`/v1/verifications/${id}/check`, { code });
    const shapes = new Set<string>();
    const fresh = async () => {
      const { user } = await arena.person();
      const { id } = await arena.start(user, "sms");
      return { id, code: await arena.codeOf(id) };
    };
    const wrong = await fresh();
    shapes.add(shapeOf(await check(wrong.id, wrongFor(wrong.code))));
    const spent = await fresh();
    await arena.check(spent.id, spent.code);
    shapes.add(shapeOf(await check(spent.id, spent.code)));
    const canceled = await fresh();
    await arena.admin.post(`/v1/verifications/${canceled.id}/cancel`);
    shapes.add(shapeOf(await check(canceled.id, canceled.code)));
    const expired = await fresh();
    arena.clock.at += ttlMs;
    shapes.add(shapeOf(await check(expired.id, expired.code)));
    expect(shapes.size).toBe(1);
  });
});
