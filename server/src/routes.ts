import type { RoutePlugin } from "./http/app.ts";
import { verificationRoutes } from "./http/routes/verifications.ts";
import type { Countersign } from "./server.ts";

/** Every group of routes with its parts: one line each. */
export function routesOf(parts: Omit<Countersign, "app" | "listen" | "close">): readonly RoutePlugin[] {
  const { services, metrics } = parts;
  return [verificationRoutes(services, metrics)];
}
