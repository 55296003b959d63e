import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serverCeiling } from "../../src/engine/policy/defaults.ts";
import { type Arena, openArena, wrongFor } from "./arena.ts";
import { enrollApp } from "./authenticator-app.ts";

let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

const times = <Value>(count: number, make: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe("at the same time", () => {
  it("API-05, V03 200 wrong answers with 3 allowed: exactly 3 are looked at, five times over", async () => {
    for (let repetition = 0; repetition < 5; repetition += 1) {
      const { user } = await arena.person();
      const { id } = await arena.start(user, "sms");
      const code = await arena.codeOf(id);
      const answers = await times(200, () => arena.check(id, wrongFor(code)));
      expect(answers.filter(({ reason }) => reason === "wrong")).toHaveLength(3);
      expect((await arena.failures(user))["sms"]?.failures).toBe(3);
      expect((await arena.check(id, code)).approved).toBe(false);
    }
  });

  it("API-06, V16 100 right answers: one approval, one receipt, one event", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    const answers = await times(100, () => arena.check(id, code));
    expect(answers.filter(({ approved }) => approved)).toHaveLength(1);
    expect(answers.filter(({ receipt }) => receipt !== undefined)).toHaveLength(1);
    const { body } = await arena.admin.get("/v1/audit?limit=200");
    const events = body["events"] as readonly { type: string; verification: string }[];
    const approvals = events.filter((one) => one.type === "verification.approved" && one.verification === id);
    expect(approvals).toHaveLength(1);
  });

  it("API-06 100 answers of which half are right: never two approvals, and the wrong ones do not outlive the end", async () => {
    const { user } = await arena.person();
    const { id } = await arena.start(user, "sms");
    const code = await arena.codeOf(id);
    const answers = await times(100, (index) => arena.check(id, index % 2 ? code : wrongFor(code)));
    expect(answers.filter(({ approved }) => approved)).toHaveLength(1);
    expect((await arena.failures(user))["sms"]?.failures).toBe(0);
  });

  it("V15 100 times one code of an authenticator app, over four verifications: one approval", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    const ids = await times(
      4,
      async (index) => (await arena.start(user, "totp", { purpose: `p${index}` })).id,
    );
    const answers = await times(100, (index) => arena.check(ids[index % 4] ?? "", app.codeAt(0)));
    expect(answers.filter(({ approved }) => approved)).toHaveLength(1);
    // Eight replays stand on the first step of the ladder, and what comes then is not even looked at.
    const reasons = answers.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === "replayed")).toHaveLength(8);
    expect(new Set(reasons)).toEqual(new Set([undefined, "closed", "replayed", "throttled"]));
  });

  it("V15 the codes of three steps at once: each at most once, and none older than the last taken", async () => {
    const { user } = await arena.person();
    const app = await enrollApp(user, arena);
    arena.clock.at += 60_000;
    const ids = await times(
      6,
      async (index) => (await arena.start(user, "totp", { purpose: `q${index}` })).id,
    );
    const codes = [-1, 0, 1].map((step) => app.codeAt(step));
    const answers = await times(60, (index) => arena.check(ids[index % 6] ?? "", codes[index % 3] ?? ""));
    const approvals = answers.filter(({ approved }) => approved).length;
    expect(approvals).toBeGreaterThanOrEqual(1);
    expect(approvals).toBeLessThanOrEqual(3);
    arena.clock.at += 30_000;
    const later = await arena.start(user, "totp", { purpose: "later" });
    for (const code of codes) expect((await arena.check(later.id, code)).approved).toBe(false);
  });

  it("V19 one enrollment confirmed 20 times at once is one authenticator", async () => {
    const { user } = await arena.person();
    const { body } = await arena.admin.post(`/v1/users/${user}/enrollments`, {
      kind: "sms",
      to: "+4915123000001",
    });
    const code = await arena.codeOf(String(body["verification"]));
    const path = `/v1/users/${user}/enrollments/${body.id}/confirm`;
    const answers = await times(20, () => arena.admin.post(path, { code }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("API-19 40 starts to one number: the window holds", async () => {
    await arena.admin.ask("PATCH", "/v1/organization", {
      policy: { sendsPerDestination: [{ max: 3, seconds: 600 }], sending: serverCeiling.sending },
    });
    const { user } = await arena.person();
    const answers = await times(40, (index) =>
      arena.admin.post("/v1/verifications", { user, via: "sms", purpose: `r${index}` }),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  });
});
