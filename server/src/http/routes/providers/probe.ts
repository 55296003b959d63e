import { Type } from "typebox";
import type { DeliveryProvider, DeliveryTools, ProbeResult } from "../../../delivery/provider.ts";
import { CountersignError } from "../../../engine/errors.ts";
import type { Provider } from "../../../engine/settings.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { IdParameters } from "../../views/verification.ts";
import { demandApp, found } from "../entries.ts";
import type { ProviderParts } from "../providers.ts";

/** A provider that does not answer in this time does not answer. */
const probeLimitMs = 5_000;

const ProbeView = Type.Object({
  probed: Type.Boolean({ description: "False: this kind cannot be asked without sending a message." }),
  ok: Type.Boolean(),
  message: Type.String(),
});

/** `POST /v1/providers/:id/probe` */
export function probeRoute(app: App, parts: ProviderParts): void {
  const { store } = parts.services;
  app.post(
    "/v1/providers/:id/probe",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found"] },
      schema: {
        operationId: "providers.probe",
        summary: "Ask a provider whether it works",
        description: "Logs in and sends nothing. Answers within five seconds.",
        tags: ["settings"],
        params: IdParameters,
        response: { 200: ProbeView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const provider = found(
        await store.settings.providers.find(principal.organization, request.params.id),
        "provider",
      );
      const kind = parts.registry.find(provider.kind);
      if (kind?.probe === undefined) {
        return { probed: false, ok: false, message: "It cannot be asked without sending a message." };
      }
      return { probed: true, ...(await probe(kind, provider, parts)) };
    },
  );
}

async function probe(kind: DeliveryProvider, provider: Provider, parts: ProviderParts): Promise<ProbeResult> {
  const controller = new AbortController();
  const late = Promise.withResolvers<ProbeResult>();
  const stop = parts.timers.after(probeLimitMs, () => {
    controller.abort();
    late.resolve({ ok: false, message: "It did not answer in time." });
  });
  const tools = toolsFor(provider.organization, controller.signal, parts);
  const asked = kind.probe?.(provider.settings, tools) ?? late.promise;
  try {
    return await Promise.race([asked.catch(failure), late.promise]);
  } finally {
    stop();
  }
}

/** What a driver says may repeat a name or a secret, so only the kind of trouble is told. */
function failure(error: unknown): ProbeResult {
  if (error instanceof CountersignError) return { ok: false, message: "One of its credentials is missing." };
  return { ok: false, message: "It could not be reached, or refused the login." };
}

function toolsFor(
  organization: string,
  signal: AbortSignal,
  { services, outbound }: ProviderParts,
): DeliveryTools {
  const { store, vault, clock } = services;
  return {
    fetch: outbound.fetch,
    addressesOf: outbound.addressesOf,
    signal,
    secret: async (id) => {
      const credential = found(await store.settings.credentials.find(organization, id), "credential");
      const place = { organization, table: "credentials", column: "secret", row: id };
      return Buffer.from(vault.open(place, credential.secret)).toString();
    },
    now: () => clock.now(),
  };
}
