import type { Channel } from "./channel.ts";

/** Every channel: one line each. */
export const channels: readonly Channel[] = [];

export interface ChannelRegistry {
  find(id: string): Channel | undefined;
  readonly all: readonly Channel[];
}

export function createChannelRegistry(all: readonly Channel[] = channels): ChannelRegistry {
  const byId = new Map<string, Channel>(all.map((channel) => [channel.id, channel]));
  return { all, find: (id) => byId.get(id) };
}
