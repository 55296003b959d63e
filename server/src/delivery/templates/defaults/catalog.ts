import type { DeliveryVia } from "../../../engine/model.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { it } from "./it.ts";
import { nl } from "./nl.ts";
import { ptBr } from "./pt-br.ts";
import type { DefaultTexts } from "./texts.ts";

/**
 * Built-in texts by language. `pt-BR` carries its region on purpose: next to a catalog named `pt`, matching would send
 * readers from Portugal to the Brazilian one.
 */
export const defaultTexts: Readonly<Record<string, DefaultTexts>> = {
  en,
  de,
  fr,
  es,
  it,
  nl,
  "pt-BR": ptBr,
};

export const defaultLocales: readonly string[] = Object.keys(defaultTexts);

/** The language of last resort. */
export const lastLocale = "en";

/** The sentence that tells what the agent says, in a language of ours. */
export function defaultProof(locale: string): string {
  return (defaultTexts[locale] ?? en).proof;
}

/** Text and subject of a built-in message. */
export function defaultText(
  via: DeliveryVia,
  locale: string,
  use: "code" | "binding",
): { readonly text: string; readonly subject?: string } {
  const texts = defaultTexts[locale] ?? en;
  switch (via) {
    case "sms":
      return { text: use === "code" ? texts.sms : texts.smsBinding };
    case "voice":
      return { text: use === "code" ? texts.voice : texts.voiceBinding };
    case "email":
      return { text: use === "code" ? texts.email : texts.emailBinding, subject: texts.emailSubject };
  }
}

/** What a call says before a key is pressed. */
export function defaultInvitation(locale: string): string {
  return (defaultTexts[locale] ?? en).voiceInvitation;
}
