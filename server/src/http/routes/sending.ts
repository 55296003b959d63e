import type { EngineServices } from "../../engine/services.ts";
import type { RoutePlugin } from "../app.ts";
import { explainRoute } from "./sending/explain.ts";
import { overviewRoute } from "./sending/overview.ts";

/** `/v1/sending`: what goes to telephones, and what the send rules say of it. */
export function sendingRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    overviewRoute(app, services);
    explainRoute(app, services);
  };
}
