import { element, type Markup } from "../../xml/emit.ts";
import type { VoicexmlSettings } from "./settings.ts";

/** What goes back to the flow that called us. */
export interface Result {
  readonly path: string;
  readonly conversation?: string | undefined;
  readonly verification?: string | undefined;
  readonly receipt?: string | undefined;
  readonly skipped?: boolean | undefined;
}

/** The result when something of ours failed. */
export const errorPath: Result = { path: "error" };

/** The form that says the last words and ends the dialogue. */
export function endingForm(
  result: Result,
  said: readonly (Markup | string)[],
  settings: VoicexmlSettings,
): Markup {
  const prompt = said.length === 0 ? [] : [element("prompt", {}, said)];
  const variables = variablesOf(result, settings);
  return element("form", { id: "done" }, [
    ...variables.map(variable),
    element("block", {}, [...prompt, handBack(variables, settings)]),
  ]);
}

/** The same as content of a handler: the variables, and the way out. */
export function ending(result: Result, settings: VoicexmlSettings): readonly Markup[] {
  const variables = variablesOf(result, settings);
  return [...variables.map(variable), handBack(variables, settings)];
}

type Variable = readonly [name: string, value: string];

function variablesOf(result: Result, { resultVariable, returned }: VoicexmlSettings): readonly Variable[] {
  const { conversation, verification, receipt, skipped } = result;
  const values = {
    conversation,
    verification,
    receipt,
    skipped: skipped === undefined ? undefined : `${skipped}`,
  };
  const more = Object.entries(returned).flatMap(([member, name]): readonly Variable[] => [
    [name, values[member as keyof typeof values] ?? ""],
  ]);
  return [[resultVariable, result.path], ...more];
}

/** Nothing that could end a string literal of ECMAScript, nor an attribute. */
const plain = /^[A-Za-z0-9 _.-]*$/;

function variable([name, value]: Variable): Markup {
  if (!plain.test(value)) throw new Error(`The value of ${name} cannot stand in a document.`);
  return element("var", { name, expr: `'${value}'` });
}

function handBack(variables: readonly Variable[], { ending: form, returnUrl }: VoicexmlSettings): Markup {
  const namelist = variables.map(([name]) => name).join(" ");
  if (form === "submit" && returnUrl !== undefined) {
    return element("submit", { next: returnUrl, method: "post", namelist });
  }
  return element(form === "return" ? "return" : "exit", { namelist });
}
