import { publicRoute } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { renderProblems } from "../docs/problems.ts";
import { renderReference } from "../docs/reference.ts";
import { stylesheet } from "../docs/style.ts";
import { openapiDocument } from "../openapi.ts";
import { registerPagePolicy } from "../page-policy.ts";

export interface DocsParts {
  /** How callers reach the server, for the samples: `https://mfa.example.com`. */
  readonly origin: string;
  readonly tls: boolean;
}

const access = publicRoute("the description of the API holds nothing of any organization");

/** /openapi.json, /docs and /docs/problems, each made once when first asked for. */
export function docsRoutes(parts: DocsParts): RoutePlugin {
  return async (app) => {
    addDocument(app);
    await app.register(async (pages: App) => {
      await registerPagePolicy(pages, parts);
      addPages(pages, parts.origin);
    });
  };
}

function addDocument(app: App): void {
  const document = once(() => JSON.stringify(openapiDocument(app)));
  app.get("/openapi.json", { config: { access } }, async (_request, reply) =>
    reply.header("content-type", "application/json; charset=utf-8").send(document()),
  );
}

function addPages(app: App, origin: string): void {
  const reference = once(() => renderReference(openapiDocument(app), origin));
  const problems = once(renderProblems);
  app.get("/docs", { config: { access } }, async (_request, reply) =>
    reply.header("content-type", "text/html; charset=utf-8").send(reference()),
  );
  app.get("/docs/problems", { config: { access } }, async (_request, reply) =>
    reply.header("content-type", "text/html; charset=utf-8").send(problems()),
  );
  app.get("/docs/style.css", { config: { access } }, async (_request, reply) =>
    reply
      .header("content-type", "text/css; charset=utf-8")
      .header("cache-control", "public, max-age=3600")
      .send(stylesheet),
  );
}

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
