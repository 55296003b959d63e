import type { Act } from "./phone/model.ts";

/** What the person at the terminal typed, or a script says. */
export type Typed =
  | { readonly kind: "act"; readonly act: Act }
  /** The newest code, or the code of a message by its number. */
  | { readonly kind: "code"; readonly number?: number | undefined; readonly more: string }
  /** Digits that are not the code. */
  | { readonly kind: "wrong" };

/**
 * Reads one thing that a caller does: keys, `(silence)` or an empty line, `(hangs up)` or `hangup`, `{code}`, `{wrong}`,
 * `(code 2)`, `(wrong code)`; anything else are words.
 */
export function readTyped(line: string): Typed {
  const text = line.trim();
  const word = text.replace(/^[({]|[)}]$/g, "").toLowerCase();
  if (word === "" || word === "silence") return { kind: "act", act: { kind: "silence" } };
  if (["hangup", "hangs up", "hang up"].includes(word)) return { kind: "act", act: { kind: "hangup" } };
  const [, number, more = ""] = /^[({]code(?: (\d+))?[)}](#?)$/.exec(text) ?? [];
  if (/^[({]code/.test(text)) {
    return { kind: "code", number: number === undefined ? undefined : Number(number), more };
  }
  if (word === "wrong" || word === "wrong code") return { kind: "wrong" };
  if (/^[\d*# ]+$/.test(text)) {
    return { kind: "act", act: { kind: "keys", keys: text.replaceAll(" ", "") } };
  }
  return { kind: "act", act: { kind: "words", text: text.replace(/^"(.*)"$/, "$1") } };
}

/** What a script on the command line does, one after the other. */
export function readScript(script: string): readonly string[] {
  return script.match(/\([^)]*\)|\{[^}]*\}|"[^"]*"|[^\s,]+/g) ?? [];
}

/** Digits of the same length that differ in every place. */
export function wrongFor(code: string): string {
  return code.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10));
}

/** How it stands in a transcript; a code never stands in it. `codes`: those of the messages of this call, oldest first. */
export function writtenAct(act: Act, codes: readonly string[]): string {
  switch (act.kind) {
    case "silence":
      return "(silence)";
    case "hangup":
      return "(hangs up)";
    case "words":
      return `"${act.text}"`;
    case "keys": {
      const place = codes.lastIndexOf(act.keys.replace(/#$/, ""));
      if (place >= 0) return `(code ${place + 1})`;
      if (!/\d{4}/.test(act.keys)) return act.keys;
      // Where no message brought one, it is a code of somebody else's, right or wrong.
      return codes.length > 0 ? "(wrong code)" : "(a code)";
    }
  }
}
