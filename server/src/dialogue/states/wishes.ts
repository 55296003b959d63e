import type { Wish } from "../model.ts";
import {
  chosenMethod,
  type DialogueState,
  isDelivered,
  type Phrased,
  type Step,
  type StepSettings,
} from "../state.ts";
import { end, leave } from "./ending.ts";
import { askMethod } from "./menu.ts";
import { prompt } from "./prompt.ts";
import { newRound } from "./round.ts";

/** What a person may want at any time while an answer is awaited. None of it is a verification request. */
export function hearWish(state: DialogueState, wish: Wish, settings: StepSettings): Step {
  if (wish === "cancel") return end(state, "cancel", [{ key: "canceled" }]);
  if (wish === "agent") return leave(state, "agent", []);
  if (state.phase !== "menu" && state.phase !== "code") return { state, effects: [] };
  const heard = { ...state, inputErrors: 0 };
  switch (wish) {
    case "repeat":
      return askAgain(heard, []);
    case "slower":
      return askAgain({ ...heard, pace: "slow" }, [{ key: "slower" }]);
    case "help":
      return askAgain(heard, [{ key: state.phase === "menu" ? "help.menu" : "help" }]);
    case "resend":
      return sendAgain(heard, settings);
    case "other_method":
      return otherMethod(heard);
  }
}

/** The prompt once more. */
export function askAgain(state: DialogueState, say: readonly Phrased[]): Step {
  return prompt(state, say);
}

/** A new code by the same method; an app shows its code anyway, so it is only asked for again. */
function sendAgain(state: DialogueState, settings: StepSettings): Step {
  const method = chosenMethod(state);
  if (state.phase === "menu" || method === undefined || !isDelivered(method)) return askAgain(state, []);
  return newRound({ ...state, lead: [{ key: "resent" }] }, settings);
}

/** Back to the menu (reading A20). What is open stays so until another method is chosen. */
function otherMethod(state: DialogueState): Step {
  if (state.phase === "menu") return askAgain(state, []);
  return state.methods.length < 2 ? askAgain(state, [{ key: "method.only" }]) : askMethod(state);
}
