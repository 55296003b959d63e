import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** The content of `token.txt`, as the server must know it. */
export const token = "token-of-the-stubs";

/**
 * One provider. `mode`: `working`, `killed` (nothing listens), `hanging` (takes the message and never answers), `garbage`
 * (status 200 and nonsense), `failing` (status 500), `losing` (takes the message and reports that it did not arrive).
 */
export async function createStub({ name, port }) {
  const stub = { name, port, mode: "working", messages: [], reports: [] };
  let server;

  async function receive(request, response) {
    const fields = new URLSearchParams(await text(request));
    if (!isOurs(request.headers.authorization)) return answer(response, 401, { code: 20_003 });
    // Not a message but its text being wiped, or the account being read.
    if (!request.url.endsWith("/Messages.json")) return answer(response, 200, { status: "active" });
    if (stub.mode === "failing") return answer(response, 500, { code: 20_500 });
    const message = { to: fields.get("To"), text: fields.get("Body"), at: new Date().toISOString() };
    stub.messages.push(message);
    process.stdout.write(`--- ${name} (${stub.mode}): SMS to ${message.to}\n${message.text}\n\n`);
    if (stub.mode === "hanging") return;
    if (stub.mode === "garbage") return response.writeHead(200).end("<html>It works!</html>");
    const sid = `SM${randomBytes(16).toString("hex")}`;
    answer(response, 201, { sid, status: "queued" });
    await report(fields.get("StatusCallback"), sid, stub);
  }

  async function listen() {
    server = createServer((request, response) => {
      receive(request, response).catch(() => response.destroy());
    });
    await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  }

  /** Resolves when it behaves so. */
  stub.become = async (mode) => {
    const wasKilled = stub.mode === "killed";
    stub.mode = mode;
    if (mode === "killed" && !wasKilled) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    if (mode !== "killed" && wasKilled) await listen();
  };
  await listen();
  return stub;
}

function answer(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function isOurs(authorization = "") {
  const login = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString();
  return login.endsWith(`:${token}`);
}

/** First "sent", then what became of it, each signed as Twilio signs: HMAC-SHA-1 over the URL and the sorted fields. */
async function report(url, sid, stub) {
  if (url === null) return;
  const end =
    stub.mode === "losing"
      ? { MessageStatus: "undelivered", ErrorCode: "30003" }
      : { MessageStatus: "delivered" };
  for (const fields of [
    { MessageSid: sid, MessageStatus: "sent" },
    { MessageSid: sid, ...end },
  ]) {
    const names = Object.keys(fields).sort();
    const signed = url + names.map((one) => one + fields[one]).join("");
    const headers = { "x-twilio-signature": createHmac("sha1", token).update(signed).digest("base64") };
    const { status } = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields) });
    stub.reports.push({ ...fields, status });
  }
}
