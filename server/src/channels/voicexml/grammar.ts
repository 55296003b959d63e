import type { Expectation } from "../../dialogue/model.ts";
import { element, type Markup } from "../../xml/emit.ts";
import type { VoicexmlSettings } from "./settings.ts";

type Asked = Exclude<Expectation, { readonly kind: "nothing" }>;

/**
 * What may be pressed, as inline SRGS: the code or one of the choices, or star with at most one digit after it, by which the
 * person asks for something else. With speech a builtin grammar or options listen beside it.
 */
export function grammarOf(expect: Asked, input: VoicexmlSettings["input"]): readonly Markup[] {
  const keypad = element(
    "grammar",
    { version: "1.0", mode: "dtmf", root: "pressed", type: "application/srgs+xml" },
    [digitRule, starRule, pressedRule(expect)],
  );
  return input === "keys" ? [keypad] : [keypad, ...spoken(expect)];
}

const digitRule = element("rule", { id: "digit", scope: "private" }, [
  element(
    "one-of",
    {},
    Array.from("0123456789", (digit) => element("item", {}, [digit])),
  ),
]);

const starRule = element("rule", { id: "wish", scope: "private" }, [
  element("item", {}, ["*"]),
  element("item", { repeat: "0-1" }, [element("ruleref", { uri: "#digit" })]),
]);

function pressedRule(expect: Asked): Markup {
  const wish = element("item", {}, [element("ruleref", { uri: "#wish" })]);
  return element("rule", { id: "pressed", scope: "public" }, [
    element("one-of", {}, [...(expect.kind === "choice" ? choices(expect.options) : [code(expect)]), wish]),
  ]);
}

function choices(options: readonly { readonly key: string }[]): readonly Markup[] {
  return options.map(({ key }) => element("item", {}, [key]));
}

function code({ minDigits, maxDigits }: { readonly minDigits: number; readonly maxDigits: number }): Markup {
  const repeat = minDigits === maxDigits ? `${minDigits}` : `${minDigits}-${maxDigits}`;
  return element("item", { repeat }, [element("ruleref", { uri: "#digit" })]);
}

/** An option is heard by some of its words or its number and told by its key; digits are the platform's own grammar, where it has one. */
function spoken(expect: Asked): readonly Markup[] {
  if (expect.kind === "choice") {
    // "Text message" is enough for "Text message to the number ending in 42" (VoiceXML 2.0 §2.2.5).
    const named = expect.options.map(({ key, label }) =>
      element("option", { value: key, accept: "approximate" }, [label]),
    );
    return [...named, element("grammar", { src: "builtin:grammar/digits?length=1" })];
  }
  const { minDigits, maxDigits } = expect;
  const length =
    minDigits === maxDigits ? `length=${minDigits}` : `minlength=${minDigits};maxlength=${maxDigits}`;
  return [element("grammar", { src: `builtin:grammar/digits?${length}` })];
}
