import type { AuthenticatorKind } from "../../engine/model.ts";
import type { SpeechPart } from "../model.ts";

/** Everything that the dialogue can say. A language that lacks one of them does not compile. */
export const phraseKeys = [
  /** "For your security, we need to make sure that it is you." */
  "intro",
  /** The question and every method of `methods` with its key. */
  "menu",
  /** A choice that is not in the menu; the menu is said again after it. */
  "menu.invalid",
  /** `masked`: where the code went; `code: "new"` where it takes the place of one that the person was asked for. */
  "sent.email",
  "sent.sms",
  "sent.voice",
  /** Asks for the code; `digits` where its length is known. */
  "enter",
  /** Asks for the same code once more, right after an answer that was none. */
  "enter.again",
  /** Asks for the code of the app `authenticatorName`. */
  "enter.authenticator",
  /** Not the right code; `attemptsLeft` is said where given. What to do now is said after it. */
  "wrong",
  /** The same where one answer is left. */
  "wrong.last",
  /** An answer of another length than `digits`; nothing was counted. */
  "wrong.length",
  /** The answer came too late; that another code is on its way is said after it. */
  "expired",
  /** The person asked for another code, and it is on its way: the ones before it are void. */
  "resent",
  /** The tries of one code are used up; that another one is on its way is said after it. */
  "replaced",
  /** Silence. */
  "noinput",
  /** Not understood. */
  "nomatch",
  "success",
  /** The person proved it earlier in this conversation. */
  "success.earlier",
  /** No more codes or answers. */
  "exceeded",
  /** Nobody could be reached: no method is enrolled or none is allowed. */
  "method.none",
  /** There is no other method than the one in use. */
  "method.only",
  "error",
  /** What can be said at any time while a code is awaited. */
  "help",
  /** The same while a method is chosen. */
  "help.menu",
  "canceled",
  /** A person takes over. */
  "agent",
  "delivery.failed",
  /** The message takes longer than usual. */
  "delayed",
  /** What follows is said more slowly. */
  "slower",
  /** `words`: what the message shows, so that the person sees who is speaking. */
  "proof.words",
  "goodbye",
] as const;
export type PhraseKey = (typeof phraseKeys)[number];

/** How the person answers: it chooses between "press", "say" and "type". Default `keys`. */
export type Manner = "keys" | "speech" | "either" | "text";

/** One line of a menu. */
export interface MethodChoice {
  /** The key to press: `1`. */
  readonly key: string;
  /** What a button shows: `methodLabel`, or the customer's own word. Said as it stands where `kind` is absent. */
  readonly label: string;
  /** With it the menu has a sentence of its own for this kind. */
  readonly kind?: AuthenticatorKind | undefined;
  /** Tells two destinations of one kind apart. */
  readonly masked?: string | undefined;
}

/** What a phrase speaks of. A value that a phrase needs and does not get is left out of the sentence. */
export interface PhraseValues {
  /** In the order of the menu. */
  readonly methods?: readonly MethodChoice[] | undefined;
  /** Hint of the destination as the records have it: `+49 *** **78`, `a***@example.com`. */
  readonly masked?: string | undefined;
  readonly code?: "first" | "new" | undefined;
  /** Length of the code. */
  readonly digits?: number | undefined;
  /** Name of the authenticator app, as the publication writes it: "Acme Authenticator". */
  readonly authenticatorName?: string | undefined;
  /** Answers that this code still takes. */
  readonly attemptsLeft?: number | undefined;
  /** `proofWords` of the verification. */
  readonly words?: string | undefined;
  readonly manner?: Manner | undefined;
}

/** What stands on a button. */
export interface MethodName {
  readonly kind: AuthenticatorKind;
  readonly masked?: string | undefined;
  readonly authenticatorName?: string | undefined;
}

export type Phrase = (values: PhraseValues) => readonly SpeechPart[];

/** One language: a sentence or two for each key, and the names of the methods. */
export interface PhraseSet {
  readonly phrases: Readonly<Record<PhraseKey, Phrase>>;
  readonly methods: Readonly<Record<AuthenticatorKind, (name: MethodName) => readonly SpeechPart[]>>;
}
