import { Type } from "typebox";
import type { DeliveryTools } from "../../../delivery/provider.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { IdParameters } from "../../views/verification.ts";
import { demandApp, found } from "../entries.ts";
import { runTrial, type TrialTools } from "./trial.ts";

const ProbeView = Type.Object({
  probed: Type.Boolean({ description: "False: this kind cannot be asked without sending a message." }),
  ok: Type.Boolean(),
  message: Type.String(),
});

/** `POST /v1/providers/:id/probe` */
export function probeRoute(app: App, tools: TrialTools): void {
  const { store } = tools.services;
  app.post(
    "/v1/providers/:id/probe",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "rate_limited"] },
      schema: {
        operationId: "providers.probe",
        summary: "Ask a provider whether it works",
        description: "Logs in and sends nothing. Tells a failure after five seconds. Five times a minute.",
        tags: ["settings"],
        params: IdParameters,
        response: { 200: ProbeView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const provider = found(
        await store.settings.providers.find(organization, request.params.id),
        "provider",
      );
      const probe = tools.registry.find(provider.kind)?.probe;
      if (probe === undefined) {
        return { probed: false, ok: false, message: "It cannot be asked without sending a message." };
      }
      const trial = {
        kind: "probe",
        provider,
        ask: (delivering: DeliveryTools) => probe(provider.settings, delivering),
        success: "It answered, and took our login.",
      } as const;
      return { probed: true, ...(await runTrial(trial, principal, tools)) };
    },
  );
}
