import { failureOfError } from "./failure.ts";
import { type DeliveryFailure, OutboundError } from "./provider.ts";

/** What the library attaches to its errors. */
interface SmtpError {
  readonly code?: unknown;
  /** The system's or the TLS library's own code, where `code` is the library's. */
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

export interface SmtpFailure {
  readonly reason: DeliveryFailure;
  readonly providerCode?: string;
}

export function isLoginRefused(error: unknown): boolean {
  return isSmtpError(error) && error.code === "EAUTH";
}

/**
 * What an error of the mail library means, by codes alone and never by words. `begun`: the message's content was being
 * sent, so without a reply nobody knows whether the server kept it.
 */
export function failureOfSmtp(error: unknown, begun: boolean): SmtpFailure {
  if (!isSmtpError(error)) {
    return { reason: begun ? "ambiguous" : "unreachable" };
  }
  if (typeof error.responseCode === "number") {
    return failureOfReply(error, error.responseCode);
  }
  if (begun) {
    return { reason: "ambiguous" };
  }
  if (error instanceof OutboundError) {
    return { reason: failureOfError(error) };
  }
  return { reason: withoutReply(error) };
}

/**
 * Why a server cannot be used, in one sentence for the operator: with codes of the system, of the TLS library and of the
 * server, and never its words.
 */
export function troubleOfSmtp(error: unknown): string {
  if (!isSmtpError(error)) return "The server could not be reached.";
  const { code, originalCode, responseCode } = error;
  const known = [responseCode, originalCode, code].find(
    (one) => typeof one === "number" || (typeof one === "string" && /^[A-Z0-9_]{2,64}$/.test(one)),
  );
  const told = known === undefined ? "" : ` (${known})`;
  if (isLoginRefused(error)) return `The server refused the login${told}.`;
  if (code === "ETLS") return `The server does not go on with encryption (STARTTLS)${told}.`;
  if (typeof responseCode === "number") return `The server refused us before the login${told}.`;
  const failure = withoutReply(error);
  return failure === "configuration"
    ? `The server's certificate or encryption is not what the settings say${told}.`
    : `The server could not be reached, or did not answer${told}.`;
}

function failureOfReply(error: SmtpError, reply: number): SmtpFailure {
  const enhanced = enhancedCode(error.response);
  const providerCode = enhanced ?? `${reply}`;
  if (reply < 500) {
    return { reason: "temporary", providerCode };
  }
  return { reason: refusal(error, reply, enhanced), providerCode };
}

/** RFC 5321 §4.2.1: 5yz is final. RFC 3463: x.1.z is the address, x.7.z is security and policy. */
function refusal(error: SmtpError, reply: number, enhanced: string | undefined): DeliveryFailure {
  if (error.command === "RCPT TO") {
    const isAboutUs = enhanced?.startsWith("5.7.") === true || reply === 530 || reply === 503;
    return isAboutUs ? "rejected" : "invalid_recipient";
  }
  if (error.command === "DATA") {
    return enhanced?.startsWith("5.1.") === true ? "invalid_recipient" : "rejected";
  }
  // Greeting, EHLO, STARTTLS, AUTH, MAIL FROM: it is we who are not welcome.
  return "configuration";
}

function withoutReply(error: SmtpError): DeliveryFailure {
  if (error.code === "EENVELOPE") {
    return "invalid_recipient";
  }
  if (typeof error.code === "string" && settingsCodes.has(error.code)) {
    return "configuration";
  }
  // What is wrong with a certificate or a handshake has a code of the TLS library, not of the system's sockets.
  const isTls = error.code === "ESOCKET" && typeof error.originalCode === "string";
  return isTls && !socketCodes.has(String(error.originalCode)) ? "configuration" : "unreachable";
}

const settingsCodes = new Set(["EAUTH", "ENOAUTH", "EOAUTH2", "ETLS", "EREQUIRETLS", "ECONFIG", "EMESSAGE"]);

const socketCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

function enhancedCode(response: unknown): string | undefined {
  const match = typeof response === "string" ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response) : null;
  return match?.[1];
}

function isSmtpError(error: unknown): error is SmtpError {
  return typeof error === "object" && error !== null;
}
