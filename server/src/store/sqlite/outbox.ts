import type { AuditDraft } from "../../engine/audit/event.ts";
import type { Verification } from "../../engine/model.ts";
import type { Delivery, DeliveryOutcome, DeliveryTry } from "../../engine/outbox.ts";
import { furtherState } from "../../engine/verification/report.ts";
import { withPrice } from "../../engine/verification/send-results.ts";
import { eventOf } from "../../engine/verification/status.ts";
import type { SqlRow } from "../sql/executor.ts";
import { deliveryFromRow } from "../sql/rows.ts";
import type { WriterParts } from "./execute.ts";
import { createReferences } from "./references.ts";

/** Hand-over of messages: claimed before a provider is called, erased when it has answered. */
export function createOutbox(parts: WriterParts) {
  const { connection, rows, audit } = parts;
  const references = createReferences(connection);
  // A code that can no longer be accepted is not worth a message: only rows of pending verifications are claimed.
  const claim = connection.prepare<unknown[], SqlRow>(
    `UPDATE deliveries SET state = 'sending', owner = ? WHERE id = ? AND state = 'queued'
       AND EXISTS (SELECT 1 FROM verifications WHERE id = deliveries.verification AND status = 'pending')
     RETURNING *`,
  );
  const erase = connection.prepare("DELETE FROM deliveries WHERE id = ? AND organization = ?");
  // A call that was not made fetches nothing.
  const eraseScripts = connection.prepare("DELETE FROM call_scripts WHERE delivery = ?");
  const others = connection.prepare<unknown[], SqlRow>(
    "SELECT * FROM deliveries WHERE owner IS NULL OR owner <> ? ORDER BY id LIMIT ?",
  );

  const priced = (verification: Verification, { delivery, price, now }: DeliveryOutcome) =>
    price ? withPrice(verification, delivery, price, rows, now) : { verification, changes: [] };

  return {
    claim: (ids: readonly string[], owner: string): readonly Delivery[] =>
      ids.flatMap((id) => claim.all(owner, id).map(deliveryFromRow)),
    leftovers: (owner: string, limit: number): readonly Delivery[] =>
      others.all(owner, limit).map(deliveryFromRow),
    finish: (result: DeliveryOutcome): void => {
      // Nothing erased: it was finished before, and one delivery has one outcome.
      if (erase.run(result.delivery, result.organization).changes === 0) return;
      const verification = rows.verification(result.organization, result.verification);
      if (!verification) return;
      const { verification: updated, changes } = priced(withOutcome(verification, result), result);
      if (result.reference) references.add(result, result.reference);
      if (result.via === "voice" && result.state === "failed") eraseScripts.run(result.delivery);
      for (const change of changes) parts.apply(change, result.now);
      parts.apply({ write: "verification", verification: updated }, result.now);
      audit.append(deliveryEvent(updated, result), result.now);
    },
  };
}

/** As many as a reader wants to see in one line; a provider more changes nothing. */
const mostNamed = 8;

/** `first: unreachable, second: accepted` */
function attemptsText(tries: readonly DeliveryTry[]): string {
  return tries
    .slice(0, mostNamed)
    .map(({ provider, outcome, providerCode }) => {
      const code = providerCode === undefined ? "" : ` (${providerCode})`;
      return `${provider}: ${outcome}${code}`;
    })
    .join(", ");
}

function withOutcome(verification: Verification, result: DeliveryOutcome): Verification {
  return {
    ...verification,
    deliveries: verification.deliveries.map((one) =>
      one.id === result.delivery
        ? {
            ...one,
            // The call may have been answered, and its code heard, before the hand-over of it is recorded.
            state: furtherState(one.state, result.state),
            provider: result.provider,
            at: result.now,
          }
        : one,
    ),
  };
}

function deliveryEvent(verification: Verification, result: DeliveryOutcome): AuditDraft {
  const type = `delivery.${result.state}` as const;
  return eventOf(type, verification, "system", {
    delivery: result.delivery,
    via: result.via,
    tries: result.tries,
    provider: result.provider ?? null,
    ...(verification.number?.country !== undefined && { country: verification.number.country }),
    ...(result.attempts && { attempts: attemptsText(result.attempts) }),
    ...(result.reason !== undefined && { failure: result.reason }),
    ...(result.providerCode !== undefined && { code: result.providerCode }),
    ...(result.price && { price: result.price.amount, currency: result.price.currency }),
  });
}
