import type { AuditDraft } from "./audit/event.ts";
import type { OrganizationId } from "./model.ts";

/** A page of a list in id order: the rows after `after`, at most `limit`. */
export interface Page {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** New values of some members; null takes an optional member away, and undefined leaves it as it is. */
export type Change<Entity> = {
  readonly [Member in keyof Entity]?:
    | Entity[Member]
    | undefined
    | (undefined extends Entity[Member] ? null : never);
};

/** One kind of what an organization has, with the same verbs for every kind. */
export interface Collection<Entity extends { readonly id: string }> {
  /** Throws `name_taken` when a unique field is already in use, `not_found` when it refers to something absent. */
  insert(entity: Entity, audit: AuditDraft): Promise<void>;
  find(organization: OrganizationId, id: string): Promise<Entity | undefined>;
  list(organization: OrganizationId, page: Page, filter?: Partial<Entity>): Promise<readonly Entity[]>;
  /** Undefined: not there. */
  update(
    organization: OrganizationId,
    id: string,
    change: Change<Entity>,
    audit: AuditDraft,
  ): Promise<Entity | undefined>;
  /** Throws `in_use` while something refers to it. False: not there. */
  remove(organization: OrganizationId, id: string, audit: AuditDraft): Promise<boolean>;
}

export interface SettingsChange {
  readonly organization: OrganizationId;
  readonly collection: string;
  readonly id: string;
}
