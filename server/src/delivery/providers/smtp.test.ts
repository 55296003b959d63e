import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, createVerify, generateKeyPairSync } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, describe, expect, it } from "vitest";
import { createAddressGuard } from "../addresses.ts";
import type { DeliveryResult, DeliveryTools, OutboundMessage } from "../provider.ts";
import { type SmtpSettings, smtp } from "./smtp.ts";

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const { key, cert } = selfSigned();

function selfSigned(): { key: string; cert: string } {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const command = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  const pem = execFileSync("openssl", [...command, ...subject, "-keyout", "-", "-out", "-"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const split = pem.indexOf("-----BEGIN CERTIFICATE-----");
  return { key: pem.slice(0, split), cert: pem.slice(split) };
}

interface Received {
  readonly raw: string;
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  readonly secure: boolean;
  readonly user: string;
  readonly hostname: string;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function startMailServer(
  options: SMTPServerOptions = {},
): Promise<{ port: number; mails: Received[] }> {
  const mails: Received[] = [];
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    closeTimeout: 50,
    onAuth(auth, _session, callback) {
      const isRight = auth.username === "mailer" && auth.password === "the-password";
      callback(isRight ? null : new Error("Invalid login"), { user: auth.username });
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          raw: Buffer.concat(chunks).toString("utf8"),
          mailFrom: mailFrom === false ? "" : mailFrom.address,
          rcptTo: rcptTo.map((entry) => entry.address),
          secure: session.secure,
          user: String(session.user ?? ""),
          hostname: session.hostNameAppearsAs,
        });
        callback();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

/** A server made of plain sockets, for what a decent one never does. */
async function startRawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) {
          socket.destroy();
        }
        server.close(() => resolve());
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** Answers line by line until the content is granted, then leaves the rest to `afterData`. */
function scripted(afterData: (socket: Socket, content: string) => void): (socket: Socket) => void {
  return (socket) => {
    let content: string | undefined;
    socket.write("220 stub\r\n");
    socket.on("data", (chunk) => {
      if (content !== undefined) {
        content += chunk.toString("utf8");
        afterData(socket, content);
        return;
      }
      for (const line of chunk.toString("utf8").split("\r\n").filter(Boolean)) {
        if (line === "DATA") {
          content = "";
        }
        socket.write(line === "DATA" ? "354 go on\r\n" : "250 fine\r\n");
      }
    });
  };
}

function settingsFor(port: number, more: Partial<SmtpSettings> = {}): SmtpSettings {
  return { host: "localhost", port, from: "noreply@acme.example", ca: cert, timeoutMs: 2_000, ...more };
}

const secrets: Record<string, string> = { "cred-password": "the-password", "cred-unknown": "another-word" };
const guard = createAddressGuard({
  allow: ["127.0.0.0/8", "::1"],
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
});

function toolsWith(signal: AbortSignal = new AbortController().signal): DeliveryTools {
  return {
    fetch: () => Promise.reject(new Error("no HTTP here")),
    addressesOf: guard.addressesOf,
    signal,
    secret: async (id) => secrets[id] ?? "",
    now: () => now,
  };
}

const message: OutboundMessage = {
  id: "0190a1b2-0000-7000-8000-000000000001",
  verification: "0190a1b2-0000-7000-8000-000000000002",
  organization: "acme",
  via: "email",
  to: "anna@example.net",
  from: "Acme <Portal>",
  subject: "Ihr Bestätigungscode für Köln",
  text: "Your code is 493827.\n<b>Never share it.</b>",
  locale: "de",
  ttlSeconds: 300,
};

function send(
  settings: SmtpSettings,
  change: Partial<OutboundMessage> = {},
  signal?: AbortSignal,
): Promise<DeliveryResult> {
  return smtp.send({ ...message, ...change }, settings, toolsWith(signal));
}

const login = { user: "mailer", password: "cred-password" };

describe("a mail", () => {
  it("arrives encrypted, logged in, with exactly the intended headers", async () => {
    const { port, mails } = await startMailServer();
    const result = await send(settingsFor(port, { ...login, heloName: "mfa.acme.example" }));
    expect(result).toEqual({ ok: true, reference: `<${message.id}@acme.example>` });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      mailFrom: "noreply@acme.example",
      rcptTo: ["anna@example.net"],
      secure: true,
      user: "mailer",
      hostname: "mfa.acme.example",
    });
    const mail: ParsedMail = await simpleParser(mails[0]!.raw);
    expect([...mail.headers.keys()].sort()).toEqual([
      "auto-submitted",
      "content-language",
      "content-type",
      "date",
      "from",
      "message-id",
      "mime-version",
      "subject",
      "to",
    ]);
    expect(mail.subject).toBe(message.subject);
    expect(mail.from?.value).toEqual([{ name: "Acme <Portal>", address: "noreply@acme.example" }]);
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail.date?.getTime()).toBe(now);
    expect(mail.text?.trim()).toBe(message.text);
    expect(mail.html).toContain("&lt;b&gt;Never share it.&lt;/b&gt;");
    expect(mail.html).not.toContain("<b>");
    expect(mail.attachments).toEqual([]);
  });

  it("goes over TLS from the first byte where that is asked for", async () => {
    const { port, mails } = await startMailServer({ secure: true });
    expect(await send(settingsFor(port, { security: "tls" }))).toMatchObject({ ok: true });
    expect(mails[0]?.secure).toBe(true);
  });

  it("can carry a sender address of the publication in its header, with our own in the envelope", async () => {
    const { port, mails } = await startMailServer();
    await send(settingsFor(port), { from: "service@acme.example" });
    expect(mails[0]?.mailFrom).toBe("noreply@acme.example");
    expect((await simpleParser(mails[0]!.raw)).from?.value).toEqual([
      { name: "", address: "service@acme.example" },
    ]);
  });

  it("is signed (DKIM) so that a verifier of our own accepts it and a changed body fails", async () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    secrets["cred-dkim"] = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const { port, mails } = await startMailServer();
    const dkim = { domain: "acme.example", selector: "s1", privateKey: "cred-dkim" };
    expect(await send(settingsFor(port, { dkim }))).toMatchObject({ ok: true });
    const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(verifiesDkim(mails[0]!.raw, publicKey)).toBe(true);
    expect(verifiesDkim(mails[0]!.raw.replace("493827", "493828"), publicKey)).toBe(false);
    expect(verifiesDkim(mails[0]!.raw.replace(/^Subject:.*$/m, "Subject: x"), publicKey)).toBe(false);
  });

  it("shares connections with others through an open provider", async () => {
    let connections = 0;
    const { port, mails } = await startMailServer({
      onConnect(_session, callback) {
        connections += 1;
        callback();
      },
    });
    const open = smtp.open!(settingsFor(port, { maxConnections: 2 }), toolsWith());
    const never = new AbortController().signal;
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => open.send({ ...message, id: `delivery-${index}` }, never)),
    );
    await open.close();
    expect(results.every((result) => result.ok)).toBe(true);
    expect(mails).toHaveLength(8);
    expect(connections).toBe(2);
  });

  it("uses a changed password after the old one was refused", async () => {
    const { port, mails } = await startMailServer({ authOptional: false });
    secrets["cred-rotated"] = "old";
    const open = smtp.open!(settingsFor(port, { user: "mailer", password: "cred-rotated" }), toolsWith());
    const never = new AbortController().signal;
    expect(await open.send(message, never)).toMatchObject({ ok: false, reason: "configuration" });
    secrets["cred-rotated"] = "the-password";
    expect(await open.send(message, never)).toMatchObject({ ok: true });
    await open.close();
    expect(mails).toHaveLength(1);
  });
});

describe("addresses (TPL-07)", () => {
  const injected = [
    "a@example.net\r\nRCPT TO:<evil@example.org>",
    "a@example.net, evil@example.org",
    "a@example.net;evil@example.org",
    "<a@example.net> evil",
    '"a@good x"@evil.example',
    "a@b@evil.example",
    "attacker@x%0abcc:",
    "a%evil.example@example.net",
    "@evil.example:a@example.net",
    " a@example.net",
    "a@example.net\u2028",
    "a@",
    "@example.net",
    `${"a".repeat(65)}@example.net`,
    `a@${"b".repeat(253)}.net`,
    "",
  ];
  it.each(injected)("%j never reaches a server", async (to) => {
    const { port, mails } = await startMailServer();
    expect(await send(settingsFor(port), { to })).toEqual({ ok: false, reason: "invalid_recipient" });
    expect(mails).toEqual([]);
  });

  it("of another script reach exactly one mailbox", async () => {
    const { port, mails } = await startMailServer();
    expect(await send(settingsFor(port), { to: "anna@bücher.example" })).toMatchObject({ ok: true });
    expect(mails[0]?.rcptTo).toEqual(["anna@bücher.example"]);
  });

  it.each(["x\r\nBcc: evil@example.org", "x\u2028y", "x\u0000", "x\u0085"])(
    "the subject %j is refused (TPL-06)",
    async (subject) => {
      const { port, mails } = await startMailServer();
      expect(await send(settingsFor(port), { subject })).toEqual({ ok: false, reason: "configuration" });
      expect(await send(settingsFor(port), { from: subject })).toEqual({
        ok: false,
        reason: "configuration",
      });
      expect(mails).toEqual([]);
    },
  );

  it("settings with such values are refused when they are saved", () => {
    const bad = settingsFor(25, {
      host: "smtp://mail",
      from: "a@b, c@d",
      fromName: "x\r\nBcc: y",
      heloName: "x\r\nRSET",
      security: "none",
      password: "cred",
    });
    expect(smtp.validate?.(bad)).toHaveLength(6);
    expect(smtp.validate?.(settingsFor(25, login))).toEqual([]);
  });
});

describe("a server that says no", () => {
  function refusing(code: number, text: string): SMTPServerOptions {
    return {
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error(text), { responseCode: code })),
    };
  }

  it.each([
    [550, "5.1.1 no such mailbox 493827", "invalid_recipient", "5.1.1"],
    [550, "No such user", "invalid_recipient", "550"],
    [550, "5.7.1 relaying denied", "rejected", "5.7.1"],
    [451, "greylisted", "temporary", "451"],
    [452, "4.2.2 full", "temporary", "4.2.2"],
  ] as const)("%i %s to the recipient is %s", async (code, text, reason, providerCode) => {
    const { port } = await startMailServer(refusing(code, text));
    expect(await send(settingsFor(port))).toEqual({ ok: false, reason, providerCode });
  });

  it("to the sender, to the content, or to the login is told apart", async () => {
    const sender = await startMailServer({
      onMailFrom: (_a, _s, callback) => callback(Object.assign(new Error("no"), { responseCode: 553 })),
    });
    expect(await send(settingsFor(sender.port))).toMatchObject({ ok: false, reason: "configuration" });
    const content = await startMailServer({
      onData(stream, _session, callback) {
        stream.resume();
        stream.on("end", () => callback(Object.assign(new Error("spam"), { responseCode: 554 })));
      },
    });
    expect(await send(settingsFor(content.port))).toMatchObject({
      ok: false,
      reason: "rejected",
      providerCode: "554",
    });
    const full = await startMailServer({
      onData(stream, _session, callback) {
        stream.resume();
        stream.on("end", () => callback(Object.assign(new Error("later"), { responseCode: 452 })));
      },
    });
    expect(await send(settingsFor(full.port))).toMatchObject({ ok: false, reason: "temporary" });
    const account = await startMailServer();
    const wrong = settingsFor(account.port, { user: "mailer", password: "cred-unknown" });
    expect(await send(wrong)).toMatchObject({ ok: false, reason: "configuration", providerCode: "535" });
  });
});

describe("encryption (PRV-10)", () => {
  it("is not given up when the server does not offer STARTTLS", async () => {
    const { port, mails } = await startMailServer({ disabledCommands: ["STARTTLS"] });
    expect(await send(settingsFor(port, login))).toMatchObject({ ok: false, reason: "configuration" });
    expect(mails).toEqual([]);
  });

  it("is not given up for a certificate that nobody vouches for", async () => {
    for (const security of ["starttls", "tls"] as const) {
      const { port, mails } = await startMailServer({ secure: security === "tls" });
      const { ca: _ca, ...untrusting } = settingsFor(port, { security });
      expect(await send(untrusting)).toEqual({ ok: false, reason: "configuration" });
      expect(mails).toEqual([]);
    }
  });

  it("can be left out only in so many words", async () => {
    const { port, mails } = await startMailServer({ disabledCommands: ["STARTTLS"] });
    expect(await send(settingsFor(port, { security: "none" }))).toMatchObject({ ok: true });
    expect(mails[0]?.secure).toBe(false);
  });
});

describe("a server that fails", () => {
  const plain = { security: "none" as const, timeoutMs: 250 };

  it("before the content was granted certainly has nothing", async () => {
    const silent = await startRawServer(() => undefined);
    expect(await send(settingsFor(silent, plain))).toEqual({ ok: false, reason: "unreachable" });
    const gone = await startRawServer((socket) => socket.end("220 stub\r\n"));
    expect(await send(settingsFor(gone, plain))).toEqual({ ok: false, reason: "unreachable" });
    const busy = await startRawServer((socket) => socket.end("421 4.3.2 shutting down\r\n"));
    expect(await send(settingsFor(busy, plain))).toMatchObject({ ok: false, reason: "temporary" });
    expect(await send(settingsFor(1, plain))).toEqual({ ok: false, reason: "unreachable" });
  });

  it("after the content began leaves open what it did", async () => {
    const dropping = await startRawServer(scripted((socket) => socket.destroy()));
    expect(await send(settingsFor(dropping, plain))).toEqual({ ok: false, reason: "ambiguous" });
    const reset = await startRawServer(scripted((socket) => socket.resetAndDestroy()));
    expect(await send(settingsFor(reset, plain))).toEqual({ ok: false, reason: "ambiguous" });
    const hanging = await startRawServer(scripted(() => undefined));
    expect(await send(settingsFor(hanging, plain))).toEqual({ ok: false, reason: "ambiguous" });
  });

  it("after the content began is not asked a second time", async () => {
    let contents = 0;
    const port = await startRawServer(
      scripted((socket, content) => {
        if (content.endsWith("\r\n.\r\n")) {
          contents += 1;
          socket.destroy();
        }
      }),
    );
    const open = smtp.open!(settingsFor(port, plain), toolsWith());
    expect(await open.send(message, new AbortController().signal)).toMatchObject({ reason: "ambiguous" });
    await open.close();
    expect(contents).toBe(1);
  });

  it("is left when the caller's time is over, and what was begun stays open", async () => {
    const silent = await startRawServer(() => undefined);
    const early = AbortSignal.timeout(100);
    expect(await send(settingsFor(silent), {}, early)).toEqual({ ok: false, reason: "unreachable" });
    const hanging = await startRawServer(scripted(() => undefined));
    const late = AbortSignal.timeout(300);
    expect(await send(settingsFor(hanging, { security: "none" }), {}, late)).toEqual({
      ok: false,
      reason: "ambiguous",
    });
  });

  it("at an address that is not allowed is never dialled", async () => {
    let connections = 0;
    const port = await startRawServer(() => {
      connections += 1;
    });
    const strict = { ...toolsWith(), addressesOf: createAddressGuard({ allow: [] }).addressesOf };
    const result = await smtp.send(message, settingsFor(port, { host: "127.0.0.1" }), strict);
    expect(result).toEqual({ ok: false, reason: "configuration" });
    expect(connections).toBe(0);
  });
});

describe("the probe", () => {
  it("logs in and sends nothing", async () => {
    const { port, mails } = await startMailServer();
    expect(await smtp.probe?.(settingsFor(port, login), toolsWith())).toMatchObject({ ok: true });
    const wrong = settingsFor(port, { user: "mailer", password: "cred-unknown" });
    expect(await smtp.probe?.(wrong, toolsWith())).toEqual({
      ok: false,
      message: "The server refused the login (535).",
    });
    expect(mails).toEqual([]);
  });

  it("says what is wrong: the certificate, the encryption, the way there", async () => {
    const toldOf = async (settings: SmtpSettings) => (await smtp.probe?.(settings, toolsWith()))?.message;
    const told = (port: number, more: Partial<SmtpSettings>) =>
      toldOf(settingsFor(port, { ...login, ...more }));
    const [good, plain, tls] = [
      await startMailServer(),
      await startMailServer({ disabledCommands: ["STARTTLS"] }),
      await startMailServer({ secure: true }),
    ];
    const { ca: _ca, ...untrusting } = settingsFor(good.port, login);
    expect(await toldOf(untrusting)).toMatch(/certificate or encryption .* \([A-Z_]+\)\.$/);
    expect(await told(good.port, { security: "tls" })).toMatch(/certificate or encryption .* \([A-Z_]+\)\.$/);
    expect(await told(plain.port, {})).toMatch(/does not go on with encryption/);
    expect(await told(tls.port, { timeoutMs: 100 })).toMatch(/could not be reached, or did not answer/);
    expect(await told(1, {})).toBe("The server could not be reached, or did not answer (ECONNREFUSED).");
  });
});

/** RFC 6376 §3.4–3.7 for one relaxed/relaxed rsa-sha256 signature, written apart from the library that signs. */
function verifiesDkim(raw: string, publicKey: string): boolean {
  const split = raw.indexOf("\r\n\r\n");
  const fields = raw
    .slice(0, split)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const find = (name: string): string =>
    fields.find((field) => field.toLowerCase().startsWith(`${name}:`)) ?? "";
  const relaxed = (field: string): string => {
    const colon = field.indexOf(":");
    return `${field.slice(0, colon).toLowerCase().trim()}:${field
      .slice(colon + 1)
      .replace(/[ \t]+/g, " ")
      .trim()}`;
  };
  const signature = find("dkim-signature");
  const tags = new Map(
    signature
      .slice(signature.indexOf(":") + 1)
      .split(";")
      .map(
        (tag) =>
          [
            tag.slice(0, tag.indexOf("=")).trim(),
            tag.slice(tag.indexOf("=") + 1).replace(/\s/g, ""),
          ] as const,
      ),
  );
  const lines = raw
    .slice(split + 4)
    .split("\r\n")
    .map((line) => line.replace(/[ \t]+/g, " ").trimEnd());
  const body = `${lines.join("\r\n").replace(/(\r\n)+$/, "")}\r\n`;
  const bodyHash = createHash("sha256").update(body).digest("base64");
  const signed = (tags.get("h") ?? "").split(":").map((name) => relaxed(find(name.toLowerCase())));
  const unsigned = relaxed(signature.replace(/(\bb=)[^;]*/, "$1"));
  const verifier = createVerify("RSA-SHA256").update([...signed, unsigned].join("\r\n"));
  return (
    tags.get("d") === "acme.example" &&
    bodyHash === tags.get("bh") &&
    verifier.verify(createPublicKey(publicKey), tags.get("b") ?? "", "base64")
  );
}
