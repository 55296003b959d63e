import type { FastifyBaseLogger } from "fastify";
import { pino } from "pino";
import type { HttpSettings } from "./settings.ts";

/** Names under which something secret or personal could ever be logged by mistake, at the top or one level down. */
const secretNames = [
  "authorization",
  "body",
  "code",
  "cookie",
  "destination",
  "headers",
  "key",
  "password",
  "secret",
  "seed",
  "to",
  "token",
];

/**
 * The server's log. Requests are not logged (the audit is the record); addresses and headers of a request are left out
 * even where a library logs one.
 */
export function createLogger(
  level: HttpSettings["logLevel"],
  destination?: { write(line: string): void },
): FastifyBaseLogger {
  const options = {
    level,
    base: null,
    redact: {
      paths: secretNames.flatMap((name) => [name, `*.${name}`]),
      censor: "[redacted]",
    },
    serializers: { req: () => undefined, res: () => undefined },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
