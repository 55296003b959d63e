import type { EngineServices } from "../../engine/services.ts";
import type { RoutePlugin } from "../app.ts";
import { authenticatorRoutes } from "./users/authenticators.ts";
import { createUserRoute } from "./users/create.ts";
import { enrollmentRoutes } from "./users/enrollments.ts";
import { userEntryRoutes } from "./users/entries.ts";

/** `/v1/users`, and the authenticators and enrollments of one user. */
export function userRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    createUserRoute(app, services);
    userEntryRoutes(app, services);
    authenticatorRoutes(app, services);
    enrollmentRoutes(app, services);
  };
}
