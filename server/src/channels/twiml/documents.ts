import type { Ending, Expectation, Reply } from "../../dialogue/model.ts";
import { element, type Markup, xmlDocument } from "../../xml/emit.ts";
import type { Published } from "../channel.ts";
import { regionalTag } from "../speech.ts";
import { type StepPlace, turnUrl } from "../turns.ts";
import type { TwimlSettings } from "./settings.ts";
import { said } from "./speech.ts";

/** The document of a reply (TwiML, and the dialects that took it over): a question, or the end. */
export function replyDocument(reply: Reply, publication: Published<TwimlSettings>): string {
  const { done, expect } = reply;
  const words = said(reply, publication.settings);
  if (done !== undefined)
    return response([...words, ...ending(done, reply.conversation, publication.settings)]);
  if (expect.kind === "nothing") return errorDocument(publication.settings);
  return response(question(reply, expect, words, publication));
}

/** The document that ends a call of which nothing is known, or that failed. */
export function errorDocument(settings: TwimlSettings): string {
  return response(ending({ path: "error" }, undefined, settings));
}

function response(verbs: readonly Markup[]): string {
  return xmlDocument(element("Response", {}, verbs));
}

type Asked = Exclude<Expectation, { readonly kind: "nothing" }>;

/** Addresses are absolute: some dialects resolve no others. Silence comes back by the one door or the other. */
function question(
  reply: Reply,
  expect: Asked,
  words: readonly Markup[],
  publication: Published<TwimlSettings>,
): readonly Markup[] {
  const url = turnUrl(reply, publication);
  // One key ends a choice: after a star the other key of a wish is still to come.
  const action = expect.kind === "choice" ? `${url}?star=follows` : url;
  return gather(listening(reply, expect, publication.settings), action, words);
}

/** Waits in silence for the key after a star. */
export function starDocument(place: StepPlace, { url, settings }: Published<TwimlSettings>): string {
  const listened = { input: "dtmf", numDigits: 1, timeout: settings.digitTimeoutSeconds };
  return response(gather(listened, `${turnUrl(place, { url })}?star=pressed`, []));
}

function gather(
  listened: Readonly<Record<string, string | number | undefined>>,
  action: string,
  words: readonly Markup[],
): readonly Markup[] {
  const attributes = { ...listened, action, method: "POST", actionOnEmptyResult: "true" };
  return [
    element("Gather", attributes, words),
    element("Redirect", { method: "POST" }, [`${action}${action.includes("?") ? "&" : "?"}event=noinput`]),
  ];
}

const inputs = { keys: "dtmf", speech: "speech", keys_and_speech: "dtmf speech" } as const;

function listening(reply: Reply, expect: Asked, settings: TwimlSettings) {
  const { input, menuTimeoutSeconds, codeTimeoutSeconds } = settings;
  const menu = expect.kind === "choice";
  const speech = input !== "keys" && {
    language: regionalTag(reply.locale),
    speechTimeout: "auto",
    hints: menu ? expect.options.map(({ label }) => label.replaceAll(",", " ")).join(", ") : undefined,
  };
  const keys = input !== "speech" && {
    numDigits: menu ? 1 : expect.maxDigits,
    finishOnKey: menu ? undefined : "#",
  };
  return {
    input: inputs[input],
    ...keys,
    timeout: menu ? menuTimeoutSeconds : codeTimeoutSeconds,
    ...speech,
  };
}

function ending(
  done: Ending,
  conversation: string | undefined,
  { paths, returnUrl }: TwimlSettings,
): readonly Markup[] {
  const exit = paths[done.path];
  if (exit?.dial !== undefined) return [element("Dial", { timeout: 20 }, [dialed(exit.dial)])];
  const target = exit?.redirect ?? returnUrl;
  if (target === undefined) return [element("Hangup")];
  return [element("Redirect", { method: "POST" }, [resultUrl(target, done, conversation)])];
}

function dialed(target: string): Markup | string {
  return target.startsWith("+") ? target : element("Sip", {}, [target]);
}

/** The registered address with the result in its query; the receipt is what proves it. */
function resultUrl(target: string, done: Ending, conversation: string | undefined): string {
  const url = new URL(target);
  const { path, skipped, verification, receipt } = done;
  const values = {
    path,
    conversation,
    verification,
    receipt,
    skipped: skipped === true ? "true" : undefined,
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
