import { CountersignError, isCountersignError } from "../engine/errors.ts";
import type { Idempotency } from "../engine/store.ts";
import { receiptAgain } from "../engine/verification/check.ts";
import { type Kept, load } from "./keeping.ts";
import { conversationId, learn, type Memory } from "./memory.ts";
import type { Reply, Turn } from "./model.ts";
import { play } from "./playing.ts";
import { recall } from "./recalling.ts";
import { actorOf, type DialoguePublication, type DialogueTools } from "./run.ts";
import { settingsInForce } from "./settings.ts";
import { runTtlMs } from "./state.ts";
import { oneAtATime, otherTurn } from "./under-way.ts";

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
  const { store, vault } = tools.services;
  const { conversations } = store;
  const id = conversationId(publication.organization, publication.id, turn.conversation, vault);
  // Who hangs up says so once; it must not be lost because a code is just being checked.
  if (turn.input.kind === "hangup") await otherTurn(conversations, id);
  return oneAtATime(conversations, id, () => answer(id, turn, publication, tools));
}

async function answer(
  id: string,
  turn: Turn,
  publication: DialoguePublication,
  tools: DialogueTools,
): Promise<Reply> {
  const { services } = tools;
  const now = services.clock.now();
  const kept = await load(publication.organization, id, services);
  const known = recall(id, turn, kept.memory);
  if (known !== undefined) return withReceipt(known, kept.memory, publication, tools);
  const name = nameOf(id, kept, now);
  const run = {
    conversation: id,
    externalId: turn.conversation,
    publication,
    settings: settingsInForce(publication.settings),
    facts: learn(kept.memory?.facts ?? {}, turn),
    name,
    idempotency: idempotencyOf(name, turn, tools),
    tools,
  };
  const reply = await play(turn, kept, run).catch((error: unknown) => {
    // Another node checks another answer to the same question at this moment: only one of them counts.
    if (isCountersignError(error) && error.code === "idempotency_conflict") return undefined;
    throw error;
  });
  return reply ?? overtaken(id, publication, tools);
}

/** Another node took this turn first: its answer is the answer. */
async function overtaken(id: string, publication: DialoguePublication, tools: DialogueTools): Promise<Reply> {
  const { memory } = await load(publication.organization, id, tools.services);
  if (memory?.reply === undefined) {
    throw new CountersignError("conflict", "This turn is being answered at the moment.");
  }
  return withReceipt(memory.reply, memory, publication, tools);
}

/** A reply that told of an approval has its receipt again. */
async function withReceipt(
  reply: Reply,
  memory: Memory | undefined,
  publication: DialoguePublication,
  { services }: DialogueTools,
): Promise<Reply> {
  const { done } = reply;
  const { proved: attempt } = memory ?? {};
  if (attempt === undefined || reply !== memory?.reply || done?.verification === undefined) return reply;
  const { organization } = publication;
  const approval = { organization, id: done.verification, actor: actorOf({ publication }), attempt };
  const receipt = await receiptAgain(approval, services);
  return receipt === undefined ? reply : { ...reply, done: { ...done, receipt } };
}

/** Longer than a turn takes: after it another answer is a turn of its own, and the one before was never told its outcome. */
const takeOverAfterMs = 20_000;

/**
 * Commands of this turn are known by the version that it follows: repeated after a crash, or on another node at the same time,
 * they have the outcome of the first. A conversation that was forgotten counts its versions anew, so its run is named as well.
 */
function nameOf(id: string, { stored, memory }: Kept, now: number): string {
  const run = memory === undefined ? `first-${Math.floor(now / runTtlMs)}` : memory.state.startedAt;
  return `${id}:${run}:${stored?.version ?? 0}`;
}

function idempotencyOf(name: string, { input }: Turn, { services }: DialogueTools): () => Idempotency {
  let count = 0;
  return () => {
    count += 1;
    const mac = services.vault.mac("index", ["countersign/turn/v1", name, JSON.stringify(input)]);
    const fingerprint = Buffer.from(mac.value).toString("hex");
    return { key: `${name}:${count}`, fingerprint, takeOverAfterMs };
  };
}
