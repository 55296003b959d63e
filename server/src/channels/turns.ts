import type { Reply } from "../dialogue/model.ts";
import type { Conversation } from "../engine/conversations.ts";
import type { Random } from "../engine/tools.ts";
import { ChannelRejected, type ChannelRequest, type ChannelTools, type Published } from "./channel.ts";

/** The step of a dialogue that a request answers, by its URL. */
export interface StepPlace {
  /** Our id of the conversation. */
  readonly conversation: string;
  readonly step: number;
}

/** Where the answer to a reply goes: `<publication>/t/<conversation>/<step>`. A different one for every turn. */
export function turnUrl(
  reply: Pick<Reply, "conversation" | "step">,
  publication: { readonly url: string },
): string {
  return `${publication.url}/t/${encodeURIComponent(reply.conversation)}/${reply.step}`;
}

/** The step at a path; undefined for another path. */
export function stepAt({ path }: Pick<ChannelRequest, "path">): StepPlace | undefined {
  const [, conversation, step] = /^\/t\/([A-Za-z0-9_.~-]{1,128})\/([0-9]{1,6})$/.exec(path) ?? [];
  return conversation === undefined ? undefined : { conversation, step: Number(step) };
}

/**
 * A platform's own id of a dialogue; undefined when it names none.
 *
 * @throws ChannelRejected 400 for what is no id.
 */
export function conversationNamed(given: string | undefined): string | undefined {
  if (given === undefined || given === "") return undefined;
  if (/^[\x21-\x7e]{1,128}$/.test(given)) return given;
  throw new ChannelRejected(400, "The id of the conversation is not 1 to 128 visible ASCII characters.");
}

/** For a platform that names none: 128 random bits. */
export function freshConversation(random: Random): string {
  return Buffer.from(random.bytes(16)).toString("base64url");
}

/** The conversation of this publication with our id; undefined when there is none. */
export async function conversationAt(
  { conversation: id }: StepPlace,
  publication: Published<unknown>,
  { services }: Pick<ChannelTools, "services">,
): Promise<Conversation | undefined> {
  const found = await services.store.conversations.find(publication.organization, id);
  return found?.publication === publication.id ? found : undefined;
}

/** @throws ChannelRejected 404 when this publication has no such conversation. */
export async function demandConversation(
  place: StepPlace | undefined,
  publication: Published<unknown>,
  tools: Pick<ChannelTools, "services">,
): Promise<Conversation> {
  const found = place && (await conversationAt(place, publication, tools));
  if (found === undefined) throw new ChannelRejected(404, "There is no such conversation.");
  return found;
}
