import fc from "fast-check";
import { XMLBuilder } from "fast-xml-parser";
import { describe, expect, it, test } from "vitest";
import { readServiceAnswer } from "./xml-answer.ts";

const root = "checkVerifiedContactMethods";
const inRoot = (inner: string) => `<${root}>${inner}</${root}>`;

describe("an answer of a service", () => {
  it("is read as the documentation prints it", () => {
    const printed = `<checkVerifiedContactMethods>
    <status>success</status>
    <methods>
        <method name="email" value="youremail@genesys.com"/>
        <method name="authenticator"/>
        <method name="SMS"/>
    </methods>
</checkVerifiedContactMethods>`;
    expect(readServiceAnswer(printed, root)).toEqual({
      status: "success",
      methods: [
        { name: "email", value: "youremail@genesys.com" },
        { name: "authenticator" },
        { name: "SMS" },
      ],
    });
    expect(
      readServiceAnswer(
        "<codeAuthentication><status>incorrect code</status></codeAuthentication>",
        "codeAuthentication",
      ),
    ).toEqual({ status: "incorrect code", methods: [] });
  });

  it("may begin with a declaration or a mark, hold comments, character data and escapes, and know more attributes", () => {
    const answers = [
      `<?xml version="1.0" encoding="UTF-8"?>\r\n${inRoot("<status>ok</status>")}`,
      `\uFEFF${inRoot("<status> ok </status>")}`,
      inRoot("<!-- a comment --><status><![CDATA[ok]]></status>"),
      inRoot('<status source="db">ok</status><other><status>no</status></other>'),
      inRoot("<status>&#111;&#x6b;</status>"),
      inRoot("<status>ok</status><methods/>"),
    ];
    for (const answer of answers) {
      expect(readServiceAnswer(answer, root), answer).toEqual({ status: "ok", methods: [] });
    }
    const listed = inRoot(
      '<status>ok</status><methods><method name="email" value="a&amp;b@example.com" x="1"/></methods>',
    );
    expect(readServiceAnswer(listed, root)?.methods).toEqual([{ name: "email", value: "a&b@example.com" }]);
  });

  it("keeps strings as they are, and of one name the first", () => {
    const listed = inRoot(
      '<status>007</status><methods><method name="SMS" value="012"/><method name="sms" value="x"/><method value="y"/><method name=""/></methods>',
    );
    expect(readServiceAnswer(listed, root)).toEqual({
      status: "007",
      methods: [{ name: "SMS", value: "012" }],
    });
  });

  test.each([
    ["nothing", ""],
    ["no XML", "success"],
    ["HTML", "<!doctype html><html><body>success</body></html>"],
    ["GEN-01 a document type", `<!DOCTYPE x>${inRoot("<status>success</status>")}`],
    [
      "GEN-01 an external entity",
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${inRoot("<status>&e;</status>")}`,
    ],
    ["GEN-02 a lower-case entity declaration", `<!entity e "success">${inRoot("<status>success</status>")}`],
    ["an open element", `<${root}><status>success</status>`],
    ["a wrong end", `<${root}><status>success</stat></${root}>`],
    ["another root", "<codeAuthentication><status>success</status></codeAuthentication>"],
    ["the root in other letters", inRoot("<status>success</status>").toLowerCase()],
    ["GEN-06 a prefix", `<x:${root} xmlns:x="y"><status>success</status></x:${root}>`],
    ["two roots", inRoot("<status>success</status>").repeat(2)],
    ["a root beside the root", `${inRoot("<status>success</status>")}<x/>`],
    ["no status", inRoot("<methods/>")],
    ["an empty status", inRoot("<status> </status>")],
    ["two statuses", inRoot("<status>success</status><status>error</status>")],
    ["a status of elements", inRoot("<status><x>success</x></status>")],
    ["an attribute twice", inRoot('<status a="1" a="2">success</status>')],
    ["GEN-05 a zero character", inRoot("<status>success\u0000</status>")],
    ["GEN-05 bytes that are no UTF-8", inRoot("<status>success\uFFFD</status>")],
    ["GEN-05 UTF-16 read as UTF-8", [...inRoot("<status>success</status>")].join("\u0000")],
    ["GEN-06 a comment in the status", inRoot("<status>suc<!-- -->cess</status>")],
    ["GEN-06 a comment behind the status", inRoot("<status>success<!-- x --></status>")],
    ["GEN-07 a dangerous name", inRoot("<status>success</status><__proto__>x</__proto__>")],
    [
      "GEN-03 many attributes",
      inRoot(`<status ${Array.from({ length: 50_000 }, (_, n) => `a${n}="1"`).join(" ")}>success</status>`),
    ],
    ["GEN-03 64 KiB and more", inRoot(`<status>success</status><!--${"x".repeat(65_536)}-->`)],
    ["GEN-03 deep nesting", inRoot(`<status>success</status>${"<a>".repeat(7000)}${"</a>".repeat(7000)}`)],
  ])("is refused: %s", (_, answer) => {
    expect(readServiceAnswer(answer, root)).toBeUndefined();
  });

  it("GEN-02, GEN-04, GEN-07: nothing is expanded, included, styled or inherited", () => {
    const laughing = inRoot("<status>&lol9;&lol9;</status>");
    expect(readServiceAnswer(laughing, root)?.status).toBe("&lol9;&lol9;");
    const including = inRoot(
      '<status>ok</status><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
    );
    expect(readServiceAnswer(`<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>${including}`, root)).toEqual({
      status: "ok",
      methods: [],
    });
    const inherited = inRoot("<status>ok</status><constructor><prototype>x</prototype></constructor>");
    expect([{ status: "ok", methods: [] }, undefined]).toContainEqual(readServiceAnswer(inherited, root));
    expect(({} as Record<string, unknown>)["prototype"]).toBeUndefined();
  });

  it("reads back whatever a builder of others writes, and never throws", () => {
    const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });
    const text = fc
      .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 })
      .filter((one) => one.trim() === one && !/[&;\t\n\r]/.test(one));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (status, values) => {
        const method = values.map((value, index) => ({ "@name": `m${index}`, "@value": value }));
        const answer = builder.build({ [root]: { status, methods: { method } } });
        expect(readServiceAnswer(answer, root)).toEqual({
          status,
          methods: values.map((value, index) => ({ name: `m${index}`, value })),
        });
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (answer) => {
        expect(() => readServiceAnswer(inRoot(answer), root)).not.toThrow();
      }),
    );
  });
});
