import type { OutboundFetch } from "../delivery/provider.ts";
import type { DeliveryState, OrganizationId, VerificationId } from "../engine/model.ts";
import type { EngineServices } from "../engine/services.ts";
import type { Publication } from "../engine/settings.ts";
import type { Idempotency } from "../engine/store.ts";
import type { Facts } from "./memory.ts";
import type { DialogueSettings, SettingsInForce } from "./settings.ts";

/** The publication on which the dialogue takes place; a channel's `Published` is one. */
export interface DialoguePublication extends Omit<Publication, "settings"> {
  readonly settings: DialogueSettings;
}

export interface DialogueTools {
  readonly services: EngineServices;
  /** The one guarded way out, for the customer's web services. */
  readonly fetch: OutboundFetch;
  /** Plain secret of a credential of this organization; throws `not_found`. */
  secretOf(organization: OrganizationId, credential: string): Promise<string>;
  /**
   * State of the newest delivery of a verification once it is final; `sending` when it is not after `ms`. Undefined: not
   * known to this process.
   */
  waitForDelivery(verification: VerificationId, ms: number): Promise<DeliveryState | undefined>;
  /** Public URL of this server, without a slash at its end. */
  readonly publicUrl: string;
}

/** One turn on its way: where it takes place, and what is known by now. */
export interface Run {
  /** Our id of the conversation. */
  readonly conversation: string;
  readonly externalId: string;
  readonly publication: DialoguePublication;
  readonly settings: SettingsInForce;
  readonly generation: "internal" | "external";
  readonly facts: Facts;
  /** Language of the messages, where platform or publication name one; else the person's and the organization's count. */
  readonly messageLocale?: string | undefined;
  /** The same when the turn is repeated: another answer to the same reply is not another turn. */
  readonly name: string;
  /** A key of its own for each command of this turn, the same when the turn is repeated. */
  readonly idempotency: () => Idempotency;
  readonly tools: DialogueTools;
}

/** Who did it, in the record. */
export function actorOf({ publication }: Pick<Run, "publication">): string {
  return `channel:${publication.id}`;
}
