import type { VerificationId } from "../engine/model.ts";

/** One turn of a person, as a channel read it from its platform. */
export interface Turn {
  /** The platform's own id of the dialogue: call id, session id. */
  readonly conversation: string;
  /** The step that the platform answers, where its URL or body carries one; a lower one than the current is a retry. */
  readonly step?: number | undefined;
  readonly input: Input;
  /** BCP 47 tag that the platform names. */
  readonly locale?: string | undefined;
  /** How the person may answer; it chooses between "press", "say" and "type". Default: as is usual on the channel. */
  readonly manner?: "keys" | "speech" | "either" | "text" | undefined;
  /** Whom it concerns, as the authenticated calling system says: our user id or its own `externalId`. */
  readonly subject?: string | undefined;
  /** E.164 number of the caller where the platform tells it: it may choose whom to ask, and proves nothing. */
  readonly caller?: string | undefined;
  /** IP address of the person where the calling system knows and vouches for it: what one address and network may ask for is limited. */
  readonly source?: string | undefined;
  /** Number that was called. */
  readonly called?: string | undefined;
  /** Variables of the calling flow (verified addresses by the names of `emailVariable` and `phoneVariable`). */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export type Input =
  | { readonly kind: "start" }
  /** Keys pressed, `0`–`9`, `*` and `#` only. */
  | { readonly kind: "keys"; readonly keys: string }
  /** Best hypothesis of the recogniser. */
  | { readonly kind: "speech"; readonly text: string }
  /** Typed text. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "wish"; readonly wish: Wish }
  | { readonly kind: "silence" }
  | { readonly kind: "no_match" }
  | { readonly kind: "hangup" };

/** What a person may want at any time. */
export const wishes = ["resend", "repeat", "slower", "help", "other_method", "cancel", "agent"] as const;
export type Wish = (typeof wishes)[number];

/** What the dialogue says next. Pure data: every channel only translates it. */
export interface Reply {
  /** Our id of the conversation (not the platform's); it may stand in a URL. */
  readonly conversation: string;
  /** Number of this reply; the answer to it names it. */
  readonly step: number;
  /** BCP 47 tag of what is said. */
  readonly locale: string;
  readonly say: readonly SpeechPart[];
  readonly pace: Pace;
  readonly expect: Expectation;
  /** Present when the dialogue is over; then nothing is expected. */
  readonly done?: Ending | undefined;
}

export type Pace = "normal" | "slow";

/** What is said, without the words of any markup. A code never stands in it. */
export type SpeechPart =
  | { readonly kind: "text"; readonly text: string }
  /** Read one by one. */
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "pause"; readonly ms: number };

export type Expectation =
  | { readonly kind: "choice"; readonly options: readonly Option[] }
  | { readonly kind: "code"; readonly minDigits: number; readonly maxDigits: number }
  | { readonly kind: "nothing" };

export interface Option {
  /** The key to press: `1`. */
  readonly key: string;
  /** What a bot may show on a button, and a caller may say. */
  readonly label: string;
  readonly value: string;
}

export interface Ending {
  /** `success`, `agent`, `error`, `hangup`, `cancel`, or a path of the settings. */
  readonly path: string;
  /** True when the person had already proved it in this conversation. */
  readonly skipped?: boolean | undefined;
  readonly verification?: VerificationId | undefined;
  /** Signed proof of the approval, for the calling system. */
  readonly receipt?: string | undefined;
}
