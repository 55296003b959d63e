import { childrenNamed, type Element, elementsOf } from "../markup.ts";
import {
  type Act,
  type Calling,
  fetching,
  listeningTo,
  Refused,
  type WebAnswer,
  withoutEnd,
} from "../model.ts";
import { milliseconds } from "../speech.ts";
import { type Place, promptSounds, runContent, submission, type Transition } from "./content.ts";
import { readDocument, type VoicexmlDocument } from "./document.ts";
import { assign, evaluate, isTrue, type Scope, type Value } from "./expression.ts";
import { keypadGrammars, matchKeys, matchWords } from "./grammar.ts";
import { handlerOf } from "./handlers.ts";

/** What a form leads to. */
export type FormEnd =
  | { readonly kind: "document"; readonly document: VoicexmlDocument }
  | { readonly kind: "form"; readonly id: string }
  | { readonly kind: "return" | "exit"; readonly values: Readonly<Record<string, Value>> };

/** Runs another document as a dialogue of its own, until it returns. */
export type Subdialogue = (
  document: VoicexmlDocument,
  parameters: Readonly<Record<string, Value>>,
) => Calling<Readonly<Record<string, Value>>>;

interface Form {
  readonly element: Element;
  readonly root: Element;
  readonly place: Place;
  readonly scope: Scope;
  readonly subdialogue: Subdialogue;
  readonly events: Map<string, number>;
}

const items: readonly string[] = ["field", "block", "subdialog"];
/** Far more rounds than any caller takes. */
const mostRounds = 200;

/** The form interpretation algorithm (VoiceXML 2.0 appendix C): the first item that has no value yet, until there is none. */
export function* runForm(
  element: Element,
  document: VoicexmlDocument,
  outer: Scope,
  subdialogue: Subdialogue,
): Calling<FormEnd> {
  const scope: Scope = { variables: new Map(), outer };
  const place = { scope, url: document.url };
  const form: Form = { element, root: document.root, place, scope, subdialogue, events: new Map() };
  for (const child of elementsOf(element)) {
    if (child.name === "var") yield* runContent([child], place);
    else if (items.includes(child.name)) declare(child, scope);
  }
  for (let round = 0; round < mostRounds; round += 1) {
    const item = elementsOf(element).find((one) => isOpen(one, scope));
    if (item === undefined) return { kind: "exit", values: {} };
    const next = yield* settled(yield* attempt(item, form), item, form);
    if (next !== undefined) return next;
  }
  throw new Refused("The form goes round in a circle.");
}

function nameOf({ name, attributes }: Element): string {
  return attributes["name"] ?? `(${name})`;
}

function declare(item: Element, scope: Scope): void {
  const { expr } = item.attributes;
  scope.variables.set(nameOf(item), expr === undefined ? undefined : evaluate(expr, scope));
}

function isOpen(item: Element, scope: Scope): boolean {
  if (!items.includes(item.name) || scope.variables.get(nameOf(item)) !== undefined) return false;
  const { cond } = item.attributes;
  return cond === undefined || isTrue(cond, scope);
}

/** What cannot be run is an event in the document that meets it. */
function* attempt(item: Element, form: Form): Calling<Transition> {
  try {
    return yield* visit(item, form);
  } catch (error) {
    if (error instanceof Refused && error.message.startsWith("error.")) {
      return { kind: "event", event: error.message };
    }
    throw error;
  }
}

function* visit(item: Element, form: Form): Calling<Transition> {
  const { scope, place } = form;
  switch (item.name) {
    case "block":
      assign(nameOf(item), true, scope);
      return yield* runContent(item.children, place);
    case "subdialog":
      return yield* visitSubdialogue(item, form);
    default:
      return yield* visitField(item, form);
  }
}

/** Follows a transition until it is an end of this form; undefined: the form goes on. */
function* settled(first: Transition, item: Element, form: Form): Calling<FormEnd | undefined> {
  let next = first;
  for (;;) {
    switch (next?.kind) {
      case undefined:
      case "reprompt":
        return undefined;
      case "event":
        next = yield* caught(next.event, item, form);
        break;
      case "fetch": {
        const fetched = readable(yield* fetching(next.request));
        if ("root" in fetched) return { kind: "document", document: fetched };
        next = fetched;
        break;
      }
      default:
        return next;
    }
  }
}

function readable(answer: WebAnswer): VoicexmlDocument | Exclude<Transition, undefined> {
  try {
    return readDocument(answer);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: "event", event: error.message.startsWith("error.") ? error.message : "error.badfetch" };
  }
}

function* caught(event: string, item: Element, form: Form): Calling<Transition> {
  const name = event.split(":")[0] ?? event;
  const times = (form.events.get(name) ?? 0) + 1;
  form.events.set(name, times);
  const handler = handlerOf(name, times, [item, form.element, form.root]);
  if (handler !== undefined) return yield* runContent(handler.children, form.place);
  if (name === "noinput" || name === "nomatch" || name === "help") return { kind: "reprompt" };
  if (name.startsWith("connection.disconnect")) return { kind: "exit", values: {} };
  throw new Refused(event);
}

function* visitSubdialogue(item: Element, form: Form): Calling<Transition> {
  const { scope, place, subdialogue } = form;
  const { src, srcexpr } = item.attributes;
  const next = src ?? (srcexpr === undefined ? undefined : `${evaluate(srcexpr, scope)}`);
  if (next === undefined) throw new Refused("error.badfetch: a sub-dialogue has no address.");
  const document = readDocument(yield* fetching(submission(item, next, place)));
  const parameters = childrenNamed(item, "param").map(({ attributes }): [string, Value] => [
    attributes["name"] ?? "",
    attributes["value"] ?? evaluate(attributes["expr"] ?? "undefined", scope),
  ]);
  assign(nameOf(item), yield* subdialogue(document, Object.fromEntries(parameters)), scope);
  return yield* filled(item, form);
}

function* filled(item: Element, { place }: Form): Calling<Transition> {
  for (const one of childrenNamed(item, "filled")) {
    const next = yield* runContent(one.children, place);
    if (next !== undefined) return next;
  }
  return undefined;
}

function* visitField(field: Element, form: Form): Calling<Transition> {
  const { scope, place } = form;
  for (const prompt of childrenNamed(field, "prompt")) {
    const { cond } = prompt.attributes;
    if (cond === undefined || isTrue(cond, scope)) yield* promptSounds(prompt.children, place);
  }
  const settings = propertiesOf([form.root, form.element, field]);
  const act = yield* listen(field, settings);
  const heard = understood(act, field, settings);
  if ("event" in heard) return { kind: "event", event: heard.event };
  assign(nameOf(field), heard.value, scope);
  return yield* filled(field, form);
}

interface Settings {
  readonly timeoutMs: number;
  readonly end: string;
  readonly modes: readonly string[];
}

/** Properties of the document, the form and the item; the innermost one holds. */
function propertiesOf(places: readonly Element[]): Settings {
  const all = new Map(
    places.flatMap((place) =>
      childrenNamed(place, "property").map(({ attributes }): [string, string] => [
        attributes["name"] ?? "",
        attributes["value"] ?? "",
      ]),
    ),
  );
  return {
    timeoutMs: milliseconds(all.get("timeout") ?? "5s"),
    end: all.get("termchar") ?? "#",
    modes: (all.get("inputmodes") ?? "dtmf voice").split(/\s+/),
  };
}

function listen(field: Element, { timeoutMs, end, modes }: Settings): Calling<Act> {
  const grammars = keypadGrammars(field);
  const enough = (keys: string): number | undefined => {
    for (let length = 1; length <= keys.length; length += 1) {
      const pressed = keys.slice(0, length);
      if (end.includes(pressed.at(-1) ?? "")) return length;
      if (!matchKeys(grammars, pressed).mayGoOn) return length;
    }
    return undefined;
  };
  return listeningTo({ timeoutMs, enough, hearsWords: modes.includes("voice") });
}

type Understood = { readonly value: string } | { readonly event: string };

function understood(act: Act, field: Element, { end, modes }: Settings): Understood {
  switch (act.kind) {
    case "hangup":
      return { event: "connection.disconnect.hangup" };
    case "silence":
      return { event: "noinput" };
    case "words": {
      const value = modes.includes("voice") ? matchWords(field, act.text) : undefined;
      return value === undefined ? { event: "nomatch" } : { value };
    }
    case "keys": {
      const keys = withoutEnd(act.keys, end);
      if (keys === "") return { event: "noinput" };
      // Without a tag the result is the raw input, and platforms write spaces between the keys.
      const isInput = modes.includes("dtmf") && matchKeys(keypadGrammars(field), keys).isWhole;
      return isInput ? { value: [...keys].join(" ") } : { event: "nomatch" };
    }
  }
}
