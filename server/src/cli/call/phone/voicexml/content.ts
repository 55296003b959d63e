import { attributeOf, type Element } from "../markup.ts";
import { type Calling, playing, Refused, type WebRequest } from "../model.ts";
import { soundsIn } from "../speech.ts";
import { formRequest } from "../web.ts";
import { assign, evaluate, isTrue, type Scope, type Value } from "./expression.ts";

/** What executable content leads to. Undefined: it goes on behind it. */
export type Transition =
  | { readonly kind: "fetch"; readonly request: WebRequest }
  | { readonly kind: "form"; readonly id: string }
  | { readonly kind: "return"; readonly values: Readonly<Record<string, Value>> }
  | { readonly kind: "exit"; readonly values: Readonly<Record<string, Value>> }
  | { readonly kind: "event"; readonly event: string }
  | { readonly kind: "reprompt" }
  | undefined;

export interface Place {
  readonly scope: Scope;
  /** What addresses are relative to. */
  readonly url: string;
}

/** Runs executable content from top to bottom (VoiceXML 2.0 §5.3). Text in it is a prompt. */
export function* runContent(children: Element["children"], place: Place): Calling<Transition> {
  for (const child of children) {
    const next = typeof child === "string" ? yield* say(child, place) : yield* runElement(child, place);
    if (next !== undefined) return next;
  }
  return undefined;
}

function* say(text: string, place: Place): Calling<undefined> {
  if (text.trim() !== "") yield* promptSounds([text], place);
  return undefined;
}

/** @returns nothing; what is said is played. */
export function* promptSounds(children: Element["children"], { scope }: Place): Calling<void> {
  yield* playing(soundsIn(children, (expression) => `${evaluate(expression, scope)}`));
}

function* runElement(element: Element, place: Place): Calling<Transition> {
  const { name, attributes, children } = element;
  const { scope } = place;
  switch (name) {
    case "var":
      scope.variables.set(attributeOf(element, "name"), optional(attributes["expr"], scope));
      return undefined;
    case "assign":
      assign(attributeOf(element, "name"), evaluate(attributeOf(element, "expr"), scope), scope);
      return undefined;
    case "if":
      return yield* runContent(chosenBranch(element, scope), place);
    case "prompt":
      if (attributes["cond"] === undefined || isTrue(attributes["cond"], scope)) {
        yield* promptSounds(children, place);
      }
      return undefined;
    case "value":
    case "audio":
    case "break":
      yield* promptSounds([element], place);
      return undefined;
    case "log":
      return undefined;
    default:
      return transitionOf(element, place);
  }
}

function optional(expression: string | undefined, scope: Scope): Value {
  return expression === undefined ? undefined : evaluate(expression, scope);
}

/** The content of the first branch whose condition holds. */
function chosenBranch({ attributes, children }: Element, scope: Scope): Element["children"] {
  let isChosen = isTrue(attributes["cond"] ?? "false", scope);
  const branch: (Element | string)[] = [];
  for (const child of children) {
    if (typeof child !== "string" && (child.name === "elseif" || child.name === "else")) {
      if (isChosen) break;
      isChosen = child.name === "else" || isTrue(attributeOf(child, "cond"), scope);
    } else if (isChosen) {
      branch.push(child);
    }
  }
  return branch;
}

function transitionOf(element: Element, place: Place): Transition {
  const { name } = element;
  switch (name) {
    case "submit":
      return { kind: "fetch", request: submission(element, attributeOf(element, "next"), place) };
    case "goto": {
      const next = attributeOf(element, "next");
      if (next.startsWith("#")) return { kind: "form", id: next.slice(1) };
      return { kind: "fetch", request: formRequest(new URL(next, place.url).href, "GET", {}) };
    }
    case "return":
    case "exit":
      return { kind: name, values: handedBack(element, place.scope) };
    case "disconnect":
      return { kind: "event", event: "connection.disconnect.hangup" };
    case "throw":
      return { kind: "event", event: attributeOf(element, "event") };
    case "reprompt":
      return { kind: "reprompt" };
    default:
      throw new Refused(`error.unsupported.${name}`);
  }
}

/** The variables of `namelist`, sent to an address by the method that is said. */
export function submission(element: Element, next: string, { scope, url }: Place): WebRequest {
  const method = element.attributes["method"]?.toLowerCase() === "post" ? "POST" : "GET";
  const values = listed(element, scope).map(([name, value]): [string, string] => {
    if (value === undefined) throw new Refused(`error.semantic: ${name} is sent and has no value.`);
    return [name, `${value}`];
  });
  return formRequest(new URL(next, url).href, method, Object.fromEntries(values));
}

function handedBack(element: Element, scope: Scope): Readonly<Record<string, Value>> {
  const { expr } = element.attributes;
  const value = expr === undefined ? undefined : evaluate(expr, scope);
  if (typeof value === "object") return value;
  return value === undefined ? Object.fromEntries(listed(element, scope)) : { result: value };
}

function listed({ attributes }: Element, scope: Scope): readonly (readonly [string, Value])[] {
  const names = (attributes["namelist"] ?? "").split(/\s+/).filter((name) => name !== "");
  return names.map((name) => [name, evaluate(name, scope)]);
}
