import { expect, it } from "vitest";
import type { AuditEvent } from "../engine/audit/event.ts";
import { createHealth } from "./health.ts";
import type { Lane } from "./health-hours.ts";
import { createHealthRecord } from "./health-record.ts";
import type { ConfiguredProvider } from "./open-providers.ts";
import { createOrder } from "./order.ts";

const hour = 3_600_000;
const epoch = 1_790_000_000_000;

function provider(name: string, more: Partial<ConfiguredProvider> = {}): ConfiguredProvider {
  return { id: `id-${name}`, name, kind: "twilio", position: 0, settings: {}, ...more };
}

function setUp({ routing = "measured" as "order" | "measured", events = [] as AuditEvent[] } = {}) {
  const time = { now: epoch };
  const health = createHealth({ clock: { now: () => time.now } });
  const audit = {
    before: async (_organization: string, seq: number) => events.filter((one) => one.seq < seq),
  };
  const record = createHealthRecord({ audit, health, startedAt: epoch });
  const arrange = createOrder({ health, record, routingOf: async () => routing });
  let count = 0;
  /** `answered` of `calls` messages came to an approval, `lost` were reported as failed. */
  const measure = (name: string, calls: number, answered: number, lost = 0, country = "US") => {
    for (let index = 0; index < calls; index += 1) {
      count += 1;
      const ids = { delivery: `d${count}`, verification: `v${count}` };
      const lane: Lane = { organization: "acme", provider: name, via: "sms", country };
      health.noteHandOver({ lane, at: time.now, ...ids, outcome: "accepted" });
      if (index < lost) health.noteReport(ids.delivery, "failed");
      if (index < answered) health.noteApproval(ids.verification);
    }
  };
  const order = async (choices: readonly ConfiguredProvider[], country: string | undefined = "US") =>
    (await arrange(choices, { organization: "acme", via: "sms", country })).map(({ name }) => name);
  return { time, health, record, arrange, measure, order };
}

const [a, b] = [provider("a"), provider("b")];

it("leaves out who does not carry the country; e-mail has none", async () => {
  const { order, arrange } = setUp({ routing: "order" });
  const german = provider("german", { countries: ["DE"] });
  expect(await order([german, a])).toEqual(["a"]);
  expect(await order([german, a], "DE")).toEqual(["german", "a"]);
  const message = { organization: "acme", via: "sms", country: undefined } as const;
  expect((await arrange([german, a], message)).map(({ name }) => name)).toEqual(["a"]);
  const mail = await arrange([german, a], { ...message, via: "email" });
  expect(mail.map(({ name }) => name)).toEqual(["german", "a"]);
});

it("puts the provider first whose messages are answered more, where that is wanted and enough is known", async () => {
  const { order, measure } = setUp();
  measure("a", 100, 50);
  measure("b", 19, 19);
  expect(await order([a, b])).toEqual(["a", "b"]);
  measure("b", 81, 60);
  expect(await order([a, b])).toEqual(["b", "a"]);
  // Another country is another matter, and another position another wish.
  expect(await order([a, b], "DE")).toEqual(["a", "b"]);
  expect(await order([a, provider("b", { position: 1 })])).toEqual(["a", "b"]);
  const plain = setUp({ routing: "order" });
  plain.measure("a", 100, 50);
  plain.measure("b", 100, 99);
  expect(await plain.order([a, b])).toEqual(["a", "b"]);
});

it("goes by what arrives where the same share is answered, and forgets with the hours", async () => {
  const { order, measure, time } = setUp();
  measure("a", 100, 70, 20);
  measure("b", 100, 71);
  expect(await order([a, b])).toEqual(["b", "a"]);
  time.now += 12 * hour;
  measure("a", 60, 55);
  measure("b", 60, 30);
  expect(await order([a, b])).toEqual(["a", "b"]);
});

it("tries now and then the one of which less is known", async () => {
  const { order, measure } = setUp();
  measure("a", 100, 90);
  const firsts: (string | undefined)[] = [];
  for (let turn = 0; turn < 40; turn += 1) firsts.push((await order([a, b]))[0]);
  expect(firsts.filter((name) => name === "b")).toHaveLength(2);
});

it("is rebuilt from the record of an earlier process, and shows a day by country", async () => {
  const event = (seq: number, type: AuditEvent["type"], details: AuditEvent["details"] = {}): AuditEvent => ({
    seq,
    type,
    at: epoch - hour,
    organization: "acme",
    verification: `v${Math.ceil(seq / 3)}`,
    details: { via: "sms", country: "US", provider: "b", delivery: `d${Math.ceil(seq / 3)}`, ...details },
  });
  const events = Array.from({ length: 30 }, (_, index) => [
    event(index * 3 + 1, "delivery.accepted"),
    event(index * 3 + 2, "delivery.delivered", { reported: true }),
    event(index * 3 + 3, "verification.approved"),
  ])
    .flat()
    .toReversed();
  const { order, measure, health, record } = setUp({ events });
  await record.ready("acme");
  await record.ready("acme");
  measure("a", 100, 10);
  expect(await order([a, b])).toEqual(["b", "a"]);
  expect(health.of("acme", "b").countries).toEqual([
    { via: "sms", country: "US", calls: 30, accepted: 30, delivered: 30, failed: 0, converted: 30 },
  ]);
  expect(health.of("other", "b").countries).toEqual([]);
});
