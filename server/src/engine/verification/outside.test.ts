import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Guard, Verification } from "../model.ts";
import type { CountedAnswer, OutsideAnswer } from "../outside.ts";
import { defaultPolicy } from "../policy/defaults.ts";
import { emptyGuard } from "../policy/guards.ts";
import type { EngineTools } from "../tools.ts";
import type { Decision, Rows } from "./decision.ts";
import { decideExpire } from "./expire.ts";
import { decideCountOutside, decideNoteOutside, decideSettleOutside } from "./outside.ts";
import { decideResend } from "./resend.ts";

const epoch = 1_800_000_000_000;
const { legacyPin: _, ...rules } = { ...defaultPolicy, maxAttempts: 3, maxSends: 4, failureBudget: 6 };

/** One verification and its guard, with the decisions that concern them applied as a store does. */
function openCase(failures: number) {
  const started: Verification = {
    ...{ id: "v", organization: "o", guard: "d:k", destinationKey: "k", destination: "sealed:+12025550123" },
    ...{ hint: "h", channel: "swaig", via: "sms", purpose: "login", locale: "en", status: "pending" },
    ...{ attempts: 0, sends: 1, createdAt: epoch, expiresAt: epoch + 300_000, deliveries: [] },
    number: { country: "US", callingCode: "1", type: "mobile", prefix: "p", position: 1 },
    rules: {
      ...rules,
      ...{ failureDelays: [], resendDelaysSeconds: [0], sendsPerDestination: [], sendsPerUser: [] },
      sending: { ...rules.sending, smsCountries: ["*"] },
    },
    outside: { service: "signalwire", waiting: 0, reference: "sealed:code 1" },
  };
  const state = { verification: started, guard: { ...emptyGuard("o", "d:k"), failures } as Guard, at: epoch };
  const nothing = () => undefined;
  const rows: Rows = {
    ...{ user: nothing, authenticators: () => [], recoveryCode: nothing, userGuards: () => [] },
    ...{ counter: nothing, testCode: nothing, conversationVersion: nothing },
    guard: (organization, key) => (key === state.guard.key ? state.guard : emptyGuard(organization, key)),
    verification: (organization, id) => (organization === "o" && id === "v" ? state.verification : undefined),
  };
  const vault = {
    seal: (_place: unknown, text: string | Uint8Array) => `sealed:${text}`,
    open: (_place: unknown, sealed: string) => Buffer.from(sealed.replace("sealed:", "")),
  };
  const tools = { vault } as unknown as EngineTools;
  const told: string[] = [];
  const keep = <Outcome>({ outcome, changes, events }: Decision<Outcome>): Outcome => {
    for (const change of changes) {
      if (change.write === "verification") state.verification = change.verification;
      if (change.write === "guard") state.guard = change.guard;
    }
    told.push(...events.map(({ type }) => type));
    return outcome;
  };
  const context = () => ({ organization: "o", id: "v", actor: "channel:p", now: state.at });
  return {
    state,
    told,
    count: (attempt?: string) =>
      keep(decideCountOutside({ ...context(), attempt, issuer: "i" }, rows, tools)),
    settle: (counted: CountedAnswer, answer: OutsideAnswer) =>
      keep(decideSettleOutside({ ...context(), counted, answer, issuer: "i" }, rows)),
    resend: () => {
      const { sends } = state.verification;
      const command = { ...context(), deliveryId: `d${sends}`, outside: "signalwire" } as const;
      const outcome = keep(decideResend(command, rows, tools));
      if (outcome.kind === "refused") return;
      const reference = `code ${sends + 1}`;
      const note = { ...context(), delivery: `d${sends}`, state: "accepted", reference } as const;
      keep(decideNoteOutside(note, rows, tools));
    },
    pass: (milliseconds: number) => {
      state.at += milliseconds;
      keep(decideExpire([state.verification], state.at));
    },
  };
}

type Step =
  | { readonly do: "count" | "resend" }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "settle"; readonly which: number; readonly answer: OutsideAnswer };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>({ do: "count" }) },
    { weight: 2, arbitrary: fc.constant<Step>({ do: "resend" }) },
    { weight: 1, arbitrary: fc.nat({ max: 400_000 }).map((ms): Step => ({ do: "pass", ms })) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("settle" as const),
        which: fc.nat({ max: 5 }),
        answer: fc.constantFrom<OutsideAnswer>("right", "right", "wrong", "wrong", "over", "unknown"),
      }),
    },
  ),
  { maxLength: 30 },
);

/** An answer on its way to the service, as a channel holds it. */
interface Shown {
  readonly counted: CountedAnswer;
  readonly reference: string;
}

describe("codes of a service outside", () => {
  it("in whatever order answers, outcomes, resends and time come, the rules hold", () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 6 }), (run, failures) => {
        const one = openCase(failures);
        const shown: Shown[] = [];
        let asked = 0;
        for (const step of run) {
          const before = { ...one.state };
          let wasRight = false;
          if (step.do === "pass") one.pass(step.ms);
          if (step.do === "resend") one.resend();
          if (step.do === "count") {
            const outcome = one.count();
            if (outcome.kind === "counted") {
              asked += 1;
              shown.push(outcome);
              // Only the newest code is ever asked for.
              expect(outcome.reference).toBe(`code ${before.verification.sends}`);
              expect(one.state.guard.failures).toBe(before.guard.failures + 1);
            }
          }
          if (step.do === "settle") {
            const [answer] = shown.splice(step.which, 1);
            if (answer === undefined) continue;
            wasRight = one.settle(answer.counted, step.answer).kind === "approved";
            if (wasRight) {
              expect([step.answer, answer.reference]).toEqual(["right", `code ${before.verification.sends}`]);
              expect([one.state.guard.failures, one.state.guard.disabledAt]).toEqual([0, undefined]);
            }
          }
          const { verification, guard } = one.state;
          expect(asked).toBeLessThanOrEqual(3);
          expect(failures + asked).toBeLessThanOrEqual(Math.max(failures, 6));
          expect(verification.attempts).toBe(asked);
          expect(verification.outside?.waiting).toBeGreaterThanOrEqual(0);
          if (!wasRight) expect(guard.failures).toBeGreaterThanOrEqual(before.guard.failures);
          if (before.guard.disabledAt !== undefined && !wasRight) expect(guard.disabledAt).toBeDefined();
          if (before.verification.status !== "pending") {
            expect(verification.status).toBe(before.verification.status);
          }
          // What was closed holds nothing that could still be asked for.
          if (verification.status !== "pending") expect(verification.outside?.reference).toBeUndefined();
        }
        expect(one.told.filter((type) => type === "verification.approved").length).toBeLessThanOrEqual(1);
        expect(one.told.filter((type) => type === "attempt.counted")).toHaveLength(asked);
      }),
      { numRuns: 1_000 },
    );
  });

  describe("an answer that has a name", () => {
    const shown = (outcome: ReturnType<ReturnType<typeof openCase>["count"]>) => {
      if (outcome.kind !== "counted") throw new Error(JSON.stringify(outcome));
      return outcome.counted;
    };
    const reasonOf = (outcome: { readonly kind: string }) =>
      "reason" in outcome ? outcome.reason : outcome.kind;

    it("is counted and shown once, and of one that was on its way nobody knows what was said", () => {
      const one = openCase(0);
      shown(one.count("a"));
      const { state, told } = structuredClone({ state: one.state, told: one.told });
      for (const _ of [1, 2]) expect(reasonOf(one.count("a"))).toBe("unanswered");
      expect([one.state, one.told]).toEqual([state, told]);
      expect([one.state.verification.attempts, one.state.guard.failures]).toEqual([1, 1]);
      expect(reasonOf(one.count("b"))).toBe("counted");
    });

    it.each(["wrong", "over", "unknown"] as const)("that was %s is told the same again", (answer) => {
      const one = openCase(0);
      const first = one.settle(shown(one.count("a")), answer);
      expect(one.count("a")).toEqual(first);
      expect(one.state.verification.attempts).toBe(1);
    });

    it("that was right is told the same again, with the same claims", () => {
      const one = openCase(0);
      const first = one.settle(shown(one.count("a")), "right");
      one.pass(60_000);
      expect(one.count("a")).toEqual(first);
      expect(reasonOf(one.count("b"))).toBe("closed");
    });

    it("does not take what is said of an earlier one for its own", () => {
      const one = openCase(0);
      const [first, second] = [shown(one.count("a")), shown(one.count("b"))];
      one.settle(first, "wrong");
      expect(reasonOf(one.count("b"))).toBe("unanswered");
      one.settle(second, "over");
      expect(reasonOf(one.count("b"))).toBe("expired");
    });
  });
});
