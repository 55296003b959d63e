import { conversationId } from "../../dialogue/memory.ts";
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
  const opened = vault.open({ organization, table: "conversations", column: "state", row: id }, stored.state);
  return { id, stored, content: JSON.parse(Buffer.from(opened).toString()) as Content };
}

/** The next version of a row. */
export function rowOf(
  { id, externalId }: { readonly id: string; readonly externalId: string },
  before: Conversation | undefined,
  content: unknown,
  { publication, tools }: Errand,
): Omit<Conversation, "expiresAt"> {
  const { vault, clock } = tools.services;
  const { organization, channel } = publication;
  const now = clock.now();
  return {
    id,
    organization,
    publication: publication.id,
    channel,
    externalId,
    version: (before?.version ?? 0) + 1,
    state: vault.seal(
      { organization, table: "conversations", column: "state", row: id },
      JSON.stringify(content),
    ),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}

/** False: another node was first, and nothing was written. */
export function keepSealed(
  row: Conversation,
  events: readonly AuditDraft[],
  { tools }: Errand,
): Promise<boolean> {
  return tools.services.store.conversations.save(row, events);
}
