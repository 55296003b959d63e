import {
  chosenMethod,
  type DialogueState,
  type Heard,
  isDelivered,
  type Step,
  type StepSettings,
} from "../state.ts";
import { inputError, newRound } from "./round.ts";

/**
 * An answer while a code is awaited. It counts before it is compared. One that comes too late is not compared at all, so that a
 * right code and a wrong one look the same then (reading A6).
 */
export function hearCode(state: DialogueState, heard: Heard, now: number, settings: StepSettings): Step {
  if (heard.kind !== "code") return inputError(state, errorOf(heard), settings);
  const counted = { ...state, inputErrors: 0 };
  if (state.code?.expiresAt !== undefined && now >= state.code.expiresAt) return expired(counted, settings);
  return {
    state: { ...counted, phase: "verifying", verifyUsed: state.verifyUsed + 1 },
    effects: [{ kind: "verify", answer: heard.answer, best: heard.best }],
  };
}

function errorOf(heard: Heard) {
  if (heard.kind === "silence") return "noinput";
  return heard.kind === "malformed" && heard.why === "length" ? "wrong.length" : "nomatch";
}

/** Always another code, whatever was entered. */
export function expired(state: DialogueState, settings: StepSettings): Step {
  const method = chosenMethod(state);
  const lead = method !== undefined && isDelivered(method) ? [{ key: "expired" } as const] : [];
  return newRound({ ...state, lead }, settings);
}
