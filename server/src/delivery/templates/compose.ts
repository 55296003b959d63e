import type { AppId, Binding, DeliveryVia, MessageWishes } from "../../engine/model.ts";
import type { Template } from "../../engine/settings.ts";
import { closeLocale, relatedLocale } from "../../languages/negotiate.ts";
import type { Speech } from "../provider.ts";
import { speechOf } from "../voice/speech.ts";
import {
  defaultInvitation,
  defaultLocales,
  defaultProof,
  defaultText,
  lastLocale,
} from "./defaults/catalog.ts";
import { fillOwnText, ownSpeech } from "./own-text.ts";
import { codeCoverage, parseTemplate } from "./placeholders.ts";
import {
  appendWebOtp,
  bindingText,
  isSsml,
  renderTemplate,
  singleLine,
  type TemplateValues,
} from "./render.ts";
import { countSegments, plainPunctuation, type SegmentCount } from "./segments.ts";

export interface ComposeInput {
  readonly via: DeliveryVia;
  /** Digits. */
  readonly code: string;
  /** Languages, most wanted first: caller, user, app, organization. Malformed ones are ignored. */
  readonly locales: readonly (string | undefined)[];
  /** Stored templates of the organization; those of other vias and apps are ignored. */
  readonly templates: readonly Template[];
  readonly app?: AppId | undefined;
  /** Display name of the organization: `${from}` where the template names no sender. */
  readonly brand: string;
  readonly ttlSeconds: number;
  readonly createdAt: number;
  /** What the code approves. */
  readonly binding?: Binding | undefined;
  /** A text of the caller's own: no template is looked for. */
  readonly ownText?: string | undefined;
  readonly wishes?: MessageWishes | undefined;
  /** The verification's proof words: `${words}`, and with the wish `proofWords` also behind a text that lacks them. */
  readonly words?: string | undefined;
}

/** A message ready for a provider. It holds the code: never kept, never logged. */
export interface ComposedMessage {
  readonly text: string;
  readonly subject?: string;
  /** Sender of an SMS, where the template names one, or the name shown beside an e-mail address. */
  readonly from?: string;
  /** Language of the text that was used. */
  readonly locale: string;
  /** Absent: the built-in text. */
  readonly templateId?: string;
  /** Of a call. */
  readonly speech?: Speech;
  /** Of an SMS. */
  readonly segments?: SegmentCount;
}

interface Choice {
  readonly locale: string;
  readonly template?: Template;
}

const longestSubject = 200;

/**
 * Chooses and fills in the text of one message. Language goes first: for each wanted language the app's template, then
 * the organization's, then the built-in text is looked for, and only then the next language; so that writing a template
 * in one language never changes the language somebody else is written to. A stored template that cannot show the whole
 * code (another code length than it was written for) is passed over.
 */
export function composeMessage(input: ComposeInput): ComposedMessage {
  if (input.ownText !== undefined) return own(input, input.ownText);
  const { locale, template } = choose(input);
  return template === undefined ? builtIn(input, locale) : stored(input, template);
}

function choose(input: ComposeInput): Choice {
  const usable = input.templates.filter(
    ({ via, text }) => via === input.via && codeCoverage(parseTemplate(text), input.code.length).whole,
  );
  const levels = [
    usable.filter(({ app }) => app !== undefined && app === input.app),
    usable.filter(({ app }) => app === undefined),
  ];
  for (const wanted of [...input.locales, lastLocale]) {
    const choice = byLanguage(wanted, levels, closeLocale) ?? byLanguage(wanted, levels, relatedLocale);
    if (choice !== undefined) return choice;
  }
  return { locale: lastLocale };
}

function byLanguage(
  wanted: string | undefined,
  levels: readonly (readonly Template[])[],
  find: typeof closeLocale,
): Choice | undefined {
  for (const level of levels) {
    const locale = find(
      wanted,
      level.map((template) => template.locale),
    );
    const template = level.find((one) => one.locale === locale);
    if (template !== undefined) return { locale: template.locale, template };
  }
  const locale = find(wanted, defaultLocales);
  return locale === undefined ? undefined : { locale };
}

function stored(input: ComposeInput, template: Template): ComposedMessage {
  const { via, code } = input;
  const from = singleLine(template.sender ?? input.brand, 64);
  const values = { ...input, from };
  const source = withProof(template.text, builtInLocale(template.locale), input);
  const filled = renderTemplate(source, values).normalize("NFC");
  const host = via === "sms" ? template.webOtpDomain : undefined;
  const text = host === undefined ? filled : appendWebOtp(filled, host, code);
  const subject = template.subject ?? defaultText(via, builtInLocale(template.locale), "code").subject;
  return {
    text,
    ...envelope(input, from, subject, template.sender),
    locale: template.locale,
    templateId: template.id,
    ...counted(via, text),
    ...spoken(source, builtInLocale(template.locale), values),
  };
}

function builtIn(input: ComposeInput, locale: string): ComposedMessage {
  const { via } = input;
  const use = bindingText(input.binding) === "" ? "code" : "binding";
  const { text: words, subject } = defaultText(via, locale, use);
  const source = withProof(words, locale, input);
  const from = singleLine(input.brand, 64);
  const filled = renderTemplate(source, { ...input, from }).normalize("NFC");
  const text = via === "sms" ? plainPunctuation(filled) : filled;
  return {
    text,
    ...envelope(input, from, subject, undefined),
    locale,
    ...counted(via, text),
    ...spoken(source, locale, { ...input, from }),
  };
}

/** The text with what the agent will say behind it, where that is wished and the text does not tell it. */
function withProof(text: string, locale: string, { via, wishes, words }: ComposeInput): string {
  if (wishes?.proofWords !== true || words === undefined) return text;
  if (parseTemplate(text).some((part) => part.kind === "placeholder" && part.name === "words")) return text;
  const sentence = defaultProof(locale);
  if (via === "email") return `${text.trimEnd()}\n\n${sentence}\n`;
  // The markup of a call ends with its outermost element: words behind it would be no part of it.
  const end = isSsml(text, via) ? text.lastIndexOf("</") : -1;
  return end < 0 ? `${text.trimEnd()} ${sentence}` : `${text.slice(0, end)} ${sentence} ${text.slice(end)}`;
}

/** The caller's words and number; in which language they are only the caller knows. */
function own(input: ComposeInput, words: string): ComposedMessage {
  const { via, code, brand, wishes } = input;
  const locale = input.locales.find((one) => one !== undefined) ?? lastLocale;
  const text = fillOwnText(words, code, via);
  const invitation = renderTemplate(defaultInvitation(builtInLocale(locale)), { ...input, from: brand });
  return {
    text,
    ...(wishes?.from !== undefined && { from: wishes.from }),
    locale,
    ...counted(via, text),
    ...(via === "voice" && { speech: ownSpeech(words, code, invitation) }),
  };
}

/** Sender and subject, each one line. */
function envelope(
  input: ComposeInput,
  from: string,
  subject: string | undefined,
  sender: string | undefined,
): Pick<ComposedMessage, "from" | "subject"> {
  switch (input.via) {
    case "email": {
      const line = input.wishes?.subject ?? renderTemplate(subject ?? "", { ...input, from });
      return { subject: singleLine(line, longestSubject), from: singleLine(input.wishes?.from ?? from, 64) };
    }
    case "sms": {
      // Without a sender of its own a message goes out under the provider's number.
      const wished = input.wishes?.from ?? sender;
      return wished === undefined ? {} : { from: wished };
    }
    case "voice":
      return {};
  }
}

function counted(via: DeliveryVia, text: string): Pick<ComposedMessage, "segments"> {
  return via === "sms" ? { segments: countSegments(text) } : {};
}

function spoken(text: string, locale: string, values: TemplateValues): Pick<ComposedMessage, "speech"> {
  if (values.via !== "voice") return {};
  return { speech: speechOf({ text, invitation: defaultInvitation(locale) }, values) };
}

function builtInLocale(locale: string): string {
  return closeLocale(locale, defaultLocales) ?? relatedLocale(locale, defaultLocales) ?? lastLocale;
}
