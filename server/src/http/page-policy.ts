import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/**
 * Headers of HTML pages, for the scope it is registered in: nothing inline, nothing foreign, no framing. Not for the API,
 * where a hot path would pay for directives that only a page needs; see `headers.ts`.
 */
export async function registerPagePolicy(
  app: FastifyInstance,
  settings: { readonly tls: boolean },
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
      },
    },
    strictTransportSecurity: settings.tls ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: "no-referrer" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    xPoweredBy: false,
  });
  app.addHook("preHandler", (_request, reply, done) => {
    // Helmet writes on the raw response; what Fastify holds by the same name, the API's policy, would replace it.
    reply.header("content-security-policy", reply.raw.getHeader("content-security-policy"));
    reply.header("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()");
    done();
  });
}
