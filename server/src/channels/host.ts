import type { takeTurn } from "../dialogue/turn.ts";
import type { OrganizationId } from "../engine/model.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type ConversationChannel,
  type Published,
} from "./channel.ts";
import type { Served, ServedPublications } from "./publications.ts";
import { plainRefusal } from "./refusal.ts";
import type { ChannelRegistry } from "./registry.ts";

/** What every request of a channel passes, whatever carries it. */
export interface ChannelHost {
  /**
   * Always answers. `report` is told what failed on our side; it may hold data of the request and is to be logged by name
   * and place only.
   */
  answer(
    address: ChannelAddress,
    request: ChannelRequest,
    report: (error: unknown) => void,
  ): Promise<ChannelResponse>;
  /** What was refused before a channel saw it, in the form of the channel that was asked for. */
  refuse(address: ChannelAddress, rejected: ChannelRejected): ChannelResponse;
  /** Whose publication this is, said at once and without any proof; undefined when it has not been asked for lately. */
  organizationOf(address: ChannelAddress): OrganizationId | undefined;
}

/** `/channels/<channel>/<publication>` */
export interface ChannelAddress {
  readonly channel: string;
  readonly publication: string;
}

export interface ChannelHostParts {
  readonly registry: ChannelRegistry;
  readonly publications: ServedPublications;
  readonly takeTurn: typeof takeTurn;
  readonly tools: ChannelTools;
}

export function createChannelHost(parts: ChannelHostParts): ChannelHost {
  const { registry, publications, tools } = parts;

  async function serve({ channel, publication }: Served, request: ChannelRequest): Promise<ChannelResponse> {
    await channel.authenticate(request, publication, tools);
    if ("handle" in channel) return channel.handle(request, publication, tools);
    return converse(channel, publication, request);
  }

  async function converse(
    channel: ConversationChannel,
    publication: Published,
    request: ChannelRequest,
  ): Promise<ChannelResponse> {
    const received = await channel.receive(request, publication, tools);
    if ("status" in received) return received;
    return channel.respond(await parts.takeTurn(received, publication, tools), received, publication);
  }

  function refuse({ channel }: ChannelAddress, rejected: ChannelRejected, served?: Served): ChannelResponse {
    return registry.find(channel)?.refuse?.(rejected, served?.publication) ?? plainRefusal(rejected);
  }

  return {
    refuse: (address, rejected) => refuse(address, rejected),
    organizationOf: ({ channel, publication }) =>
      publications.recall(channel, publication)?.publication.organization,
    async answer(address, request, report) {
      let served: Served | undefined;
      try {
        served = await publications.find(address.channel, address.publication);
        if (served === undefined) throw new ChannelRejected(404, "There is no such thing here.");
        return await serve(served, request);
      } catch (error) {
        if (error instanceof ChannelRejected) {
          return refuse(address, error, served);
        }
        report(error);
        return served?.channel.fail(served.publication, request) ?? unavailable;
      }
    },
  };
}

const unavailable = plainRefusal(new ChannelRejected(503, "Not available."));
