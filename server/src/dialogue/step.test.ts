import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { wishes } from "./model.ts";
import { type DialogueSettings, settingsInForce } from "./settings.ts";
import {
  type CodeSent,
  type CodeVerified,
  type DialogueEvent,
  type DialogueState,
  type Effect,
  type Heard,
  isDelivered,
  type Method,
  type MethodsFound,
  newRun,
  type StepReply,
  type StepSettings,
} from "./state.ts";
import { step } from "./step.ts";

const epoch = Date.UTC(2100, 0, 1);
const expiryMs = 300_000;

/** The outside world of a run: what the look-up says, and what becomes of each message and each check, in order. */
interface World {
  readonly methods: MethodsFound;
  readonly sent?: readonly CodeSent[];
  /** What an outside system says; without it the world makes codes and compares them itself. */
  readonly verified?: readonly CodeVerified[];
}

/** What the person does; a code is named by its round (`c1`), `W` is a wrong one, a number waits for so many seconds. */
type Act = Heard | `c${number}` | "W" | "incorrect" | number;

interface Played {
  readonly trace: readonly string[];
  readonly state: DialogueState;
  readonly replies: readonly StepReply[];
}

const codeOf = (round: number) => `90000${round}`;

function play(settings: StepSettings, world: World, acts: readonly Act[], earlier?: DialogueState): Played {
  const trace: string[] = [];
  const replies: StepReply[] = [];
  let state = earlier ?? newRun(epoch, undefined);
  let now = epoch;
  let sends = 0;
  let checks = 0;

  const answer = (effect: Effect): DialogueEvent | undefined => {
    switch (effect.kind) {
      case "find_methods":
        return { kind: "methods", result: world.methods };
      case "begin_round": {
        const result = world.sent?.[sends] ?? {
          outcome: "sent",
          code: {
            minDigits: 6,
            maxDigits: 6,
            ...(settings.codeGeneration === "internal" && { expiresAt: now + expiryMs }),
          },
        };
        sends += 1;
        trace.push(`SEND${state.rounds}${effect.method.kind === "email" ? "" : ` ${effect.method.kind}`}`);
        if (result.outcome !== "sent") trace.push(result.outcome);
        return { kind: "sent", result };
      }
      case "verify": {
        const right = effect.answer === codeOf(state.rounds);
        const result: CodeVerified = world.verified?.[checks] ?? { outcome: right ? "right" : "wrong" };
        checks += 1;
        if (result.outcome === "wrong") trace.push(`wrong ${state.verifyUsed}/${settings.maxVerify}`);
        return { kind: "verified", result };
      }
      case "cancel":
        return undefined;
    }
  };
  const feed = (event: DialogueEvent): void => {
    const before = state;
    const isCode = event.kind === "heard" && event.heard.kind === "code";
    if (isCode && before.phase === "code" && now >= (before.code?.expiresAt ?? Number.POSITIVE_INFINITY)) {
      trace.push("expired");
    }
    let next = step(state, event, now, settings);
    for (;;) {
      state = next.state;
      if (next.reply) {
        replies.push(next.reply);
        const { ending, expect: expected } = next.reply;
        trace.push(
          ending
            ? `DONE ${ending.path}${ending.skipped ? " skipped" : ""}`
            : expected === "choice"
              ? "MENU"
              : "prompt",
        );
      }
      const events = next.effects.map(answer).filter((one) => one !== undefined);
      expect(events.length).toBeLessThanOrEqual(1);
      const [event] = events;
      if (event === undefined) break;
      next = step(state, event, now, settings);
    }
    if (before.phase === "done" && event.kind !== "start") expect(state).toEqual(before);
  };

  feed({ kind: "start" });
  for (const act of acts) {
    if (typeof act === "number") now += act * 1000;
    else feed({ kind: "heard", heard: typeof act === "string" ? spoken(act) : act });
  }
  return { trace, state, replies };
}

function spoken(act: Extract<Act, string>): Heard {
  const answer = act.startsWith("c") ? codeOf(Number(act.slice(1))) : "000000";
  return { kind: "code", answer, best: answer };
}

const found = (...methods: readonly Method[]): World => ({ methods: { outcome: "found", methods } });
const email: Method = { kind: "email", masked: "a***@example.com" };
const sms: Method = { kind: "sms", masked: "+1 *** **23" };
const app: Method = { kind: "external" };
const right: CodeVerified = { outcome: "right" };
const wrong: CodeVerified = { outcome: "wrong" };
const failed: CodeSent = { outcome: "failed" };
const pick = (number: number): Heard => ({ kind: "pick", index: number >= 1 ? number - 1 : undefined });
const silence: Heard = { kind: "silence" };
const malformed: Heard = { kind: "malformed" };
const wish = (name: (typeof wishes)[number]): Heard => ({ kind: "wish", wish: name });

interface Vector {
  readonly id: string;
  readonly world: World;
  readonly acts: readonly Act[];
  readonly trace: string;
  readonly settings?: DialogueSettings;
}

const wrongs = "wrong 1/3, prompt, wrong 2/3, prompt, wrong 3/3";
const external = { codeGeneration: "external" } as const;

/** The 23 vectors of the MicroApp. `prompt` is every question for a code, `SENDn` every message that is ordered. */
const vectors: readonly Vector[] = [
  { id: "V1", world: found(email), acts: ["c1"], trace: "SEND1, prompt, DONE success" },
  {
    id: "V2",
    world: found(email, sms),
    acts: [pick(2), "W", "c1"],
    trace: "MENU, SEND1 sms, prompt, wrong 1/3, prompt, DONE success",
  },
  {
    id: "V3",
    world: found(email),
    acts: Array(9).fill("W"),
    trace: `SEND1, prompt, ${wrongs}, SEND2, prompt, ${wrongs}, SEND3, prompt, ${wrongs}, DONE agent`,
  },
  {
    id: "V4",
    world: found(email),
    settings: { onVerifyExceeded: "callback" },
    acts: ["W", "W", "W"],
    trace: `SEND1, prompt, ${wrongs}, DONE callback`,
  },
  {
    id: "V5",
    world: found(email),
    settings: { maxVerify: 1 },
    acts: ["W", "W", "W"],
    trace: "SEND1, prompt, wrong 1/1, SEND2, prompt, wrong 1/1, SEND3, prompt, wrong 1/1, DONE agent",
  },
  {
    id: "V6",
    world: found(email),
    settings: { maxVerify: 1 },
    acts: ["W", "c1", "c3"],
    trace: "SEND1, prompt, wrong 1/1, SEND2, prompt, wrong 1/1, SEND3, prompt, DONE success",
  },
  {
    id: "V7",
    world: found(email),
    acts: [300, "c1", "c2"],
    trace: "SEND1, prompt, expired, SEND2, prompt, DONE success",
  },
  {
    id: "V8",
    world: found(email),
    settings: { maxSends: 2 },
    acts: [300, "W", 300, "W"],
    trace: "SEND1, prompt, expired, SEND2, prompt, expired, DONE agent",
  },
  {
    id: "V9",
    world: found(email),
    settings: { maxSends: 2 },
    acts: [wish("resend"), wish("resend")],
    trace: "SEND1, prompt, SEND2, prompt, DONE agent",
  },
  { id: "V10", world: found(), acts: [], trace: "DONE agent" },
  { id: "V11", world: { methods: { outcome: "none" } }, acts: [], trace: "DONE agent" },
  { id: "V12", world: { methods: { outcome: "path", path: "error" } }, acts: [], trace: "DONE error" },
  // In internal mode the look-up drops an app that nobody of ours can check.
  { id: "V13", world: found(), acts: [], trace: "DONE agent" },
  {
    id: "V14",
    world: { ...found(app), verified: [wrong, wrong, right] },
    settings: external,
    acts: ["W", "W", "W"],
    trace: "prompt, wrong 1/3, prompt, wrong 2/3, prompt, DONE success",
  },
  {
    id: "V15",
    world: { ...found(sms), verified: [{ outcome: "path", path: "agent" }] },
    settings: external,
    acts: ["W"],
    trace: "SEND1 sms, prompt, DONE agent",
  },
  {
    id: "V16",
    world: { ...found(app), verified: [wrong, wrong, wrong, wrong] },
    settings: { ...external, maxSends: 2, maxVerify: 2 },
    acts: ["W", "W", "W", "W"],
    trace: "prompt, wrong 1/2, prompt, wrong 2/2, prompt, wrong 1/2, prompt, wrong 2/2, DONE agent",
  },
  {
    id: "V17",
    world: { ...found(email), sent: [failed] },
    acts: ["c2"],
    trace: "SEND1, failed, SEND2, prompt, DONE success",
  },
  {
    id: "V18",
    world: { ...found(email), sent: [failed, failed] },
    settings: { maxSends: 2 },
    acts: [],
    trace: "SEND1, failed, SEND2, failed, DONE agent",
  },
  {
    id: "V19",
    world: { ...found(sms), sent: [{ outcome: "path", path: "no mobile" }] },
    settings: external,
    acts: [],
    trace: "SEND1 sms, path, DONE no mobile",
  },
  {
    id: "V20",
    world: found(email),
    acts: [silence, malformed, silence],
    trace: "SEND1, prompt, prompt, prompt, DONE error",
  },
  { id: "V22", world: found(email), acts: [{ kind: "hangup" }], trace: "SEND1, prompt, DONE hangup" },
  {
    id: "V23",
    world: found(email, sms),
    acts: [pick(9), pick(0), silence],
    trace: "MENU, MENU, MENU, DONE error",
  },
];

describe("the vectors of the MicroApp", () => {
  test.each(vectors)("$id: $trace", ({ settings = {}, world, acts, trace }) => {
    const played = play(settingsInForce(settings), world, acts);
    expect(played.trace.join(", ")).toBe(trace);
  });

  test("V21: who has passed in this conversation is not asked again, for as long as the setting says", () => {
    const settings = settingsInForce({});
    const passed = play(settings, found(email), ["c1"]).state;
    const again = play(settings, found(email), [], passed);
    expect(again.trace).toEqual(["DONE success skipped"]);
    expect(again.state).toMatchObject({ rounds: 0, verifyUsed: 0, verifiedAt: epoch });
    expect(play(settingsInForce({ skipIfVerified: false }), found(email), [], passed).trace).toEqual([
      "SEND1",
      "prompt",
    ]);
    const old = { ...passed, verifiedAt: epoch - 60 * 60_000 };
    expect(play(settings, found(email), [], old).trace).toEqual(["SEND1", "prompt"]);
  });
});

describe("readings", () => {
  const settings = settingsInForce({});
  const sayings = (played: Played) => played.replies.map(({ say }) => say.map(({ key }) => key).join(" "));

  it("A4: a failed delivery goes where the setting says", () => {
    const world = { ...found(email), sent: [failed] };
    expect(play(settingsInForce({ onDeliveryError: "callback" }), world, []).trace).toEqual([
      "SEND1",
      "failed",
      "DONE callback",
    ]);
  });

  it("A5: only input errors in a row count, and a code between them clears them", () => {
    const acts: readonly Act[] = [silence, malformed, "W", silence, malformed, "c1"];
    expect(play(settings, found(email), acts).state).toMatchObject({ path: "success", verifyUsed: 2 });
  });

  it("A6: the expiry is looked at before the code, at its very millisecond", () => {
    expect(play(settings, found(email), [299.999, "c1"]).state.path).toBe("success");
    expect(play(settings, found(email), [300, "c1"]).state).toMatchObject({
      phase: "code",
      rounds: 2,
      verifyUsed: 0,
    });
  });

  it("A20: another method is asked for on a wish only, and costs a send when it is chosen", () => {
    const played = play(settings, found(email, sms), [pick(1), wish("other_method"), pick(2), "c2"]);
    expect(played.trace.join(", ")).toBe("MENU, SEND1, prompt, MENU, SEND2 sms, prompt, DONE success");
    const only = play(settings, found(email), [wish("other_method")]);
    expect(sayings(only).at(-1)).toContain("method.only");
    expect(only.state).toMatchObject({ rounds: 1, phase: "code" });
  });

  it("A24: a wish for another code without sends left leaves by the path of the sends", () => {
    const played = play(settingsInForce({ maxSends: 1 }), found(email), [wish("resend")]);
    expect(played.trace).toEqual(["SEND1", "prompt", "DONE agent"]);
  });

  it("an app shows its code anyway: a resend asks again and uses nothing", () => {
    const played = play(settingsInForce(external), found(app), [wish("resend"), wish("resend")]);
    expect(played.trace).toEqual(["prompt", "prompt", "prompt"]);
    expect(played.state.rounds).toBe(1);
  });

  it("our own limits lead to the path of the setting, never to an approval", () => {
    const refusals: readonly [World, readonly Act[]][] = [
      [{ methods: { outcome: "refused" } }, []],
      [{ ...found(email), sent: [{ outcome: "refused" }] }, []],
      [{ ...found(email), verified: [{ outcome: "refused" }] }, ["c1"]],
    ];
    for (const [world, acts] of refusals) {
      expect(play(settingsInForce({ onRefused: "locked" }), world, acts).state.path).toBe("locked");
    }
  });

  it("a code that was voided elsewhere is used up at once, and one that expired elsewhere is replaced", () => {
    const voided = play(settings, { ...found(email), verified: [{ outcome: "wrong", isVoid: true }] }, [
      "W",
      "c2",
    ]);
    expect(voided.trace.join(", ")).toBe("SEND1, prompt, wrong 1/3, SEND2, prompt, DONE success");
    const late = play(settings, { ...found(email), verified: [{ outcome: "expired" }] }, ["c1"]);
    expect(late.state).toMatchObject({ phase: "code", rounds: 2 });
  });

  it("a run ends after fifteen minutes, whatever is said then", () => {
    expect(play(settings, found(email), [899, wish("repeat")]).state.phase).toBe("code");
    for (const act of ["c1", silence, wish("help")] as const) {
      expect(play(settings, found(email), [900, act]).state.path).toBe("error");
    }
    expect(play(settings, found(email), [900, { kind: "hangup" }]).state.path).toBe("hangup");
  });

  it("a lost platform session comes back to the question", () => {
    const { state } = play(settings, found(email), ["W"]);
    const resumed = step(state, { kind: "start" }, epoch, settings);
    expect(resumed.state).toEqual(state);
    expect(resumed.reply).toMatchObject({ expect: "code", say: [{ key: "enter" }] });
    expect(step(state, { kind: "start" }, epoch + 900_000, settings).state.path).toBe("error");
  });

  it("says what is true and nothing that is not", () => {
    const full: CodeSent = {
      outcome: "sent",
      code: { minDigits: 6, maxDigits: 6 },
      delayed: true,
      words: "amber lantern",
    };
    const played = play(settings, { ...found(email), sent: [failed, full] }, [
      wish("repeat"),
      wish("slower"),
      wish("help"),
      "W",
      "W",
      malformed,
      { kind: "malformed", why: "length" },
      wish("agent"),
    ]);
    const sent = "sent.email delayed proof.words enter";
    expect(sayings(played)).toEqual([
      `intro ${sent}`,
      sent,
      `slower ${sent}`,
      `help ${sent}`,
      "wrong enter.again",
      "wrong.last enter.again",
      "nomatch enter",
      "wrong.length enter.again",
      "agent",
    ]);
    expect(played.state.pace).toBe("slow");
    expect(sayings(play(settings, { ...found(email), sent: Array(3).fill(failed) }, [])).at(-1)).toBe(
      "delivery.failed exceeded agent",
    );
    expect(sayings(play(settings, found(email), [wish("cancel")])).at(-1)).toBe("canceled");
    expect(sayings(play(settings, found(email), ["W", "W", "W"])).at(-1)).toBe("replaced sent.email enter");
    expect(sayings(play(settings, found(email), [wish("resend")])).at(-1)).toBe("sent.email resent enter");
  });
});

describe("whatever happens", () => {
  const answers = ["900001", "900002", "900003", "000000"];
  const heard: fc.Arbitrary<Heard> = fc.oneof(
    fc.constantFrom(...answers).map((answer): Heard => ({ kind: "code", answer, best: answer })),
    fc.constantFrom<Heard>(silence, malformed, { kind: "malformed", why: "length" }, { kind: "hangup" }),
    fc.constantFrom(...wishes).map(wish),
    fc.integer({ min: 0, max: 4 }).map(pick),
  );
  const act: fc.Arbitrary<Act> = fc.oneof({ weight: 5, arbitrary: heard }, fc.integer({ min: 0, max: 400 }));
  const methods = fc.subarray([email, sms, app, { kind: "totp" } as const]);
  const sent: fc.Arbitrary<CodeSent> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constant<CodeSent>({
        outcome: "sent",
        code: { minDigits: 6, maxDigits: 6, expiresAt: epoch + 900_000 },
      }),
    },
    fc.constantFrom<CodeSent>(failed, { outcome: "refused" }, { outcome: "path", path: "p" }),
  );
  const verified: fc.Arbitrary<CodeVerified> = fc.constantFrom<CodeVerified>(
    wrong,
    wrong,
    wrong,
    right,
    { outcome: "wrong", isVoid: true },
    { outcome: "expired" },
    { outcome: "refused" },
    { outcome: "path", path: "p" },
  );
  const run = fc.record({
    methods,
    sent: fc.array(sent, { maxLength: 12 }),
    verified: fc.array(verified, { maxLength: 40 }),
    acts: fc.array(act, { maxLength: 60 }),
    settings: fc.record({
      maxSends: fc.integer({ min: 1, max: 4 }),
      maxVerify: fc.integer({ min: 1, max: 4 }),
      maxInputErrors: fc.integer({ min: 1, max: 4 }),
      onVerifyExceeded: fc.constantFrom(null, "callback"),
      onDeliveryError: fc.constantFrom(null, "callback"),
      codeGeneration: fc.constantFrom("internal", "external"),
    }),
  });

  it("one ending, bounded rounds and checks, nothing after the end, success by a right code only, no code anywhere", () => {
    fc.assert(
      fc.property(run, ({ methods: list, acts, settings, ...world }) => {
        const inForce = settingsInForce(settings);
        const played = play(inForce, { ...found(...list), ...world }, acts);
        const endings = played.replies.filter(({ ending }) => ending !== undefined);
        expect(endings.length).toBeLessThanOrEqual(1);
        if (endings.length === 1) expect(played.replies.at(-1)).toBe(endings[0]);
        expect(endings.length === 1).toBe(played.state.phase === "done");
        expect(played.state.rounds).toBeLessThanOrEqual(inForce.maxSends);
        const checks = played.trace.filter((one) => one.startsWith("wrong")).length;
        expect(checks).toBeLessThanOrEqual(inForce.maxSends * inForce.maxVerify);
        const told = JSON.stringify([played.state, played.replies]);
        for (const answer of answers) expect(told).not.toContain(answer);
        // At rest it waits for a person or it is over.
        expect(["menu", "code", "done"]).toContain(played.state.phase);
      }),
      { numRuns: 500 },
    );
  });

  it("no order of events reaches success without a right code", () => {
    const event: fc.Arbitrary<DialogueEvent> = fc.oneof(
      fc.constant<DialogueEvent>({ kind: "start" }),
      heard.map((one): DialogueEvent => ({ kind: "heard", heard: one })),
      methods.map(
        (list): DialogueEvent => ({ kind: "methods", result: { outcome: "found", methods: list } }),
      ),
      sent.map((result): DialogueEvent => ({ kind: "sent", result })),
      verified
        .filter(({ outcome }) => outcome !== "right")
        .map((result): DialogueEvent => ({ kind: "verified", result })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const settings = settingsInForce({ onVerifyExceeded: null });
        let state = newRun(epoch, undefined);
        for (const one of events) state = step(state, one, epoch, settings).state;
        expect(state.path).not.toBe("success");
        expect(state.verifiedAt).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("delivered and other methods are told apart", () => {
    expect([email, sms, { kind: "voice" } as const].every(isDelivered)).toBe(true);
    expect([app, { kind: "totp" } as const].some(isDelivered)).toBe(false);
  });
});
