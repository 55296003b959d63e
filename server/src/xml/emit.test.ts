import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { XmlDocument } from "libxml2-wasm";
import { describe, expect, it } from "vitest";
import { element, escapeXml, xmlDocument } from "./emit.ts";

describe("element", () => {
  it("writes elements, attributes and text", () => {
    const say = element("Say", { language: "de-DE", voice: undefined, loop: 2 }, [
      "Hallo ",
      element("break"),
    ]);
    expect(say.markup).toBe('<Say language="de-DE" loop="2">Hallo <break/></Say>');
    expect(xmlDocument(say)).toBe(`<?xml version="1.0" encoding="UTF-8"?>${say.markup}`);
  });

  it("takes no name from outside", () => {
    expect(() => element('a b="c"')).toThrow(TypeError);
    expect(() => element("a", { "b><c": 1 })).toThrow(TypeError);
  });

  it("WHK-11: no text breaks out of its place, whatever it holds", () => {
    const attack = "</Say><Dial>+19005550100</Dial><Say><audio src='x'/>]]>&#60;";
    const text = xmlDocument(element("Response", {}, [element("Say", { voice: attack }, [attack])]));
    const parsed = new XMLParser({ ignoreAttributes: false, processEntities: true }).parse(text);
    expect(Object.keys(parsed.Response)).toEqual(["Say"]);
    const document = XmlDocument.fromString(text);
    expect(document.find("//*")).toHaveLength(2);
    expect(document.get("//Say")?.content).toBe(attack);
    expect(document.get("//Say/@voice")?.content).toBe(attack);
    document.dispose();
  });

  it("is read back by another parser as it was given, without what XML cannot hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (value) => {
        const text = xmlDocument(element("a", { b: value }, [value]));
        expect(XMLValidator.validate(text)).toBe(true);
        const document = XmlDocument.fromString(text);
        const kept = [...value].filter(isCharacter).join("");
        expect(document.get("//a/@b")?.content).toBe(kept);
        expect(document.get("//a")?.content).toBe(kept.replaceAll(/\r\n?/g, "\n"));
        document.dispose();
      }),
    );
  });

  it("drops control characters, NUL and half characters", () => {
    expect(escapeXml("a\u0000b\u0008c\ud800d\ufffee\u{1f600}\n")).toBe("abcde\u{1f600}\n");
  });
});

/** XML 1.0 §2.2 Char. */
function isCharacter(character: string): boolean {
  const point = character.codePointAt(0)!;
  return point >= 0x20 ? point !== 0xfffe && point !== 0xffff : [9, 10, 13].includes(point);
}
