import type { AuthenticatorId } from "../engine/model.ts";
import type { Pace, Wish } from "./model.ts";
import type { PhraseKey, PhraseValues } from "./phrases/phrase.ts";
import type { SettingsInForce } from "./settings.ts";

/**
 * `begin`: nothing happened yet; `check`: the methods are looked up; `menu`: the person chooses one; `sending`: a code is on its
 * way; `code`: the person enters it; `verifying`: it is being checked; `done`: the run ended with a path.
 */
export type Phase = "begin" | "check" | "menu" | "sending" | "code" | "verifying" | "done";

/** What a person can be asked for. `external`: the authenticator app of the customer, of which we know the name only. */
export interface Method {
  readonly kind: "email" | "sms" | "voice" | "totp" | "external";
  /** Hint of the destination. */
  readonly masked?: string | undefined;
  readonly authenticator?: AuthenticatorId | undefined;
  /** Address or number that the calling system vouches for, where no authenticator of ours holds it. */
  readonly destination?: string | undefined;
  /** Its name as the customer's service wrote it. */
  readonly listed?: string | undefined;
  /** Digits of the codes of a person's own app. */
  readonly digits?: number | undefined;
}

/** What is asked for in this round. The code itself is nowhere. */
export interface AskedCode {
  readonly minDigits: number;
  readonly maxDigits: number;
  /** An answer at this time or later is too late; absent: the outside system decides. */
  readonly expiresAt?: number | undefined;
}

/** One run of the dialogue, as data. A round is one code: it begins with a delivery, or with the prompt for an app. */
export interface DialogueState {
  readonly phase: Phase;
  /** Who makes the codes of this run. */
  readonly generation: "internal" | "external";
  readonly startedAt: number;
  /** Usable ones, in the order of the menu. */
  readonly methods: readonly Method[];
  /** Index of the chosen method. */
  readonly chosen?: number | undefined;
  /** Codes issued so far. */
  readonly rounds: number;
  /** Answers checked for the code of this round. */
  readonly verifyUsed: number;
  /** Silences and malformed entries in a row. */
  readonly inputErrors: number;
  readonly code?: AskedCode | undefined;
  readonly pace: Pace;
  /** What is said before the next prompt. */
  readonly lead: readonly Phrased[];
  /** The prompt that waits for an answer, for "again". */
  readonly asked: readonly Phrased[];
  /** When the person last passed in this conversation. */
  readonly verifiedAt?: number | undefined;
  /** The path by which it ended. */
  readonly path?: string | undefined;
}

/** A phrase to say; the names of methods and the manner of answering are added when it is put into words. */
export interface Phrased {
  readonly key: PhraseKey;
  readonly values?: Pick<PhraseValues, "masked" | "code" | "digits" | "attemptsLeft" | "words"> | undefined;
}

/** What a person's input means where the dialogue stands. */
export type Heard =
  /** Absent index: no option of the menu. */
  | { readonly kind: "pick"; readonly index?: number | undefined }
  /** Of a right length; `answer` as it was given, `best` its likeliest reading. */
  | { readonly kind: "code"; readonly answer: string; readonly best: string }
  /** `length`: digits, but not as many as asked for. */
  | { readonly kind: "malformed"; readonly why?: "length" | undefined }
  | { readonly kind: "wish"; readonly wish: Wish }
  | { readonly kind: "silence" }
  | { readonly kind: "hangup" };

/** What the look-up of methods said. `none`: nobody is known, or nothing usable; `path`: the service names the way out. */
export type MethodsFound =
  | { readonly outcome: "found"; readonly methods: readonly Method[] }
  | { readonly outcome: "none" }
  | { readonly outcome: "refused" }
  | { readonly outcome: "path"; readonly path: string };

/** `refused`: our own limits say no. `failed`: it could not be delivered. */
export type CodeSent =
  | {
      readonly outcome: "sent";
      readonly code: AskedCode;
      /** Nobody has said yet that the message was accepted. */
      readonly delayed?: boolean | undefined;
      /** What the message shows, so that the person sees who is asking. */
      readonly words?: string | undefined;
    }
  | { readonly outcome: "failed" }
  | { readonly outcome: "refused" }
  | { readonly outcome: "path"; readonly path: string };

/** `wrong` with `isVoid`: and this code takes no further answer. `expired`: the answer was not looked at. */
export type CodeVerified =
  | { readonly outcome: "right" }
  | { readonly outcome: "wrong"; readonly isVoid?: boolean | undefined }
  | { readonly outcome: "expired" }
  | { readonly outcome: "refused" }
  | { readonly outcome: "path"; readonly path: string };

export type DialogueEvent =
  | { readonly kind: "start" }
  | { readonly kind: "heard"; readonly heard: Heard }
  | { readonly kind: "methods"; readonly result: MethodsFound }
  | { readonly kind: "sent"; readonly result: CodeSent }
  | { readonly kind: "verified"; readonly result: CodeVerified };

/** What the outside must do. Each but `cancel` is answered by an event. The only place where an answer stands. */
export type Effect =
  | { readonly kind: "find_methods" }
  | { readonly kind: "begin_round"; readonly method: Method }
  | { readonly kind: "verify"; readonly answer: string; readonly best: string }
  /** The code in force takes no further answer. */
  | { readonly kind: "cancel" };

/** What is said next, before it is put into words. */
export interface StepReply {
  readonly say: readonly Phrased[];
  readonly expect: "choice" | "code" | "nothing";
  readonly ending?: { readonly path: string; readonly skipped?: boolean | undefined } | undefined;
}

export interface Step {
  readonly state: DialogueState;
  /** Absent while an effect is to be answered, and for what comes after the end. */
  readonly reply?: StepReply | undefined;
  readonly effects: readonly Effect[];
}

/** The settings that the machine looks at. */
export type StepSettings = Pick<
  SettingsInForce,
  | "onNoMethod"
  | "maxSends"
  | "onSendExceeded"
  | "maxVerify"
  | "onVerifyExceeded"
  | "skipIfVerified"
  | "skipMaxAgeMinutes"
  | "codeGeneration"
  | "externalCode"
  | "maxInputErrors"
  | "onInputError"
  | "onDeliveryError"
  | "onRefused"
>;

/** How long a run may take, from its start. */
export const runTtlMs = 15 * 60 * 1000;

/** A run of which nothing happened yet. What the conversation remembers of an earlier run goes with it. */
export function newRun(
  now: number,
  earlier: Pick<DialogueState, "verifiedAt" | "pace"> | undefined,
): DialogueState {
  return {
    phase: "begin",
    generation: "internal",
    startedAt: now,
    methods: [],
    rounds: 0,
    verifyUsed: 0,
    inputErrors: 0,
    pace: earlier?.pace ?? "normal",
    lead: [],
    asked: [],
    verifiedAt: earlier?.verifiedAt,
  };
}

export function chosenMethod({ methods, chosen }: DialogueState): Method | undefined {
  return chosen === undefined ? undefined : methods[chosen];
}

/** Whether a code of this method comes by a message. */
export function isDelivered(method: Method): boolean {
  return method.kind === "email" || method.kind === "sms" || method.kind === "voice";
}
