import { describe, expect, it } from "vitest";
import { elementNames } from "../../../test/xml-names.ts";
import type { ChannelRequest } from "../channel.ts";
import { type ChannelFixture, describeChannel, publishedBy, toolsOf } from "../contract.ts";
import { answerOf } from "./answers.ts";
import { genesys } from "./genesys.ts";
import { readParameters } from "./request.ts";
import type { GenesysSettings } from "./settings.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const form = { "content-type": "application/x-www-form-urlencoded" };
const xml = { "content-type": "text/xml; charset=utf-8" };
const post = (body: string, headers: ChannelRequest["headers"] = form, query = ""): ChannelRequest => ({
  method: "POST",
  path: "/codeAuthentication",
  query,
  headers,
  body: bytes(body),
});
const key = "correct horse battery";

const fixture: ChannelFixture<GenesysSettings> = {
  channel: genesys,
  settings: { access: "c1" },
  secrets: { c1: key },
  requests: [
    { ...post("CustomerID=1001"), path: "/checkVerifiedContactMethods" },
    { ...post("CustomerID=1001&TwoFactorAuthSelectedMethod=SMS"), path: "/sendAuthenticationCode" },
    post("CustomerID=1001&authCode_nbest1=012345"),
  ],
  prove: (request) => ({ ...request, headers: { ...request.headers, "x-api-key": key } }),
  namesIn: ({ body }) => elementNames(body),
};
describeChannel(fixture);

const published = publishedBy(fixture);

describe("genesys: settings", () => {
  it.each([
    [["CustomerID", "customerid"], "customerKeys: a name is given twice."],
    [["AuthCode_nbest1"], "customerKeys: AuthCode_nbest1 has a meaning already."],
  ])("%j", (customerKeys, problem) => {
    expect(genesys.validate?.({ ...published.settings, customerKeys })).toEqual([problem]);
  });
});

describe("genesys: parameters", () => {
  const read = (request: ChannelRequest) => {
    const { get, session } = readParameters(request);
    return { customer: get("CustomerID"), code: get("authCode_nbest1"), session };
  };

  it("of query and body together, the body first, in any case", () => {
    const query = "CUSTOMERID=a&sessionid=S-1";
    const expected = { customer: "b c", code: "012345", session: "S-1" };
    expect(read(post("customerId=b+c&AuthCode_NBest1=012345", form, query))).toEqual(expected);
  });

  it("of an XML body, as the strings that they are", () => {
    const body =
      '\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<request><CustomerID>a &amp; &lt;b&gt; &#xe4;</CustomerID><authCode_nbest1> 012345 </authCode_nbest1><Empty/></request>';
    expect(read(post(body, xml, "SessionID=S-2"))).toEqual({
      customer: "a & <b> ä",
      code: "012345",
      session: "S-2",
    });
    expect(read(post("", xml))).toEqual({});
    expect(read(post("<request/>", xml))).toEqual({});
    expect(
      read(post("<r><authCode_nbest1>1e5</authCode_nbest1></r>", { "content-type": "application/xml" })),
    ).toEqual({
      code: "1e5",
    });
  });

  it.each([
    ["a name twice, in other letters", post("CustomerID=a&customerid=b"), 400],
    ["an element twice", post("<r><a>1</a><a>2</a></r>", xml), 400],
    ["elements that differ in case only", post("<r><a>1</a><A>2</A></r>", xml), 400],
    ["elements within elements", post("<r><a><b>1</b></a></r>", xml), 400],
    ["text beside elements", post("<r>x<a>1</a></r>", xml), 400],
    ["a root without elements", post("<r>x</r>", xml), 400],
    ["a second root", post("<r/><s/>", xml), 400],
    ["an unclosed element", post("<r><a>1</r>", xml), 400],
    ["an id of a call with a line break", post("SessionID=a%0Ab"), 400],
    ["another type of body", post("{}", { "content-type": "application/json" }), 415],
    ["another charset", post("<r/>", { "content-type": "text/xml; charset=utf-16" }), 415],
  ])("refuses %s", (_name, request, status) => {
    expect(() => readParameters(request)).toThrow(expect.objectContaining({ status }));
  });
});

describe("genesys: answers", () => {
  it("have the names and words of the MicroApp, byte by byte", () => {
    const methods = [
      { name: "email", value: "youremail@genesys.com" },
      { name: "authenticator" },
      { name: "SMS" },
    ] as const;
    expect(answerOf("checkVerifiedContactMethods", { status: "success", methods })).toEqual({
      status: 200,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body: '<?xml version="1.0" encoding="UTF-8"?><checkVerifiedContactMethods><status>success</status><methods><method name="email" value="youremail@genesys.com"/><method name="authenticator"/><method name="SMS"/></methods></checkVerifiedContactMethods>',
    });
    expect(answerOf("codeAuthentication", { status: "incorrect code" }).body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><codeAuthentication><status>incorrect code</status></codeAuthentication>',
    );
  });

  it("what cannot be read is the status error of the service that was asked", async () => {
    const answer = await genesys.handle(post("<!DOCTYPE a><a/>", xml), published, toolsOf(fixture));
    expect(answer).toMatchObject({
      status: 400,
      body: '<?xml version="1.0" encoding="UTF-8"?><codeAuthentication><status>error</status></codeAuthentication>',
    });
    const put = await genesys.handle({ ...post(""), method: "GET" }, published, toolsOf(fixture));
    expect([put.status, put.headers["allow"]]).toEqual([405, "POST"]);
  });

  it("a failure of ours is told under the root of the service that was asked", () => {
    expect(genesys.fail(published, post("")).body).toContain(
      "<codeAuthentication><status>error</status></codeAuthentication>",
    );
  });
});
