import { createHmac } from "node:crypto";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { openVoicexmlSchema } from "../../../../test/voicexml-schema.ts";
import { chatCall } from "./chat.ts";
import { type Heard, openLine } from "./line.ts";
import type { Act, Calling, WebRequest } from "./model.ts";
import { signedBySignalwire, signedByTwilio } from "./signing.ts";
import { heardText, spokenWords } from "./speech.ts";
import { swmlCall } from "./swml/call.ts";
import { twimlCall } from "./twiml.ts";
import { callingFlow, voicexmlCall } from "./voicexml/browser.ts";
import { openWeb, type Web } from "./web.ts";

/** A web of a few pages. A page is asked by its path; what was asked is kept. */
function webOf(pages: Readonly<Record<string, string>>, type: string) {
  const asked: WebRequest[] = [];
  const web: Web = async (request) => {
    asked.push(request);
    const body = pages[new URL(request.url).pathname];
    return { status: body === undefined ? 404 : 200, type, body: body ?? "", url: request.url };
  };
  return { web, asked };
}

const keys = (pressed: string): Act => ({ kind: "keys", keys: pressed });
const silence: Act = { kind: "silence" };
const hangup: Act = { kind: "hangup" };

async function play(calling: Calling, web: Web, acts: readonly Act[]): Promise<Heard> {
  const line = openLine(calling, web);
  let heard = await line.dial();
  for (const act of acts) heard = await line.act(act);
  return heard;
}

const vxml = (content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<vxml version="2.1" xmlns="http://www.w3.org/2001/vxml" xml:lang="en-US">${content}</vxml>`;

const digits = `<grammar version="1.0" mode="dtmf" root="code" type="application/srgs+xml">
  <rule id="digit"><one-of>${Array.from("0123456789", (one) => `<item>${one}</item>`).join("")}</one-of></rule>
  <rule id="code" scope="public"><item repeat="4-6"><ruleref uri="#digit"/></item></rule>
</grammar>`;

const question = (more = "") =>
  vxml(`<property name="timeout" value="8s"/><form id="ask">
    <var name="event" expr="'input'"/>
    <catch event="connection.disconnect"><assign name="event" expr="'hangup'"/><submit next="/done" method="post" namelist="event"/></catch>
    <catch event="error"><var name="path" expr="'error'"/><return namelist="path"/></catch>
    <field name="code">${digits}
      <prompt>Ends in <say-as interpret-as="vxml:digits">42</say-as>. Your code?</prompt>
      <noinput count="1">Please press the code.<reprompt/></noinput>
      <noinput count="2"><assign name="event" expr="'noinput'"/><submit next="/done" method="post" namelist="event"/></noinput>
      <nomatch><assign name="event" expr="'nomatch'"/><submit next="/done" method="post" namelist="event"/></nomatch>
      <filled>${more}<submit next="/done" method="post" namelist="event code"/></filled>
    </field></form>`);

const done = vxml(`<form id="done"><var name="path" expr="'success'"/>
  <block><prompt>Thank you.</prompt><return namelist="path"/></block></form>`);

const url = "http://ivr.example/start";
const given = { subject: "cust-1001" };

describe("VoiceXML, by its specification", () => {
  const pages = { "/start": question(), "/done": done };
  const call = (acts: readonly Act[], more: Readonly<Record<string, string>> = {}) => {
    const { web, asked } = webOf({ ...pages, ...more }, "application/voicexml+xml");
    return play(voicexmlCall({ url, given }), web, acts).then((heard) => ({ heard, asked }));
  };

  it("a sub-dialogue is called with a form, says its prompt and listens", async () => {
    const { heard, asked } = await call([]);
    expect(asked).toMatchObject([{ method: "POST", url, body: "subject=cust-1001" }]);
    expect(heardText(heard.sounds)).toBe("Ends in 4 2. Your code?");
    expect(heard.listening).toMatchObject({ timeoutMs: 8_000 });
  });

  it.each([
    ["a whole input", [keys("123456")], "event=input&code=1+2+3+4+5+6"],
    ["a shorter one, ended by its key", [keys("1234#")], "event=input&code=1+2+3+4"],
    ["a shorter one, and then nothing", [keys("1234")], "event=input&code=1+2+3+4"],
    ["too few keys", [keys("12#")], "event=nomatch"],
    ["a key that fits nothing", [keys("*")], "event=nomatch"],
    ["hanging up", [hangup], "event=hangup"],
    ["silence, once and again", [silence, silence], "event=noinput"],
  ])("%s", async (_name, acts, body) => {
    const { heard, asked } = await call(acts);
    expect(asked.at(-1)).toMatchObject({ method: "POST", url: "http://ivr.example/done", body });
    expect(heard.ended).toEqual({ how: "returned", values: { path: "success" } });
  });

  it("a handler without a way out asks again, and its count chooses among handlers", async () => {
    const { heard } = await call([silence]);
    expect(heardText(heard.sounds)).toBe("Please press the code. Ends in 4 2. Your code?");
  });

  it.each([
    ["another status", { "/done": undefined }],
    ["no XML", { "/done": "<vxml" }],
    ["an element that nobody knows", { "/done": vxml("<form><block><dance/></block></form>") }],
    ["a document type", { "/done": `<!DOCTYPE vxml>${done}` }],
    ["another language", { "/done": "<Response/>" }],
  ])("%s is an event in the document that asked", async (_name, more) => {
    const { heard } = await call([keys("123456")], more as Record<string, string>);
    expect(heard.ended).toEqual({ how: "returned", values: { path: "error" } });
  });

  it("conditions, variables and jumps in a document", async () => {
    const start = vxml(`<var name="tries" expr="1"/><form id="first"><block>
      <if cond="tries == 2">two<elseif cond="tries == 1 &amp;&amp; !false"/>one<else/>none</if>
      <assign name="tries" expr="tries + 1"/><goto next="#second"/></block></form>
      <form id="second"><block>tries <value expr="tries"/><return expr="'kept'"/></block></form>`);
    const { heard } = await call([], { "/start": start });
    expect(heardText(heard.sounds)).toBe("one tries 2");
    expect(heard.ended?.values).toEqual({ result: "kept" });
  });

  it.each([
    ["a variable that was never declared", `<submit next="/done" namelist="nothing"/>`],
    ["one without a value", `<var name="empty"/><submit next="/done" namelist="empty"/>`],
    ["an expression that is a program", `<assign name="event" expr="alert(1)"/>`],
  ])("%s is an error of its own document", async (_name, content) => {
    const { heard, asked } = await call([keys("123456")], { "/start": question(content) });
    expect(heard.ended?.values).toEqual({ path: "error" });
    expect(asked).toHaveLength(1);
  });

  it("the calling flow and the documents of this test are valid by the W3C's schema", () => {
    const schema = openVoicexmlSchema();
    for (const document of [callingFlow(`${url}?a=1&b=<">`, given), question(), done]) {
      expect(schema?.problemsOf(document) ?? []).toEqual([]);
    }
  });

  it("an error that nobody catches ends the call", async () => {
    const { heard } = await call([], {
      "/start": vxml(`<form><block><throw event="error.own"/></block></form>`),
    });
    expect(heard.ended).toMatchObject({ how: "failed", why: "error.own" });
  });
});

describe("TwiML, by its documentation", () => {
  const plan = {
    url: "http://ivr.example/start?a=1",
    callSid: "CA1",
    from: "+14158675309",
    to: "+18005551212",
  };
  const gather = (attributes: string, more = "") =>
    `<?xml version="1.0"?><Response><Gather action="http://ivr.example/next" ${attributes}><Say>Code?</Say></Gather>${more}</Response>`;
  const end = "<Response><Say>Bye.</Say><Hangup/></Response>";
  const call = async (start: string, acts: readonly Act[], more = {}) => {
    const { web, asked } = webOf({ "/start": start, "/next": end, "/silent": end, ...more }, "text/xml");
    return { heard: await play(twimlCall(plan), web, acts), asked };
  };
  const posted = (request: WebRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));

  it.each([
    ['numDigits="6" finishOnKey="#"', "12#", "12"],
    ['numDigits="2"', "12", "12"],
    ['finishOnKey="*"', "12*", "12"],
    ['numDigits="3" finishOnKey=""', "1#2", "1#2"],
  ])("<Gather %s> with %s posts %s", async (attributes, pressed, Digits) => {
    const { asked, heard } = await call(gather(attributes), [keys(pressed)]);
    expect(asked[0]).toMatchObject({ method: "POST", url: plan.url });
    expect(posted(asked[1])).toMatchObject({ CallSid: "CA1", From: "+14158675309", Digits });
    expect(heard.ended?.how).toBe("hung_up");
  });

  it("silence goes to the action only where the document says so, else to the verb behind", async () => {
    const redirect = `<Redirect method="POST">http://ivr.example/silent</Redirect>`;
    const without = await call(gather("", redirect), [silence]);
    expect(without.asked[1]?.url).toBe("http://ivr.example/silent");
    const { asked } = await call(gather('actionOnEmptyResult="true"', redirect), [silence]);
    expect([asked[1]?.url, posted(asked[1])["Digits"]]).toEqual(["http://ivr.example/next", ""]);
  });

  it("keys for which there is no room yet wait for the next question", async () => {
    const { asked } = await call(gather('numDigits="1"'), [keys("*2")], { "/next": gather('numDigits="1"') });
    expect(asked.slice(1, 3).map((one) => posted(one)["Digits"])).toEqual(["*", "2"]);
  });

  it.each([
    ["<Response><Dial>+15005550006</Dial></Response>", { how: "put_through", to: "+15005550006" }],
    [
      "<Response><Redirect>https://crm.example/after?path=agent</Redirect></Response>",
      { how: "went_on", to: "https://crm.example/after", values: { path: "agent" } },
    ],
    ["<Response><Enqueue>support</Enqueue></Response>", { how: "failed" }],
    ["<Response><Say><script/></Say></Response>", { how: "failed" }],
    ["not XML", { how: "failed" }],
  ])("%s", async (start, ended) => {
    expect((await call(start, [])).heard.ended).toMatchObject(ended);
  });

  it("signs as the vendor's own package checks it", () => {
    const request = {
      method: "POST",
      url: "https://mfa.example.com/x?a=1&b=2",
      headers: {},
      body: `${new URLSearchParams({ To: "+1", CallSid: "C", From: "ä b" })}`,
    } as const;
    const { headers } = signedByTwilio(request, "token");
    const parameters = Object.fromEntries(new URLSearchParams(request.body));
    const proof = headers["x-twilio-signature"] ?? "";
    expect(twilio.validateRequest("token", proof, request.url, parameters)).toBe(true);
  });
});

describe("SWML, by its documentation", () => {
  const plan = {
    url: "http://ivr.example/start",
    callId: "c1",
    from: "+14158675309",
    to: "+1",
    params: given,
  };
  const document = (...main: object[]) => JSON.stringify({ version: "1.0.0", sections: { main } });
  const call = async (start: string, acts: readonly Act[] = [], more = {}) => {
    const { web, asked } = webOf({ "/start": start, ...more }, "application/json");
    return { heard: await play(swmlCall(plan), web, acts), asked };
  };

  it("asks, keeps the answer, chooses, jumps and returns", async () => {
    const start = document(
      { label: "again" },
      { prompt: { play: `say:From \${call.from}`, max_digits: 4, terminators: "#", initial_timeout: 8 } },
      {
        request: {
          url: "http://ivr.example/turn",
          save_variables: true,
          body: { got: `\${prompt_value}`, at: `\${request_response.step}` },
        },
      },
      {
        switch: {
          variable: "request_response.kind",
          case: {
            more: [{ goto: { label: "again", max: 2 } }],
            done: [{ return: { path: `\${request_response.path}` } }],
          },
          default: [{ hangup: {} }],
        },
      },
    );
    const { heard, asked } = await call(start, [keys("12#"), keys("3456"), silence], {
      "/turn": '{"kind":"more","step":7}',
    });
    const bodies = asked.map(({ body }) => JSON.parse(body ?? "{}"));
    expect(bodies[0]).toMatchObject({ call: { call_id: "c1", from: "+14158675309" }, params: given });
    // A variable that stands alone keeps its type; silence leaves the answer before.
    expect(bodies.slice(1)).toEqual([
      { got: "12", at: "" },
      { got: "3456", at: 7 },
      { got: "3456", at: 7 },
    ]);
    expect(heard.ended).toEqual({ how: "returned", values: {} });
    const over = await call(start, [keys("1#")], { "/turn": '{"kind":"done","path":"success"}' });
    expect(over.heard.ended).toEqual({ how: "returned", values: { path: "success" } });
    const failing = await call(start, [keys("1#")]);
    expect(failing.heard.ended?.how).toBe("hung_up");
  });

  it.each([
    [document({ connect: { to: "+15005550006" } }), { how: "put_through", to: "+15005550006" }],
    [document({ teleport: {} }), { how: "failed" }],
    ['{"sections":{"main":[]}}', { how: "failed" }],
    ["{", { how: "failed" }],
  ])("%s", async (start, ended) => {
    expect((await call(start)).heard.ended).toMatchObject(ended);
  });

  it("signs JSON by URL and body", () => {
    const request = { method: "POST", url: "https://mfa.example.com/x", headers: {}, body: "{}" } as const;
    const expected = createHmac("sha1", "key").update("https://mfa.example.com/x{}").digest("hex");
    expect(signedBySignalwire(request, "key").headers).toEqual({ "x-signalwire-signature": expected });
  });
});

it("a bot that is refused goes no further", async () => {
  const { web } = webOf({}, "application/json");
  const heard = await play(chatCall({ url, key: "k", id: "c" }), web, []);
  expect(heard.ended).toMatchObject({ how: "failed", why: expect.stringContaining("404") });
});

describe("the web of a platform", () => {
  const counted = (cacheControl: string) => {
    const seen: { url: string; headers: Headers }[] = [];
    const answering = async (target: unknown, init?: RequestInit) => {
      seen.push({ url: String(target), headers: new Headers(init?.headers) });
      return new Response("x", {
        headers: { "cache-control": cacheControl, "content-type": "Text/XML; charset=utf-8" },
      });
    };
    let now = 0;
    const web = openWeb({ fetch: answering as typeof fetch, now: () => now });
    return { web, seen, pass: (ms: number) => (now += ms) };
  };
  const get = { method: "GET", url: "http://user:pa%20ss@ivr.example/x", headers: {} } as const;

  it("keeps what it may keep, and never what is posted", async () => {
    const { web, seen, pass } = counted("max-age=60");
    await web(get);
    expect(await web(get)).toMatchObject({ status: 200, type: "text/xml" });
    expect(seen).toHaveLength(1);
    pass(60_000);
    await web(get);
    await web({ ...get, method: "POST", body: "a=1" });
    await web({ ...get, method: "POST", body: "a=1" });
    expect(seen).toHaveLength(4);
    const other = counted("no-store, max-age=60");
    await other.web(get);
    await other.web(get);
    expect(other.seen).toHaveLength(2);
  });

  it("a login of an address becomes a header", async () => {
    const { web, seen } = counted("no-store");
    await web(get);
    expect(seen[0]?.url).toBe("http://ivr.example/x");
    expect(seen[0]?.headers.get("authorization")).toBe(
      `Basic ${Buffer.from("user:pa ss").toString("base64")}`,
    );
  });

  it("what does not answer has no status", async () => {
    const web = openWeb({ fetch: () => Promise.reject(new TypeError("fetch failed")), now: () => 0 });
    expect(await web(get)).toMatchObject({ status: 0, body: "" });
  });
});

it("words are compared as an ear compares them", () => {
  expect(spokenWords("Ending in 4, 2; press 1. For…")).toBe(spokenWords("ending in 42, press 1 for"));
  expect(spokenWords("press 1")).not.toBe(spokenWords("press 2"));
  expect(spokenWords("ending in 42")).not.toBe(spokenWords("ending in 4 digits: 2"));
});
