import { normalizeCode } from "../engine/code/normalize.ts";
import { hearWish } from "./hear.ts";
import { hearChoice } from "./hear-choice.ts";
import type { Input, Option } from "./model.ts";
import type { AskedCode, DialogueState, Heard } from "./state.ts";

/** What an input can mean here: the language that is spoken, and the options of the menu while it stands. */
export interface Hearing {
  readonly locale: string;
  readonly options: readonly Option[];
}

/**
 * What a person's input means where the dialogue stands. Of a recogniser's hypotheses only the best one ever comes here, and one
 * input is one answer.
 */
export function understand(
  input: Exclude<Input, { readonly kind: "start" }>,
  state: Pick<DialogueState, "phase" | "code">,
  hearing: Hearing,
): Heard {
  switch (input.kind) {
    case "hangup":
    case "silence":
      return { kind: input.kind };
    case "no_match":
      return { kind: "malformed" };
    case "wish":
      return { kind: "wish", wish: input.wish };
    case "keys":
      return answerIn(input.keys.replace(/[^0-9*#]/g, "").replace(/#+$/, ""), "exact", state, hearing);
    case "text":
      return answerIn(input.text.trim(), "exact", state, hearing);
    case "speech":
      return answerIn(input.text.trim(), "heard", state, hearing);
  }
}

/** `heard`: a recogniser may have lost zeros at the front of a code; who types means what he types. */
type Care = "exact" | "heard";

function answerIn(
  text: string,
  care: Care,
  { phase, code }: Pick<DialogueState, "phase" | "code">,
  { locale, options }: Hearing,
): Heard {
  if (text === "") return { kind: "silence" };
  if (phase === "menu") {
    const index = options.indexOf(hearChoice(text, options, locale) ?? noOption);
    if (index >= 0) return { kind: "pick", index };
  }
  // Most answers are plain digits, and no wish is one.
  const wish = /^[0-9]+$/.test(text) ? undefined : hearWish(text, locale);
  if (wish !== undefined) return { kind: "wish", wish };
  if (phase === "menu") return { kind: "pick" };
  return code === undefined ? { kind: "malformed" } : readCode(text, care, code, locale);
}

const noOption: Option = { key: "", label: "", value: "" };

function readCode(text: string, care: Care, { minDigits, maxDigits }: AskedCode, locale: string): Heard {
  const lengths = lengthsOf({ minDigits, maxDigits });
  // Shorter lengths are taken for what they are, and not for a code that lost its zeros.
  const looked = care === "exact" ? everyLength : lengths;
  const read = normalizeCode(text, { locale, kind: "digits", lengths: looked });
  const best = read.ok ? read.candidates.find((one) => lengths.includes(one.length)) : undefined;
  if (best !== undefined) return { kind: "code", answer: care === "exact" ? best : text, best };
  const digits = read.ok || read.reason === "wrong_length";
  return { kind: "malformed", ...(digits && { why: "length" }) };
}

const everyLength = Array.from({ length: 20 }, (_, index) => index + 1);

/** The lengths that the code asked for may have. */
export function lengthsOf({
  minDigits,
  maxDigits,
}: Pick<AskedCode, "minDigits" | "maxDigits">): readonly number[] {
  return Array.from({ length: Math.max(0, maxDigits - minDigits + 1) }, (_, index) => minDigits + index);
}
