import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { countSegments, plainPunctuation } from "./segments.ts";

/** What Twilio's calculator says, in our words. Its sizes are bits of the text without headers. */
function oracle(text: string): { encoding: string; units: number; segments: number } {
  const message = new SegmentedMessage(text);
  const encoding = message.getEncodingName();
  const units = message.encodedChars.reduce((sum, one) => sum + (one.codeUnits?.length ?? 0), 0);
  return { encoding, units, segments: message.segmentsCount };
}

function ours(text: string) {
  const { encoding, units, segments } = countSegments(text);
  return { encoding, units, segments };
}

describe("SMS segments", () => {
  it("agrees with another calculator on every code point of the basic plane that is no surrogate", () => {
    const different: string[] = [];
    let seen = 0;
    for (let point = 0; point <= 0xffff; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      seen += 1;
      const text = String.fromCharCode(point);
      const [a, b] = [ours(text), oracle(text)];
      if (a.encoding !== b.encoding || a.units !== b.units || a.segments !== b.segments) {
        different.push(point.toString(16));
      }
    }
    expect(seen).toBe(63_488);
    expect(different).toEqual([]);
  });

  const euro = "€";
  const vectors: readonly (readonly [name: string, text: string, segments: number, units: number])[] = [
    ["160 letters", "a".repeat(160), 1, 160],
    ["161 letters", "a".repeat(161), 2, 161],
    ["306 letters", "a".repeat(306), 2, 306],
    ["307 letters", "a".repeat(307), 3, 307],
    ["80 euro signs", euro.repeat(80), 1, 160],
    ["81 euro signs", euro.repeat(81), 2, 162],
    ["152 + € + 151", `${"a".repeat(152)}${euro}${"b".repeat(151)}`, 2, 305],
    ["152 + € + 152", `${"a".repeat(152)}${euro}${"b".repeat(152)}`, 3, 306],
    ["70 Cyrillic", "я".repeat(70), 1, 70],
    ["71 Cyrillic", "я".repeat(71), 2, 71],
    ["134 Cyrillic", "я".repeat(134), 2, 134],
    ["135 Cyrillic", "я".repeat(135), 3, 135],
    ["35 emoji", "😀".repeat(35), 1, 70],
    ["36 emoji", "😀".repeat(36), 2, 72],
    ["66 + emoji + 66", `${"я".repeat(66)}😀${"я".repeat(66)}`, 3, 134],
    ["CR LF", "a\r\nb", 1, 4],
    ["form feed", "\f", 1, 2],
  ];
  it.each(vectors)("%s", (_, text, segments, units) => {
    expect(countSegments(text)).toMatchObject({ segments, units });
    expect(oracle(text).segments).toBe(segments);
  });

  it("says what is left and what forces UCS-2", () => {
    expect(countSegments("")).toEqual({ encoding: "GSM-7", units: 0, segments: 0, remaining: 160 });
    expect(countSegments("abc")).toEqual({ encoding: "GSM-7", units: 3, segments: 1, remaining: 157 });
    expect(countSegments("a".repeat(161)).remaining).toBe(2 * 153 - 161);
    expect(countSegments("😀ábc")).toEqual({
      encoding: "UCS-2",
      units: 5,
      segments: 1,
      remaining: 65,
      firstOutside: { character: "😀", position: 0 },
    });
    expect(countSegments("c\u00a0ç").firstOutside).toEqual({ character: "\u00a0", position: 1 });
    for (const outside of [
      "ç",
      "`",
      "\t",
      "“",
      "’",
      "–",
      "…",
      "á",
      "í",
      "ó",
      "ú",
      "ã",
      "õ",
      "â",
      "ê",
      "Α",
      "e\u0301",
    ]) {
      expect(countSegments(outside).encoding, outside).toBe("UCS-2");
    }
  });

  it("agrees on mixed texts around the boundaries", () => {
    const unit = fc.constantFrom("a", "€", "[", "é", "\n", "я", "😀", " ");
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 400 }), (units) => {
        const text = units.join("");
        expect(ours(text)).toEqual(oracle(text));
      }),
      { numRuns: 200 },
    );
  });

  it("writes typographic punctuation plainly", () => {
    expect(plainPunctuation("“Joe’s” – a\u00a0b…\t„x“")).toBe(`"Joe's" - a b... "x"`);
  });
});
