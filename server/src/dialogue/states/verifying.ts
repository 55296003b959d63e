import {
  type CodeVerified,
  chosenMethod,
  type DialogueState,
  isDelivered,
  type Phrased,
  type Step,
  type StepSettings,
} from "../state.ts";
import { expired } from "./code.ts";
import { leave, pass } from "./ending.ts";
import { promptAgain } from "./prompt.ts";
import { newRound } from "./round.ts";

/** What the comparison said. The path is taken right after the last wrong answer, without another prompt (reading A2). */
export function takeVerified(
  state: DialogueState,
  result: CodeVerified,
  now: number,
  settings: StepSettings,
): Step {
  switch (result.outcome) {
    case "right":
      return pass(state, now);
    case "wrong":
      return wrong(state, result.isVoid === true ? 0 : settings.maxVerify - state.verifyUsed, settings);
    case "expired":
      return expired(state, settings);
    case "refused":
      return leave(state, settings.onRefused, [{ key: "exceeded" }]);
    case "path":
      return leave(state, result.path, result.path === "error" ? [{ key: "error" }] : []);
  }
}

/** The same code again while answers are left; then the path of the settings, or another code (reading A1). */
function wrong(state: DialogueState, attemptsLeft: number, settings: StepSettings): Step {
  if (attemptsLeft > 0) {
    const said: Phrased =
      attemptsLeft === 1 ? { key: "wrong.last" } : { key: "wrong", values: { attemptsLeft } };
    return promptAgain({ ...state, phase: "code" }, [said]);
  }
  if (settings.onVerifyExceeded !== null) {
    return leave(state, settings.onVerifyExceeded, [{ key: "exceeded" }]);
  }
  const method = chosenMethod(state);
  const delivered = method !== undefined && isDelivered(method);
  return newRound({ ...state, lead: [delivered ? { key: "replaced" } : { key: "wrong" }] }, settings);
}
