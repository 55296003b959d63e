import type { DeliveryResult, DeliveryTools, OutboundMessage } from "../provider.ts";
import { invitationDocument, type SayOptions, wordsDocument } from "./say.ts";

/** How a platform that takes `<Say>` is told what to say. */
export interface CallDocumentOptions extends Omit<SayOptions, "locale"> {
  /** The code is said after a key was pressed, so that a voicemail never gets it. */
  readonly pressKeyFirst: boolean;
  /** Whether words that wait for no key may stand in the request for the call itself. */
  readonly inline: "possible" | "impossible";
}

type CallDocument = { readonly Twiml: string } | { readonly Url: string; readonly Method: string };

/** What an inline document may have at most, and what `<Say>` may. */
const longestInline = 4_000;

/**
 * Where the platform finds the words of a call: in the request, or at a URL that tells them once. Without a URL that the
 * platform can reach there is no waiting for a key, and then the call is not made at all.
 */
export async function callDocument(
  message: OutboundMessage,
  options: CallDocumentOptions,
  tools: DeliveryTools,
): Promise<CallDocument | DeliveryResult> {
  const { speech } = message;
  const said = { locale: message.locale, voices: options.voices };
  const words = speech && wordsDocument(speech, said);
  if (speech === undefined || words === undefined || words.length > longestInline) {
    return { ok: false, reason: "rejected", providerCode: "too_long" };
  }
  if (!options.pressKeyFirst && options.inline === "possible") return { Twiml: words };
  if (tools.keepCallScript === undefined) {
    return { ok: false, reason: "configuration", providerCode: "no_public_url" };
  }
  const invitation = options.pressKeyFirst ? invitationDocument(speech, said) : undefined;
  try {
    const url = await tools.keepCallScript({ mediaType: "text/xml; charset=utf-8", invitation, words });
    return { Url: url, Method: "POST" };
  } catch {
    // Nobody was called yet.
    return { ok: false, reason: "temporary", providerCode: "script_not_kept" };
  }
}
