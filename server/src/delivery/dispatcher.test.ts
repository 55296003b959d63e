import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Delivery, DeliveryOutcome, OutboxStore } from "../engine/outbox.ts";
import type { Place, Timers } from "../engine/tools.ts";
import { createDispatcher, type Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import type { ConfiguredProvider } from "./open-providers.ts";
import type { DeliveryFailure, DeliveryProvider, DeliveryResult, OutboundMessage } from "./provider.ts";
import { OutboundError } from "./provider.ts";
import { createInbox } from "./providers/inbox.ts";

const code = "493827";
const number = "+4915112345678";

/** Time that stands still until a test moves it. */
function createTime() {
  let now = 1_790_000_000_000;
  let pending: { at: number; run: () => void }[] = [];
  const timers: Timers = {
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      pending.push(timer);
      return () => {
        pending = pending.filter((entry) => entry !== timer);
      };
    },
    every: () => {
      throw new Error("Nothing here repeats.");
    },
  };
  return {
    timers,
    clock: { now: () => now },
    pending: () => pending.length,
    /** Runs what falls due, letting promises settle in between. */
    async advance(ms: number): Promise<void> {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = pending.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) {
          break;
        }
        now = Math.max(now, due.at);
        pending = pending.filter((entry) => entry !== due);
        due.run();
        await settle();
      }
      now = end;
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** An outbox in memory that writes down every call. */
function createOutbox(rows: Delivery[] = []) {
  const table = new Map(rows.map((row) => [row.id, row]));
  const outcomes: DeliveryOutcome[] = [];
  const claims: (readonly string[])[] = [];
  const failures = { claim: 0, finish: 0, leftovers: 0 };
  function failing(kind: keyof typeof failures): void {
    if (failures[kind] > 0) {
      failures[kind] -= 1;
      throw new Error(`disk full, row ${code}`);
    }
  }
  const outbox: OutboxStore = {
    async claim(ids) {
      claims.push(ids);
      failing("claim");
      const found = ids.flatMap((id) => table.get(id) ?? []).filter((row) => row.state === "queued");
      for (const row of found) {
        table.set(row.id, { ...row, state: "sending" });
      }
      return found.map((row) => ({ ...row, state: "sending" as const }));
    },
    async finish(outcome) {
      failing("finish");
      outcomes.push(outcome);
      table.delete(outcome.delivery);
    },
    async leftovers(_owner, limit) {
      failing("leftovers");
      return [...table.values()].slice(0, limit);
    },
    report: async () => ({ kind: "unknown" }),
  };
  return { outbox, table, outcomes, claims, failures };
}

let counter = 0;
function deliveryOf(change: Partial<Delivery> = {}): Delivery {
  counter += 1;
  const id = `delivery-${counter}`;
  return {
    id,
    organization: "acme",
    verification: `verification-${counter}`,
    via: "sms",
    locale: "en",
    purpose: "login",
    hint: "+49…78",
    destination: `sealed:${number}`,
    destinationAt: { table: "authenticators", row: "authenticator-1" },
    code: `sealed:${code}`,
    ttlSeconds: 300,
    createdAt: 1_790_000_000_000,
    expiresAt: 1_790_000_300_000,
    state: "queued",
    ...change,
  };
}

interface FakeProvider extends DeliveryProvider {
  readonly sent: OutboundMessage[];
}

type Behaviour = (message: OutboundMessage, signal: AbortSignal) => Promise<DeliveryResult> | DeliveryResult;

function fake(id: string, behave: Behaviour): FakeProvider {
  const sent: OutboundMessage[] = [];
  return {
    id,
    title: id,
    vias: ["sms"],
    settings: {} as DeliveryProvider["settings"],
    sent,
    async send(message, _settings, tools) {
      sent.push(message);
      return behave(message, tools.signal);
    },
  };
}

const fails =
  (reason: DeliveryFailure): Behaviour =>
  () => ({ ok: false, reason });
const accepts: Behaviour = () => ({ ok: true });

function untilAborted(signal: AbortSignal, result: DeliveryResult): Promise<DeliveryResult> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(result));
  });
}

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => {
  unhandled.push(reason);
};
const open: Dispatcher[] = [];

beforeEach(() => {
  process.on("unhandledRejection", onUnhandled);
});
afterEach(async () => {
  await settle();
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled.splice(0)).toEqual([]);
});

function setUp(
  fakes: readonly DeliveryProvider[],
  more: Partial<DispatcherOptions> & { readonly rows?: Delivery[] } = {},
) {
  const time = createTime();
  const { rows, ...options } = more;
  const memory = createOutbox(rows);
  const problems: string[] = [];
  const opened: Place[] = [];
  const choices: ConfiguredProvider[] = fakes.map(({ id }) => ({
    id: `p-${id}`,
    name: `${id} name`,
    kind: id,
    position: 0,
    settings: {},
  }));
  const dispatcher = createDispatcher({
    store: { outbox: memory.outbox },
    providersOf: () => choices,
    compose: (delivery, plain, to) => ({
      id: delivery.id,
      verification: delivery.verification,
      organization: delivery.organization,
      via: delivery.via,
      to,
      text: `Your code is ${plain}.`,
      locale: delivery.locale,
      ttlSeconds: delivery.ttlSeconds,
    }),
    vault: {
      open(place, sealed) {
        opened.push(place);
        return new TextEncoder().encode(sealed.replace("sealed:", ""));
      },
    },
    registry: { find: (kind) => fakes.find((provider) => provider.id === kind) },
    fetch: () => Promise.reject(new Error("no network here")),
    addressesOf: () => Promise.reject(new Error("no network here")),
    secretOf: async () => "secret",
    clock: time.clock,
    timers: time.timers,
    owner: "node-1",
    onProblem: (problem, delivery) => problems.push(`${problem} ${delivery}`),
    ...options,
  });
  open.push(dispatcher);
  function poke(change: Partial<Delivery> = {}): Delivery {
    const delivery = deliveryOf(change);
    memory.table.set(delivery.id, delivery);
    dispatcher.poke(delivery);
    return delivery;
  }
  return { ...memory, time, dispatcher, problems, opened, poke };
}

describe("a delivery", () => {
  it("is claimed, sent with its code to its destination, and recorded", async () => {
    const one = fake("one", accepts);
    const { poke, claims, outcomes, opened, table, dispatcher } = setUp([one]);
    const delivery = poke();
    expect(await dispatcher.waitFor(delivery.verification, 4_000)).toBe("accepted");
    expect(one.sent).toEqual([expect.objectContaining({ to: number, text: `Your code is ${code}.` })]);
    expect(claims).toEqual([[delivery.id]]);
    expect(outcomes).toEqual([
      {
        organization: "acme",
        delivery: delivery.id,
        verification: delivery.verification,
        via: "sms",
        state: "accepted",
        provider: "one name",
        tries: 1,
        now: 1_790_000_000_000,
      },
    ]);
    expect(table.size).toBe(0);
    expect(opened).toEqual([
      { organization: "acme", table: "deliveries", column: "code", row: delivery.id },
      { organization: "acme", table: "authenticators", column: "destination", row: "authenticator-1" },
    ]);
  });

  it("is claimed before the provider is called", async () => {
    let claimedFirst = false;
    const one = fake("one", () => ({ ok: true }));
    const { poke, claims, dispatcher } = setUp([
      {
        ...one,
        async send() {
          claimedFirst = claims.length === 1;
          return { ok: true };
        },
      },
    ]);
    await dispatcher.waitFor(poke().id, 4_000);
    expect(claimedFirst).toBe(true);
  });

  it("that is poked together with others shares their claim", async () => {
    const one = fake("one", accepts);
    const { poke, claims, dispatcher } = setUp([one]);
    const deliveries = Array.from({ length: 20 }, () => poke());
    await Promise.all(deliveries.map(({ id }) => dispatcher.waitFor(id, 4_000)));
    expect(claims).toHaveLength(1);
    expect(one.sent).toHaveLength(20);
  });

  it("that was poked twice is sent once", async () => {
    const one = fake("one", accepts);
    const { poke, dispatcher } = setUp([one]);
    const delivery = poke();
    dispatcher.poke(delivery);
    await settle();
    dispatcher.poke(delivery);
    await settle();
    expect(one.sent).toHaveLength(1);
  });

  it("to the simulated phone needs no claim", async () => {
    const inbox = createInbox();
    const { poke, claims, outcomes, dispatcher } = setUp([inbox.provider]);
    expect(await dispatcher.waitFor(poke().id, 4_000)).toBe("accepted");
    expect(claims).toEqual([]);
    expect(outcomes).toHaveLength(1);
    expect(inbox.list("acme", { limit: 1 })[0]?.text).toContain(code);
  });

  it("that expired is dropped without a claim or a call", async () => {
    const one = fake("one", accepts);
    const { poke, claims, outcomes } = setUp([one]);
    poke({ expiresAt: 1_790_000_000_000 });
    await settle();
    expect(outcomes).toEqual([expect.objectContaining({ state: "dropped", reason: "expired", tries: 0 })]);
    expect([...claims, ...one.sent]).toEqual([]);
  });

  it("that expires while providers fail is not sent any more", async () => {
    const slow = fake(
      "slow",
      (_message, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ ok: false, reason: "unreachable" }));
        }),
    );
    const next = fake("next", accepts);
    const { poke, outcomes, time } = setUp([slow, next]);
    poke({ expiresAt: 1_790_000_003_000 });
    await time.advance(6_000);
    expect(outcomes).toEqual([expect.objectContaining({ state: "dropped", reason: "expired", tries: 1 })]);
    expect(next.sent).toEqual([]);
  });

  it("whose verification was closed meanwhile is not sent", async () => {
    const one = fake("one", accepts);
    const { table, dispatcher, outcomes } = setUp([one]);
    const delivery = deliveryOf();
    table.clear();
    dispatcher.poke(delivery);
    expect(await dispatcher.waitFor(delivery.id, 4_000)).toBe("dropped");
    expect(one.sent).toEqual([]);
    expect(outcomes).toEqual([]);
  });

  it("without any provider fails", async () => {
    const { poke, outcomes } = setUp([]);
    poke();
    await settle();
    expect(outcomes).toEqual([expect.objectContaining({ state: "failed", reason: "no_provider", tries: 0 })]);
  });

  it("that cannot be opened or composed fails, and is erased", async () => {
    const one = fake("one", accepts);
    const { poke, outcomes, table } = setUp([one], {
      compose: () => {
        throw new Error(`template ${code}`);
      },
    });
    poke();
    await settle();
    expect(outcomes).toEqual([expect.objectContaining({ state: "failed", reason: "not_composed" })]);
    expect(table.size).toBe(0);
  });
});

describe("fail-over", () => {
  const goingOn: DeliveryFailure[] = ["unreachable", "rejected", "configuration", "throttled", "temporary"];
  it.each(goingOn)("after %s goes to the next provider with the same code", async (reason) => {
    const [one, two] = [fake("one", fails(reason)), fake("two", accepts)];
    const { poke, outcomes, claims, dispatcher } = setUp([one, two]);
    expect(await dispatcher.waitFor(poke().id, 4_000)).toBe("accepted");
    expect(two.sent).toEqual(one.sent);
    expect(claims).toHaveLength(1);
    expect(outcomes).toEqual([
      expect.objectContaining({ state: "accepted", provider: "two name", tries: 2 }),
    ]);
    expect(outcomes[0]).not.toHaveProperty("reason");
  });

  it.each(goingOn)("that ends with %s everywhere has failed", async (reason) => {
    const { poke, outcomes } = setUp([fake("one", fails("throttled")), fake("two", fails(reason))]);
    poke();
    await settle();
    expect(outcomes).toEqual([
      expect.objectContaining({ state: "failed", reason, provider: "two name", tries: 2 }),
    ]);
  });

  it("stops at a recipient that nobody can reach", async () => {
    const two = fake("two", accepts);
    const { poke, outcomes } = setUp([fake("one", fails("invalid_recipient")), two]);
    poke();
    await settle();
    expect(outcomes).toEqual([
      expect.objectContaining({ state: "failed", reason: "invalid_recipient", tries: 1 }),
    ]);
    expect(two.sent).toEqual([]);
  });

  const unclear: readonly (readonly [string, Behaviour])[] = [
    ["says ambiguous", fails("ambiguous")],
    ["throws what nobody foresaw", () => Promise.reject(new Error(code))],
    ["lost the connection after the request", () => Promise.reject(new OutboundError("reset", true, "x"))],
  ];
  it.each(unclear)("also happens when a provider %s, and says so", async (_title, behave) => {
    const [one, two] = [fake("one", behave), fake("two", accepts)];
    const { poke, outcomes, dispatcher } = setUp([one, two]);
    expect(await dispatcher.waitFor(poke().id, 4_000)).toBe("accepted");
    expect(two.sent).toEqual(one.sent);
    expect(outcomes).toEqual([
      expect.objectContaining({
        state: "accepted",
        provider: "two name",
        tries: 2,
        attempts: [
          { provider: "one name", outcome: "ambiguous" },
          { provider: "two name", outcome: "accepted" },
        ],
      }),
    ]);
  });

  it.each(["rejected", "invalid_recipient", "unreachable"] as const)(
    "a message that may have been sent has not failed because another provider said %s",
    async (reason) => {
      const { poke, outcomes } = setUp([fake("one", fails("ambiguous")), fake("two", fails(reason))]);
      poke();
      await settle();
      expect(outcomes).toEqual([
        expect.objectContaining({ state: "maybe_sent", provider: "one name", reason: "ambiguous", tries: 2 }),
      ]);
    },
  );

  it("asks nobody more after two answers that may have been a yes", async () => {
    const three = fake("three", accepts);
    const unsure = [fake("one", fails("ambiguous")), fake("two", fails("ambiguous"))];
    const { poke, outcomes } = setUp([...unsure, three]);
    poke();
    await settle();
    expect(outcomes).toEqual([expect.objectContaining({ state: "maybe_sent", tries: 2 })]);
    expect(three.sent).toEqual([]);
  });

  it("calls at most four providers for one message", async () => {
    const many = ["a", "b", "c", "d", "e"].map((id) => fake(id, fails("temporary")));
    const { poke, outcomes } = setUp(many);
    poke();
    await settle();
    expect(outcomes).toEqual([expect.objectContaining({ state: "failed", tries: 4 })]);
    expect(many.map(({ sent }) => sent.length)).toEqual([1, 1, 1, 1, 0]);
  });

  it("ends when half of the code's life is over", async () => {
    const next = fake("next", accepts);
    const slow = fake("slow", (_message, signal) => untilAborted(signal, { ok: false, reason: "temporary" }));
    const { poke, outcomes, time } = setUp([slow, next]);
    poke({ ttlSeconds: 8 });
    await time.advance(6_000);
    expect(outcomes).toEqual([expect.objectContaining({ state: "dropped", reason: "late", tries: 1 })]);
    expect(next.sent).toEqual([]);
  });

  it("happens when the provider kind is gone or its credential is missing", async () => {
    const needy = fake("needy", accepts);
    const needing: DeliveryProvider = {
      ...needy,
      async send(_message, _settings, tools) {
        await tools.secret("cred-1");
        return { ok: true };
      },
    };
    const last = fake("last", accepts);
    const registry = { find: (kind: string) => ({ needy: needing, last })[kind] };
    const { poke, outcomes } = setUp([fake("gone", accepts), needing, last], {
      registry,
      secretOf: () => Promise.reject(new Error(`no credential ${code}`)),
    });
    poke();
    await settle();
    expect(outcomes).toEqual([
      expect.objectContaining({ state: "accepted", provider: "last name", tries: 3 }),
    ]);
  });
});

describe("a provider that fails again and again", () => {
  const settings = { reason: "unreachable" as DeliveryFailure | undefined };
  const flaky: Behaviour = () =>
    settings.reason === undefined ? { ok: true } : { ok: false, reason: settings.reason };
  function pair() {
    settings.reason = "unreachable";
    const [one, two] = [fake("one", flaky), fake("two", accepts)];
    const changes: string[] = [];
    const opened = setUp([one, two], {
      onBreaker: ({ provider, state, reason }) => changes.push(`${provider.name} ${state} ${reason}`),
    });
    const send = async () => {
      const createdAt = opened.time.clock.now();
      opened.poke({ createdAt, expiresAt: createdAt + 300_000 });
      await settle();
      return opened.outcomes.at(-1);
    };
    return { ...opened, one, two, changes, send };
  }

  it("is left out after five messages, tried every five seconds, and back after three successes", async () => {
    const { send, one, two, changes, time, dispatcher } = pair();
    for (let count = 0; count < 5; count += 1) await send();
    expect([one.sent.length, two.sent.length, changes]).toEqual([5, 5, ["one name open unreachable"]]);
    expect(await send()).toMatchObject({
      tries: 1,
      attempts: [
        { provider: "one name", outcome: "left_out" },
        { provider: "two name", outcome: "accepted" },
      ],
    });
    expect(dispatcher.breakerOf("p-one")).toEqual({ state: "open", openedAt: 1_790_000_000_000 });
    await time.advance(5_000);
    await send();
    await send();
    expect(one.sent).toHaveLength(6);
    settings.reason = undefined;
    for (let count = 0; count < 3; count += 1) {
      expect(dispatcher.breakerOf("p-one").state).toBe(count === 0 ? "open" : "half_open");
      await time.advance(5_000);
      expect(await send()).toMatchObject({ provider: "one name" });
      if (count < 2) expect(await send()).toMatchObject({ provider: "two name" });
    }
    expect(dispatcher.breakerOf("p-one")).toEqual({ state: "closed", openedAt: undefined });
    expect(await send()).toMatchObject({ provider: "one name" });
    expect(changes).toEqual(["one name open unreachable", "one name closed undefined"]);
  });

  it("costs a message that tries it 0.4 seconds, not the time limit", async () => {
    const [one, two] = [
      fake("one", (_message, signal) =>
        settings.reason ? { ok: false, reason: settings.reason } : untilAborted(signal, { ok: true }),
      ),
      fake("two", accepts),
    ];
    settings.reason = "unreachable";
    const { poke, outcomes, time, dispatcher } = setUp([one, two]);
    for (let count = 0; count < 5; count += 1) {
      poke();
      await settle();
    }
    settings.reason = undefined;
    await time.advance(5_000);
    poke();
    await time.advance(399);
    expect(outcomes).toHaveLength(5);
    await time.advance(1);
    expect(outcomes.at(-1)).toMatchObject({ provider: "two name", attempts: [{ outcome: "ambiguous" }, {}] });
    expect(dispatcher.breakerOf("p-one").state).toBe("half_open");
    await time.advance(5_000);
    expect(time.pending()).toBe(0);
  });

  it.each(["rejected", "invalid_recipient"] as const)("is not left out for %s", async (reason) => {
    const { send, one, changes } = pair();
    settings.reason = reason;
    for (let count = 0; count < 25; count += 1) await send();
    expect([one.sent.length, changes]).toEqual([25, []]);
  });

  it("is left out when half of twenty messages failed, however slowly they came", async () => {
    const { send, one, changes, time } = pair();
    for (let count = 0; count < 24; count += 1) {
      settings.reason = count % 2 === 0 ? undefined : "temporary";
      await send();
      await time.advance(60_000);
    }
    // A minute apart each message is a try of a provider that is left out.
    expect(one.sent).toHaveLength(24);
    expect(changes).toEqual(["one name open temporary"]);
  });

  it("is not left out for five failures among many", async () => {
    const { send, changes } = pair();
    for (let count = 0; count < 300; count += 1) {
      settings.reason = count % 15 === 0 ? "temporary" : undefined;
      await send();
    }
    expect(changes).toEqual([]);
  });

  it("is given sixteen messages at most while it is left out, however many there are", async () => {
    settings.reason = "unreachable";
    const only = fake("one", (_message, signal) =>
      settings.reason ? { ok: false, reason: settings.reason } : untilAborted(signal, { ok: true }),
    );
    const { poke, outcomes, time } = setUp([only]);
    for (let count = 0; count < 5; count += 1) {
      poke();
      await settle();
    }
    settings.reason = undefined;
    for (let count = 0; count < 30; count += 1) {
      poke();
      await settle();
    }
    expect([only.sent.length, outcomes.length]).toEqual([21, 19]);
    expect(outcomes.at(-1)).toMatchObject({ state: "failed", reason: "left_out", tries: 0 });
    await time.advance(5_000);
    expect(outcomes.filter(({ state }) => state === "accepted")).toHaveLength(16);
  });

  it("is tried all the same when there is no other, and begins anew with other settings", async () => {
    settings.reason = "unreachable";
    const only = fake("one", flaky);
    const changes: string[] = [];
    const { poke, outcomes, dispatcher } = setUp([only], { onBreaker: ({ state }) => changes.push(state) });
    for (let count = 0; count < 6; count += 1) {
      poke();
      await settle();
    }
    expect(dispatcher.breakerOf("p-one").state).toBe("open");
    expect(outcomes.at(-1)).toMatchObject({ state: "failed", reason: "unreachable", tries: 1 });
    settings.reason = undefined;
    poke();
    await settle();
    expect(outcomes.at(-1)).toMatchObject({ state: "accepted", tries: 1 });
    await dispatcher.forget("acme");
    expect(dispatcher.breakerOf("p-one").state).toBe("closed");
    expect(changes).toEqual(["open", "closed"]);
  });
});

describe("a provider that takes messages and answers none", () => {
  const deaf: Behaviour = (_message, signal) => untilAborted(signal, { ok: false, reason: "ambiguous" });

  async function flood({ poke, time }: ReturnType<typeof setUp>, forMs: number, everyMs: number) {
    for (let passedMs = 0; passedMs < forMs; passedMs += everyMs) {
      const createdAt = time.clock.now();
      poke({ createdAt, expiresAt: createdAt + 300_000 });
      await time.advance(everyMs);
    }
  }

  it.each([
    ["4 a second", 250, 8],
    ["20 a second", 50, 16],
  ])(
    "sees few of %s until it is left out; the others go by the next one at once",
    async (_, everyMs, seen) => {
      const [one, two] = [fake("one", deaf), fake("two", accepts)];
      const opened = setUp([one, two]);
      await flood(opened, 4_500, everyMs);
      expect([one.sent.length, two.sent.length]).toEqual([seen, 4_500 / everyMs - seen]);
      expect(opened.outcomes.at(-1)?.attempts).toEqual([
        { provider: "one name", outcome: "left_out" },
        { provider: "two name", outcome: "accepted" },
      ]);
      expect(opened.dispatcher.breakerOf("p-one").state).toBe("closed");
      await flood(opened, 3_500, everyMs);
      expect([one.sent.length, opened.dispatcher.breakerOf("p-one").state]).toEqual([seen, "open"]);
    },
  );

  it("is asked after all others, and by every message where there is no other", async () => {
    const [one, two] = [fake("one", deaf), fake("two", fails("throttled"))];
    const both = setUp([one, two]);
    await flood(both, 2_250, 250);
    expect([one.sent.length, two.sent.length]).toEqual([9, 1]);
    await both.time.advance(6_000);
    expect(both.outcomes.find(({ attempts }) => attempts?.[0]?.outcome === "left_out")).toMatchObject({
      state: "maybe_sent",
      attempts: [
        { provider: "one name", outcome: "left_out" },
        { provider: "two name", outcome: "throttled" },
        { provider: "one name", outcome: "ambiguous" },
      ],
    });
    const only = fake("only", deaf);
    await flood(setUp([only]), 4_000, 250);
    expect(only.sent).toHaveLength(16);
  });

  it("is not one that answers after three seconds", async () => {
    const slow = fake("slow", () => new Promise((resolve) => afterThreeSeconds(resolve)));
    const two = fake("two", accepts);
    const opened = setUp([slow, two]);
    const afterThreeSeconds = (resolve: (result: DeliveryResult) => void) =>
      opened.time.timers.after(3_000, () => resolve({ ok: true }));
    await flood(opened, 20_000, 250);
    // Before its first answer nobody can know.
    expect([slow.sent.length, two.sent.length]).toEqual([76, 4]);
    expect(opened.dispatcher.breakerOf("p-slow").state).toBe("closed");
  });
});

describe("the time limit", () => {
  it("ends a call; what the provider then says still counts", async () => {
    const slow = fake(
      "slow",
      (_message, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ ok: false, reason: "unreachable" }));
        }),
    );
    const two = fake("two", accepts);
    const { poke, outcomes, time } = setUp([slow, two]);
    poke();
    await time.advance(4_999);
    expect(outcomes).toEqual([]);
    await time.advance(1);
    expect(outcomes).toEqual([expect.objectContaining({ state: "accepted", provider: "two name" })]);
    expect(time.pending()).toBe(0);
  });

  it("ends even with a provider that never answers", async () => {
    const two = fake("two", accepts);
    const { poke, outcomes, time } = setUp([fake("deaf", () => new Promise(() => undefined)), two]);
    poke();
    await time.advance(5_249);
    expect(outcomes).toEqual([]);
    await time.advance(1);
    expect(outcomes).toEqual([expect.objectContaining({ state: "accepted", provider: "two name" })]);
  });

  it("lets a conversation wait no longer than it said", async () => {
    const { poke, dispatcher, time } = setUp([fake("deaf", () => new Promise(() => undefined))]);
    const delivery = poke();
    const answer = dispatcher.waitFor(delivery.verification, 4_000);
    await time.advance(4_000);
    expect(await answer).toBe("sending");
    await time.advance(2_000);
    expect(await dispatcher.waitFor(delivery.verification, 4_000)).toBe("maybe_sent");
    expect(await dispatcher.waitFor("unheard-of", 4_000)).toBeUndefined();
  });

  it("answers for the newest message of a verification", async () => {
    const { poke, dispatcher, time } = setUp([
      fake("one", (message) => (message.id === first.id ? { ok: true } : new Promise(() => undefined))),
    ]);
    const first = poke();
    await settle();
    poke({ verification: first.verification });
    const answer = dispatcher.waitFor(first.verification, 100);
    await time.advance(100);
    expect(await answer).toBe("sending");
    expect(await dispatcher.waitFor(first.id, 100)).toBe("accepted");
  });
});

describe("a store that fails", () => {
  it("is asked again for the record, and nothing is sent twice", async () => {
    const one = fake("one", accepts);
    const { poke, outcomes, failures, dispatcher, time } = setUp([one]);
    failures.finish = 3;
    const delivery = poke();
    expect(await dispatcher.waitFor(delivery.id, 4_000)).toBe("accepted");
    await time.advance(10_000);
    expect(outcomes).toHaveLength(1);
    expect(one.sent).toHaveLength(1);
  });

  it("for good leaves the row as being sent, and says so without its content", async () => {
    const one = fake("one", accepts);
    const { poke, table, failures, time, problems } = setUp([one]);
    failures.finish = 100;
    const delivery = poke();
    await time.advance(20_000);
    expect(table.get(delivery.id)?.state).toBe("sending");
    expect(one.sent).toHaveLength(1);
    expect(problems).toEqual([`finish_failed ${delivery.id}`]);
  });

  it("at the claim is asked again, and nothing is sent before it answers", async () => {
    const one = fake("one", accepts);
    const { poke, outcomes, failures, time } = setUp([one]);
    failures.claim = 2;
    poke();
    await settle();
    expect(one.sent).toEqual([]);
    await time.advance(300);
    expect(outcomes).toHaveLength(1);
    expect(one.sent).toHaveLength(1);
  });

  it("at every claim leaves the delivery in the outbox, and it is sent when the store is back", async () => {
    const one = fake("one", accepts);
    const { poke, failures, time, problems, table, outcomes } = setUp([one]);
    failures.claim = 5;
    const delivery = poke();
    await time.advance(5_300);
    expect(problems).toEqual([`claim_failed ${delivery.id}`]);
    await time.advance(10_000);
    expect(one.sent).toHaveLength(1);
    expect(outcomes).toEqual([expect.objectContaining({ state: "accepted" })]);
    expect(table.size).toBe(0);
  });
});

describe("after a crash", () => {
  it("what was queued is sent, what was being sent is only recorded, what is too old is dropped", async () => {
    const one = fake("one", accepts);
    const queued = deliveryOf();
    const sending = deliveryOf({ state: "sending" });
    const old = deliveryOf({ expiresAt: 1 });
    const { dispatcher, outcomes, claims } = setUp([one], { rows: [queued, sending, old] });
    await dispatcher.recover();
    expect(one.sent.map((message) => message.id)).toEqual([queued.id]);
    expect(claims).toEqual([[queued.id]]);
    const states = Object.fromEntries(outcomes.map(({ delivery, state }) => [delivery, state]));
    expect(states).toEqual({ [queued.id]: "accepted", [sending.id]: "maybe_sent", [old.id]: "dropped" });
  });

  it("is claimed even for the simulated phone, because another node may have found it too", async () => {
    const inbox = createInbox();
    const { dispatcher, claims } = setUp([inbox.provider], { rows: [deliveryOf()] });
    await dispatcher.recover();
    expect(claims).toHaveLength(1);
  });

  it("more than one page is walked through", async () => {
    const one = fake("one", accepts);
    const { dispatcher, outcomes } = setUp([one], {
      rows: Array.from({ length: 1_201 }, () => deliveryOf()),
    });
    await dispatcher.recover();
    expect(outcomes).toHaveLength(1_201);
    expect(one.sent).toHaveLength(1_201);
  });

  it("leaves alone what this process is handling itself", async () => {
    let release: (result: DeliveryResult) => void = () => undefined;
    const one = fake(
      "one",
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    const { poke, dispatcher, outcomes } = setUp([one]);
    poke();
    await settle();
    await dispatcher.recover();
    expect(outcomes).toEqual([]);
    release({ ok: true });
    await settle();
    expect(outcomes).toEqual([expect.objectContaining({ state: "accepted" })]);
    expect(one.sent).toHaveLength(1);
  });

  it("a store that cannot be read is reported", async () => {
    const { dispatcher, failures, time, problems } = setUp([]);
    failures.leftovers = 100;
    const recovering = dispatcher.recover();
    await time.advance(6_000);
    await recovering;
    expect(problems).toEqual(["scan_failed undefined"]);
  });
});

describe("load", () => {
  it("never has more messages on their way than allowed", async () => {
    let running = 0;
    let most = 0;
    const one = fake("one", async () => {
      running += 1;
      most = Math.max(most, running);
      await settle();
      running -= 1;
      return { ok: true };
    });
    const { poke, dispatcher } = setUp([one], { concurrency: 3 });
    const deliveries = Array.from({ length: 10 }, () => poke());
    await Promise.all(deliveries.map(({ id }) => dispatcher.waitFor(id, 4_000)));
    expect(most).toBe(3);
  });

  it("of an organization whose provider hangs takes no place of another's", async () => {
    const providers = [fake("deaf", () => new Promise(() => undefined)), fake("well", accepts)];
    const configured = (id: string): ConfiguredProvider => ({
      ...{ id, name: id, kind: id, position: 0, settings: {} },
    });
    const { poke, dispatcher, time } = setUp(providers, {
      concurrency: 4,
      providersOf: (organization) => [configured(organization === "stuck" ? "deaf" : "well")],
    });
    const [deaf, well] = providers;
    for (let count = 0; count < 100; count += 1) poke({ organization: "stuck" });
    const others = Array.from({ length: 100 }, (_, index) => poke({ organization: `other ${index % 3}` }));
    await settle();
    expect([deaf?.sent.length, well?.sent.length]).toEqual([4, 100]);
    for (const { id } of others) expect(await dispatcher.waitFor(id, 0)).toBe("accepted");
    await time.advance(5_250);
    expect(deaf?.sent).toHaveLength(8);
  });

  it("beyond the queue waits in the outbox and is sent when there is room", async () => {
    const one = fake("one", accepts);
    const { poke, outcomes, time } = setUp([one], { concurrency: 1, queueLength: 2 });
    for (let index = 0; index < 9; index += 1) {
      poke();
    }
    await time.advance(100);
    await settle();
    expect(outcomes.filter(({ state }) => state === "accepted")).toHaveLength(9);
    expect(new Set(one.sent.map((message) => message.id)).size).toBe(9);
    expect(one.sent).toHaveLength(9);
  });
});

describe("closing", () => {
  it("sends what is queued first, and takes nothing new", async () => {
    const one = fake("one", async () => {
      await settle();
      return { ok: true };
    });
    const { poke, dispatcher, outcomes, time } = setUp([one], { concurrency: 1 });
    poke();
    poke();
    const closing = dispatcher.close();
    const late = poke();
    await closing;
    expect(outcomes).toHaveLength(2);
    expect(one.sent.map((message) => message.id)).not.toContain(late.id);
    expect(time.pending()).toBe(0);
  });

  it("does not wait for ever, and leaves the rest to the next start", async () => {
    const stuck = fake(
      "stuck",
      (_message, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ ok: false, reason: "ambiguous" }));
        }),
    );
    const { poke, dispatcher, outcomes, table, time } = setUp([stuck], {
      concurrency: 1,
      providerTimeoutMs: 60_000,
    });
    const first = poke();
    const second = poke();
    const waiting = dispatcher.waitFor(second.id, 50_000);
    const closing = dispatcher.close(1_000);
    await time.advance(3_000);
    await closing;
    expect(outcomes).toEqual([expect.objectContaining({ delivery: first.id, state: "maybe_sent" })]);
    expect(await waiting).toBe("queued");
    expect(table.get(second.id)?.state).toBe("queued");
  });

  it("closes what providers hold open, and so does a change of settings", async () => {
    const log: string[] = [];
    const pooled: DeliveryProvider = {
      ...fake("pooled", accepts),
      open: () => {
        log.push("open");
        return {
          send: async () => ({ ok: true }),
          close: async () => {
            log.push("close");
          },
        };
      },
    };
    const { poke, dispatcher } = setUp([pooled]);
    poke();
    await settle();
    poke();
    await settle();
    expect(log).toEqual(["open"]);
    await dispatcher.forget("another");
    expect(log).toEqual(["open"]);
    await dispatcher.forget("acme");
    poke();
    await settle();
    await dispatcher.close();
    expect(log).toEqual(["open", "close", "open", "close"]);
  });
});

it("a failure is recorded with the provider's own code", async () => {
  const one = fake("one", () => ({ ok: false, reason: "configuration", providerCode: "no_public_url" }));
  const { poke, outcomes, dispatcher } = setUp([one]);
  await dispatcher.waitFor(poke().id, 4_000);
  expect(outcomes).toMatchObject([
    { state: "failed", reason: "configuration", providerCode: "no_public_url" },
  ]);
});

describe("reports", () => {
  const price = { amount: 0.075, currency: "EUR" };
  const reporting = (id: string, result: DeliveryResult) => ({
    ...fake(id, () => result),
    readReports: async () => [],
  });
  const callbacks: DispatcherOptions["callbacks"] = {
    reportUrl: (id) => `https://mfa.example.com/delivery/reports/${id}`,
    keepScript: async (choice, { id }, { words }) => `https://mfa.example.com/${choice.id}/${id}/${words}`,
  };

  it("are asked for where the provider makes them and this server can be reached; what it knows is kept", async () => {
    const one = reporting("one", { ok: true, reference: "ref-1", price });
    const { poke, outcomes, dispatcher } = setUp([one], { callbacks });
    await dispatcher.waitFor(poke().id, 4_000);
    expect(one.sent[0]).toMatchObject({ reportUrl: "https://mfa.example.com/delivery/reports/p-one" });
    expect(outcomes).toMatchObject([
      { state: "accepted", reference: { provider: "p-one", reference: "ref-1" }, price },
    ]);
  });

  it("are not asked for otherwise, and no reference is kept that nobody will ask by", async () => {
    const silent = fake("silent", () => ({ ok: true, reference: "ref-1" }));
    const reachable = setUp([silent], { callbacks });
    await reachable.dispatcher.waitFor(reachable.poke().id, 4_000);
    const one = reporting("one", { ok: true });
    const hidden = setUp([one]);
    await hidden.dispatcher.waitFor(hidden.poke().id, 4_000);
    for (const provider of [silent, one]) expect(provider.sent[0]).not.toHaveProperty("reportUrl");
    for (const { outcomes } of [reachable, hidden]) expect(outcomes[0]).not.toHaveProperty("reference");
  });

  it("leave out the providers whose messages did not arrive", async () => {
    const [one, two] = [fake("one", accepts), fake("two", accepts)];
    const { poke, outcomes, dispatcher } = setUp([one, two]);
    await dispatcher.waitFor(poke({ skip: ["one name"] }).id, 4_000);
    await dispatcher.waitFor(poke({ skip: ["one name", "two name"] }).id, 4_000);
    expect([one.sent.length, two.sent.length]).toEqual([0, 1]);
    expect(outcomes).toMatchObject([
      { state: "accepted", provider: "two name" },
      { state: "failed", reason: "no_provider" },
    ]);
  });

  it("a call's script is kept for its provider; a text message has none", async () => {
    const kept: (string | undefined)[] = [];
    const caller: DeliveryProvider = {
      ...fake("caller", accepts),
      async send(_message, _settings, tools) {
        kept.push(await tools.keepCallScript?.({ mediaType: "text/xml", words: "words" }));
        return { ok: true };
      },
    };
    const { poke, dispatcher } = setUp([caller], { callbacks });
    const call = poke({ via: "voice" });
    await dispatcher.waitFor(call.id, 4_000);
    await dispatcher.waitFor(poke().id, 4_000);
    expect(kept).toEqual([`https://mfa.example.com/p-caller/${call.id}/words`, undefined]);
  });
});

describe("silence", () => {
  it("holds in everything that is recorded or reported", async () => {
    const leaky = fake("leaky", () => Promise.reject(new Error(`${code} to ${number}`)));
    const { poke, outcomes, problems, failures, time } = setUp([leaky]);
    failures.finish = 100;
    poke();
    await time.advance(20_000);
    failures.finish = 0;
    poke();
    await settle();
    const said = JSON.stringify([outcomes, problems]);
    expect(said).not.toContain(code);
    expect(said).not.toContain(number);
    expect(outcomes).toHaveLength(1);
  });
});
