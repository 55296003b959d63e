import type { Wish } from "../model.ts";

/**
 * How people of one language ask for things, written as they say them; case, accents and punctuation make no difference.
 * Fillers may stand anywhere in what is heard, and those of a saying may be left out while two other words remain. A saying
 * with a full stop must be the whole answer.
 */
export interface HeardWords {
  /** Words that say nothing here, separated by spaces. */
  readonly fillers: string;
  /** Words that turn a saying into its opposite, where the saying itself has none of them. */
  readonly negations: string;
  readonly wishes: Readonly<Record<Wish, readonly string[]>>;
  readonly methods: Readonly<Record<SpokenMethod, readonly string[]>>;
  /** "First" to "ninth", each with its forms separated by `|`. */
  readonly ordinals: readonly string[];
  readonly last: readonly string[];
  /** Words around a choice that say nothing ("number two"); beside `fillers`. */
  readonly choosing: string;
}

/** What a menu can offer, as people tell it apart. */
export const spokenMethods = ["sms", "voice", "email", "app", "passkey", "recovery"] as const;
export type SpokenMethod = (typeof spokenMethods)[number];
