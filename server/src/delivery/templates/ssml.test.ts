import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markupProblem } from "./ssml.ts";

const xmllint = spawnSync("xmllint", ["--version"]).status === 0;

/** What libxml2 says about a fragment inside one root. */
function wellFormed(fragment: string): boolean {
  return spawnSync("xmllint", ["--noout", "--nonet", "-"], { input: `<r>${fragment}</r>` }).status === 0;
}

const good = [
  "plain",
  "<p>a</p>",
  "<p/>",
  "<a><b/>x</a><c></c>",
  `<voice name="de-de-female" loop='2' loop-info = "I > repeat">x<break strength="medium" /></voice>`,
  "&amp;&lt;&gt;&quot;&apos;&#65;&#x41;",
  `<a b="&lt;">x</a >`,
  "a > b ]] >",
  "<a-b.c_d/>",
  `<a
  b="1"
  c="2"/>`,
];
const bad = [
  "<p>",
  "</p>",
  "<p></q>",
  "<a><b></a></b>",
  "<a><b></a></a>",
  "<p a=1/>",
  `<p a="1" a="2"/>`,
  `<p a="1"b="2"/>`,
  `<p a/>`,
  `<p a="<"/>`,
  `<p a="1/>`,
  "<p",
  "< p>",
  "a < b",
  "a & b",
  "&nbsp;",
  "&#0;",
  "&#xD800;",
  "&#x110000;",
  "&;",
  "]]>",
  "<1a/>",
  "<p>a</p",
  `<p a="&x;"/>`,
  "<p / >",
];
const refusedThoughXml = [
  "<!-- c -->",
  "<![CDATA[x]]>",
  "<?pi x?>",
  "<!DOCTYPE p>",
  `${"<a>".repeat(60)}${"</a>".repeat(60)}`,
];

describe("markup", () => {
  it.each(good)("takes %s", (text) => {
    expect(markupProblem(text)).toBeUndefined();
    if (xmllint) expect(wellFormed(text)).toBe(true);
  });
  it.each(bad)("refuses %s", (text) => {
    expect(markupProblem(text)).toMatchObject({ position: expect.any(Number), problem: expect.any(String) });
    if (xmllint) expect(wellFormed(text)).toBe(false);
  });
  it.each(refusedThoughXml)("refuses %s", (text) => {
    expect(markupProblem(text)).toBeDefined();
  });

  it.runIf(xmllint)("takes nothing that libxml2 refuses, and refuses nothing else but declarations", () => {
    const piece = fc.constantFrom(
      "<a>",
      "</a>",
      "<b ",
      "x='1'",
      ' x="2"',
      ">",
      "/>",
      "&amp;",
      "&",
      "t",
      "<",
      "]]>",
      " ",
      "y=",
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const text = pieces.join("");
        expect(markupProblem(text) === undefined, text).toBe(wellFormed(text));
      }),
      { numRuns: 300 },
    );
  });

  it("never throws and always points into the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const problem = markupProblem(text);
        if (problem !== undefined) {
          expect(problem.position).toBeGreaterThanOrEqual(0);
          expect(problem.position).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
