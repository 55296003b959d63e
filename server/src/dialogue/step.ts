import {
  type DialogueEvent,
  type DialogueState,
  type Heard,
  newRun,
  runTtlMs,
  type Step,
  type StepSettings,
} from "./state.ts";
import { hearCode } from "./states/code.ts";
import { end } from "./states/ending.ts";
import { hearMenu } from "./states/menu.ts";
import { takeSent } from "./states/round.ts";
import { begin, takeMethods } from "./states/start.ts";
import { takeVerified } from "./states/verifying.ts";
import { askAgain, hearWish } from "./states/wishes.ts";

/**
 * The dialogue as a pure function: what one event makes of a run, what is said, and what the outside must do. The states and
 * settings are those of the two-factor MicroApp (CHECK → MENU → SENDING → CODE → VERIFYING → DONE), with what a person may
 * wish at any time. Every run ends with exactly one path; an event that does not belong to the state changes nothing.
 */
export function step(state: DialogueState, event: DialogueEvent, now: number, settings: StepSettings): Step {
  switch (event.kind) {
    case "start":
      return isOver(state) ? begin(newRun(now, state), now, settings) : resume(state, now);
    case "heard":
      return hear(state, event.heard, now, settings);
    case "methods":
      return state.phase === "check" ? takeMethods(state, event.result, settings) : nothing(state);
    case "sent":
      return state.phase === "sending" ? takeSent(state, event.result, settings) : nothing(state);
    case "verified":
      return state.phase === "verifying" ? takeVerified(state, event.result, now, settings) : nothing(state);
  }
}

function isOver({ phase }: DialogueState): boolean {
  return phase === "begin" || phase === "done";
}

/** A platform that lost its own session comes back in the middle: the question is asked again. */
function resume(state: DialogueState, now: number): Step {
  if (isTooOld(state, now)) return end(state, "error", [{ key: "error" }]);
  return state.phase === "menu" || state.phase === "code" ? askAgain(state, []) : nothing(state);
}

function hear(state: DialogueState, heard: Heard, now: number, settings: StepSettings): Step {
  if (isOver(state)) return nothing(state);
  if (heard.kind === "hangup") return end(state, "hangup", []);
  if (isTooOld(state, now)) return end(state, "error", [{ key: "error" }]);
  if (heard.kind === "wish") return hearWish(state, heard.wish, settings);
  if (state.phase === "menu") return hearMenu(state, heard, settings);
  return state.phase === "code" ? hearCode(state, heard, now, settings) : nothing(state);
}

function isTooOld({ startedAt }: DialogueState, now: number): boolean {
  return now - startedAt >= runTtlMs;
}

function nothing(state: DialogueState): Step {
  return { state, effects: [] };
}
