import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { CountersignError } from "../../engine/errors.ts";
import { publicRoute } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { registerPagePolicy } from "../page-policy.ts";

export interface ConsoleParts {
  /** Where the built console stands: `index.html` and `assets/`. It may be built while the server runs. */
  readonly folder: string;
  readonly tls: boolean;
}

const access = publicRoute("the console's files hold nothing of any organization; its pages ask for a key");

/** The names of built files hold a digest of their content, so a file never changes. */
const forEver = "public, max-age=31536000, immutable";

/** Built files lie in one folder, by plain names. */
const assetPattern = /^assets\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/u;

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Console not built</title></head>
<body>
<main>
<h1>The console is not built yet</h1>
<p>Build it, then load this page again. The server need not be started again.</p>
<pre>npm run build -w @countersign/console</pre>
<p>The API works without it: <a href="/docs">documentation</a>.</p>
</main>
</body>
</html>
`;

/** `/console/`: the built console, and its one page for every address within it. */
export function consoleRoutes(parts: ConsoleParts): RoutePlugin {
  return async (app) => {
    await registerPagePolicy(app, parts);
    await app.register(fastifyStatic, { serve: false, root: parts.folder, suppressWarning: true });
    for (const url of ["/", "/console"]) {
      app.get(url, { config: { access } }, async (_request, reply) => reply.redirect("/console/"));
    }
    app.get<{ Params: { "*": string } }>("/console/*", { config: { access } }, async (request, reply) => {
      const file = request.params["*"];
      if (file.startsWith("assets/")) {
        if (!assetPattern.test(file) || !existsSync(join(parts.folder, file))) {
          throw new CountersignError("not_found", "There is no such file in this build of the console.");
        }
        return reply.header("cache-control", forEver).sendFile(file, { cacheControl: false });
      }
      if (!existsSync(join(parts.folder, "index.html"))) {
        return reply.code(404).header("content-type", "text/html; charset=utf-8").send(notBuilt);
      }
      // The page names the files of its build, so it is asked for each time.
      reply.header("cache-control", "no-cache");
      return reply.sendFile("index.html", { cacheControl: false });
    });
  };
}
