import type { SendMailOptions } from "nodemailer";
import { type Static, Type } from "typebox";
import type { DeliveryProvider, DeliveryResult, DeliveryTools, OutboundMessage } from "../provider.ts";
import { type Check, credential, problemsIn } from "../settings-members.ts";
import type { SmtpServer, SmtpTransport } from "../smtp-transport.ts";

const dkim = Type.Object(
  {
    domain: Type.String({ minLength: 1, maxLength: 253 }),
    selector: Type.String({ minLength: 1, maxLength: 63 }),
    privateKey: credential("Private key (PEM)"),
  },
  { additionalProperties: false },
);

const defaultPort = 587;

const settingsSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253, title: "Server" }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, default: defaultPort })),
    security: Type.Optional(
      Type.Union([Type.Literal("starttls"), Type.Literal("tls"), Type.Literal("none")], {
        default: "starttls",
        title: "Encryption",
      }),
    ),
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
    password: Type.Optional(credential("Password")),
    from: Type.String({ minLength: 3, maxLength: 254, title: "Sender address" }),
    fromName: Type.Optional(Type.String({ maxLength: 100, title: "Sender name" })),
    heloName: Type.Optional(Type.String({ maxLength: 253, title: "Name in EHLO" })),
    dkim: Type.Optional(dkim),
    ca: Type.Optional(Type.String({ maxLength: 100_000, title: "Extra certificate authority (PEM)" })),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 30_000, default: 5_000 })),
    maxConnections: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 5 })),
  },
  { additionalProperties: false },
);

export type SmtpSettings = Static<typeof settingsSchema>;

/** E-mail over any SMTP server; encrypted or not at all, unless the settings say otherwise. */
export const smtp: DeliveryProvider<SmtpSettings> = {
  id: "smtp",
  title: "SMTP server",
  vias: ["email"],
  settings: settingsSchema,
  validate: validateSettings,
  open(settings, tools) {
    const connection = reopening(settings, tools);
    return {
      send: (message, signal) => connection.send(message, signal),
      close: () => connection.close(),
    };
  },
  async send(message, settings, tools) {
    const connection = reopening(settings, tools);
    try {
      return await connection.send(message, tools.signal);
    } finally {
      await connection.close();
    }
  },
  async probe(settings, tools) {
    // A blocked address says so by itself; the library would only say that it did not work.
    await tools.addressesOf(settings.host, settings.port ?? defaultPort);
    const transport = await openTransport(settings, tools);
    try {
      const trouble = await transport.verify();
      return { ok: trouble === undefined, message: trouble ?? "The server accepted the login." };
    } finally {
      transport.close();
    }
  },
};

/** One transport for many messages; a refused login opens a new one, with the password as it then is. */
function reopening(settings: SmtpSettings, tools: DeliveryTools) {
  let opened: Promise<SmtpTransport> | undefined;

  async function current(): Promise<SmtpTransport> {
    opened ??= openTransport(settings, tools);
    const mine = opened;
    try {
      const transport = await mine;
      if (!transport.wasLoginRefused()) {
        return transport;
      }
      // Of several messages that wait here, one replaces the transport and all use the new one.
      if (opened === mine) {
        transport.close();
        opened = openTransport(settings, tools);
      }
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  }

  return {
    async send(message: OutboundMessage, signal: AbortSignal): Promise<DeliveryResult> {
      if (!isBareAddress(message.to)) {
        return { ok: false, reason: "invalid_recipient" };
      }
      if (!isOneLine(message.subject ?? "") || !isOneLine(message.from ?? "")) {
        return { ok: false, reason: "configuration" };
      }
      const transport = await current();
      return transport.send(mailOf(message, settings, tools.now()), signal);
    },
    async close(): Promise<void> {
      (await opened?.catch(() => undefined))?.close();
    },
  };
}

async function openTransport(settings: SmtpSettings, tools: DeliveryTools): Promise<SmtpTransport> {
  // Loaded by the first mail: a server without a mail provider saves the memory.
  const { openSmtpTransport } = await import("../smtp-transport.ts");
  return openSmtpTransport(await serverOf(settings, tools), tools.addressesOf);
}

async function serverOf(settings: SmtpSettings, tools: DeliveryTools): Promise<SmtpServer> {
  const { user, password, dkim: signing } = settings;
  return {
    host: settings.host,
    port: settings.port ?? defaultPort,
    security: settings.security ?? "starttls",
    login:
      user === undefined || password === undefined ? undefined : { user, pass: await tools.secret(password) },
    heloName: settings.heloName,
    dkim: signing && {
      domainName: signing.domain,
      keySelector: signing.selector,
      privateKey: await tools.secret(signing.privateKey),
    },
    ca: settings.ca,
    timeoutMs: settings.timeoutMs ?? 5_000,
    maxConnections: settings.maxConnections ?? 5,
  };
}

/** Addresses as objects and an explicit envelope: a string would be read as a list of addresses. */
function mailOf(message: OutboundMessage, settings: SmtpSettings, now: number): SendMailOptions {
  const wished = message.from ?? "";
  const from = isBareAddress(wished) ? wished : settings.from;
  const name = isBareAddress(wished) ? "" : wished;
  const domain = settings.from.slice(settings.from.lastIndexOf("@") + 1);
  return {
    from: { name: settings.fromName ?? name, address: from },
    to: { name: "", address: message.to },
    envelope: { from: settings.from, to: [message.to] },
    subject: message.subject,
    text: message.text,
    html: htmlOf(message),
    date: new Date(now),
    messageId: `<${message.id.replace(/[^A-Za-z0-9._-]/g, "")}@${domain}>`,
    // RFC 3834 §5.2, and the language of the words (RFC 3282).
    headers: { "Auto-Submitted": "auto-generated", "Content-Language": message.locale },
  };
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? "");
}

function htmlOf(message: OutboundMessage): string {
  const lines = escapeHtml(message.text).split(/\r?\n/).join("<br>\n");
  return `<!doctype html>\n<html lang="${escapeHtml(message.locale)}">\n<body>\n<p>${lines}</p>\n</body>\n</html>\n`;
}

/** One addr-spec (RFC 5321 §4.1.2) without quoting, comments or anything that a list or a command could be made of. */
function isBareAddress(address: string): boolean {
  return (
    address.length <= 254 &&
    /^[^\s\p{C}()<>[\]:;@\\,"%]{1,64}@(?=.{1,253}$)[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}.-]*[\p{L}\p{N}\p{M}])?$/u.test(
      address,
    )
  );
}

/** Nothing that ends a line or hides: C0 and C1 controls, U+2028, U+2029. */
function isOneLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** What the schema cannot say, every problem at once. */
function validateSettings(settings: SmtpSettings): readonly string[] {
  const checks: readonly Check[] = [
    [
      /^[\p{L}\p{N}.:_-]+$/u.test(settings.host),
      "The server is a host name or an address, without a scheme.",
    ],
    [isBareAddress(settings.from), "The sender address is not one bare address."],
    [isOneLine(settings.fromName ?? ""), "The sender name holds a line break or a control character."],
    [/^[A-Za-z0-9.:[\]-]*$/.test(settings.heloName ?? ""), "The name in EHLO is a host name or an address."],
    [
      (settings.user === undefined) === (settings.password === undefined),
      "User and password belong together.",
    ],
    [
      settings.security !== "none" || settings.password === undefined,
      "A password is never sent over a connection without encryption.",
    ],
    [
      /^[A-Za-z0-9._-]*$/.test(`${settings.dkim?.domain ?? ""}${settings.dkim?.selector ?? ""}`),
      "The DKIM domain and selector are host names.",
    ],
  ];
  return problemsIn({}, checks);
}
