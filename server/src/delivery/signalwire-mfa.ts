import { listAt, plainCode, readJson, textAt } from "./answers.ts";
import { failureOfError, failureOfStatus } from "./failure.ts";
import type { DeliveryFailure, DeliveryTools, OutboundResponse } from "./provider.ts";
import { ask, basicLogin } from "./requests.ts";

/** Where SignalWire's own MFA API is, or another server that speaks it, and who we are there. */
export interface SignalwireMfaSettings {
  /** `https://<space>.signalwire.com`, without a path. */
  readonly baseUrl: string;
  readonly project: string;
  /** Id of the credential that holds the API token. */
  readonly credential: string;
  readonly timeoutMs?: number | undefined;
}

/** What SignalWire is asked to send: it makes the token, and only it can check it. */
export interface SignalwireSend {
  readonly via: "sms" | "voice";
  /** E.164. */
  readonly to: string;
  /** A number of the project; absent: SignalWire's shared one, which sends the default text only. */
  readonly from?: string | undefined;
  /** Said before the token. */
  readonly message?: string | undefined;
  /** 4–20; default 6. */
  readonly tokenLength?: number | undefined;
  /** 0–604800 seconds; default 3600. */
  readonly ttlSeconds?: number | undefined;
  /** 1–20; default 3. */
  readonly maxAttempts?: number | undefined;
  /** A repeat with the same key sends nothing again, where the other side honours it (Countersign does). */
  readonly idempotencyKey?: string | undefined;
}

export type SignalwireSent =
  /** Queued there; whether it arrives, SignalWire tells nobody. */
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: DeliveryFailure; readonly providerCode?: string | undefined };

/**
 * `over`: verified before, out of attempts, expired, or never there: SignalWire has one answer for all. `failed`: nothing is
 * known, thus not approved.
 */
export type SignalwireVerified =
  | { readonly kind: "approved" }
  | { readonly kind: "wrong" }
  | { readonly kind: "over" }
  | { readonly kind: "failed"; readonly reason: DeliveryFailure };

export interface SignalwireMfa {
  send(request: SignalwireSend): Promise<SignalwireSent>;
  verify(id: string, token: string): Promise<SignalwireVerified>;
}

export type SignalwireMfaTools = Pick<DeliveryTools, "fetch" | "signal" | "secret">;

/** A client of SignalWire's MFA API (`POST /api/relay/rest/mfa/…`). It asks once, never throws, and fails closed. */
export function createSignalwireMfa(
  settings: SignalwireMfaSettings,
  tools: SignalwireMfaTools,
): SignalwireMfa {
  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    ask(
      {
        url: `${settings.baseUrl.replace(/\/+$/, "")}/api/relay/rest/mfa/${path}`,
        headers: {
          authorization: basicLogin(settings.project, await tools.secret(settings.credential)),
          ...headers,
        },
        body,
        timeoutMs: settings.timeoutMs,
      },
      tools,
    );
  return {
    send: async (request) => {
      const { idempotencyKey: key } = request;
      try {
        const headers = key === undefined ? {} : { "idempotency-key": key };
        return readSent(await post(request.via === "sms" ? "sms" : "call", fieldsOf(request), headers));
      } catch (error) {
        return { ok: false, reason: failureOfError(error) };
      }
    },
    verify: async (id, token) => {
      // What is no id would be a part of the address.
      if (!idPattern.test(id)) return { kind: "over" };
      try {
        return readVerified(await post(`${id}/verify`, { token }));
      } catch (error) {
        return { kind: "failed", reason: failureOfError(error) };
      }
    },
  };
}

const idPattern = /^[0-9A-Za-z-]{1,64}$/;

function fieldsOf({ to, from, message, tokenLength, ttlSeconds, maxAttempts }: SignalwireSend): object {
  return {
    to,
    from,
    message,
    token_length: tokenLength,
    valid_for: ttlSeconds,
    max_attempts: maxAttempts,
  };
}

function readSent({ status, body }: OutboundResponse): SignalwireSent {
  if (status < 200 || status >= 300) {
    const reason = status === 422 ? reasonOfFields(body) : failureOfStatus(status);
    const code = plainCode(textAt(readJson(body), "errors.0.code"));
    return { ok: false, reason, providerCode: code ?? `${status}` };
  }
  const said = readJson(body);
  const id = textAt(said, "id");
  if (textAt(said, "success") === "false")
    return { ok: false, reason: "rejected", providerCode: "unsuccessful" };
  // Something was accepted, and without its id nobody can verify it.
  if (id === undefined || !idPattern.test(id)) return { ok: false, reason: "ambiguous" };
  return { ok: true, id };
}

/**
 * The texts of these errors are published nowhere, but each begins with the field's label: `to` is the person's number, and
 * everything else we chose.
 */
function reasonOfFields(body: string): DeliveryFailure {
  const labels = listAt(readJson(body), "errors").map(
    (error) => textAt(error, "detail")?.toLowerCase() ?? "",
  );
  if (labels.length === 0) return "rejected";
  return labels.every((label) => /^to\b/.test(label)) ? "invalid_recipient" : "configuration";
}

/** Only the documented boolean is a yes. */
function readVerified({ status, body }: OutboundResponse): SignalwireVerified {
  if (status === 404) return { kind: "over" };
  if (status !== 200) return { kind: "failed", reason: failureOfStatus(status) };
  const said = readJson(body);
  const success = typeof said === "object" && said !== null && "success" in said ? said.success : undefined;
  if (success === true) return { kind: "approved" };
  return success === false ? { kind: "wrong" } : { kind: "failed", reason: "ambiguous" };
}
