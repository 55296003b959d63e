import type { DialogueState, MethodsFound, Step, StepSettings } from "../state.ts";
import { leave, passEarlier } from "./ending.ts";
import { askMethod } from "./menu.ts";
import { newRound } from "./round.ts";

/** The first event of a run: who passed in this conversation is not asked again (reading A16), else the methods are looked up. */
export function begin(state: DialogueState, now: number, settings: StepSettings): Step {
  const generation = settings.codeGeneration;
  if (settings.skipIfVerified && passedLately(state, now, settings)) {
    return passEarlier({ ...state, generation });
  }
  return {
    state: { ...state, phase: "check", generation, lead: [{ key: "intro" }] },
    effects: [{ kind: "find_methods" }],
  };
}

function passedLately({ verifiedAt }: DialogueState, now: number, settings: StepSettings): boolean {
  return verifiedAt !== undefined && now - verifiedAt < settings.skipMaxAgeMinutes * 60_000;
}

/** One method is used without a question; of several the person chooses. */
export function takeMethods(state: DialogueState, result: MethodsFound, settings: StepSettings): Step {
  switch (result.outcome) {
    case "none":
      return leave(state, settings.onNoMethod, [{ key: "method.none" }]);
    case "refused":
      return leave(state, settings.onRefused, [{ key: "exceeded" }]);
    case "path":
      return leave(state, result.path, result.path === "error" ? [{ key: "error" }] : []);
    case "found": {
      const { methods } = result;
      if (methods.length === 0) return leave(state, settings.onNoMethod, [{ key: "method.none" }]);
      const known = { ...state, methods };
      return methods.length === 1 ? newRound({ ...known, chosen: 0 }, settings) : askMethod(known);
    }
  }
}
