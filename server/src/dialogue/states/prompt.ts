import type { DialogueState, Phrased, Step } from "../state.ts";

/** Says what leads to it, then the prompt of the state, and waits for the answer. */
export function prompt(state: DialogueState, say: readonly Phrased[]): Step {
  const { lead, asked, phase } = state;
  return {
    state: { ...state, lead: [] },
    reply: { say: [...lead, ...say, ...asked], expect: phase === "menu" ? "choice" : "code" },
    effects: [],
  };
}
