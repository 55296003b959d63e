import type { FastifyRequest } from "fastify";
import type { EngineServices } from "../../engine/services.ts";
import { publicRoute } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { unauthenticated } from "../auth.ts";
import type { Metrics } from "../metrics.ts";
import { takeJsonAndForms } from "./signalwire/body.ts";
import { handleSurfaceError, unknownRequest } from "./signalwire/errors.ts";
import { createProjectLogin, type ProjectLogin } from "./signalwire/login.ts";
import { createMisses } from "./signalwire/misses.ts";
import { createPublicIds } from "./signalwire/public-ids.ts";
import { sendToken } from "./signalwire/send.ts";
import { verifyToken } from "./signalwire/verify.ts";

const base = "/api/relay/rest";

const access = publicRoute("Projects log in by Basic authentication, which the hook of these routes checks.");

/**
 * A drop-in for SignalWire's MFA API: `POST /api/relay/rest/mfa/sms`, `/mfa/call` and `/mfa/:id/verify`, with its log-in, its
 * fields and ranges, and its answers. docs/signalwire.md says what is the same and what is better.
 */
export function signalwireRoutes(services: EngineServices, metrics: Metrics): RoutePlugin {
  const { store, vault, clock } = services;
  const ids = createPublicIds(vault);
  const login = createProjectLogin({ settings: store.settings, vault });
  return (app) => {
    takeJsonAndForms(app);
    app.setErrorHandler(handleSurfaceError);
    app.decorateRequest("signalwireProject", undefined);
    const misses = createMisses({
      clock,
      warn: (project, count) =>
        app.log.warn({ project, ids: count }, "somebody tries request ids that this project does not have"),
    });
    const onRequest = demandProject(login);
    // Apart from the organization's keys: a project's id is known to more people than its token.
    const claim = ({ headers }: FastifyRequest) => {
      const organization = login.organizationOf(headers.authorization);
      return organization && `signalwire ${organization}`;
    };
    const tools = { services, metrics, ids, misses };
    for (const [path, via] of [["sms", "sms"] as const, ["call", "voice"] as const]) {
      app.post(
        `${base}/mfa/${path}`,
        { config: { access, importance: "start", claim }, onRequest },
        async (request) => sendToken(request, via, tools),
      );
    }
    app.post(
      `${base}/mfa/:id/verify`,
      { config: { access, importance: "check", claim }, onRequest },
      async (request) => verifyToken(request, tools),
    );
    answerTheRest(app);
  };
}

function demandProject(login: ProjectLogin) {
  return async (request: FastifyRequest): Promise<void> => {
    const project = await login.find(request.headers.authorization);
    if (project === undefined) throw unauthenticated();
    request.signalwireProject = project;
  };
}

/** Nothing else of SignalWire's API is here, and its clients read JSON whatever they ask. */
function answerTheRest(app: App): void {
  const nowhere = publicRoute("There is nothing behind these addresses.");
  const refuse = async () => {
    throw unknownRequest();
  };
  app.all(`${base}/*`, { config: { access: nowhere }, onRequest: refuse }, refuse);
}
