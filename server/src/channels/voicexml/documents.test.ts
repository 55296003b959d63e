import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XmlDocument, type XmlElement } from "libxml2-wasm";
import { describe, expect, it } from "vitest";
import { openVoicexmlSchema } from "../../../test/voicexml-schema.ts";
import type { Reply } from "../../dialogue/model.ts";
import type { Published } from "../channel.ts";
import { errorDocument, replyDocument } from "./documents.ts";
import type { VoicexmlSettings } from "./settings.ts";

const names = { v: "http://www.w3.org/2001/vxml" };
const settings: VoicexmlSettings = {
  access: "c",
  mediaType: "application/voicexml+xml",
  input: "keys",
  ending: "return",
  resultVariable: "path",
  returned: {},
  menuTimeoutSeconds: 8,
  codeTimeoutSeconds: 15,
  digitTimeoutSeconds: 5,
};
const published = (more: Partial<VoicexmlSettings> = {}) =>
  ({
    url: "https://mfa.example.com/channels/voicexml/p1",
    settings: { ...settings, ...more },
  }) as Published<VoicexmlSettings>;

const said: Reply["say"] = [
  { kind: "text", text: "We have sent a code to the number ending in " },
  { kind: "digits", digits: "42" },
  { kind: "pause", ms: 300 },
];
const common = { conversation: "v7Q2-a_b", step: 2, locale: "en", say: said, pace: "normal" } as const;
const code: Reply = { ...common, expect: { kind: "code", minDigits: 6, maxDigits: 6 } };
const menu: Reply = {
  ...common,
  pace: "slow",
  expect: {
    kind: "choice",
    options: [
      { key: "1", label: "e-mail", value: "email" },
      { key: "2", label: "<text> & message", value: "sms" },
    ],
  },
};
const done: Reply = {
  ...common,
  expect: { kind: "nothing" },
  done: { path: "incorrect code", verification: "0190-a", receipt: "eyJ.a_b-c.d", skipped: true },
};
const everything = { conversation: "tx", verification: "v", receipt: "proof", skipped: "skipped" };

const documents: readonly (readonly [string, string])[] = [
  ["a code", replyDocument(code, published())],
  [
    "a code of 4 to 10 digits, by voice too",
    replyDocument(
      { ...code, expect: { kind: "code", minDigits: 4, maxDigits: 10 } },
      published({ input: "keys_and_speech" }),
    ),
  ],
  ["a menu, slowly", replyDocument(menu, published())],
  ["a menu by voice too", replyDocument(menu, published({ input: "keys_and_speech" }))],
  ["the end by return", replyDocument(done, published({ returned: everything, resultVariable: "GiaPath" }))],
  ["the end by exit", replyDocument(done, published({ ending: "exit" }))],
  [
    "the end by submit",
    replyDocument(done, published({ ending: "submit", returnUrl: "https://ivr.example.com/a?b=1&c=2" })),
  ],
  [
    "a question, where the end is a submit",
    replyDocument(code, published({ ending: "submit", returnUrl: "https://ivr.example.com/" })),
  ],
  ["a failure", errorDocument(settings)],
  [
    "hostile words",
    replyDocument(
      { ...code, say: [{ kind: "text", text: `</prompt><exit/>"><x>'&\u0000\ud800]]>` }] },
      published(),
    ),
  ],
];

const schema = openVoicexmlSchema();

describe("VoiceXML documents", () => {
  it.skipIf(schema === undefined).each(documents)("%s: valid by the schema of the W3C", (_name, document) => {
    expect(schema?.problemsOf(document)).toEqual([]);
  });

  it.skipIf(schema === undefined)("the schema finds what is wrong", () => {
    const [, document] = documents[0]!;
    expect(schema?.problemsOf(document.replace('id="question"', 'id="digit"'))).not.toEqual([]);
    expect(schema?.problemsOf(document.replace("<field", "<return/><field"))).not.toEqual([]);
  });

  const installed = spawnSync("xmllint", ["--version"]).status === 0;
  it.skipIf(schema === undefined || !installed)("xmllint agrees", () => {
    const folder = mkdtempSync(join(tmpdir(), "countersign-voicexml-"));
    const files = documents.map(([, document], index) => {
      const file = join(folder, `${index}.vxml`);
      writeFileSync(file, document);
      return file;
    });
    const run = spawnSync("xmllint", ["--nonet", "--noout", "--schema", schema!.path, ...files]);
    expect([run.status, `${run.stderr}`.match(/ validates/g)?.length]).toEqual([0, documents.length]);
    rmSync(folder, { recursive: true });
  });

  it("ask for what the dialogue expects, one address per turn", () => {
    const parsed = XmlDocument.fromString(replyDocument(code, published()));
    const texts = (path: string) => parsed.find(path, names).map(({ content }) => content);
    expect(new Set(texts("//v:submit/@next"))).toEqual(
      new Set(["https://mfa.example.com/channels/voicexml/p1/t/v7Q2-a_b/2"]),
    );
    expect(texts("//v:say-as")).toEqual(["42"]);
    expect(texts("//v:rule[@id='pressed']//v:item/@repeat")).toEqual(["6"]);
    expect(texts("/v:vxml/@xml:lang")).toEqual(["en"]);
    parsed.dispose();
  });

  it("hand back the path and what else is wanted, under the names of the settings", () => {
    const text = replyDocument(done, published({ returned: everything, resultVariable: "GiaPath" }));
    const parsed = XmlDocument.fromString(text);
    const variables = parsed.find("//v:var", names).map((one) => {
      const element = one as XmlElement;
      return [element.attr("name")?.value, element.attr("expr")?.value];
    });
    expect(Object.fromEntries(variables)).toEqual({
      GiaPath: "'incorrect code'",
      tx: "'v7Q2-a_b'",
      v: "'0190-a'",
      proof: "'eyJ.a_b-c.d'",
      skipped: "'true'",
    });
    expect(parsed.get("//v:return/@namelist", names)?.content).toBe("GiaPath tx v proof skipped");
    parsed.dispose();
  });

  it("take no value that could leave its string", () => {
    const hostile = { ...done, done: { path: "x'; exit('" } };
    expect(() => replyDocument(hostile, published())).toThrow("cannot stand in a document");
  });

  it("WHK-11: words stay words", () => {
    const attack = `</prompt><exit/><audio src='http://evil.example/a.wav'/>\${OTP}`;
    const parsed = XmlDocument.fromString(
      replyDocument({ ...code, say: [{ kind: "text", text: attack }] }, published()),
    );
    expect(parsed.find("//v:exit|//v:audio", names)).toEqual([]);
    expect(parsed.get("//v:prompt", names)?.content).toBe(attack);
    parsed.dispose();
  });
});
