import type { KeypadResult } from "./memory.ts";
import { texts } from "./texts.ts";
import type { Told } from "./told.ts";

/** What one answer came to. */
export type Verdict =
  | Exclude<KeypadResult, { readonly kind: "silent" }>
  | { readonly kind: "throttled"; readonly seconds: number };

export function toldOf(verdict: Verdict | KeypadResult): Told {
  switch (verdict.kind) {
    case "approved":
      return { text: texts.approved, stage: "open" };
    case "wrong":
      return { text: texts.wrong(verdict.left), stage: "asked" };
    case "exhausted":
      return { text: texts.exhausted, stage: "begin" };
    case "expired":
      return { text: texts.expired, stage: "begin" };
    case "locked":
      return { text: texts.locked };
    case "throttled":
      return { text: texts.later(verdict.seconds), stage: "asked" };
    case "repeat":
      return { text: texts.repeat, stage: "asked" };
    case "silent":
      return { text: texts.keypadSilent, stage: "asked" };
    case "none":
      return { text: texts.notSent, stage: "begin" };
    case "unavailable":
      return { text: texts.outsideFailed, stage: "asked" };
  }
}
