import { connect, isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import nodemailer, { type SendMailOptions, type Transport } from "nodemailer";
import SMTPPool, { type SMTPPoolSentMessageInfo } from "nodemailer/lib/smtp-pool";
import type { DeliveryResult, OutboundAddress, ResolveAddresses } from "./provider.ts";
import { failureOfSmtp, isLoginRefused, troubleOfSmtp } from "./smtp-failure.ts";

/** A mail server and how to talk to it, credentials opened. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `starttls`: upgraded or given up; `tls`: from the first byte; `none`: in clear. */
  readonly security: "starttls" | "tls" | "none";
  readonly login?: { readonly user: string; readonly pass: string } | undefined;
  readonly heloName?: string | undefined;
  readonly dkim?:
    | { readonly domainName: string; readonly keySelector: string; readonly privateKey: string }
    | undefined;
  /** Extra trust (PEM). */
  readonly ca?: string | undefined;
  /** Limit of each step: connecting, greeting, any silence. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
}

export interface SmtpTransport {
  send(mail: SendMailOptions, signal: AbortSignal): Promise<DeliveryResult>;
  /** Connects and logs in, nothing more. Undefined: it works; else why not, in one sentence for the operator. */
  verify(): Promise<string | undefined>;
  /** True once the server said no to the login: the password may have changed since it was read. */
  wasLoginRefused(): boolean;
  /** Messages in flight end first. */
  close(): void;
}

export function openSmtpTransport(server: SmtpServer, addressesOf: ResolveAddresses): SmtpTransport {
  const pool = new SMTPPool({
    host: server.host,
    port: server.port,
    secure: server.security === "tls",
    requireTLS: server.security === "starttls",
    ignoreTLS: server.security === "none",
    name: server.heloName,
    auth: server.login,
    tls: {
      ca: server.ca,
      minVersion: "TLSv1.2",
      ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    },
    connectionTimeout: server.timeoutMs,
    greetingTimeout: server.timeoutMs,
    socketTimeout: server.timeoutMs,
    maxConnections: server.maxConnections,
    // Only for a kept connection that the server had closed, and only while not a byte of the message was read.
    maxRequeues: 1,
    logger: false,
    getSocket: (_options, callback) => {
      dial(server, addressesOf).then(
        (connection) => callback(null, { connection }),
        (error: unknown) => callback(error instanceof Error ? error : new Error("dial"), false),
      );
    },
  });
  const begun = new WeakSet<AbortSignal>();
  const mailer = nodemailer.createTransport<SMTPPoolSentMessageInfo>(marking(pool, begun), {
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(server.dkim === undefined ? {} : { dkim: server.dkim }),
  });
  let loginRefused = false;

  return {
    async send(mail, signal) {
      // A signal of its own is also what the message is known by inside the library.
      const own = AbortSignal.any([signal]);
      try {
        const sent = await mailer.sendMail({ ...mail, signal: own });
        return { ok: true, reference: sent.messageId };
      } catch (error) {
        loginRefused ||= isLoginRefused(error);
        return { ok: false, ...failureOfSmtp(error, begun.has(own)) };
      }
    },
    async verify() {
      return pool.verify().then(() => undefined, troubleOfSmtp);
    },
    wasLoginRefused: () => loginRefused,
    close: () => pool.close(),
  };
}

/** Notes the moment from which the server may have the message: when its content is read, which is after DATA was granted. */
function marking(pool: SMTPPool, begun: WeakSet<AbortSignal>): Transport<SMTPPoolSentMessageInfo> {
  return {
    name: pool.name,
    version: pool.version,
    supportsAbortSignal: true,
    send(mail, callback) {
      const { signal } = mail.data;
      mail.message?.processFunc((content) =>
        Readable.from(marked(content, signal, begun), { objectMode: false }),
      );
      pool.send(mail, callback);
    },
  };
}

async function* marked(
  content: AsyncIterable<unknown>,
  signal: AbortSignal | undefined,
  begun: WeakSet<AbortSignal>,
): AsyncGenerator<unknown> {
  if (signal === undefined || begun.has(signal)) {
    // Reading it twice would be a second mail with the same code.
    throw new Error("already handed over");
  }
  begun.add(signal);
  yield* content;
}

/** A connection to an address that passed the guard, and to no other. */
async function dial(server: SmtpServer, addressesOf: ResolveAddresses): Promise<Socket> {
  const addresses = await addressesOf(server.host, server.port);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: server.host,
      port: server.port,
      autoSelectFamily: true,
      lookup: (_hostname, options, callback) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) {
          callback(null, addresses.map(copyOf));
        } else {
          callback(null, first.address, first.family);
        }
      },
    });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(server.timeoutMs, () => fail(new Error("no connection in time")));
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.removeListener("error", fail);
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      resolve(socket);
    });
  });
}

function copyOf(entry: OutboundAddress): { address: string; family: number } {
  return { ...entry };
}
