import type { OrganizationId, UserId, VerificationId } from "../model.ts";
import type { AuditDraft, AuditEvent } from "./event.ts";

/** Whom or what an event is about. */
export type Named =
  | { readonly member: "verification"; readonly id: VerificationId }
  | { readonly member: "user"; readonly id: UserId };

/** The record as the engine's port gives it: appended to, and read by number. */
export interface AuditStore {
  append(draft: AuditDraft, now: number): Promise<void>;
  /** Events of an organization after `seq`, oldest first; the source of the live feed. */
  after(organization: OrganizationId, seq: number, limit: number): Promise<readonly AuditEvent[]>;
  /** Newest first, for reading back. */
  before(organization: OrganizationId, seq: number, limit: number): Promise<readonly AuditEvent[]>;
  /** Sequence number of the last event. */
  head(): Promise<number>;
  /**
   * The number of the first event at or after a time; one past the last when there is none. Numbers of all organizations, in
   * which each finds its own place.
   */
  firstAt(at: number): Promise<number>;
  /**
   * Events of one verification or one user among those numbered `from` to `until`, newest first. It looks at every event between, since
   * an index would cost every start: keep the range small.
   */
  naming(
    organization: OrganizationId,
    named: Named,
    range: { readonly from: number; readonly until: number },
  ): Promise<readonly AuditEvent[]>;
  /** Called after a commit that appended events, with the new head and whose events they are; undefined: perhaps anybody's. */
  onAppend(listener: (seq: number, organizations?: readonly OrganizationId[]) => void): void;
}
