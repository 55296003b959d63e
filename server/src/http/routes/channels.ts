import type { FastifyReply, FastifyRequest } from "fastify";
import { ChannelRejected, type ChannelRequest } from "../../channels/channel.ts";
import type { ChannelHost } from "../../channels/host.ts";
import { CountersignError } from "../../engine/errors.ts";
import { publicRoute } from "../access.ts";
import type { Importance } from "../admission.ts";
import type { App, RoutePlugin } from "../app.ts";
import { logBug, toCountersignError } from "../error-handler.ts";
import { problemHeaders, problemOf } from "../problem.ts";
import { rawRequest, takeRawBodies } from "../raw-bodies.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * `/channels/:channel/:publication` and everything below it: the body as raw bytes of any type, the query as it was written.
 * Each channel proves by its own means who is calling.
 */
export function channelRoutes(host: ChannelHost): RoutePlugin {
  return (app) => {
    takeRawBodies(app);
    app.setErrorHandler(refuseBy(host));
    route(app, host, { url: "/channels/:channel/:publication", importance: "start" });
    // Below the publication are the steps of dialogues that have begun.
    route(app, host, { url: "/channels/:channel/:publication/*", importance: "check" });
  };
}

interface Place {
  readonly channel: string;
  readonly publication: string;
}

function route(
  app: App,
  host: ChannelHost,
  place: { readonly url: string; readonly importance: Importance },
) {
  const access = publicRoute("Each channel authenticates its platform itself.");
  // Apart from the organization's keys: an address is known to more people than a key.
  const claim = ({ params }: FastifyRequest) => {
    const organization = host.organizationOf(params as Place);
    return organization && `channels ${organization}`;
  };
  app.route({
    method: methods,
    url: place.url,
    config: { access, importance: place.importance, claim },
    handler: async (request, reply) => {
      const { channel, publication } = request.params as Place;
      const answer = await host.answer({ channel, publication }, channelRequest(request), (error) =>
        logBug(error, request),
      );
      return reply.code(answer.status).headers(answer.headers).send(Buffer.from(answer.body));
    },
  });
}

/** What follows `/channels/<channel>/<publication>`, and the query, both as they were written. */
const address = /^\/channels\/[^/?]*\/[^/?]*\/?([^?]*)(?:\?(.*))?$/su;

function channelRequest(request: FastifyRequest): ChannelRequest {
  const [, rest = "", query = ""] = address.exec(request.url) ?? [];
  return { ...rawRequest(request), path: rest === "" ? "" : `/${rest}`, query };
}

/** What is refused before a channel sees it: platforms read no problem documents. */
function refuseBy(host: ChannelHost) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const known = toCountersignError(error) ?? new CountersignError("internal_error", "Internal error");
    if (known.code === "internal_error") logBug(error, request);
    const problem = problemOf(known, String(request.id));
    const { "content-type": _, ...headers } = problemHeaders(problem);
    const rejected = new ChannelRejected(statusOf(problem.status), problem.detail, headers);
    const { channel = "", publication = "" } = request.params as Partial<Place>;
    const answer = host.refuse({ channel, publication }, rejected);
    reply.code(answer.status).headers(answer.headers).send(Buffer.from(answer.body));
  };
}

const statuses = [400, 404, 413, 415, 429] as const;

function statusOf(status: number): ChannelRejected["status"] {
  return statuses.find((one) => one === status) ?? 503;
}
