import type { Conversation } from "../engine/conversations.ts";
import type { OrganizationId, PublicationId, UserId, VerificationId } from "../engine/model.ts";
import type { Vault } from "../engine/tools.ts";
import { canonicalLocale } from "../languages/negotiate.ts";
import type { Reply, Turn } from "./model.ts";
import type { DialogueState } from "./state.ts";

/** What is kept of a dialogue between two turns, sealed. */
export interface Memory {
  readonly state: DialogueState;
  /** The last reply, for a platform that asks again. Absent until the first one. */
  readonly reply?: Reply | undefined;
  readonly facts: Facts;
  /** Name of the answer by which the run was approved: the receipt is made anew when the reply is asked for again, and kept nowhere. */
  readonly proved?: string | undefined;
}

/** What the platform told of the dialogue, and what was found out about the person. */
export interface Facts {
  readonly subject?: string | undefined;
  readonly caller?: string | undefined;
  readonly called?: string | undefined;
  readonly source?: string | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Language that the platform names. */
  readonly locale?: string | undefined;
  readonly user?: UserId | undefined;
  /** Language of the person's record. */
  readonly userLocale?: string | undefined;
  /** The verification of the round, where the codes are ours. */
  readonly verification?: VerificationId | undefined;
}

const idPrefix = "cv_";
/** BCP 47 tags of people are far shorter. */
const longestTag = 35;

/** The ids that were made last, per keys: a turn names its conversation as the one before did. */
const idsMade = new WeakMap<Pick<Vault, "mac">, Map<string, string>>();
const mostIds = 2_000;

/**
 * Id of a conversation: a keyed digest of where it takes place and the platform's own id, so that it is found by either and
 * nobody can make one. It may stand in a URL.
 */
export function conversationId(
  organization: OrganizationId,
  publication: PublicationId,
  externalId: string,
  vault: Pick<Vault, "mac">,
): string {
  const ids = idsMade.get(vault) ?? new Map<string, string>();
  const name = `${organization} ${publication} ${externalId}`;
  const known = ids.get(name);
  if (known !== undefined) return known;
  const mac = vault.mac("index", ["countersign/conversation/v1", organization, publication, externalId]);
  const id = `${idPrefix}${Buffer.from(mac.value).toString("base64url")}`;
  if (ids.size >= mostIds) ids.clear();
  idsMade.set(vault, ids.set(name, id));
  return id;
}

/** What is known after this turn: a platform need not say everything every time, and a new run may bring news. */
export function learn(facts: Facts, { subject, caller, called, source, locale, variables }: Turn): Facts {
  return {
    ...facts,
    subject: subject ?? facts.subject,
    caller: caller ?? facts.caller,
    called: called ?? facts.called,
    source: source ?? facts.source,
    locale: canonicalLocale(locale?.slice(0, longestTag)) ?? facts.locale,
    variables: variables === undefined ? facts.variables : { ...facts.variables, ...variables },
  };
}

/** What was sealed here lately, by the conversation that holds it: opening it is a good part of a turn. */
const sealedHere = new WeakMap<Conversation, unknown>();

/** What a conversation holds, as its channel sealed it. */
export function openMemory<Held = Memory>(conversation: Conversation, vault: Pick<Vault, "open">): Held {
  const known = sealedHere.get(conversation);
  if (known !== undefined) return known as Held;
  const opened = vault.open(placeOf(conversation), conversation.state);
  return JSON.parse(Buffer.from(opened).toString()) as Held;
}

export function sealMemory<Held>(
  memory: Held,
  conversation: Omit<Conversation, "state">,
  vault: Pick<Vault, "seal">,
): Conversation {
  const sealed = { ...conversation, state: vault.seal(placeOf(conversation), JSON.stringify(memory)) };
  sealedHere.set(sealed, memory);
  return sealed;
}

function placeOf({ organization, id }: Pick<Conversation, "organization" | "id">) {
  return { organization, table: "conversations", column: "state", row: id };
}
