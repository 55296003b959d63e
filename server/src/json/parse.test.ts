import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCountersignError } from "../engine/errors.ts";
import { maxJsonDepth, parseJsonBody } from "./parse.ts";

const parseText = (text: string) => parseJsonBody(Buffer.from(text));

function codeOf(bytes: Uint8Array | string): string {
  try {
    parseJsonBody(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  } catch (error) {
    return isCountersignError(error) ? error.code : `threw ${String(error)}`;
  }
  return "accepted";
}

describe("parseJsonBody", () => {
  it("takes what JSON.parse takes, for objects", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => !["__proto__", "constructor", "prototype"].includes(name)),
          fc.jsonValue({ maxDepth: 5 }),
        ),
        (value) => {
          const text = JSON.stringify(value);
          const hostile =
            /"(?:__proto__|constructor|prototype)":|\\u0000/u.test(text) || !text.isWellFormed();
          if (hostile || /\\ud[89a-f]/iu.test(text)) return;
          expect(parseText(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it.each([
    ["a duplicate name", '{"to":"+49170","to":"+49171"}', "invalid_json"],
    ["a duplicate deep inside", '{"a":[{"b":{"c":1,"c":1}}]}', "invalid_json"],
    ["a duplicate hidden by an escape", String.raw`{"code":"1","\u0063ode":"2"}`, "invalid_json"],
    ["__proto__", '{"__proto__":{"polluted":1}}', "invalid_request"],
    ["an escaped __proto__", String.raw`{"a":{"\u005f_proto__":{"polluted":1}}}`, "invalid_request"],
    ["constructor.prototype", '{"constructor":{"prototype":{"polluted":1}}}', "invalid_request"],
    ["an array", "[]", "invalid_request"],
    ["a string", '"x"', "invalid_request"],
    ["null", "null", "invalid_request"],
    ["nothing", "", "invalid_json"],
    ["a trailing comma", '{"a":1,}', "invalid_json"],
    ["two documents", "{}{}", "invalid_json"],
    ["NaN", '{"a":NaN}', "invalid_json"],
    ["a byte order mark", "\uFEFF{}", "invalid_json"],
    ["a lone surrogate", String.raw`{"a":"\ud800"}`, "invalid_json"],
    ["an escaped NUL", String.raw`{"a":"\u0000"}`, "invalid_json"],
    ["colons and quotes inside strings", String.raw`{"a:b":"c\":\"d","e":["{\"f\":1}"]}`, "accepted"],
    ["a surrogate pair as escapes", String.raw`{"a":"\ud83d\ude00"}`, "accepted"],
  ])("%s: %s", (_name, text, expected) => {
    expect(codeOf(text)).toBe(expected);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("refuses other encodings", () => {
    expect(codeOf(Buffer.from('{"a":"b"}', "utf16le"))).toBe("invalid_json");
    expect(codeOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe("invalid_json");
    expect(codeOf(Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]))).toBe("invalid_json");
  });

  it("takes the deepest body allowed and refuses one level more", () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    expect(codeOf(nested(maxJsonDepth))).toBe("accepted");
    expect(codeOf(nested(maxJsonDepth + 1))).toBe("invalid_request");
    expect(codeOf("[".repeat(65_536))).toBe("invalid_request");
  });

  it("never quotes the body in what it says", () => {
    expect(() => parseText('{"code":"918273"')).toThrow(/^(?!.*918273)/u);
  });
});
