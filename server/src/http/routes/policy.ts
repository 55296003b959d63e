import type { EngineServices } from "../../engine/services.ts";
import type { RoutePlugin } from "../app.ts";
import { explainRoute } from "./policy/explain.ts";
import { rehearseRoute } from "./policy/rehearse.ts";

/** `/v1/policy`: why a setting is what it is, and what other send rules would have done. */
export function policyRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    explainRoute(app, services);
    rehearseRoute(app, services);
  };
}
