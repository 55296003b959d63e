import { describe, expect, test } from "vitest";
import type { Input, Option } from "./model.ts";
import type { AskedCode, Heard } from "./state.ts";
import { understand } from "./understand.ts";

const options: readonly Option[] = [
  { key: "1", label: "E-mail", value: "email" },
  { key: "2", label: "Text message", value: "sms" },
];
const six: AskedCode = { minDigits: 6, maxDigits: 6 };
const any: AskedCode = { minDigits: 4, maxDigits: 10 };

const inMenu = (input: Exclude<Input, { kind: "start" }>) =>
  understand(input, { phase: "menu" }, { locale: "en", options });
const inCode = (input: Exclude<Input, { kind: "start" }>, code: AskedCode = six, locale = "en") =>
  understand(input, { phase: "code", code }, { locale, options: [] });

const keys = (pressed: string) => ({ kind: "keys", keys: pressed }) as const;
const text = (typed: string) => ({ kind: "text", text: typed }) as const;
const speech = (said: string) => ({ kind: "speech", text: said }) as const;
const code = (best: string, answer = best): Heard => ({ kind: "code", answer, best });
const wrongLength: Heard = { kind: "malformed", why: "length" };

describe("in the menu", () => {
  test.each([
    [keys("2"), { kind: "pick", index: 1 }],
    [keys("1#"), { kind: "pick", index: 0 }],
    [keys("9"), { kind: "pick" }],
    [keys("0"), { kind: "pick" }],
    [keys("12"), { kind: "pick" }],
    [keys(""), { kind: "silence" }],
    [keys("#"), { kind: "silence" }],
    [speech("the second one please"), { kind: "pick", index: 1 }],
    [text("E-mail"), { kind: "pick", index: 0 }],
    [text("say that again"), { kind: "wish", wish: "repeat" }],
    [text("whatever"), { kind: "pick" }],
    [{ kind: "no_match" }, { kind: "malformed" }],
    [{ kind: "silence" }, { kind: "silence" }],
    [{ kind: "hangup" }, { kind: "hangup" }],
    [
      { kind: "wish", wish: "agent" },
      { kind: "wish", wish: "agent" },
    ],
  ] as const)("%j is %j", (input, heard) => {
    expect(inMenu(input)).toEqual(heard);
  });
});

describe("while a code is awaited", () => {
  test.each([
    [keys("012345"), code("012345")],
    [keys("0 1 2 3 4 5 #"), code("012345")],
    [keys("12345"), wrongLength],
    [keys("1234567"), wrongLength],
    [keys("*"), { kind: "wish", wish: "other_method" }],
    [keys("*0"), { kind: "wish", wish: "agent" }],
    [keys("0"), wrongLength],
    [keys("*123456"), { kind: "malformed" }],
    [text("123-456"), code("123456")],
    [text("12345"), wrongLength],
    [text("  "), { kind: "silence" }],
    [text("no idea"), { kind: "malformed" }],
    [text("١٢٣٤٥٦"), code("123456")],
    [text("my code is 123456"), code("123456")],
    [speech("one two three four five six"), code("123456", "one two three four five six")],
    [speech("double four triple one zero"), code("441110", "double four triple one zero")],
    // A recogniser that makes a number of it loses its zeros; a keypad does not.
    [speech("12345"), code("012345", "12345")],
    [speech("send me a new code"), { kind: "wish", wish: "resend" }],
  ] as const)("%j is %j", (input, heard) => {
    expect(inCode(input)).toEqual(heard);
  });

  test("a code of others has any length that is allowed, and words are those of the language", () => {
    expect(inCode(keys("0001"), any)).toEqual(code("0001"));
    expect(inCode(keys("0123456789"), any)).toEqual(code("0123456789"));
    expect(inCode(keys("123"), any)).toEqual(wrongLength);
    expect(inCode(keys("01234567891"), any)).toEqual(wrongLength);
    expect(inCode(speech("eins zwei drei vier fünf sechs"), six, "de")).toMatchObject({ best: "123456" });
    expect(inCode(speech("eins zwei drei vier fünf sechs"), six, "fr")).toEqual({ kind: "malformed" });
  });
});
