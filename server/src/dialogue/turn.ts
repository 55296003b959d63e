import type { OutboundFetch } from "../delivery/provider.ts";
import { CountersignError } from "../engine/errors.ts";
import type { DeliveryState, OrganizationId, VerificationId } from "../engine/model.ts";
import type { EngineServices } from "../engine/services.ts";
import type { Publication } from "../engine/settings.ts";
import type { Reply, Turn } from "./model.ts";
import type { DialogueSettings } from "./settings.ts";

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

/**
 * Takes one turn of a dialogue and says what comes next. The turn is durable before this resolves; the same turn again (a
 * retry of the platform) gets the stored reply and counts nothing. Throws what the store throws, and then nothing was
 * counted that is not durable; the channel answers with its `fail`.
 */
export async function takeTurn(
  turn: Turn,
  publication: DialoguePublication,
  tools: DialogueTools,
): Promise<Reply> {
  const now = tools.services.clock.now();
  throw new CountersignError("internal_error", `${publication.channel} ${turn.conversation} ${now}`);
}
