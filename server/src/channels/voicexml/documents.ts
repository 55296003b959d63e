import type { Expectation, Reply } from "../../dialogue/model.ts";
import { element, type Markup, xmlDocument } from "../../xml/emit.ts";
import type { Published } from "../channel.ts";
import { speechMarkup } from "../speech.ts";
import { turnUrl } from "../turns.ts";
import { ending, endingForm, errorPath, type Result } from "./ending.ts";
import { grammarOf } from "./grammar.ts";
import type { VoicexmlSettings } from "./settings.ts";

/** The document of a reply (VoiceXML 2.1): a question with one field, or the end. */
export function replyDocument(reply: Reply, publication: Published<VoicexmlSettings>): string {
  const said = speechMarkup(reply.say, reply.pace, { digits: "vxml:digits" });
  const { done, expect } = reply;
  if (done === undefined && expect.kind !== "nothing") {
    return documentOf(reply.locale, question(reply, expect, said, publication));
  }
  const result: Result = done === undefined ? errorPath : { ...done, conversation: reply.conversation };
  return documentOf(reply.locale, [endingForm(result, said, publication.settings)]);
}

/** The document that ends a dialogue of which nothing is known, or that failed. */
export function errorDocument(settings: VoicexmlSettings): string {
  return documentOf(undefined, [endingForm(errorPath, [], settings)]);
}

function documentOf(locale: string | undefined, content: readonly Markup[]): string {
  const root = { version: "2.1", xmlns: "http://www.w3.org/2001/vxml", "xml:lang": locale };
  return xmlDocument(element("vxml", root, content));
}

type Asked = Exclude<Expectation, { readonly kind: "nothing" }>;

function question(
  reply: Reply,
  expect: Asked,
  said: readonly (Markup | string)[],
  { url, settings }: Published<VoicexmlSettings>,
): readonly Markup[] {
  const { input, menuTimeoutSeconds, codeTimeoutSeconds, digitTimeoutSeconds } = settings;
  const timeout = expect.kind === "choice" ? menuTimeoutSeconds : codeTimeoutSeconds;
  const answer = element("submit", {
    next: turnUrl(reply, { url }),
    method: "post",
    namelist: "event answer",
  });
  const told = (event: string) => [
    element("assign", { name: "event", expr: `'${event}'` }),
    withoutAnswer(reply, url),
  ];
  return [
    property("fetchtimeout", "15s"),
    property("inputmodes", input === "keys" ? "dtmf" : "dtmf voice"),
    property("timeout", `${timeout}s`),
    property("interdigittimeout", `${digitTimeoutSeconds}s`),
    property("termchar", "#"),
    element("form", { id: "question" }, [
      element("var", { name: "event", expr: "'input'" }),
      element("catch", { event: "connection.disconnect" }, told("hangup")),
      element("catch", { event: "error" }, ending(errorPath, settings)),
      element("field", { name: "answer" }, [
        ...grammarOf(expect, input),
        element("prompt", { bargein: "true" }, said),
        element("noinput", {}, told("noinput")),
        element("nomatch", {}, told("nomatch")),
        element("filled", {}, [answer]),
      ]),
    ]),
  ];
}

function withoutAnswer(reply: Reply, url: string): Markup {
  return element("submit", { next: turnUrl(reply, { url }), method: "post", namelist: "event" });
}

function property(name: string, value: string): Markup {
  return element("property", { name, value });
}
