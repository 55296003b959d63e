import type { Channel } from "./channel.ts";
import { chat } from "./chat/chat.ts";
import { genesys } from "./genesys/genesys.ts";
import { swaig } from "./swaig/swaig.ts";
import { swml } from "./swml/swml.ts";
import { twiml } from "./twiml/twiml.ts";
import { voicexml } from "./voicexml/voicexml.ts";

/** Every channel: one line each. */
export const channels: readonly Channel[] = [voicexml, twiml, swml, swaig, chat, genesys];

export interface ChannelRegistry {
  find(id: string): Channel | undefined;
  readonly all: readonly Channel[];
}

export function createChannelRegistry(all: readonly Channel[] = channels): ChannelRegistry {
  const byId = new Map<string, Channel>(all.map((channel) => [channel.id, channel]));
  return { all, find: (id) => byId.get(id) };
}
