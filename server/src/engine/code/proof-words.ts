import type { OrganizationId, VerificationId } from "../model.ts";
import type { Vault } from "../tools.ts";
import { germanProofWords } from "./proof/de.ts";
import { englishProofWords } from "./proof/en.ts";

/** First field of the MAC that the words are read from. */
const domain = "countersign/proof-words/v1";

export interface ProofWordsOf {
  readonly organization: OrganizationId;
  readonly verification: VerificationId;
  /** Of the verification (BCP 47), so that the message and the agent choose from one list. */
  readonly locale: string;
}

/**
 * The two words of a verification, "amber river": its message shows them and the agent says them, so that the person sees who
 * is asking. They are derived, never stored, and another verification has others. German verifications have German words, all
 * others English ones. They prove nothing against somebody who reads the message along.
 */
export function proofWords(
  { organization, verification, locale }: ProofWordsOf,
  vault: Pick<Vault, "mac">,
): string {
  const words = /^de\b/i.test(locale) ? germanProofWords : englishProofWords;
  // The index key never changes, so neither do the words while a verification lives.
  const { value } = vault.mac("index", [domain, organization, verification]);
  const [first = 0, step = 0] = value;
  // From 1 to 255 words further on: never the same word twice.
  const second = (first + 1 + (step % (words.length - 1))) % words.length;
  return `${words[first % words.length]} ${words[second]}`;
}
