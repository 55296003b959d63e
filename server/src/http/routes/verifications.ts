import type { EngineServices } from "../../engine/services.ts";
import type { RoutePlugin } from "../app.ts";
import type { Metrics } from "../metrics.ts";
import { cancelRoute } from "./verifications/cancel.ts";
import { checkRoute } from "./verifications/check.ts";
import { getRoute } from "./verifications/get.ts";
import { resendRoute } from "./verifications/resend.ts";
import { startRoute } from "./verifications/start.ts";

/** `/v1/verifications` and the verbs of one verification. */
export function verificationRoutes(services: EngineServices, metrics: Metrics): RoutePlugin {
  return (app) => {
    startRoute(app, services, metrics);
    getRoute(app, services);
    checkRoute(app, services, metrics);
    resendRoute(app, services);
    cancelRoute(app, services);
  };
}
