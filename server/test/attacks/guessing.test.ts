import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Arena, openArena, wrongFor } from "./arena.ts";
import { enrollApp, recoveryCodes } from "./authenticator-app.ts";

let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

const budget = 20;
const hour = 3_600_000;

/** Starts anew and answers wrongly until no answer is looked at any more; gives how many were. */
async function exhaust(user: string, via: string, wrongOf: (id: string) => Promise<string>): Promise<number> {
  let evaluated = 0;
  for (let round = 0; round < budget * 2; round += 1) {
    const started = await arena.admin.post("/v1/verifications", { user, via });
    if (started.status !== 201) return evaluated;
    for (let attempt = 0; attempt < 4; attempt += 1) {
      // Past every wait of the ladder.
      arena.clock.at += hour;
      const again = await arena.admin.post("/v1/verifications", { user, via });
      if (again.status !== 201) break;
      const { reason } = await arena.check(again.body.id, await wrongOf(again.body.id));
      if (reason === "wrong") evaluated += 1;
    }
  }
  return evaluated;
}

describe("the failure budget", () => {
  it.each(["sms", "voice", "email"])(
    "API-01, V01 %s: after 20 wrong answers the right one is refused, the authenticator is disabled and the record says so",
    async (via) => {
      const { user } = await arena.person();
      const living = await arena.start(user, via, { purpose: "other" });
      const wrong = async (id: string) => wrongFor(await arena.codeOf(id));
      expect(await exhaust(user, via, wrong)).toBe(budget);
      expect((await arena.failures(user))[via]).toEqual({ failures: budget, status: "disabled" });
      expect((await arena.check(living.id, await arena.codeOf(living.id))).approved).toBe(false);
      const refused = await arena.admin.post("/v1/verifications", { user, via });
      expect(refused).toMatchObject({ status: 422, body: { code: "authenticator_disabled" } });
      const { body } = await arena.admin.get("/v1/audit?limit=20");
      const types = (body["events"] as readonly { type: string; user: string }[])
        .filter((event) => event.user === user)
        .map(({ type }) => type);
      expect(types).toContain("authenticator.disabled");
    },
  );

  it("API-01, V01 totp: as above", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    expect(await exhaust(user, "totp", async () => wrongFor(app.codeAt(0)))).toBe(budget);
    expect((await arena.failures(user))["totp"]).toEqual({ failures: budget, status: "disabled" });
    expect((await arena.admin.post("/v1/verifications", { user, via: "totp" })).status).toBe(422);
  });

  it("API-01, V01, API-42, V08 recovery code: as above, over as many verifications as one likes", async () => {
    const { user } = await arena.person();
    const [right = ""] = await recoveryCodes(user, arena);
    const [foreign = ""] = await recoveryCodes((await arena.person()).user, arena);
    const pending = await arena.start(user, "recovery_code", { purpose: "other" });
    expect(await exhaust(user, "recovery_code", async () => foreign)).toBe(budget);
    expect((await arena.failures(user))["recovery_code"]).toEqual({ failures: budget, status: "disabled" });
    expect((await arena.check(pending.id, right)).approved).toBe(false);
  });

  it("API-02 three wrong answers close a verification, and the fourth costs nothing", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    const reasons = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      reasons.push((await arena.check(id, wrongFor(code))).reason);
    }
    expect(reasons).toEqual(["wrong", "wrong", "wrong", "closed"]);
    expect((await arena.failures(user))["sms"]?.failures).toBe(3);
    expect((await arena.check(id, code)).approved).toBe(false);
  });

  it("API-03 a resend gives a new code and no new attempts, neither of the verification nor of the person", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    await arena.check(id, wrongFor(await arena.codeOf(id)));
    await arena.admin.post(`/v1/verifications/${id}/resend`);
    await arena.check(id, wrongFor(await arena.codeOf(id)));
    await arena.admin.post(`/v1/verifications/${id}/resend`);
    const newest = await arena.codeOf(id);
    await arena.check(id, wrongFor(newest));
    expect((await arena.check(id, newest)).approved).toBe(false);
    expect((await arena.failures(user))["sms"]?.failures).toBe(3);
  });

  it("API-04, V02, V08 another purpose, app or publication to the same authenticator: one count", async () => {
    const { user } = await arena.person();
    const { demo } = arena;
    const scopes = [
      {},
      { purpose: "payment" },
      { app: demo.app },
      { publication: demo.publications["api"]?.id },
    ];
    for (const [index, scope] of scopes.entries()) {
      const { id } = await arena.start(user, "sms", scope);
      expect((await arena.check(id, wrongFor(await arena.codeOf(id)))).reason).toBe("wrong");
      expect((await arena.failures(user))["sms"]?.failures).toBe(index + 1);
    }
  });

  it("V04 a restart between guesses forgets none of them", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    for (const guessed of [1, 2]) {
      await arena.check(id, wrongFor(code));
      await arena.restart();
      expect((await arena.failures(user))["sms"]?.failures).toBe(guessed);
    }
    expect((await arena.check(id, code)).approved).toBe(true);
    expect((await arena.failures(user))["sms"]?.failures).toBe(0);
  });

  it("V09 fifty starts for one person are one pending verification", async () => {
    const { user } = await arena.person();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        arena.admin.post("/v1/verifications", { user, via: "totp", purpose: "x" }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]));
    await enrollApp(user, arena);
    const started = await Promise.all(Array.from({ length: 50 }, () => arena.start(user, "totp")));
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
  });

  it("V10 traffic that holds no verification of the person moves no counter", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = wrongFor(await arena.codeOf(id));
    const stranger = await arena.stranger("v10");
    await stranger.post(`/v1/verifications/${id}/check`, { code });
    await arena.as("cs_test_none").post(`/v1/verifications/${id}/check`, { code });
    await arena.admin.post("/v1/verifications/01a20439-0000-7000-8000-000000000000/check", { code });
    await arena.admin.post(`/v1/verifications/${id}/check`, { code: "no code at all" });
    expect((await arena.failures(user))["sms"]?.failures).toBe(0);
  });

  it("V11 one number in two organizations has two counters", async () => {
    const { user, phone } = await arena.person();
    const stranger = await arena.stranger("v11");
    await stranger.post("/v1/providers", { name: "phone", kind: "inbox", vias: ["sms"], settings: {} });
    const twin = await stranger.post("/v1/users", { phone });
    const started = await stranger.post("/v1/verifications", { user: twin.body.id, via: "sms" });
    expect(started.status).toBe(201);
    for (const code of ["000000", "111111"]) {
      await stranger.post(`/v1/verifications/${started.body.id}/check`, { code });
    }
    expect((await arena.failures(user))["sms"]?.failures).toBe(0);
  });
});

describe("what was begun before the end", () => {
  it("V06 an authenticator revoked, and one disabled by failures, approves nothing that was pending", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    const { body } = await arena.admin.get(`/v1/users/${user}/authenticators`);
    const sms = (body["authenticators"] as readonly { id: string; kind: string }[]).find(
      ({ kind }) => kind === "sms",
    );
    expect((await arena.admin.ask("DELETE", `/v1/users/${user}/authenticators/${sms?.id}`)).status).toBe(204);
    expect((await arena.check(id, code)).approved).toBe(false);
    expect((await arena.admin.post(`/v1/verifications/${id}/resend`)).status).toBeGreaterThanOrEqual(400);
  });

  it("V06 a user disabled while a verification is pending is not approved, by any method", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    const [recovery = ""] = await recoveryCodes(user, arena);
    const sms = await arena.start(user, "sms");
    const totp = await arena.start(user, "totp");
    const printed = await arena.start(user, "recovery_code");
    const code = await arena.codeOf(sms.id);
    expect((await arena.admin.ask("PATCH", `/v1/users/${user}`, { disabled: true })).status).toBe(200);
    const answers = [
      await arena.check(sms.id, code),
      await arena.check(totp.id, app.codeAt(0)),
      await arena.check(printed.id, recovery),
    ];
    expect(answers.map(({ approved }) => approved)).toEqual([false, false, false]);
    expect((await arena.admin.post(`/v1/verifications/${sms.id}/resend`)).status).toBeGreaterThanOrEqual(400);
  });

  it("V06 a deleted user is not approved", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    expect((await arena.admin.ask("DELETE", `/v1/users/${user}`)).status).toBe(204);
    expect((await arena.check(id, code)).approved ?? false).toBe(false);
  });

  it("V23 a method that the policy does not allow is not reached by a resend either", async () => {
    const { user } = await arena.person({ vias: ["email"] });
    expect((await arena.admin.post("/v1/verifications", { user, via: "sms" })).status).toBe(422);
    const { id } = await arena.start(user, "email");
    const resent = await arena.admin.post(`/v1/verifications/${id}/resend`, { via: "sms" });
    expect(resent).toMatchObject({ status: 422, body: { code: "method_not_allowed_by_policy" } });
  });
});

describe("V07 routes that take a code", () => {
  it("are these and no others, and each of them counts", () => {
    const document = arena.server.app.swagger() as {
      paths: Record<string, Record<string, { operationId?: string; requestBody?: unknown }>>;
    };
    const taking = Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .filter(({ requestBody }) => JSON.stringify(requestBody ?? {}).includes('"code":'))
      .map(({ operationId }) => operationId)
      .sort();
    // A test number's code is what an admin fixes, not an answer.
    expect(taking).toEqual(["enrollments.confirm", "testNumbers.create", "verifications.check"]);
  });
});
