import { Value } from "typebox/value";
import type { Publication } from "../engine/settings.ts";
import type { SettingsStore } from "../engine/store.ts";
import type { Channel, ChannelSettings, Published } from "./channel.ts";
import type { ChannelRegistry } from "./registry.ts";

/** A publication ready to be served, with its channel. */
export interface Served {
  readonly channel: Channel;
  readonly publication: Published;
}

export interface ServedPublications {
  /** Undefined alike for an unknown id, another channel's publication, one that is switched off, and a broken one. */
  find(channel: string, id: string): Promise<Served | undefined>;
  /** The same, at once: undefined also for one that has not been asked for lately. */
  recall(channel: string, id: string): Served | undefined;
}

export interface ServedParts {
  readonly registry: ChannelRegistry;
  readonly settings: Pick<SettingsStore, "publication" | "onChange">;
  /** Public URL of this server, without a slash at its end. */
  readonly publicUrl: string;
}

interface Remembered {
  readonly asked: Promise<Served | undefined>;
  /** What came of it, once it has. */
  served: Served | undefined;
}

/** Most publications remembered; beyond it the memory starts anew. */
const mostRemembered = 10_000;
/** No id is longer: what is longer is not even looked up. */
const longestId = 64;

/** Publications by their id alone, as a platform names them; remembered until one changes on any node. */
export function createServedPublications(parts: ServedParts): ServedPublications {
  const { settings, registry } = parts;
  const known = new Map<string, Remembered>();
  settings.onChange(({ collection, id }) => {
    if (collection === "publications") known.delete(id);
  });

  async function load(id: string): Promise<Served | undefined> {
    const publication = await settings.publication(id);
    const channel = publication && registry.find(publication.channel);
    if (publication === undefined || channel === undefined) return undefined;
    if (!publication.mfa && channel.servesWithoutMfa !== true) return undefined;
    return serve(channel, publication, parts.publicUrl);
  }

  function remembered(id: string): Promise<Served | undefined> {
    const begun = known.get(id);
    if (begun !== undefined) return begun.asked;
    if (known.size >= mostRemembered) known.clear();
    const begins: Remembered = { asked: load(id), served: undefined };
    known.set(id, begins);
    // What is not there is asked again, and so is what could not be read: only good answers are worth the memory.
    const forget = () => {
      if (known.get(id) === begins) known.delete(id);
    };
    begins.asked.then((served) => {
      begins.served = served;
      if (served === undefined) forget();
    }, forget);
    return begins.asked;
  }

  return {
    find: async (channel, id) => {
      if (id.length > longestId) return undefined;
      const served = await remembered(id);
      return served?.channel.id === channel ? served : undefined;
    },
    recall(channel, id) {
      const served = known.get(id)?.served;
      return served?.channel.id === channel ? served : undefined;
    },
  };
}

/** Undefined when the settings do not fit the channel: they were kept by a version that knew other ones. */
function serve(channel: Channel, publication: Publication, publicUrl: string): Served | undefined {
  const settings = withDefaults(channel, publication.settings);
  if (!Value.Check(channel.settings, settings)) return undefined;
  if ((channel.validate?.(settings) ?? []).length > 0) return undefined;
  return { channel, publication: { ...publication, settings, url: publicationUrl(publication, publicUrl) } };
}

/** Where the platform of a channel reaches a publication. */
export function publicationUrl(
  { channel, id }: Pick<Publication, "channel" | "id">,
  publicUrl: string,
): string {
  return `${publicUrl}/channels/${channel}/${id}`;
}

/** The settings as the channel sees them: what was not given has the schema's default. */
export function withDefaults(channel: Pick<Channel, "settings">, settings: ChannelSettings): ChannelSettings {
  return Value.Default(channel.settings, structuredClone(settings)) as ChannelSettings;
}
