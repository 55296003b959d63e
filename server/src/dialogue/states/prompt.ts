import type { DialogueState, Phrased, Step } from "../state.ts";

/** Says what leads to it, then the prompt of the state, and waits for the answer. */
export function prompt(state: DialogueState, say: readonly Phrased[]): Step {
  return ask(state, [...say, ...state.asked]);
}

/** The same right after an answer that was none: a code of a message is asked for "again", everything else as before. */
export function promptAgain(state: DialogueState, say: readonly Phrased[]): Step {
  const asked = state.asked.slice(-1);
  const again = asked.map(
    ({ key, ...said }) => ({ ...said, key: key === "enter" ? "enter.again" : key }) as const,
  );
  return ask({ ...state, asked }, [...say, ...again]);
}

function ask(state: DialogueState, say: readonly Phrased[]): Step {
  return {
    state: { ...state, lead: [] },
    reply: { say: [...state.lead, ...say], expect: state.phase === "menu" ? "choice" : "code" },
    effects: [],
  };
}
