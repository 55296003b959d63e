import type { OrganizationId } from "./model.ts";
import type { SendCounter } from "./policy/sending-counters.ts";

/** What the send rules counted. It is written in the step of the message that it counts, and only read here. */
export interface SendingStore {
  /** The rows of these keys, as far as they exist. */
  find(organization: OrganizationId, keys: readonly string[]): Promise<readonly SendCounter[]>;
  /** The row of the organization and those of its calling codes. */
  totals(organization: OrganizationId): Promise<readonly SendCounter[]>;
}
