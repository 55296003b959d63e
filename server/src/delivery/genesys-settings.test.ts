import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { readGenesysSettings, withCredentials } from "./genesys-settings.ts";
import { httpGateway } from "./providers/http-gateway.ts";
import { smtp } from "./providers/smtp.ts";

const lines = `
# SMS
SMS.Method=POST
SMS.URL=https://sms.example/api/send?apikey=a%2Bb
SMS.RequestHeaders=\u201cContent-Type:application/json\u201d, \u201cAuthorization:Basic dXNlcjpwYXNz\u201d, "X-Url: https://a.example/?a=1,2"
SMS.RequestBody={"to":"[var:Recipient]","from":"[var:From]","text":"[var:Message]","id":"[var:MessageId]","password":"top"}
SMS.Timeout=4000
SMS.PlusSymbolBeforeRecipientNumber=false

Email.SMTP.Host=mail.example
Email.SMTP.Port=25
Some.Other.Setting=whatever
`;

describe("settings of Genesys Intelligent Automation", () => {
  it("become providers, with their secrets apart", () => {
    const { drafts, problems } = readGenesysSettings(lines);
    expect(problems).toEqual([]);
    const [gateway, mail] = drafts;
    expect(gateway).toMatchObject({ kind: "http-gateway", vias: ["sms"], missing: [] });
    expect(gateway?.settings).toEqual({
      method: "POST",
      url: `https://sms.example/api/send?apikey=\${secret:s1}`,
      timeoutMs: 4_000,
      plusPrefix: false,
      headers: [
        { name: "Content-Type", value: "application/json" },
        { name: "Authorization", credential: "genesys:header:authorization" },
        { name: "X-Url", value: "https://a.example/?a=1,2" },
      ],
      bodyTemplate: `{"to":"\${to}","from":"\${from}","text":"\${text}","id":"\${clientRef}","password":"\${secret:s2}"}`,
      contentType: "json",
      secrets: [
        { name: "s1", credential: "genesys:place:s1" },
        { name: "s2", credential: "genesys:place:s2" },
      ],
    });
    expect(gateway?.secrets.map(({ value }) => value)).toEqual(["a+b", "top", "Basic dXNlcjpwYXNz"]);
    expect(mail).toMatchObject({
      kind: "smtp",
      settings: { host: "mail.example", port: 25, security: "starttls" },
      missing: ["from"],
    });
  });

  it("satisfy the schemas of the providers once their credentials are stored", () => {
    const text = `${lines}\nEmail.SMTP.User=u\nEmail.SMTP.Password=p\nEmail.SMTP.Security=SSL\nEmail.SMTP.HeloName=h.example\nEmail.From=a@b.example`;
    const { drafts } = readGenesysSettings(text);
    const [gateway, mail] = drafts.map((draft) =>
      withCredentials(draft, (reference) => `id-of-${reference}`),
    );
    expect(Value.Check(httpGateway.settings, gateway)).toBe(true);
    expect(gateway).toMatchObject({
      headers: [{}, { credential: "id-of-genesys:header:authorization" }, {}],
    });
    expect(Value.Check(smtp.settings, mail)).toBe(true);
    expect(mail).toEqual({
      host: "mail.example",
      port: 25,
      security: "tls",
      user: "u",
      password: "id-of-genesys:smtp:password",
      heloName: "h.example",
      from: "a@b.example",
    });
    expect(JSON.stringify([gateway, mail])).not.toContain("dXNlcjpwYXNz");
  });

  it("may be JSON, flat or nested, or a properties file", () => {
    const url = "https://sms.example/?to=[var:Recipient]&text=[var:Message]";
    const flat = JSON.stringify({ "SMS.Method": "GET", "SMS.URL": url, "SMS.Timeout": 900 });
    const nested = JSON.stringify({ SMS: { Method: "get", URL: url, Timeout: 900, RequestBody: null } });
    const properties = `! comment\nsms.method : GET\nSMS.URL = https\\://sms.example/?to\\=[var:Recipient]\\\n   &text\\=[var:Message]\r\nSMS.Timeout=900`;
    const expected = {
      method: "GET",
      url: `https://sms.example/?to=\${to}&text=\${text}`,
      timeoutMs: 900,
      plusPrefix: true,
    };
    for (const text of [flat, nested, properties]) {
      expect(readGenesysSettings(text)).toMatchObject({ problems: [], drafts: [{ settings: expected }] });
    }
  });

  it.each([
    ["{}", "json"],
    ["<m>[var:Message][var:Recipient]</m>", "xml"],
    ["to=[var:Recipient]&text=[var:Message]", "form"],
    ["[var:Recipient] [var:Message]", "text"],
  ] as const)("guess the kind of the body %s", (body, kind) => {
    const url = "https://sms.example/?to=[var:Recipient]&text=[var:Message]";
    const { drafts } = readGenesysSettings(`SMS.URL=${url}\nSMS.RequestBody=${body}`);
    expect(drafts[0]?.settings).toMatchObject({ contentType: kind });
  });
});

describe("headers", () => {
  function headersOf(written: string) {
    const url = "https://sms.example/?to=[var:Recipient]&text=[var:Message]";
    const { drafts, problems } = readGenesysSettings(
      JSON.stringify({ "SMS.URL": url, "SMS.RequestHeaders": written }),
    );
    return problems.length > 0 ? problems : drafts[0]?.settings["headers"];
  }

  it.each([
    [
      '"A:1", "B:2"',
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    [
      "\u201cA:1\u201d,\u201cB: 2\u201d",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    ["\u201eA:1\u201c", [["A", "1"]]],
    [
      "A:1, B:x:y",
      [
        ["A", "1"],
        ["B", "x:y"],
      ],
    ],
    ['"A:1,2"', [["A", "1,2"]]],
    ['"A:"', [["A", ""]]],
    ['"A:[var:From]"', [["A", `\${from}`]]],
  ])("%s", (written, expected) => {
    expect(headersOf(written)).toEqual(expected.map(([name, value]) => ({ name, value })));
  });

  it("that are blank are none", () => {
    expect(headersOf("  ")).toBeUndefined();
  });

  it.each([
    '"A:1\r\nHost: x"',
    '"Host:x"',
    '"Content-Length:1"',
    '"Transfer-Encoding: chunked"',
    '"no colon"',
    '"A B:1"',
    '"A:1" "B:2"',
    '"A:1',
  ])("%j are refused (PRV-08)", (written) => {
    expect(headersOf(written)).toContainEqual(expect.objectContaining({ field: "SMS.RequestHeaders" }));
  });
});

describe("problems", () => {
  it("are all said at once, and then nothing is drafted", () => {
    const { drafts, problems } = readGenesysSettings(`
SMS.Method=DELETE
SMS.RequestBody=[var:Code] [var:Nobody] \${to}
SMS.RequestHeaders="Host:x"
SMS.Timeout=soon
SMS.PlusSymbolBeforeRecipientNumber=maybe
SMS.Colour=red
SMS.Timeout=5
Email.SMTP.Port=99999
Email.SMTP.Security=rot13
what is this
`);
    expect(drafts).toEqual([]);
    expect(problems.map(({ field }) => field).sort()).toEqual([
      "Email.SMTP.Host",
      "Email.SMTP.Port",
      "Email.SMTP.Security",
      "SMS.Colour",
      "SMS.Method",
      "SMS.PlusSymbolBeforeRecipientNumber",
      "SMS.RequestBody",
      "SMS.RequestBody",
      "SMS.RequestBody",
      "SMS.RequestHeaders",
      "SMS.Timeout",
      "SMS.Timeout",
      "SMS.URL",
      "line 11",
    ]);
  });

  it.each(["", "Some.Thing=1", "{not json", "[]"])("of the text %j are said too", (text) => {
    expect(readGenesysSettings(text).problems.length).toBeGreaterThan(0);
  });

  it("of what the text does not send are said", () => {
    const { problems } = readGenesysSettings("SMS.URL=https://sms.example/");
    expect(problems).toHaveLength(2);
  });
});
