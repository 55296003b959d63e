import { expect } from "vitest";
import { codeFields } from "../../engine/code/digest.ts";
import type { Delivery, DeliveryOutcome, ReportCommand } from "../../engine/outbox.ts";
import { defaultPolicy, serverCeiling } from "../../engine/policy/defaults.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { StartCommand } from "../../engine/store.ts";
import { epoch, codeIn as messageCode, newId } from "./fixtures.ts";
import { type Each, type OpenedStore, openEach } from "./opened.ts";

const now = epoch;

/** A store for each test, messages that a provider took, and what it says of them afterwards. */
export function openSent(open: () => Promise<OpenedStore>) {
  const each = openEach(open);
  return Object.assign(each, sendingOf(each), readingOf(each));
}

function sendingOf(each: Each) {
  async function start(policy: Partial<Policy> = {}, more: Partial<StartCommand> = {}) {
    const outcome = await each.store.verifications.start({
      organization: each.home,
      id: newId(),
      deliveryId: newId(),
      now,
      actor: "cli",
      via: "sms",
      purpose: "login",
      channel: "api",
      target: {
        destination: "+12025550123",
        destinationKey: newId(),
        hint: "+1 *** **23",
        number: { country: "US", callingCode: "1", prefix: newId(), type: "mobile", position: 1 },
      },
      fallbackLocale: "en",
      policy: { ...defaultPolicy, sending: serverCeiling.sending, ...policy },
      production: false,
      ...more,
    });
    if (outcome.kind !== "started" || !outcome.delivery) throw new Error(JSON.stringify(outcome));
    return { id: outcome.verification.id, delivery: outcome.delivery };
  }

  async function handOver(
    { id, delivery }: Awaited<ReturnType<typeof start>>,
    more: Partial<DeliveryOutcome> = {},
  ) {
    await each.store.outbox.claim([delivery.id], "node", now);
    const reference = { provider: "provider-1", reference: `ref-${delivery.id}` };
    await each.store.outbox.finish({
      organization: each.home,
      delivery: delivery.id,
      verification: id,
      via: delivery.via,
      state: "accepted",
      provider: "first",
      tries: 1,
      reference,
      now,
      ...more,
    });
    return reference;
  }

  const report = (message: ReportCommand["message"], state: ReportCommand["state"], more = {}) =>
    each.store.outbox.report({ message, state, now: now + 1000, ...more });

  return { start, handOver, report };
}

function readingOf(each: Each) {
  const deliveriesOf = async (id: string) =>
    (await each.store.verifications.find(each.home, id))?.deliveries.map(({ state }) => state);
  const eventsOf = async (type: string) =>
    (await each.store.audit.after(each.home, 0, 1000)).filter((event) => event.type === type);
  function codeIn(delivery: Delivery) {
    const code = messageCode(delivery, each.vault);
    expect(codeFields(each.home, delivery.verification, code)).toContain(code);
    return code;
  }
  return { deliveriesOf, eventsOf, codeIn };
}
