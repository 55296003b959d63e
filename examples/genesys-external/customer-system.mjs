// A small customer system with the three XML web services of the two-factor MicroApp: it knows its customers, makes and checks its own codes,
// prints them instead of sending them, and holds the seed of one authenticator app. Nothing is installed.
import { createHmac, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const port = Number(process.argv[2] ?? 8095);
/** Whole value of the Authorization header, where one is demanded. */
const authorization = process.env["CUSTOMER_SYSTEM_AUTHORIZATION"];
const codeMs = 5 * 60_000;
const mostTries = 5;

const customers = new Map([
  ["1001", { email: "anna@example.com", phone: "+12025550143", seed: randomBytes(20) }],
  ["1002", { phone: "+442079460018" }],
]);

/** The code that is alive, by call and customer: `{ code, until, tries }`. */
const codes = new Map();

function checkVerifiedContactMethods({ customer }) {
  if (customer === undefined) return ["not found"];
  const { email, phone, seed } = customer;
  const methods = [
    email && `<method name="email" value="${email}"/>`,
    seed && `<method name="authenticator"/>`,
    phone && `<method name="SMS" value="${phone}"/>`,
  ];
  return ["success", `<methods>${methods.filter(Boolean).join("")}</methods>`];
}

function sendAuthenticationCode({ customer, call, parameters }) {
  const selected = (parameters.get("TwoFactorAuthSelectedMethod") ?? "").toLowerCase();
  const target = { email: customer?.email, sms: customer?.phone }[selected];
  if (target === undefined) return ["error"];
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  codes.set(call, { code, until: Date.now() + codeMs, tries: 0 });
  process.stdout.write(`--- ${selected} to ${target}: your code is ${code}\n`);
  return ["success"];
}

function codeAuthentication({ customer, call, parameters }) {
  if (customer === undefined) return ["not found"];
  const given = parameters.get("authCode_nbest1") ?? "";
  const sent = codes.get(call) ?? { tries: 0, until: Number.POSITIVE_INFINITY };
  // Counted before it is looked at.
  codes.set(call, { ...sent, tries: sent.tries + 1 });
  if (sent.tries >= mostTries) return ["agent"];
  const alive = Date.now() < sent.until;
  // Who was sent a code must enter that one; an app needs none sent.
  const right =
    sent.code === undefined ? appCodes(customer).some((code) => same(code, given)) : same(sent.code, given);
  if (!alive || !right) return ["incorrect code"];
  codes.delete(call);
  return ["success"];
}

/** RFC 6238: the codes of this half minute and of the ones beside it. */
function appCodes({ seed }) {
  if (seed === undefined) return [];
  const step = Math.floor(Date.now() / 30_000);
  return [step - 1, step, step + 1].map((counter) => {
    const message = Buffer.alloc(8);
    message.writeBigUInt64BE(BigInt(counter));
    const mac = createHmac("sha1", seed).update(message).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
  });
}

function same(one, other) {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

const services = { checkVerifiedContactMethods, sendAuthenticationCode, codeAuthentication };

async function answerOf(request) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const name = pathname.slice(1);
  if (!Object.hasOwn(services, name)) return [404, ""];
  if (authorization !== undefined && request.headers.authorization !== authorization) return [401, ""];
  const parameters = new URLSearchParams([...searchParams, ...new URLSearchParams(await text(request))]);
  const id = parameters.get("CustomerID") ?? "";
  const call = `${parameters.get("SessionID")}/${id}`;
  const [status, more = ""] = services[name]({ customer: customers.get(id), call, parameters });
  process.stdout.write(`${name} for ${id}: ${status}\n`);
  return [200, `<${name}><status>${status}</status>${more}</${name}>`];
}

const server = createServer(async (request, response) => {
  const [status, body] = await answerOf(request).catch(() => [500, ""]);
  response
    .writeHead(status, { "content-type": "text/xml; charset=utf-8", "cache-control": "no-store" })
    .end(body);
});

server.listen(port, "127.0.0.1", () => {
  process.stdout.write(`customer system on http://127.0.0.1:${server.address().port}\n`);
  for (const [id, { seed }] of customers) {
    if (seed)
      process.stdout.write(
        `authenticator app of ${id}: otpauth://totp/Example:${id}?secret=${base32(seed)}\n`,
      );
  }
});

/** RFC 4648, without padding: 20 bytes are a whole number of characters. */
function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replace(/.{5}/g, (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)]);
}
