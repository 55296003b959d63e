import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { URI } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStub } from "../../src/delivery/contract.ts";
import { codeIn, type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
let system: CustomerSystem;
beforeAll(async () => {
  [server, system] = await Promise.all([
    openServer({ environment: { COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8" } }),
    startCustomerSystem(),
  ]);
});
afterAll(async () => {
  system.process.kill();
  await server.close();
});

/** The example, as its reader starts it. */
interface CustomerSystem {
  readonly process: ChildProcess;
  readonly url: string;
  /** Everything it printed so far. */
  readonly lines: readonly string[];
}

async function startCustomerSystem(): Promise<CustomerSystem> {
  const file = new URL("../../../examples/genesys-external/customer-system.mjs", import.meta.url);
  const child = spawn(process.execPath, [file.pathname, "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => lines.push(line));
  while (!lines.some((line) => line.startsWith("authenticator app"))) {
    await new Promise((resolve) => reader.once("line", resolve));
  }
  return { process: child, url: /http:\S+/.exec(lines[0] ?? "")?.[0] ?? "", lines };
}

interface Said {
  readonly step: number;
  readonly say: string;
  readonly expect: { readonly kind: string; readonly options?: readonly { readonly value: string }[] };
  readonly done?: { readonly path: string; readonly receipt?: string };
}

let calls = 0;

/** A conversation with a chat publication that asks these services. */
async function conversation(ws: object, subject: string, more: object = {}) {
  calls += 1;
  const settings = { codeGeneration: "external", authenticatorName: "Google Authenticator", ws, ...more };
  const made = await server.api.post<{ url: string }>(`/v1/apps/${server.demo.app}/publications`, {
    name: `External ${calls}`,
    channel: "chat",
    settings,
  });
  expect(made.status).toBe(201);
  const path = new URL(made.body.url).pathname;
  const named = { conversation: `call-${calls}` };
  let step: number | undefined;
  return async (input?: string): Promise<Said> => {
    const turn = input === undefined ? { ...named, subject } : { ...named, step, input };
    const { status, body } = await server.api.post<Said>(path, turn);
    expect(status).toBe(200);
    step = body.step;
    return body;
  };
}

const urls = (url: string, more: object = {}) => ({
  checkMethods: { production: `${url}/checkVerifiedContactMethods` },
  sendCode: { production: `${url}/sendAuthenticationCode` },
  verifyCode: { production: `${url}/codeAuthentication` },
  ...more,
});

const printedCode = () =>
  /code is (\d{6})/.exec(system.lines.findLast((line) => line.includes("code is")) ?? "")?.[1] ?? "";

describe("External mode against the example", () => {
  it("menu, a wrong code, the right code: success", async () => {
    const say = await conversation(urls(system.url), "1001");
    const menu = await say();
    expect(menu.expect.options?.map(({ value }) => value)).toEqual(["email", "external", "sms"]);
    expect(menu.say).toMatch(/Google Authenticator/);
    expect(menu.say).not.toMatch(/2025550143|anna@/);
    expect((await say("3")).expect.kind).toBe("code");
    const code = printedCode();
    const wrong = await say(code.replace(/^./, (digit) => String((Number(digit) + 1) % 10)));
    expect([wrong.expect.kind, wrong.done]).toEqual(["code", undefined]);
    expect((await say(code)).done).toMatchObject({ path: "success" });
  });

  it("an authenticator app of the customer's own: nothing is sent", async () => {
    const uri = /otpauth:\S+/.exec(system.lines.join("\n"))?.[0] ?? "";
    const say = await conversation(urls(system.url), "1001");
    await say();
    const before = system.lines.length;
    expect((await say("2")).say).toMatch(/Google Authenticator/);
    expect(system.lines.length).toBe(before);
    const app = URI.parse(uri);
    if (!("period" in app)) throw new Error("no TOTP");
    expect((await say(app.generate())).done?.path).toBe("success");
  });

  it("one method only is not asked for; nobody goes to the path of the settings", async () => {
    expect((await (await conversation(urls(system.url), "1002"))()).expect.kind).toBe("code");
    const unknown = await conversation(urls(system.url), "7", { onNoMethod: "front desk" });
    expect((await unknown()).done?.path).toBe("front desk");
  });

  it("too many wrong codes there: the path that the customer's system names", async () => {
    const say = await conversation(urls(system.url), "1002", { maxVerify: 10 });
    await say();
    const wrong = printedCode().replace(/^./, (digit) => String((Number(digit) + 1) % 10));
    for (let tries = 0; tries < 5; tries += 1) expect((await say(wrong)).done).toBeUndefined();
    expect((await say(wrong)).done?.path).toBe("agent");
  });
});

describe("External mode against services that are dead", () => {
  it("nobody listens, or nobody answers within the timeout: the path error, after one call and nothing else", async () => {
    const closed = await startStub();
    await closed.close();
    expect((await (await conversation(urls(closed.url), "1001"))()).done?.path).toBe("error");

    const stub = await startStub();
    stub.reply = () => "hang";
    expect((await (await conversation(urls(stub.url, { timeoutMs: 200 }), "1001"))()).done?.path).toBe(
      "error",
    );
    expect(stub.requests).toHaveLength(1);
    await stub.close();
  });

  it("the service that sends is dead: each try used one send, then the path of the settings", async () => {
    const stub = await startStub();
    stub.reply = () => "hang";
    const sendCode = { production: stub.url };
    const more = { maxSends: 2, onSendExceeded: "desk" };
    const say = await conversation(urls(system.url, { sendCode, timeoutMs: 200 }), "1002", more);
    expect((await say()).done?.path).toBe("desk");
    expect(stub.requests).toHaveLength(2);
    await stub.close();
  });
});

describe("both roles together", () => {
  it("a dialogue whose customer system is a publication of ours", async () => {
    const { id, key } = server.demo.publications["genesys"]!;
    const secret = `Basic ${Buffer.from(`genesys:${key}`).toString("base64")}`;
    const credential = await server.api.post("/v1/credentials", { name: "Own services", secret });
    const url = `${server.url}/channels/genesys/${id}`;
    const say = await conversation(urls(url, { authorization: credential.body.id }), "1001");
    const menu = await say();
    expect(menu.expect.options?.map(({ value }) => value)).toEqual(["email", "sms"]);
    await say("2");
    const { body } = await server.api.get<{ messages: { text: string; verification: string }[] }>(
      "/v1/inbox",
    );
    const code = codeIn(body.messages[0]);
    const wrong = await say(code.replace(/^./, (digit) => String((Number(digit) + 1) % 10)));
    expect(wrong.done).toBeUndefined();
    expect((await say(code)).done?.path).toBe("success");
    const { body: verification } = await server.api.get(
      `/v1/verifications/${body.messages[0]?.verification}`,
    );
    expect(verification).toMatchObject({ status: "approved" });
  });
});
