import type { DialogueState, Heard, Phrased, Step, StepSettings } from "../state.ts";
import { prompt } from "./prompt.ts";
import { inputError, newRound } from "./round.ts";

const menu: readonly Phrased[] = [{ key: "menu" }];

/** Asks which method it is to be, after what is to be said before. */
export function askMethod(state: DialogueState): Step {
  return prompt({ ...state, phase: "menu", asked: menu }, []);
}

/** Reading of a choice; anything else than a number of the list repeats the menu, for a while. */
export function hearMenu(state: DialogueState, heard: Heard, settings: StepSettings): Step {
  if (heard.kind === "pick" && heard.index !== undefined && state.methods[heard.index] !== undefined) {
    return newRound({ ...state, chosen: heard.index, inputErrors: 0 }, settings);
  }
  return inputError(state, heard.kind === "silence" ? "noinput" : "menu.invalid", settings);
}
