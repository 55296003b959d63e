import type { PhraseKey } from "../phrases/phrase.ts";
import {
  type AskedCode,
  type CodeSent,
  chosenMethod,
  type DialogueState,
  type Effect,
  isDelivered,
  type Method,
  type Phrased,
  type Step,
  type StepSettings,
} from "../state.ts";
import { leave } from "./ending.ts";
import { prompt, promptAgain } from "./prompt.ts";

/**
 * One more code for the chosen method, as long as `maxSends` allows (the first one counts, reading A3; rounds of an app count as
 * well, A9). The code before it takes no further answer.
 */
export function newRound(state: DialogueState, settings: StepSettings): Step {
  const method = chosenMethod(state);
  if (method === undefined) return leave(state, "error", [{ key: "error" }]);
  if (state.rounds >= settings.maxSends) {
    return leave(state, settings.onSendExceeded, [...failuresOf(state), { key: "exceeded" }]);
  }
  const next = { ...state, rounds: state.rounds + 1, verifyUsed: 0, code: undefined };
  if (method.kind === "external") return askCode(next, method, settings.externalCode, []);
  const cancel: readonly Effect[] = state.code === undefined ? [] : [{ kind: "cancel" }];
  return { state: { ...next, phase: "sending" }, effects: [...cancel, { kind: "begin_round", method }] };
}

/** Of what would have led to the next prompt, only bad news is still true. */
function failuresOf({ lead }: DialogueState): readonly Phrased[] {
  return lead.filter(({ key }) => key === "delivery.failed");
}

/** How the beginning of a round went. A message that could not be delivered has used its send (reading A4). */
export function takeSent(state: DialogueState, result: CodeSent, settings: StepSettings): Step {
  const method = chosenMethod(state);
  if (method === undefined) return leave(state, "error", [{ key: "error" }]);
  switch (result.outcome) {
    case "sent":
      return askCode(state, method, result.code, announcement(state, method, result));
    case "failed": {
      if (settings.onDeliveryError !== null) {
        return leave(state, settings.onDeliveryError, [{ key: "delivery.failed" }]);
      }
      return newRound({ ...state, lead: [...withoutFailures(state), { key: "delivery.failed" }] }, settings);
    }
    case "refused":
      return leave(state, settings.onRefused, [{ key: "exceeded" }]);
    case "path":
      return leave(state, result.path, []);
  }
}

function withoutFailures({ lead }: DialogueState): readonly Phrased[] {
  return lead.filter(({ key }) => key !== "delivery.failed");
}

function announcement(
  { lead }: DialogueState,
  method: Method,
  { delayed, words }: Extract<CodeSent, { outcome: "sent" }>,
): readonly Phrased[] {
  if (!isDelivered(method)) return [];
  const key = { email: "sent.email", sms: "sent.sms", voice: "sent.voice" } as const;
  const sent = key[method.kind as keyof typeof key];
  const isNew = lead.some(({ key }) => successors.includes(key));
  return [
    { key: sent, values: { masked: method.masked, ...(isNew && { code: "new" as const }) } },
    ...lead.filter(isAfterword),
    ...(delayed ? [{ key: "delayed" } as const] : []),
    ...(words === undefined ? [] : [{ key: "proof.words", values: { words } } as const]),
  ];
}

/** What leads to a code that takes the place of another. */
const successors: readonly PhraseKey[] = ["expired", "resent", "replaced"];

/** What is said of a new code after it was announced, and not before. */
function isAfterword({ key }: Phrased): boolean {
  return key === "resent";
}

/** Waits for the code of this round. */
function askCode(state: DialogueState, method: Method, code: AskedCode, announced: readonly Phrased[]): Step {
  const { minDigits, maxDigits, expiresAt } = code;
  const digits = minDigits === maxDigits ? minDigits : undefined;
  const enter = isDelivered(method) ? "enter" : "enter.authenticator";
  // A failed message before this one is no news when this one is on its way.
  const lead = withoutFailures(state).filter((one) => !isAfterword(one));
  const asked: readonly Phrased[] = [...announced, { key: enter, values: { digits } }];
  return prompt({ ...state, phase: "code", lead, code: { minDigits, maxDigits, expiresAt }, asked }, []);
}

/** Silence, an unknown choice, a malformed entry: no verification request (reading A5), but not for ever. */
export function inputError(state: DialogueState, key: PhraseKey, settings: StepSettings): Step {
  const inputErrors = state.inputErrors + 1;
  const next = { ...state, inputErrors, asked: state.asked.slice(-1) };
  if (inputErrors >= settings.maxInputErrors)
    return leave(next, settings.onInputError, [{ key: "exceeded" }]);
  const said: readonly Phrased[] = [{ key, values: { digits: digitsOf(state) } }];
  return key === "wrong.length" ? promptAgain(next, said) : prompt(next, said);
}

function digitsOf({ code }: DialogueState): number | undefined {
  return code !== undefined && code.minDigits === code.maxDigits ? code.minDigits : undefined;
}
