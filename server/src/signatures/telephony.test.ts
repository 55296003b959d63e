import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { isSignedBody, isSignedForm, type SignedRequest } from "./telephony.ts";

const form = "application/x-www-form-urlencoded";

function post(url: string, body: string, type = form): SignedRequest {
  return { url, headers: { "content-type": type }, body: Buffer.from(body) };
}

describe("a signed form", () => {
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const body =
    "Digits=1234&To=%2B18005551212&From=%2B14158675310&Caller=%2B14158675310&CallSid=CA1234567890ABCDE";
  const signature = "GvWf1cFY/Q7PnoempGyD5oXAezc=";

  it("is what the published vectors say", () => {
    expect(isSignedForm(post(url, body), "12345", signature)).toBe(true);
    const other = "CallSid=CA1&From=%2B15559870000&To=%2B15551230000";
    expect(
      isSignedForm(post("https://mfa.example.com/voice", other), "PSKtest", "KJsUZlp+ctM3IFwVQ96PN9Zk2jc="),
    ).toBe(true);
  });

  it("agrees with the vendor's own package, also about names given twice", () => {
    const word = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 6 })
      .map((text) => text.toWellFormed());
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("To", "Body", "Ü", "a"), word), { minLength: 1 }),
        (pairs) => {
          const byName = Map.groupBy(pairs, ([name]) => name);
          const parameters = Object.fromEntries(
            [...byName].map(([name, some]) => [name, some.map(([, value]) => value)]),
          );
          const theirs = twilio.getExpectedTwilioSignature("token", url, parameters);
          expect(isSignedForm(post(url, `${new URLSearchParams(pairs)}`), "token", theirs)).toBe(true);
          expect(
            isSignedForm(post(url, `${new URLSearchParams([...pairs, ["x", ""]])}`), "token", theirs),
          ).toBe(false);
        },
      ),
    );
  });

  it("WHK-01: no, empty, cut, lengthened and foreign signatures prove nothing", () => {
    const wrong = [
      undefined,
      "",
      "=",
      signature.slice(0, -1),
      `${signature}=`,
      `${signature}x`,
      signature.toLowerCase(),
    ];
    for (const one of wrong) expect([one, isSignedForm(post(url, body), "12345", one)]).toEqual([one, false]);
    expect(isSignedForm(post(url, body), "12346", signature)).toBe(false);
  });

  it("WHK-02: another path, host, scheme or query is another URL; the implied port is not", () => {
    for (const other of [
      "http://mycompany.com/myapp.php?foo=1&bar=2",
      "https://mycompany.com/myapp.php?foo=1&bar=3",
      "https://mycompany.com/other.php?foo=1&bar=2",
      "https://mycompany.org/myapp.php?foo=1&bar=2",
      "https://mycompany.com:8443/myapp.php?foo=1&bar=2",
    ])
      expect([other, isSignedForm(post(other, body), "12345", signature)]).toEqual([other, false]);
    const withPort = "https://mycompany.com:443/myapp.php?foo=1&bar=2";
    expect(isSignedForm(post(withPort, body), "12345", signature)).toBe(true);
    const theirs = twilio.getExpectedTwilioSignature("12345", withPort, {});
    expect(isSignedForm(post(url, ""), "12345", theirs)).toBe(true);
  });

  it("WHK-03: the order and spelling of parameters do not matter, their names and values do", () => {
    const reordered = body.split("&").reverse().join("&").replaceAll("%2B", "%2b");
    expect(isSignedForm(post(url, reordered), "12345", signature)).toBe(true);
    expect(isSignedForm(post(url, `${body}&Digits=1234`), "12345", signature)).toBe(true);
    for (const other of [
      `${body}&Digits=12345`,
      `${body}&x=`,
      body.replace("1234&", "123&"),
      body.replace("%2B", "+"),
      "",
    ])
      expect([other, isSignedForm(post(url, other), "12345", signature)]).toEqual([other, false]);
  });

  it("WHK-04: a body that is no form is proved by its digest in the URL", () => {
    const json = '{"a":1}';
    const digest = createHash("sha256").update(json).digest("hex");
    const named = `https://mfa.example.com/x?bodySHA256=${digest}`;
    const good = twilio.getExpectedTwilioSignature("k", named, {});
    expect(isSignedForm(post(named, json, "application/json"), "k", good)).toBe(true);
    expect(isSignedForm(post(named, '{"a":2}', "application/json"), "k", good)).toBe(false);
    const bare = "https://mfa.example.com/x";
    const forBare = twilio.getExpectedTwilioSignature("k", bare, {});
    expect(isSignedForm(post(bare, "", form), "k", forBare)).toBe(true);
    expect(isSignedForm(post(bare, json, "application/json"), "k", forBare)).toBe(false);
    expect(isSignedForm(post(bare, "Digits=1", "text/plain"), "k", forBare)).toBe(false);
  });
});

describe("a signed body", () => {
  const url = "https://mfa.example.com/swaig?x=1";
  const body = '{"function":"verify_mfa"}';
  const signature = "89aca0912be25a988e9c7e4fbef7f9bb5f7406f4";

  it("is what the published vector says, with and without the implied port", () => {
    expect(isSignedBody(post(url, body, "application/json"), "PSKtest", signature)).toBe(true);
    const withPort = createHmac("sha1", "k").update(`https://h:443/x${body}`).digest("hex");
    expect(isSignedBody(post("https://h/x", body), "k", withPort)).toBe(true);
  });

  it("WHK-01/02: is none with another key, URL, body or spelling", () => {
    const wrong: [SignedRequest, string, string | undefined][] = [
      [post(url, body), "PSKother", signature],
      [post("https://mfa.example.com/swaig?x=2", body), "PSKtest", signature],
      [post(url, `${body} `), "PSKtest", signature],
      [post(url, body), "PSKtest", signature.toUpperCase()],
      [post(url, body), "PSKtest", Buffer.from(signature, "hex").toString("base64")],
      [post(url, body), "PSKtest", undefined],
    ];
    for (const [request, key, given] of wrong) expect(isSignedBody(request, key, given)).toBe(false);
  });
});
