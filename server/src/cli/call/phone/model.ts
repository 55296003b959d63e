/** What a telephone platform does for one call, as pure steps: a program of the platform asks for these, and is told what came of them. */
export type Effect =
  | { readonly kind: "fetch"; readonly request: WebRequest }
  | { readonly kind: "play"; readonly sounds: readonly Sound[] }
  | { readonly kind: "listen"; readonly listening: Listening };

/** What came of an effect. */
export type Reaction =
  | { readonly kind: "fetched"; readonly answer: WebAnswer }
  | { readonly kind: "acted"; readonly act: Act }
  | { readonly kind: "played" };

/** A platform with one call on it, from the first fetch to the end. */
export type Calling<Outcome = Ended> = Generator<Effect, Outcome, Reaction>;

export interface WebRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface WebAnswer {
  /** 0 when nothing answered. */
  readonly status: number;
  /** Media type without its parameters, in lower case. */
  readonly type: string;
  readonly body: string;
  /** The address that answered: what relative addresses in the body are relative to. */
  readonly url: string;
}

/** What is heard. */
export type Sound =
  | { readonly kind: "words"; readonly text: string }
  /** Read one by one. */
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "audio"; readonly url: string };

/** How the platform listens to the caller now. */
export interface Listening {
  /** How long it waits for the first key or word, in milliseconds. */
  readonly timeoutMs: number;
  /** How many of these keys are the whole input; undefined while it waits for more. */
  readonly enough: (keys: string) => number | undefined;
  /** Whether words are heard too. */
  readonly hearsWords: boolean;
}

/** What the caller does. `keys` as they were pressed, a key that ends the input among them. */
export type Act =
  | { readonly kind: "keys"; readonly keys: string }
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "silence" }
  | { readonly kind: "hangup" };

/** How a call ended for the platform. */
export interface Ended {
  readonly how: "returned" | "hung_up" | "put_through" | "went_on" | "failed";
  /** What went back to the calling flow, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Number or address of `put_through` and `went_on`. */
  readonly to?: string | undefined;
  /** One sentence, of `failed`. */
  readonly why?: string | undefined;
}

/** A document or an answer that this platform cannot go on with. */
export class Refused extends Error {
  override readonly name = "Refused";
}

export function* fetching(request: WebRequest): Calling<WebAnswer> {
  const reaction = yield { kind: "fetch", request };
  if (reaction.kind !== "fetched") throw new Error("A fetch was not answered.");
  return reaction.answer;
}

export function* playing(sounds: readonly Sound[]): Calling<void> {
  if (sounds.length > 0) yield { kind: "play", sounds };
}

export function* listeningTo(listening: Listening): Calling<Act> {
  const reaction = yield { kind: "listen", listening };
  if (reaction.kind !== "acted") throw new Error("Nobody was listened to.");
  return reaction.act;
}

/** Keys up to `most`, or to one of the keys that end the input. */
export function upTo(most: number, terminators: string): Listening["enough"] {
  return (keys) => {
    const end = [...keys].findIndex((key) => terminators.includes(key));
    if (end >= 0 && end <= most) return end + 1;
    return keys.length >= most ? most : undefined;
  };
}

/** Keys without the one that ended the input. */
export function withoutEnd(keys: string, terminators: string): string {
  const last = keys.at(-1);
  return last !== undefined && terminators.includes(last) ? keys.slice(0, -1) : keys;
}
