import type { AuditDraft } from "./audit/event.ts";
import type { Change, Page } from "./collection.ts";
import type { Authenticator, OrganizationId, User, UserId } from "./model.ts";

/** The people of an organization. */
export interface UserStore {
  insert(user: User, authenticators: readonly Authenticator[], audit: AuditDraft): Promise<void>;
  find(organization: OrganizationId, id: UserId): Promise<User | undefined>;
  findByExternalId(organization: OrganizationId, externalId: string): Promise<User | undefined>;
  /** Users with an active authenticator of this destination, oldest first, at most `limit`. */
  findByDestination(
    organization: OrganizationId,
    destinationKey: string,
    limit: number,
  ): Promise<readonly User[]>;
  list(organization: OrganizationId, page: Page): Promise<readonly User[]>;
  /** Undefined: not there. */
  update(
    organization: OrganizationId,
    id: UserId,
    change: Change<Omit<User, "id" | "organization" | "createdAt">>,
    audit: AuditDraft,
  ): Promise<User | undefined>;
  /** Removes the person's rows; the audit chain stays whole. False: not there. */
  remove(organization: OrganizationId, id: UserId, audit: AuditDraft): Promise<boolean>;
  /**
   * Removes everything that is the person's, in one step: also what verifications, conversations, messages on their way and
   * the details of audit events say of them. The audit chain stays whole. False: not there.
   */
  erase(organization: OrganizationId, id: UserId, audit: AuditDraft): Promise<boolean>;
}
