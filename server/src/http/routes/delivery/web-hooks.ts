import type { FastifyReply, FastifyRequest } from "fastify";
import type { IntakeAnswer } from "../../../delivery/intake/configured.ts";
import type { Intake } from "../../../delivery/intake/intake.ts";
import type { ReportRequest } from "../../../delivery/provider.ts";
import { publicRoute } from "../../access.ts";
import type { Importance } from "../../admission.ts";
import type { App, RoutePlugin } from "../../app.ts";
import { rawRequest, takeRawBodies } from "../../raw-bodies.ts";

/**
 * What delivery providers call: `/delivery/reports/:provider` when they know what became of a message, and
 * `/delivery/calls/:token` when a call that they make needs its words.
 */
export function deliveryRoutes(intake: Intake): RoutePlugin {
  return (app) => {
    takeRawBodies(app);
    const reports = { path: "reports", importance: "status", answer: intake.receive } as const;
    // Somebody holds a telephone to an ear.
    const calls = { path: "calls", importance: "check", answer: intake.answerCall } as const;
    for (const place of [reports, calls]) addRoute(app, place, intake);
  };
}

interface Place {
  readonly path: string;
  readonly importance: Importance;
  readonly answer: (id: string, request: ReportRequest) => Promise<IntakeAnswer>;
}

function addRoute(app: App, { path, importance, answer }: Place, { publicUrl }: Intake): void {
  app.route<{ Params: { id: string } }>({
    method: ["GET", "POST"],
    url: `/delivery/${path}/:id`,
    config: { access: publicRoute("Each provider proves by its own signature that it asks."), importance },
    handler: async (request, reply) => {
      const { id } = request.params;
      const url = `${publicUrl}/delivery/${path}/${encodeURIComponent(id)}${queryOf(request)}`;
      return send(reply, await answer(id, { ...rawRequest(request), url }));
    },
  });
}

/** As it was written, since it may be signed; with its question mark. */
function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf("?");
  return at === -1 ? "" : url.slice(at);
}

function send(reply: FastifyReply, { status, mediaType, body }: IntakeAnswer): FastifyReply {
  reply.code(status).header("cache-control", "no-store");
  if (mediaType !== undefined) reply.header("content-type", mediaType);
  return reply.send(body === undefined ? undefined : Buffer.from(body));
}
