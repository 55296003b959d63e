import { validateDialogue } from "../../dialogue/validate.ts";
import type { Scope } from "../../engine/settings.ts";
import { demandKey } from "../access.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelTools,
  type ConversationChannel,
  type Published,
} from "../channel.ts";
import { jsonAnswer, jsonBodyOf } from "../json.ts";
import { messageOf, turnOf } from "./messages.ts";
import { problemAnswer } from "./problem.ts";
import { type ChatSettings, chatSettings } from "./settings.ts";

/** Plain JSON turns for any bot: `POST {conversation, input}` gets `{say, expect}`, and `{done}` at the end. */
export const chat: ConversationChannel<ChatSettings> = {
  id: "chat",
  title: "Chat (plain JSON turns)",
  settings: chatSettings,
  validate: validateDialogue,
  authenticate,
  receive: (request, { settings }) => {
    if (request.path !== "") throw new ChannelRejected(404, "There is no such thing here.");
    if (request.method !== "POST") throw new ChannelRejected(405, "Only POST.", { allow: "POST" });
    return turnOf(jsonBodyOf(request), settings);
  },
  respond: (reply, turn) => jsonAnswer(200, messageOf(reply, turn)),
  fail: () => problemAnswer(500, "Internal error"),
  refuse: ({ status, message, headers }) => problemAnswer(status, message, headers),
};

/** An API key in its header, or the publication's own key; neither in the address, where logs and histories would keep it. */
async function authenticate(
  request: ChannelRequest,
  publication: Published<ChatSettings>,
  tools: ChannelTools,
): Promise<void> {
  const { access } = publication.settings;
  const [, apiKey] = /^Bearer (cs_\S+)$/i.exec(request.headers["authorization"] ?? "") ?? [];
  if (apiKey !== undefined) return authenticateHolder(apiKey, request, publication, tools);
  if (access === undefined) throw unauthenticated();
  await demandKey({ ...request, query: "" }, access, publication, tools);
}

async function authenticateHolder(
  apiKey: string,
  request: ChannelRequest,
  { organization, app }: Published<ChatSettings>,
  tools: ChannelTools,
): Promise<void> {
  const holder = await tools.holderOf(apiKey);
  if (holder?.organization !== organization) throw unauthenticated();
  const missing = [...neededScopes(request)].filter((scope) => !holder.scopes.has(scope));
  if (missing.length > 0 && !holder.scopes.has("admin")) {
    throw new ChannelRejected(403, `This needs a key with the scopes ${missing.join(", ")}.`);
  }
  if (holder.app !== undefined && holder.app !== app)
    throw new ChannelRejected(403, "This key works for one app only.");
}

/** Variables may hold addresses that the caller vouches for: who gives some decides where a code goes. */
function neededScopes(request: ChannelRequest): readonly Scope[] {
  const common = ["verifications:start", "verifications:check"] as const;
  return jsonBodyOf(request)["variables"] === undefined ? common : [...common, "verifications:start_to"];
}

function unauthenticated(): ChannelRejected {
  return new ChannelRejected(401, "A valid key is needed.", { "www-authenticate": "Bearer" });
}
