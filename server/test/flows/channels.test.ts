import { XmlDocument } from "libxml2-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeIn, type InboxMessage, type OpenServer, openServer } from "../open-server.ts";
import { openVoicexmlSchema } from "../voicexml-schema.ts";

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

/** What a caller notices of one answer, whatever the platform. */
interface Heard {
  readonly said: string;
  readonly asked: "choice" | "code" | "nothing";
  readonly path?: string | undefined;
  readonly receipt?: string | undefined;
}

/** A platform with one call on it: it follows what the answers say and knows nothing else of us. */
interface Call {
  start(): Promise<Heard>;
  press(keys: string): Promise<Heard>;
  hush(): Promise<Heard>;
}

const form = { "content-type": "application/x-www-form-urlencoded" };

/** Where a public URL of ours is really served: the port is chosen when the server starts. */
function reached(url: string): string {
  return url.replace(server.countersign.config.publicUrl, server.url);
}

async function ask(url: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(reached(url), {
    method: "POST",
    headers: form,
    body: `${new URLSearchParams(parameters)}`,
  });
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return answer.text();
}

/** Values that XPath expressions find in a document. */
function valuesIn<Name extends string>(
  text: string,
  paths: Readonly<Record<Name, string>>,
): Record<Name, string | undefined> {
  const document = XmlDocument.fromString(text);
  const names = { v: "http://www.w3.org/2001/vxml" };
  const found = Object.entries<string>(paths).map(([name, path]) => [
    name,
    document.get(path, names)?.content,
  ]);
  document.dispose();
  return Object.fromEntries(found);
}

const schema = openVoicexmlSchema();

function voicexmlCall(url: string, subject: string): Call {
  let next = "";
  const follow = async (to: string, parameters: Readonly<Record<string, string>>): Promise<Heard> => {
    const text = await ask(to, parameters);
    expect(schema?.problemsOf(text) ?? []).toEqual([]);
    const found = valuesIn(text, {
      next: "//v:filled/v:submit/@next",
      code: "//v:rule[@id='pressed']//v:item/@repeat",
      said: "//v:prompt",
      path: "//v:form[@id='done']/v:var[@name='path']/@expr",
      receipt: "//v:form[@id='done']/v:var[@name='receipt']/@expr",
    });
    next = found.next ?? "";
    return {
      said: found.said ?? "",
      asked: next === "" ? "nothing" : found.code === undefined ? "choice" : "code",
      path: found.path?.replaceAll("'", ""),
      receipt: found.receipt?.replaceAll("'", ""),
    };
  };
  return {
    start: () => follow(url, { subject }),
    press: (keys) => follow(next, { event: "input", answer: [...keys].join(" ") }),
    hush: () => follow(next, { event: "noinput" }),
  };
}

function twimlCall(url: string, subject: string): Call {
  const call = { CallSid: `CA${subject}${Math.random()}`, From: "anonymous", To: "+18005551212" };
  let next = "";
  let silent = "";
  const follow = async (to: string, parameters: Readonly<Record<string, string>>): Promise<Heard> => {
    const text = await ask(to, { ...call, ...parameters });
    const found = valuesIn(text, {
      action: "//Gather/@action",
      redirect: "/Response/Redirect",
      digits: "//Gather/@numDigits",
      said: "//Say",
    });
    next = found.action ?? "";
    silent = found.redirect ?? "";
    if (next !== "") return { said: found.said ?? "", asked: found.digits === "1" ? "choice" : "code" };
    const result = new URL(silent).searchParams;
    const receipt = result.get("receipt") ?? undefined;
    return { said: found.said ?? "", asked: "nothing", path: result.get("path") ?? "", receipt };
  };
  return {
    start: () => follow(`${url}&subject=${subject}`, {}),
    press: (keys) => follow(next, { Digits: keys }),
    hush: () => follow(silent, {}),
  };
}

function swmlCall(url: string, subject: string): Call {
  const call_id = `call-${subject}-${Math.random()}`;
  let request: { url: string; headers: Record<string, string> };
  let step = "";
  const follow = async (body: object): Promise<Heard> => {
    const { url: to, headers } = request;
    const answer = await fetch(reached(to), {
      method: "POST",
      headers,
      body: JSON.stringify({ call_id, ...body }),
    });
    const said = (await answer.json()) as Record<string, string>;
    step = `${said["step"]}`;
    const kind = said["kind"] as "choice" | "code" | "done";
    return {
      said: said["say"] ?? "",
      asked: kind === "done" ? "nothing" : kind,
      path: said["path"],
      receipt: said["receipt"],
    };
  };
  return {
    start: async () => {
      const body = JSON.stringify({ call: { call_id }, params: { subject } });
      const answer = await fetch(reached(url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const document = (await answer.json()) as {
        sections: { main: { request?: typeof request & { body: object } }[] };
      };
      const first = document.sections.main.find((method) => method.request !== undefined)!.request!;
      request = first;
      return follow({ ...first.body, call_id, from: "anonymous", to: "" });
    },
    press: (value) => follow({ event: "match_digits", value, step }),
    hush: () => follow({ event: "no_input", step }),
  };
}

function chatCall(url: string, subject: string): Call {
  const conversation = `bot-${subject}-${Math.random()}`;
  let step: number | undefined;
  const follow = async (more: object): Promise<Heard> => {
    const answer = await fetch(reached(url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.demo.apiKey}` },
      body: JSON.stringify({ conversation, step, ...more }),
    });
    const said = (await answer.json()) as {
      say: string;
      step: number;
      expect: { kind: Heard["asked"] };
      done?: { path: string; receipt?: string };
    };
    step = said.step;
    return { said: said.say, asked: said.expect.kind, path: said.done?.path, receipt: said.done?.receipt };
  };
  return {
    start: () => follow({ subject }),
    press: (input) => follow({ input }),
    hush: () => follow({ input: { event: "silence" } }),
  };
}

const channels = { voicexml: voicexmlCall, twiml: twimlCall, swml: swmlCall, chat: chatCall };
type Name = keyof typeof channels;
const names = Object.keys(channels) as Name[];

/** A person with two methods, so that no call waits for another's messages. */
async function addPerson(name: Name): Promise<string> {
  const externalId = `${name}-${Math.random()}`;
  const number = `+1202555${String(1000 + names.indexOf(name) + made).slice(-4)}`;
  made += 10;
  const body = { externalId, email: `${externalId}@example.com`, phone: number, locale: "en" };
  expect((await server.api.post("/v1/users", body)).status).toBe(201);
  return externalId;
}
let made = 100;

async function callOf(name: Name): Promise<Call> {
  const { demo, api } = server;
  const { id, url } = demo.publications[name]!;
  const path = `/v1/apps/${demo.app}/publications/${id}`;
  const { body } = await api.get<{ settings: object }>(path);
  const extra = {
    voicexml: { returned: { receipt: "receipt" } },
    twiml: { returnUrl: "https://ivr.example.com/after" },
  };
  const settings = {
    ...body.settings,
    methods: ["email", "sms"],
    ...(name in extra && extra[name as keyof typeof extra]),
  };
  expect((await api.patch(path, { settings })).status).toBe(200);
  return channels[name](url, await addPerson(name));
}

/** The newest message of all, once it is there. */
async function newestMessage(): Promise<InboxMessage> {
  const { body } = await server.api.get<{ messages: InboxMessage[] }>("/v1/inbox?limit=1");
  return body.messages[0]!;
}

describe.each(names)("a call by %s", (name) => {
  it("chooses, errs, is silent, and proves it; the receipt says so", async () => {
    const call = await callOf(name);
    expect(await call.start()).toMatchObject({ asked: "choice", said: expect.stringContaining("1") });
    expect(await call.hush()).toMatchObject({ asked: "choice" });
    expect(await call.press("2")).toMatchObject({ asked: "code" });
    const message = await newestMessage();
    expect(message.via).toBe("sms");
    const code = codeIn(message);
    const wrong = code === "123456" ? "654321" : "123456";
    expect(await call.press(wrong)).toMatchObject({ asked: "code" });
    const end = await call.press(code);
    expect(end).toMatchObject({ asked: "nothing", path: "success" });
    const consumed = await server.api.post("/v1/receipts/consume", { receipt: end.receipt });
    expect(consumed.status).toBe(200);
  });

  it("goes the agent's way when nothing is right", async () => {
    const call = await callOf(name);
    await call.start();
    let heard = await call.press("1");
    for (let tries = 0; heard.asked === "code" && tries < 12; tries += 1) heard = await call.press("000000");
    expect(heard).toMatchObject({ asked: "nothing", path: "agent" });
    expect(heard.receipt ?? "").toBe("");
  });
});

it("a chat's end users ask for no more messages than the send rules grant one address and one network", async () => {
  const { demo, api } = server;
  const made = await api.post<{ url: string }>(`/v1/apps/${demo.app}/publications`, {
    name: "A web page's chat",
    channel: "chat",
    policy: { sending: { sendsPerSource: 2, sendsPerNetwork: 3 } },
    settings: { methods: ["sms"] },
  });
  expect(made.status).toBe(201);
  const outcome = async (source: string | undefined) => {
    const answer = await fetch(reached(made.body.url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${demo.apiKey}` },
      body: JSON.stringify({
        conversation: `web-${Math.random()}`,
        subject: await addPerson("chat"),
        source,
      }),
    });
    const { expect: asked, done } = (await answer.json()) as {
      expect: { kind: string };
      done?: { path: string };
    };
    return done?.path ?? asked.kind;
  };
  const sources = ["198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7", "198.51.100.8", "198.51.100.9"];
  const told: string[] = [];
  for (const source of [...sources, "203.0.113.1", undefined]) told.push(await outcome(source));
  expect(told).toEqual(["code", "code", "agent", "code", "agent", "code", "code"]);
});
