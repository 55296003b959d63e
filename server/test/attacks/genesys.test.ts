import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { XmlDocument, type XmlElement } from "libxml2-wasm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerOf } from "../../src/channels/genesys/answers.ts";
import type { Publication } from "../../src/engine/settings.ts";
import { type Arena, openArena, type Person, wrongFor } from "./arena.ts";
import { type AuthenticatorApp, enrollApp } from "./authenticator-app.ts";

/** The attack list of the Genesys XML web services, by its ids. */
let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

type Service = "checkVerifiedContactMethods" | "sendAuthenticationCode" | "codeAuthentication";
type Fields = Readonly<Record<string, string>>;

interface Answer {
  readonly http: number;
  readonly type: unknown;
  readonly root: string;
  readonly status: string;
  readonly methods: readonly Readonly<Record<string, string>>[];
  readonly body: string;
}

interface Raw {
  readonly method?: "GET" | "POST" | "PUT" | "HEAD";
  readonly query?: string;
  readonly headers?: Fields;
  readonly payload?: string | Buffer;
}

const xmlType = { "content-type": "text/xml" };
const form = { "content-type": "application/x-www-form-urlencoded" };

/** A flow of Genesys with its key, on one publication. */
interface Flow {
  readonly id: string;
  raw(service: string, request: Raw): Promise<Answer>;
  check(fields: Fields): Promise<Answer>;
  send(fields: Fields): Promise<Answer>;
  verify(fields: Fields): Promise<Answer>;
}

function flowAt(id: string, key: string | undefined): Flow {
  const raw = async (service: string, { method = "POST", query, headers, payload }: Raw) => {
    const answer = await arena.server.app.inject({
      method,
      url: `/channels/genesys/${id}/${service}${query === undefined ? "" : `?${query}`}`,
      headers: { ...(key !== undefined && { "x-api-key": key }), ...headers },
      ...(payload !== undefined && { payload }),
    });
    return readAnswer(answer.statusCode, answer.headers["content-type"], answer.body);
  };
  const post = (service: Service) => (fields: Fields) =>
    raw(service, { headers: form, payload: `${new URLSearchParams(fields)}` });
  return {
    id,
    raw,
    check: post("checkVerifiedContactMethods"),
    send: post("sendAuthenticationCode"),
    verify: post("codeAuthentication"),
  };
}

/** As libxml2 reads it; an answer that it cannot read is a failed test. */
function readAnswer(http: number, type: unknown, body: string): Answer {
  if (body === "") return { http, type, root: "", status: "", methods: [], body };
  const document = XmlDocument.fromString(body);
  try {
    const methods = document.find("//method").map((node) => {
      const { attrs } = node as XmlElement;
      return Object.fromEntries(attrs.map(({ name, value }) => [name, value]));
    });
    const status = document.get("/*/status")?.content ?? "";
    return { http, type, root: document.root.name, status, methods, body };
  } finally {
    document.dispose();
  }
}

/** A publication of its own, with the demo's key. */
async function publish(settings: object = {}): Promise<Flow> {
  const { id, key } = arena.demo.publications["genesys"]!;
  const known = (await arena.server.store.settings.publication(id)) as Publication;
  const { body, status } = await arena.admin.post(`/v1/apps/${arena.demo.app}/publications`, {
    name: `Genesys ${Math.random()}`,
    channel: "genesys",
    settings: { access: known.settings["access"], ...settings },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return flowAt(body.id, key);
}

/** The demo's own publication. */
function demoFlow(key: string | undefined = arena.demo.publications["genesys"]!.key): Flow {
  return flowAt(arena.demo.publications["genesys"]!.id, key);
}

const messages = () => arena.server.inbox.list(arena.demo.organization, { limit: 10_000 });
const messagesTo = ({ phone, email }: Person) => messages().filter(({ to }) => to === phone || to === email);

async function newestCode(person: Person): Promise<string> {
  const [newest] = messagesTo(person);
  const code = await arena.codeOf(newest?.verification ?? "");
  secrets.push(code, person.phone, person.email);
  return code;
}

/** What nobody may read anywhere but on the simulated phone. */
const secrets: string[] = [];

let calls = 0;
const session = () => {
  calls += 1;
  return `call-${calls}`;
};

const refusedBodies = async (
  flow: Flow,
  payloads: readonly (string | Buffer)[],
  headers: Fields = xmlType,
) => {
  const answers = await Promise.all(
    payloads.map((payload) => flow.raw("codeAuthentication", { headers, payload })),
  );
  return answers.map(({ http, root, status }) => [http, root, status]);
};
const refused = [400, "codeAuthentication", "error"];

const inner = "<CustomerID>1001</CustomerID><authCode_nbest1>123456</authCode_nbest1>";

test("GEN-01: document types, external and parameter entities are refused; nothing is read or fetched", async () => {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  const flow = demoFlow();
  const payloads = [
    `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><CustomerID>&x;</CustomerID></r>`,
    `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:${port}/p.dtd"> %p;]><r>${inner}</r>`,
    `<!doctype r SYSTEM "http://127.0.0.1:${port}/r.dtd"><r>${inner}</r>`,
    `<r><!ENTITY x "y">${inner}</r>`,
    `<r><CustomerID>&x;</CustomerID></r>`,
  ];
  expect(await refusedBodies(flow, payloads)).toEqual(payloads.map(() => refused));
  expect(connections).toBe(0);
  await new Promise((resolve) => listener.close(resolve));
});

test("GEN-02: entities that grow are refused before a parser sees them", async () => {
  const nested = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join(
    "",
  );
  const laughs = `<!DOCTYPE r [<!ENTITY e0 "ha">${nested}]><r><CustomerID>&e9;</CustomerID></r>`;
  const quadratic = `<!DOCTYPE r [<!ENTITY q "${"q".repeat(50_000)}">]><r><CustomerID>${"&q;".repeat(1000)}</CustomerID></r>`;
  expect(await refusedBodies(demoFlow(), [laughs, quadratic])).toEqual([refused, refused]);
});

test("GEN-03: too much, too deep and too many", async () => {
  const flow = demoFlow();
  const long = await flow.raw("codeAuthentication", {
    headers: xmlType,
    payload: `<r>${"<a/>".repeat(1_300_000)}</r>`,
  });
  expect([long.http, long.body]).toEqual([413, ""]);
  const deep = `${"<a>".repeat(9_000)}${"</a>".repeat(9_000)}`;
  const attributes = `<r ${Array.from({ length: 5_000 }, (_, at) => `a${at}="1"`).join(" ")}/>`;
  const elements = `<r>${Array.from({ length: 300 }, (_, at) => `<a${at}>1</a${at}>`).join("")}</r>`;
  const value = `<r><authCode_nbest1>${"1".repeat(5_000)}</authCode_nbest1></r>`;
  expect(await refusedBodies(flow, [deep, attributes, elements, value])).toEqual(Array(4).fill(refused));
});

test("GEN-04: XInclude, style sheets and other instructions", async () => {
  const payloads = [
    `<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></r>`,
    `<?xml-stylesheet type="text/xsl" href="http://127.0.0.1/x.xsl"?><r>${inner}</r>`,
    `<r><?php echo 1 ?>${inner}</r>`,
  ];
  expect(await refusedBodies(demoFlow(), payloads)).toEqual(payloads.map(() => refused));
});

test("GEN-05: other encodings, declared or not", async () => {
  const document = `<r>${inner}</r>`;
  const payloads = [
    `<?xml version="1.0" encoding="UTF-7"?>${document}`,
    `<?xml version="1.0" encoding="UTF-16"?>${document}`,
    `<?xml version="1.0" encoding="ISO-8859-1"?>${document}`,
    Buffer.from(document, "utf16le"),
    Buffer.from(`\uFEFF${document}`, "utf16le"),
    Buffer.from([...Buffer.from("<r><CustomerID>"), 0xe4, ...Buffer.from("</CustomerID></r>")]),
    "+ADw-r+AD4-",
  ];
  expect(await refusedBodies(demoFlow(), payloads)).toEqual(payloads.map(() => refused));
  const declared = await demoFlow().raw("codeAuthentication", {
    headers: { "content-type": "text/xml; charset=utf-16" },
    payload: document,
  });
  expect([declared.http, declared.status]).toEqual([415, "error"]);
});

test("GEN-06: a value is one plain text: no comments, no CDATA, no namespaces", async () => {
  const payloads = [
    "<r><CustomerID>1001</CustomerID><authCode_nbest1>12<!-- -->3456</authCode_nbest1></r>",
    "<r><CustomerID>1001</CustomerID><authCode_nbest1><![CDATA[123456]]></authCode_nbest1></r>",
    `<n:r xmlns:n="urn:x"><n:CustomerID>1001</n:CustomerID></n:r>`,
    `<r xmlns="urn:x">${inner}</r>`,
    "<r><CustomerID>10<b/>01</CustomerID></r>",
  ];
  expect(await refusedBodies(demoFlow(), payloads)).toEqual(payloads.map(() => refused));
});

test("GEN-07: names that objects have by themselves", async () => {
  const payloads = ["__proto__", "constructor", "prototype"].flatMap((name) => [
    `<r><${name}><polluted>1</polluted></${name}></r>`,
    `<r><${name}>1</${name}></r>`,
    `<${name}>${inner}</${name}>`,
  ]);
  expect(await refusedBodies(demoFlow(), payloads)).toEqual(payloads.map(() => refused));
  const asForm = await demoFlow().verify({ __proto__x: "1", constructor: "2", "__proto__[polluted]": "3" });
  expect(asForm.status).toBe("error");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

const xmllint = spawnSync("xmllint", ["--version"]).status === 0;

test("GEN-08: whatever an address holds, it stays a value and comes back as it was", async () => {
  for (const value of [
    '"><x>',
    "'&<status>success</status>",
    "a\tb\nc",
    "]]><!--",
    "o'brien&sons@example.com",
  ]) {
    const { body } = answerOf("checkVerifiedContactMethods", {
      status: "success",
      methods: [{ name: "email", value }],
    });
    expect(readAnswer(200, "", body).methods).toEqual([{ name: "email", value }]);
    if (xmllint) expect(spawnSync("xmllint", ["--noout", "-"], { input: body }).status).toBe(0);
  }
  const control = answerOf("checkVerifiedContactMethods", {
    status: "success",
    methods: [{ name: "SMS", value: "\u0000+1\u0007\ud800\ufffe202" }],
  });
  expect(readAnswer(200, "", control.body).methods).toEqual([{ name: "SMS", value: "+1202" }]);

  const externalId = `acc"><x>&${session()}`;
  const email = "o'brien&sons@example.com";
  const made = await arena.admin.post("/v1/users", { externalId, email, phone: "+4915110000001" });
  expect(made.status).toBe(201);
  const shown = await publish({ echoValues: true });
  expect((await shown.check({ CustomerID: externalId })).methods).toEqual([
    { name: "email", value: email },
    { name: "SMS", value: "+4915110000001" },
  ]);
  const hidden = await demoFlow().check({ CustomerID: externalId });
  expect(hidden.methods).toEqual([{ name: "email" }, { name: "SMS" }]);
  expect(hidden.body).not.toMatch(/brien|4915110/);
});

test("GEN-09: a code is a text: its zeros stay, and what is no code is none", async () => {
  const flow = demoFlow();
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  let code = "";
  // A code that begins with a zero: every tenth one does, and each call may have three.
  for (let tries = 0; tries < 200 && !code.startsWith("0"); tries += 1) {
    call.SessionID = session();
    arena.clock.at += 3_600_000;
    expect((await flow.send({ ...call, TwoFactorAuthSelectedMethod: "SMS" })).status).toBe("success");
    code = await newestCode(person);
  }
  const { verification = "" } = messagesTo(person)[0]!;
  const attempts = async () =>
    (await arena.server.store.verifications.find(arena.demo.organization, verification))?.attempts;
  for (const odd of [
    "1e5000",
    "0x10",
    code.slice(0, 3),
    `${code}0`,
    "NaN",
    "-1",
    "١٢٣",
    "'; --",
    "9".repeat(150),
  ]) {
    const { status } = await flow.verify({ ...call, authCode_nbest1: odd });
    expect([odd, status, await attempts()]).toEqual([odd, "incorrect code", 0]);
  }
  const payload = `<r><SessionID>${call.SessionID}</SessionID><authCode_nbest1>  ${code.slice(0, 3)} ${code.slice(3)} </authCode_nbest1></r>`;
  const right = await flow.raw("codeAuthentication", { headers: xmlType, payload });
  expect([right.status, await attempts()]).toEqual(["success", 1]);
});

test("GEN-10: only the best hypothesis counts, once; a parameter given twice is refused", async () => {
  const flow = demoFlow();
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  await flow.send({ ...call, TwoFactorAuthSelectedMethod: "Email" });
  const code = await newestCode(person);
  const { verification = "" } = messagesTo(person)[0]!;
  const attempts = async () =>
    (await arena.server.store.verifications.find(arena.demo.organization, verification))?.attempts;
  const spray = { authCode_nbest1: wrongFor(code), authCode_nbest2: code, authCode: code };
  expect((await flow.verify({ ...call, ...spray })).status).toBe("incorrect code");
  expect(await attempts()).toBe(1);
  const twice = `CustomerID=${person.user}&authCode_nbest1=${wrongFor(code)}&AUTHCODE_NBEST1=${code}`;
  const answer = await flow.raw("codeAuthentication", { headers: form, payload: twice });
  expect([answer.http, answer.status, await attempts()]).toEqual([400, "error", 1]);
  // The body counts where query and body name the same.
  const both = await flow.raw("codeAuthentication", {
    query: `authCode_nbest1=${code}&customerid=nobody`,
    headers: form,
    payload: `${new URLSearchParams({ ...call, authCode_nbest1: code.replace(/^./, (digit) => `${(Number(digit) + 1) % 10}`) })}`,
  });
  expect([both.status, await attempts()]).toEqual(["incorrect code", 2]);
});

test("GEN-11: a method that is none, or none of this customer's, is an error and sends nothing", async () => {
  const flow = demoFlow();
  const person = await arena.person();
  const onlyEmail = await publish({ methods: ["email"] });
  const before = messages().length;
  for (const [selected, at] of [
    ["Pigeon", flow],
    ["", flow],
    ["SMS,Email", flow],
    ["voice", flow],
    ["Authenticator", flow],
    ["SMS", onlyEmail],
  ] as const) {
    const call = { CustomerID: person.user, SessionID: session(), TwoFactorAuthSelectedMethod: selected };
    expect([selected, (await at.send(call)).status]).toEqual([selected, "error"]);
  }
  await enrollApp(person.user, arena);
  const app = { CustomerID: person.user, SessionID: session(), TwoFactorAuthSelectedMethod: "Authenticator" };
  expect((await flow.send(app)).status).toBe("success");
  expect(messages().length).toBe(before);
  // The list and this parameter write the names in different letters.
  const other = { ...app, SessionID: session(), TwoFactorAuthSelectedMethod: "sms" };
  expect((await flow.send(other)).status).toBe("success");
});

test("GEN-12: account numbers cannot be tried out", async () => {
  const known = { CustomerID: "1001", SessionID: session() };
  for (const key of [undefined, "", "wrong wrong wrong wrong", arena.demo.apiKey]) {
    const { http, body } = await demoFlow(key ?? "").check(known);
    expect([key, http, body]).toEqual([key, 401, ""]);
  }
  const nobody = await demoFlow().check({ ...known, CustomerID: "no such customer" });
  const person = await arena.person();
  const nothing = await (await publish({ methods: ["totp"] })).check({ CustomerID: person.user });
  expect(nobody.body).toBe(nothing.body);
  expect([nobody.http, nobody.status]).toEqual([200, "not found"]);
  const limited = await publish({ lookupsPerMinute: 2, onRefused: "desk" });
  const statuses = [];
  for (const CustomerID of ["1001", "x", "1001", "x"])
    statuses.push((await limited.check({ CustomerID })).status);
  expect(statuses).toEqual(["success", "not found", "desk", "desk"]);
  arena.clock.at += 60_000;
  expect((await limited.check({ CustomerID: "1001" })).status).toBe("success");
});

test("GEN-13: another code and another: as many as the settings say, and the failures add up", async () => {
  const flow = await publish({ maxSends: 3, maxVerify: 2, onSendExceeded: "desk", onRefused: "locked" });
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  const said: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    said.push((await flow.send({ ...call, TwoFactorAuthSelectedMethod: "SMS" })).status);
    if (said.at(-1) !== "success") break;
    const wrong = wrongFor(await newestCode(person));
    for (let tries = 0; tries < 3; tries += 1) {
      arena.clock.at += 90_000;
      said.push((await flow.verify({ ...call, authCode_nbest1: wrong })).status);
    }
  }
  expect(said).toEqual([
    ...["success", "incorrect code", "incorrect code", "incorrect code"],
    ...["success", "incorrect code", "incorrect code", "incorrect code"],
    ...["success", "incorrect code", "desk", "desk"],
    "desk",
  ]);
  expect(messagesTo(person)).toHaveLength(3);
  expect((await arena.failures(person.user))["sms"]?.failures).toBe(6);
  const events = await arena.server.store.audit.after(arena.demo.organization, 0, 100_000);
  const ended = events.filter(({ type, user }) => type === "conversation.ended" && user === person.user);
  expect(ended.map(({ details }) => details?.["path"])).toEqual(["desk"]);
});

test("GEN-14: GET only where the publication says so, and no query in any log", async () => {
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  await demoFlow().send({ ...call, TwoFactorAuthSelectedMethod: "SMS" });
  const code = await newestCode(person);
  const query = `${new URLSearchParams({ ...call, authCode_nbest1: code })}`;
  for (const method of ["GET", "PUT", "HEAD"] as const) {
    expect((await demoFlow().raw("codeAuthentication", { method, query })).http).toBe(405);
  }
  const open = await publish({ allowGet: true });
  const key = arena.demo.publications["genesys"]!.key ?? "";
  await open.send({ ...call, TwoFactorAuthSelectedMethod: "SMS" });
  const shown = `${new URLSearchParams({ ...call, authCode_nbest1: await newestCode(person), key })}`;
  const answer = await flowAt(open.id, undefined).raw("codeAuthentication", { method: "GET", query: shown });
  expect([answer.http, answer.status]).toEqual([200, "success"]);
  const log = arena.log.join("\n");
  for (const secret of [code, key, person.phone, "authCode_nbest1"]) expect(log).not.toContain(secret);
});

test("GEN-15: the words of the answers, their type and their encoding", async () => {
  const flow = demoFlow();
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  const wrongCode = { ...call, authCode_nbest1: "000000" };
  const answers = [
    await flow.check(call),
    await flow.check({ CustomerID: "nobody" }),
    await flow.verify(wrongCode),
    await flow.send({ ...call, TwoFactorAuthSelectedMethod: "Email" }),
    await flow.check({}),
  ];
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  expect(answers.map(({ http, type, body }) => [http, type, body])).toEqual(
    [
      '<checkVerifiedContactMethods><status>success</status><methods><method name="email"/><method name="SMS"/></methods></checkVerifiedContactMethods>',
      "<checkVerifiedContactMethods><status>not found</status></checkVerifiedContactMethods>",
      "<codeAuthentication><status>incorrect code</status></codeAuthentication>",
      "<sendAuthenticationCode><status>success</status></sendAuthenticationCode>",
      "<checkVerifiedContactMethods><status>error</status></checkVerifiedContactMethods>",
    ].map((body) => [200, "text/xml; charset=utf-8", `${declaration}${body}`]),
  );
});

test("a code is right once; in the same call the same request again hears the same and counts nothing", async () => {
  const flow = demoFlow();
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  await flow.send({ ...call, TwoFactorAuthSelectedMethod: "SMS" });
  const code = await newestCode(person);
  const attempts = async () => (await arena.failures(person.user))["sms"]?.failures;
  const wrong = { ...call, authCode_nbest1: wrongFor(code) };
  const both = await Promise.all([flow.verify(wrong), flow.verify(wrong)]);
  expect([both.map(({ status }) => status), await attempts()]).toEqual([
    ["incorrect code", "incorrect code"],
    1,
  ]);
  const right = { ...call, authCode_nbest1: code };
  expect((await flow.verify(right)).status).toBe("success");
  expect((await flow.verify(right)).status).toBe("success");
  expect((await flow.verify({ ...right, SessionID: session() })).status).toBe("incorrect code");
  arena.clock.at += 30_000;
  expect((await flow.verify(right)).status).toBe("incorrect code");
  const events = await arena.server.store.audit.after(arena.demo.organization, 0, 100_000);
  const own = events.filter(({ user, type }) => user === person.user && type.startsWith("conversation."));
  expect(own.map(({ type, details }) => [type, details?.["path"], details?.["call"]])).toEqual([
    ["conversation.started", undefined, call.SessionID],
    ["conversation.ended", "success", call.SessionID],
  ]);
});

test("without an id of the call the newest code of the customer counts, and each of two callers at once is right once", async () => {
  const flow = demoFlow();
  const [one, other] = [await arena.person(), await arena.person()];
  await flow.send({ CustomerID: one.user, TwoFactorAuthSelectedMethod: "SMS" });
  await flow.send({ AccountNumber: other.user, TwoFactorAuthSelectedMethod: "Email" });
  const code = await newestCode(one);
  expect((await flow.verify({ CustomerID: other.user, authCode_nbest1: code })).status).toBe(
    "incorrect code",
  );
  const race = await Promise.all(
    Array.from({ length: 8 }, () => flow.verify({ CustomerID: one.user, authCode_nbest1: code })),
  );
  expect(race.map(({ status }) => status).toSorted()).toEqual([
    ...Array(7).fill("incorrect code"),
    "success",
  ]);
});

test("a call that named its customer once need not again, and another call of theirs has codes of its own", async () => {
  const flow = demoFlow();
  const person = await arena.person();
  const [first, second] = [{ SessionID: session() }, { SessionID: session() }];
  expect((await flow.send({ ...first, TwoFactorAuthSelectedMethod: "SMS" })).status).toBe("error");
  await flow.check({ ...first, CustomerID: person.user });
  expect((await flow.send({ ...first, TwoFactorAuthSelectedMethod: "SMS" })).status).toBe("success");
  const code = await newestCode(person);
  expect((await flow.verify({ ...second, CustomerID: person.user, authCode_nbest1: code })).status).toBe(
    "incorrect code",
  );
  await arena.restart();
  expect((await flow.verify({ ...first, authCode_nbest1: code })).status).toBe("success");
});

test("an authenticator app needs no send service; its codes are bounded like any other", async () => {
  const flow = await publish({ maxSends: 2, maxVerify: 2, onSendExceeded: "desk" });
  const person = await arena.person();
  const app: AuthenticatorApp = await enrollApp(person.user, arena);
  expect((await flow.check({ CustomerID: person.user })).methods.at(-1)).toEqual({ name: "authenticator" });
  const call = { CustomerID: person.user, SessionID: session() };
  expect((await flow.verify({ ...call, authCode_nbest1: app.codeAt(0) })).status).toBe("success");
  const again = { ...call, SessionID: session() };
  const said: string[] = [];
  for (const digits of ["111111", "222222", "333333", "444444", "555555"]) {
    arena.clock.at += 90_000;
    said.push((await flow.verify({ ...again, authCode_nbest1: digits })).status);
  }
  expect(said).toEqual(["incorrect code", "incorrect code", "incorrect code", "desk", "desk"]);
});

test("a code that is too late is an incorrect code, and the way out of spent codes is the one of the settings", async () => {
  const flow = await publish({ maxVerify: 1, onVerifyExceeded: "call back", expiryMinutes: 1 });
  const person = await arena.person();
  const call = { CustomerID: person.user, SessionID: session() };
  await flow.send({ ...call, TwoFactorAuthSelectedMethod: "SMS" });
  arena.clock.at += 60_000;
  const late = { ...call, authCode_nbest1: await newestCode(person) };
  expect((await flow.verify(late)).status).toBe("incorrect code");
  await flow.send({ ...call, TwoFactorAuthSelectedMethod: "SMS" });
  const code = await newestCode(person);
  expect((await flow.verify({ ...call, authCode_nbest1: wrongFor(code) })).status).toBe("call back");
  expect((await flow.verify({ ...call, authCode_nbest1: code })).status).toBe("call back");
});

test("codes, numbers and keys stand in no log line and no event", async () => {
  const events = await arena.server.store.audit.after(arena.demo.organization, 0, 100_000);
  const told = `${arena.log.join("\n")}\n${JSON.stringify(events)}`;
  expect(secrets.length).toBeGreaterThan(20);
  // Six digits stand in many ids by chance: what is looked for is the code by itself.
  for (const secret of secrets)
    expect(told).not.toMatch(new RegExp(`(?<![0-9a-z])${secret.replace(/\W/g, "\\$&")}(?![0-9a-z])`, "i"));
});
