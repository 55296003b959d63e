import type { Conversation } from "../engine/conversations.ts";
import { type Keeping, type Kept, nextVersion, save } from "./keeping.ts";
import type { Facts, Memory } from "./memory.ts";
import { findMethods } from "./methods.ts";
import type { Ending, Reply, Turn } from "./model.ts";
import { beginRound, cancelRound, checkCode } from "./round.ts";
import type { Run } from "./run.ts";
import {
  type DialogueEvent,
  type DialogueState,
  type Effect,
  newRun,
  type Step,
  type StepReply,
} from "./state.ts";
import { step } from "./step.ts";
import { understand } from "./understand.ts";
import { mannerOf, optionsOf, putIntoWords, spokenLocale } from "./wording.ts";

/** What a turn begins with; the rest of a run is found out on the way. */
export type Beginning = Omit<Run, "generation" | "messageLocale">;

/** What names a language: platform, person, and the place that answers. */
type Speaking = Pick<Run, "facts" | "settings"> & { readonly placeLocale: string | undefined };

/** A turn between two steps. */
interface Stage {
  readonly current: Step;
  /** Language of the publication, its app or its organization. */
  readonly placeLocale: string | undefined;
  readonly run: Run;
  /** The version in the store. */
  readonly stored: Conversation | undefined;
  /** The last reply that was given. */
  readonly told: Reply | undefined;
  /** A run began with this turn, and the record does not tell it yet. */
  readonly begun: boolean;
  /** Proof of an approval of ours. */
  readonly receipt?: string | undefined;
  /** The reply, where it was written in the very step that approved the answer. */
  readonly kept?: Reply | undefined;
}

/** Plays one turn to its reply and keeps it. Undefined: another turn came first. */
export async function play(
  turn: Turn,
  { stored, memory }: Kept,
  beginning: Beginning,
): Promise<Reply | undefined> {
  const now = beginning.tools.services.clock.now();
  const state = memory?.state ?? newRun(now, undefined);
  const { organization, id } = beginning.publication;
  const { scopeOf } = beginning.tools.services.settings;
  const { locale: placeLocale } = await scopeOf({ organization, publication: id });
  const locale = localeOf({ ...beginning, placeLocale });
  const event = eventOf(turn, state, locale, beginning);
  const current = step(state, event, now, beginning.settings);
  const begun = event.kind === "start" && (state.phase === "begin" || state.phase === "done");
  const run: Run = {
    ...beginning,
    facts: begun
      ? { ...beginning.facts, verification: keptProof(current.state, beginning.facts) }
      : beginning.facts,
    generation: current.state.generation,
    messageLocale: beginning.settings.languages.length > 0 ? locale : undefined,
  };
  let stage: Stage | undefined = { current, placeLocale, run, stored, told: memory?.reply, begun };
  while (stage !== undefined && asked(stage) !== undefined) stage = await advance(stage, turn);
  const reply = stage && (stage.kept ?? (await keep(stage, turn)));
  return reply && withProof(reply, stage?.receipt);
}

/** Only who is spared another proof keeps the one before. */
function keptProof({ phase }: DialogueState, { verification }: Facts): Facts["verification"] {
  return phase === "done" ? verification : undefined;
}

function localeOf({ facts, settings, placeLocale }: Speaking): string {
  return spokenLocale([facts.locale, facts.userLocale, placeLocale], settings);
}

/** What the turn is for the machine. A process that died within a turn left a question whose answer nobody will ever know. */
function eventOf(turn: Turn, state: DialogueState, locale: string, { settings }: Beginning): DialogueEvent {
  switch (state.phase) {
    case "begin":
    case "done":
      return { kind: "start" };
    case "check":
      return { kind: "methods", result: { outcome: "path", path: "error" } };
    case "sending":
      return { kind: "sent", result: { outcome: "failed" } };
    case "verifying":
      return { kind: "verified", result: { outcome: "path", path: "error" } };
    default: {
      if (turn.input.kind === "start") return { kind: "start" };
      const options = state.phase === "menu" ? optionsOf(state, settings, locale) : [];
      return { kind: "heard", heard: understand(turn.input, state, { locale, options }) };
    }
  }
}

type Question = Exclude<Effect, { readonly kind: "cancel" }>;

function asked({ current }: Stage): Question | undefined {
  return current.effects.find((effect) => effect.kind !== "cancel");
}

/** Does what the step asks for, and takes the next step with the answer. Undefined: another turn came first. */
async function advance(before: Stage, turn: Turn): Promise<Stage | undefined> {
  await cancelIfAsked(before);
  const question = asked(before);
  if (question === undefined) return before;
  const stage = isOutside(question, before.run) ? await keepAttempt(before) : before;
  if (stage === undefined) return undefined;
  const { event, facts, receipt, kept } = await perform(question, stage, turn);
  const { clock } = stage.run.tools.services;
  const current = step(stage.current.state, event, clock.now(), stage.run.settings);
  return { ...stage, current, run: { ...stage.run, facts }, receipt, kept };
}

async function cancelIfAsked({ current, run }: Stage): Promise<void> {
  if (current.effects.some(({ kind }) => kind === "cancel")) await cancelRound(run.facts.verification, run);
}

/** The customer's system counts nothing for us and sends what it is asked to send. */
function isOutside({ kind }: Question, { generation }: Run): boolean {
  return generation === "external" && kind !== "find_methods";
}

/** The attempt is on the disk before the outside hears of it, so a repeated turn never makes it twice. */
async function keepAttempt(stage: Stage): Promise<Stage | undefined> {
  const { current, run, stored: before, told, begun } = stage;
  const memory: Memory = { state: current.state, reply: told, facts: run.facts };
  const stored = await save({ memory, before, begun }, run);
  return stored && { ...stage, stored, begun: false };
}

interface Performed {
  readonly event: DialogueEvent;
  readonly facts: Facts;
  readonly receipt?: string | undefined;
  readonly kept?: Reply | undefined;
}

async function perform(question: Question, stage: Stage, turn: Turn): Promise<Performed> {
  const { current, run } = stage;
  const { facts } = run;
  switch (question.kind) {
    case "find_methods": {
      const { result, user } = await findMethods(run);
      const known = { ...facts, user: user?.id, userLocale: user?.locale };
      return { event: { kind: "methods", result }, facts: known };
    }
    case "begin_round": {
      const { result, verification } = await beginRound(question.method, run);
      return { event: { kind: "sent", result }, facts: { ...facts, verification } };
    }
    case "verify": {
      const locale = localeOf({ ...run, placeLocale: stage.placeLocale });
      const hoped = hopedFor(stage, turn);
      const whenApproved = hoped && nextVersion(hoped.keeping, run);
      const { code } = current.state;
      const checked = await checkCode({ question, code, locale, whenApproved }, run);
      const { result, receipt } = checked;
      const kept = checked.kept ? hoped?.reply : undefined;
      return { event: { kind: "verified", result }, facts, receipt, kept };
    }
  }
}

/** A turn at its end: what is said, and what is to be kept. */
interface Drafted {
  readonly reply: Reply;
  readonly keeping: Keeping;
}

/** How the turn ends if the answer is right: written with the approval, it costs no commit of its own. */
function hopedFor(stage: Stage, turn: Turn): Drafted | undefined {
  const { current, run } = stage;
  if (run.generation === "external") return undefined;
  const event: DialogueEvent = { kind: "verified", result: { outcome: "right" } };
  const right = step(current.state, event, run.tools.services.clock.now(), run.settings);
  if (right.effects.length > 0) return undefined;
  return draft({ ...stage, current: right }, turn, { proved: true });
}

/** Puts the reply into words and keeps it. */
async function keep(stage: Stage, turn: Turn): Promise<Reply | undefined> {
  await cancelIfAsked(stage);
  const { reply, keeping } = draft(stage, turn, { proved: stage.receipt !== undefined });
  return (await save(keeping, stage.run)) && reply;
}

/** The receipt is for who asked; it is not kept. */
function withProof(reply: Reply, receipt: string | undefined): Reply {
  const { done } = reply;
  if (receipt === undefined || done?.path !== "success") return reply;
  return { ...reply, done: { ...done, receipt } };
}

/** `proved`: an answer of this turn was approved by us. */
function draft(
  { current, placeLocale, run, stored: before, told, begun }: Stage,
  turn: Turn,
  { proved }: { readonly proved: boolean },
): Drafted {
  const locale = localeOf({ ...run, placeLocale });
  const said = current.reply ?? silence;
  const reply: Reply = {
    conversation: run.conversation,
    step: (told?.step ?? 0) + 1,
    ...putIntoWords(said, current.state, {
      locale,
      manner: turn.manner ?? mannerOf(run.publication),
      settings: run.settings,
    }),
    ...(said.ending && { done: endingOf(said.ending, run) }),
  };
  const isProved = proved && reply.done?.path === "success";
  const { facts, name } = run;
  const memory: Memory = { state: current.state, reply, facts, ...(isProved && { proved: name }) };
  return { reply, keeping: { memory, before, begun } };
}

/** A step without a reply leaves everything as it is; a turn always has one. */
const silence: StepReply = { say: [], expect: "nothing", ending: { path: "error" } };

function endingOf({ path, skipped }: NonNullable<StepReply["ending"]>, run: Run): Ending {
  const { verification } = run.facts;
  return {
    path,
    ...(skipped && { skipped }),
    ...(verification !== undefined && { verification }),
  };
}
