import type { TObject } from "typebox";
import type { DeliveryVia } from "../engine/model.ts";

/**
 * One way of getting a message to a person. A provider never retries, never logs, never reads the environment; it answers
 * once, in time, with a value. Retry, fail-over, time limits and records are the dispatcher's.
 */
export interface DeliveryProvider<Settings = Readonly<Record<string, unknown>>> {
  /** Registry id, also the docs page and the `kind` in the API: `smtp`. */
  readonly id: string;
  readonly title: string;
  readonly vias: readonly DeliveryVia[];
  /** Only for development; refused beside a real provider unless the organization asks for it. */
  readonly simulated?: boolean;
  /** One schema validates, draws the form and writes the docs table. A `credential` format marks a credential id. */
  readonly settings: TObject;
  /** Checks that the schema cannot express; returns sentences, empty when fine. */
  validate?(settings: Settings): readonly string[];
  /** Opens what is reused between messages (a connection pool). Absent: nothing to open. */
  open?(settings: Settings, tools: DeliveryTools): OpenProvider;
  send(message: OutboundMessage, settings: Settings, tools: DeliveryTools): Promise<DeliveryResult>;
  /** A harmless question to the provider (log in, no message), for `doctor`. */
  probe?(settings: Settings, tools: DeliveryTools): Promise<ProbeResult>;
  /**
   * Reads what the provider says later about messages, after it proved that the provider says it (its own signature or
   * credential). Throws `ReportRejected`. Absent: this provider reports nothing.
   */
  readReports?(
    request: ReportRequest,
    settings: Settings,
    tools: Pick<DeliveryTools, "secret" | "now">,
  ): Promise<readonly DeliveryReport[]>;
  /**
   * The plain text with which a question is answered that the provider asks at the report URL before it uses it;
   * undefined: the request is no such question. Throws `ReportRejected` when it asks with the wrong password. Absent:
   * the provider asks nothing.
   */
  answerHandshake?(
    request: ReportRequest,
    settings: Settings,
    tools: Pick<DeliveryTools, "secret" | "now">,
  ): Promise<string | undefined>;
  /**
   * Whether a key was pressed in the call that asks for the words it is to say, after it proved that the provider asks.
   * Throws `ReportRejected`. Absent: the provider never fetches a call script.
   */
  readCall?(
    request: ReportRequest,
    settings: Settings,
    tools: Pick<DeliveryTools, "secret" | "now">,
  ): Promise<{ readonly keyPressed: boolean }>;
  /** Wipes the text of a message from the provider's records; true when it is gone. Absent: it offers no such thing. */
  redact?(reference: string, settings: Settings, tools: DeliveryTools): Promise<boolean>;
}

/** A web-hook of a provider as plain data, so that a fixture is a request. */
export interface ReportRequest {
  readonly method: string;
  /** The URL as the provider was told it: from the configuration, never from a header; with the query it came with. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Raw bytes, at most 64 KiB. */
  readonly body: Uint8Array;
}

/** What a provider says of one message. */
export interface DeliveryReport {
  /** The provider's own id of the message, in one canonical spelling: the same as `reference` of the hand-over. */
  readonly reference: string;
  readonly state: "accepted" | "delivered" | "failed";
  readonly reason?: DeliveryFailure | undefined;
  /** The provider's own code, short; never its text. */
  readonly providerCode?: string | undefined;
  readonly price?: Price | undefined;
}

/** What a message cost, as the provider says: `amount` in units of `currency` (ISO 4217). */
export interface Price {
  readonly amount: number;
  readonly currency: string;
}

/** A web-hook that did not prove where it comes from (403), or is not one (400). Nothing was read. */
export class ReportRejected extends Error {
  override readonly name = "ReportRejected";
  readonly status: 400 | 403;

  constructor(status: 400 | 403, message: string) {
    super(message);
    this.status = status;
  }
}

export interface OpenProvider {
  /** `signal` ends this one call; the signal given to `open` ends the provider's whole life. */
  send(message: OutboundMessage, signal: AbortSignal): Promise<DeliveryResult>;
  close(): Promise<void>;
}

/** What is to be sent, ready: the text holds the code and must not be kept or logged. */
export interface OutboundMessage {
  /** Delivery id; the provider's client reference where it takes one. */
  readonly id: string;
  /** The verification, as its caller knows it. */
  readonly verification: string;
  readonly organization: string;
  readonly via: DeliveryVia;
  /** E.164 number or one bare address. */
  readonly to: string;
  readonly from?: string | undefined;
  readonly subject?: string | undefined;
  readonly text: string;
  /** The code in the text, for a provider that has the words and takes only the code. */
  readonly code?: string | undefined;
  /** Of a call: what is said, for a provider that takes markup. */
  readonly speech?: Speech | undefined;
  /** BCP 47 tag of the text. */
  readonly locale: string;
  readonly ttlSeconds: number;
  /** Where the provider should report what became of it; absent where this server has no public URL. */
  readonly reportUrl?: string | undefined;
}

/** What a call says, the code apart from the words, and the code at least twice. */
export interface Speech {
  readonly parts: readonly SpeechPart[];
  /** Said before anything else where a key must be pressed first; never holds the code. */
  readonly invitation: string;
  /** The organization's own template is SSML: to be said as it stands where the provider takes SSML. */
  readonly ssml?: string | undefined;
}

export type SpeechPart =
  | { readonly kind: "text"; readonly text: string }
  /** Read slowly, one by one; a code may hold letters. */
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "pause"; readonly seconds: number };

/** Documents of a call that the provider fetches when the call is answered. */
export interface CallScript {
  readonly mediaType: string;
  /** Answered as often as asked until a key was pressed; never holds the code. Absent: no key needs to be pressed. */
  readonly invitation?: string | undefined;
  /** Holds the code: answered once. */
  readonly words: string;
}

export type DeliveryResult =
  | { readonly ok: true; readonly reference?: string | undefined; readonly price?: Price | undefined }
  | {
      readonly ok: false;
      readonly reason: DeliveryFailure;
      /** The provider's own code or status, short; never its text. */
      readonly providerCode?: string | undefined;
    };

/**
 * `unreachable`: certainly not accepted (refused, DNS, reset before the request was sent). `rejected`: the provider said
 * no to this message. `invalid_recipient`: no provider will do better. `configuration`: our settings or credential.
 * `throttled`: later or elsewhere. `temporary`: the provider's own trouble. `ambiguous`: it may have been accepted.
 * `unanswered`: the person did not pick up, which another provider would not change; of reports only.
 */
export type DeliveryFailure =
  | "unreachable"
  | "rejected"
  | "invalid_recipient"
  | "configuration"
  | "throttled"
  | "temporary"
  | "ambiguous"
  | "unanswered";

export interface ProbeResult {
  readonly ok: boolean;
  readonly message: string;
}

export interface DeliveryTools {
  /** The one guarded fetch of `delivery/http.ts`. */
  readonly fetch: OutboundFetch;
  /** The guarded resolver, for a provider that does not speak HTTP: it connects to these addresses and to no other. */
  readonly addressesOf: ResolveAddresses;
  /** Ends the call: the dispatcher's time limit. */
  readonly signal: AbortSignal;
  /** Plain secret of a credential of this organization; throws when absent. */
  secret(credentialId: string): Promise<string>;
  readonly now: () => number;
  /**
   * Keeps the script of the call that is about to be made, sealed, until it was fetched once or the code has expired;
   * gives the URL for the provider. Absent: no call is being made, or this server has no public URL.
   */
  keepCallScript?(script: CallScript): Promise<string>;
}

export interface OutboundRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Extra trust for this call (PEM). */
  readonly ca?: string | undefined;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB; a longer answer is a `garbage` failure. */
  readonly body: string;
}

/** Never follows a redirect, never connects to a private address unless allowed. Throws `OutboundError`. */
export type OutboundFetch = (url: string, request: OutboundRequest) => Promise<OutboundResponse>;

export interface OutboundAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of a host, every one of them allowed for this port. Throws `OutboundError`, never an empty list. */
export type ResolveAddresses = (host: string, port: number) => Promise<readonly OutboundAddress[]>;

export type OutboundErrorKind = "blocked" | "unreachable" | "timeout" | "reset" | "garbage";

export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly kind: OutboundErrorKind;
  /** Whether bytes of the request may have reached the other side. */
  readonly sent: boolean;
  /** Status of the answer, when that much of it came before the trouble. */
  readonly status: number | undefined;

  constructor(kind: OutboundErrorKind, sent: boolean, message: string, status?: number) {
    super(message);
    this.kind = kind;
    this.sent = sent;
    this.status = status;
  }
}
