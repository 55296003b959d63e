import type { Memory } from "./memory.ts";
import type { Reply, Turn } from "./model.ts";
import { phraseLocale, sayPhrase } from "./phrases/say.ts";

/**
 * The reply to a turn that is no new one: the platform asks again, or the dialogue is over, or there is none of this kind. Nothing
 * is counted and nothing is kept. Undefined: the turn is to be taken.
 */
export function recall(id: string, turn: Turn, memory: Memory | undefined): Reply | undefined {
  if (memory === undefined) return strange(id, turn);
  const { reply, state, facts } = memory;
  // A calling system that takes one dialogue for another's gets neither.
  if (turn.subject !== undefined && facts.subject !== undefined && turn.subject !== facts.subject) {
    return over(id, turn, "error");
  }
  if (reply === undefined) return undefined;
  if (turn.input.kind === "start") {
    // After the end it is a new run, in the middle a platform that lost its own session; the first reply is asked for twice.
    return state.phase !== "done" && reply.step === 1 ? reply : undefined;
  }
  if (state.phase === "done") return reply;
  const hungUp = turn.input.kind === "hangup";
  return !hungUp && turn.step !== undefined && turn.step !== reply.step ? reply : undefined;
}

/** Of a dialogue that is not known (any more) only the beginning can be told from an answer by its step. */
function strange(id: string, turn: Turn): Reply | undefined {
  const { input, step } = turn;
  if (input.kind === "hangup") return over(id, turn, "hangup");
  return input.kind !== "start" && step !== undefined && step > 0 ? over(id, turn, "error") : undefined;
}

function over(conversation: string, { step = 0, locale }: Turn, path: "error" | "hangup"): Reply {
  const spoken = phraseLocale([locale]);
  return {
    conversation,
    step: step + 1,
    locale: spoken,
    say: path === "error" ? sayPhrase("error", {}, spoken) : [],
    pace: "normal",
    expect: { kind: "nothing" },
    done: { path },
  };
}
