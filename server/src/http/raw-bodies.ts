import type { IncomingHttpHeaders } from "node:http";
import type { FastifyRequest } from "fastify";
import { CountersignError } from "../engine/errors.ts";
import type { App } from "./app.ts";

/** The routes of this plugin get their bodies as raw bytes, of any type: a signature is over bytes. */
export function takeRawBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    "*",
    { parseAs: "buffer" },
    (request, bytes, done: (error: Error | null, body?: Buffer) => void) => {
      const { "content-encoding": encoding = "identity" } = request.headers;
      if (encoding === "identity") done(null, bytes);
      else done(new CountersignError("unsupported_media_type", "The body must not be encoded."));
    },
  );
}

/** Headers by their names in lower case, and the body as it came. */
export function rawRequest(request: FastifyRequest): {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
} {
  const { method, headers, body } = request;
  return {
    method,
    headers: singleHeaders(headers),
    body: body instanceof Uint8Array ? body : new Uint8Array(),
  };
}

/** Node joins repeated headers itself, all but this one, which no platform sends to a server. */
function singleHeaders({
  "set-cookie": _,
  ...headers
}: IncomingHttpHeaders): Readonly<Record<string, string | undefined>> {
  return headers as Readonly<Record<string, string | undefined>>;
}
