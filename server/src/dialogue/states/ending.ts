import type { DialogueState, Effect, Phrased, Step } from "../state.ts";

/** Ends the run with this path. A code that is still open takes no further answer. */
export function end(state: DialogueState, path: string, say: readonly Phrased[]): Step {
  const effects: readonly Effect[] = state.code === undefined ? [] : [{ kind: "cancel" }];
  return closed(state, path, say, effects);
}

/** The path of a person who is let in; `at` is when the proof was given. */
export function pass(state: DialogueState, at: number): Step {
  return closed({ ...state, verifiedAt: at }, "success", [...state.lead, { key: "success" }], []);
}

/** The same for somebody who proved it earlier in this conversation; nothing was counted. */
export function passEarlier(state: DialogueState): Step {
  const passed = closed(state, "success", [], []);
  return {
    ...passed,
    reply: {
      say: [{ key: "success.earlier" }],
      expect: "nothing",
      ending: { path: "success", skipped: true },
    },
  };
}

/** A path that a setting or a service names, with what can be said of it. */
export function leave(state: DialogueState, path: string, why: readonly Phrased[]): Step {
  const goodbye: readonly Phrased[] = path === "agent" ? [{ key: "agent" }] : [];
  return end(state, path, [...why, ...goodbye]);
}

function closed(
  state: DialogueState,
  path: string,
  say: readonly Phrased[],
  effects: readonly Effect[],
): Step {
  return {
    state: { ...state, phase: "done", lead: [], asked: [], code: undefined, path },
    reply: { say, expect: "nothing", ending: { path } },
    effects,
  };
}
