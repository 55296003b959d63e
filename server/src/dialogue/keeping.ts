import type { AuditDraft } from "../engine/audit/event.ts";
import type { Conversation, ConversationChange } from "../engine/conversations.ts";
import type { OrganizationId } from "../engine/model.ts";
import type { EngineServices } from "../engine/services.ts";
import { type Memory, openMemory, sealMemory } from "./memory.ts";
import { actorOf, type Run } from "./run.ts";
import { chosenMethod, runTtlMs } from "./state.ts";

/** A conversation as it is in the store, and what it holds. */
export interface Kept {
  readonly stored?: Conversation | undefined;
  readonly memory?: Memory | undefined;
}

export async function load(
  organization: OrganizationId,
  id: string,
  { store, vault }: EngineServices,
): Promise<Kept> {
  const stored = await store.conversations.find(organization, id);
  return stored === undefined ? {} : { stored, memory: openMemory(stored, vault) };
}

/** What is to be kept after the version that was read. */
export interface Keeping {
  readonly memory: Memory;
  readonly before: Conversation | undefined;
  /** A run began with this turn, and the record does not tell it yet. */
  readonly begun: boolean;
}

/** Writes the next version with its events, durably. Undefined: another turn came first, and nothing was written. */
export async function save(keeping: Keeping, run: Run): Promise<Conversation | undefined> {
  const { conversation, events } = nextVersion(keeping, run);
  const isSaved = await run.tools.services.store.conversations.save(conversation, events);
  return isSaved ? conversation : undefined;
}

/** The next version with its events, as it is to be written. */
export function nextVersion(keeping: Keeping, run: Run): ConversationChange {
  const { memory, before } = keeping;
  const { conversation: id, externalId, publication, tools } = run;
  const { vault, clock } = tools.services;
  const { organization, channel } = publication;
  const now = clock.now();
  const { facts, state } = memory;
  const next = {
    id,
    organization,
    publication: publication.id,
    channel,
    externalId,
    user: facts.user,
    verification: facts.verification,
    version: (before?.version ?? 0) + 1,
    path: state.path,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    expiresAt: expiryOf(memory, run, now),
  };
  return { conversation: sealMemory(memory, next, vault), events: eventsOf(keeping, run) };
}

/** As long as the run may take or its last reply be asked for again, and as long as a proof spares the next one. */
function expiryOf({ state }: Memory, { settings }: Run, now: number): number {
  const remembered = (state.verifiedAt ?? 0) + settings.skipMaxAgeMinutes * 60_000;
  const run = (state.phase === "done" ? now : state.startedAt) + runTtlMs;
  return settings.skipIfVerified ? Math.max(run, remembered) : run;
}

function eventsOf({ memory, begun }: Keeping, run: Run): readonly AuditDraft[] {
  const { state } = memory;
  const events: AuditDraft[] = [];
  if (begun) events.push(eventOf("conversation.started", memory, run, {}));
  if (state.path !== undefined) {
    const via = chosenMethod(state)?.kind;
    events.push(
      eventOf("conversation.ended", memory, run, {
        path: state.path,
        codes: state.generation,
        rounds: state.rounds,
        ...(via !== undefined && { via }),
        ...(memory.reply?.done?.skipped && { skipped: true }),
      }),
    );
  }
  return events;
}

function eventOf(
  type: "conversation.started" | "conversation.ended",
  { facts }: Memory,
  run: Run,
  more: NonNullable<AuditDraft["details"]>,
): AuditDraft {
  const { organization, channel, app, id } = run.publication;
  return {
    type,
    organization,
    verification: facts.verification,
    user: facts.user,
    actor: actorOf(run),
    details: { conversation: run.conversation, channel, app, publication: id, ...more },
  };
}
