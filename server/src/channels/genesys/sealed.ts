import { conversationId, openMemory, sealMemory } from "../../dialogue/memory.ts";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { Conversation } from "../../engine/conversations.ts";
import type { Errand } from "./errand.ts";

/** A row of the conversation store with what is in it. */
export interface Sealed<Content> {
  readonly id: string;
  readonly stored?: Conversation | undefined;
  readonly content?: Content | undefined;
}

export async function openSealed<Content>(
  externalId: string,
  { publication, tools }: Errand,
): Promise<Sealed<Content>> {
  const { store, vault, clock } = tools.services;
  const { organization } = publication;
  const id = conversationId(organization, publication.id, externalId, vault);
  const stored = await store.conversations.find(organization, id);
  if (stored === undefined) return { id };
  // A row that may be forgotten is kept for its version, and says nothing any more.
  if (stored.expiresAt <= clock.now()) return { id, stored };
  return { id, stored, content: openMemory<Content>(stored, vault) };
}

/** The next version of a row. */
export function rowOf(
  { id, externalId }: { readonly id: string; readonly externalId: string },
  before: Conversation | undefined,
  { publication, tools }: Errand,
): Omit<Conversation, "expiresAt" | "state"> {
  const { organization, channel } = publication;
  const now = tools.services.clock.now();
  return {
    id,
    organization,
    publication: publication.id,
    channel,
    externalId,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}

/** Undefined: another node was first, and nothing was written. */
export async function keepSealed(
  content: unknown,
  {
    row,
    events = [],
  }: { readonly row: Omit<Conversation, "state">; readonly events?: readonly AuditDraft[] },
  { tools }: Errand,
): Promise<Conversation | undefined> {
  const { store, vault } = tools.services;
  const sealed = sealMemory(content, row, vault);
  return (await store.conversations.save(sealed, events)) ? sealed : undefined;
}
