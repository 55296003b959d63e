import type { TObject } from "typebox";
import type { Reply, Turn } from "../dialogue/model.ts";
import type { DialogueTools } from "../dialogue/run.ts";
import type { AppId, ChannelId, OrganizationId } from "../engine/model.ts";
import type { Publication, Scope } from "../engine/settings.ts";

/**
 * Where the person talks to us. A conversation channel only translates: it proves who calls, reads a turn, and renders the
 * dialogue's reply; a service channel answers requests of its own protocol.
 */
export type Channel<Settings = ChannelSettings> = ConversationChannel<Settings> | ServiceChannel<Settings>;

/** Settings of a publication after the channel's schema passed them. */
export type ChannelSettings = Readonly<Record<string, unknown>>;

interface CommonChannel<Settings> {
  /** Folder, URL segment, `channel` of a publication, docs page. */
  readonly id: ChannelId;
  readonly title: string;
  /**
   * One schema validates, draws the form and writes the docs table; every member has a description and, if it is optional, a
   * default. A `credential` format marks a credential id.
   */
  readonly settings: TObject;
  /** Checks that the schema cannot express; returns every problem as a sentence, empty when fine. */
  validate?(settings: Settings): readonly string[];
  /**
   * A publication whose MFA switch is off is served too, because the channel has more to say than "prove it is you". Without
   * it such a publication is answered as if it were not there.
   */
  readonly servesWithoutMfa?: boolean;
  /** Proves that the platform sent this; throws `ChannelRejected`. Nothing was read or counted before. */
  authenticate(request: ChannelRequest, publication: Published<Settings>, tools: ChannelTools): Promise<void>;
  /**
   * What was refused, in the platform's own form; without `publication` there is no such one on this channel. Absent: the
   * status and one line of text.
   */
  refuse?(rejected: ChannelRejected, publication?: Published<Settings>): ChannelResponse;
}

export interface ConversationChannel<Settings = ChannelSettings> extends CommonChannel<Settings> {
  /** The turn in a request, or the answer to what is only housekeeping of the protocol. Throws `ChannelRejected`. */
  receive(
    request: ChannelRequest,
    publication: Published<Settings>,
    tools: ChannelTools,
  ): Received | Promise<Received>;
  /** Pure: the reply in the platform's own form. */
  respond(reply: Reply, turn: Turn, publication: Published<Settings>): ChannelResponse;
  /** The answer when something of ours failed: never an approval, always in the platform's own form. */
  fail(publication: Published<Settings>, request?: ChannelRequest): ChannelResponse;
}

export type Received = Turn | ChannelResponse;

export interface ServiceChannel<Settings = ChannelSettings> extends CommonChannel<Settings> {
  handle(
    request: ChannelRequest,
    publication: Published<Settings>,
    tools: ChannelTools,
  ): Promise<ChannelResponse>;
  /** The answer when something of ours failed: never an approval, always in the platform's own form. */
  fail(publication: Published<Settings>, request?: ChannelRequest): ChannelResponse;
}

/** A publication with its settings checked, and the URL under which its platform knows it. */
export interface Published<Settings = ChannelSettings> extends Omit<Publication, "settings"> {
  readonly settings: Settings;
  /** `<public URL>/channels/<channel>/<publication>`, from the configuration and never from a header. */
  readonly url: string;
}

/** Plain data, so that a fixture is a request. */
export interface ChannelRequest {
  readonly method: string;
  /** What follows the publication: empty, or `/swaig`. */
  readonly path: string;
  /** Raw query string without `?`; it may hold secrets and is never logged. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Raw bytes, at most 64 KiB. */
  readonly body: Uint8Array;
}

export interface ChannelResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the dialogue needs, and what only a channel asks. */
export interface ChannelTools extends DialogueTools {
  /** Who holds this API key (`cs_…`); undefined for anything that is not a living key. */
  holderOf(apiKey: string): Promise<ApiKeyHolder | undefined>;
}

export interface ApiKeyHolder {
  readonly organization: OrganizationId;
  readonly scopes: ReadonlySet<Scope>;
  /** The key works for this app only. */
  readonly app?: AppId | undefined;
}

/** The request was not proved or not understood: answered with this status and no detail, and nothing was counted. */
export class ChannelRejected extends Error {
  override readonly name = "ChannelRejected";
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 503;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ChannelRejected["status"],
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}
