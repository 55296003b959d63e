import type { Provider } from "../../engine/settings.ts";
import type { SettingsStore } from "../../engine/store.ts";
import type { Clock } from "../../engine/tools.ts";
import { SecretUnavailable } from "../failure.ts";
import { type DeliveryProvider, type DeliveryTools, ReportRejected } from "../provider.ts";
import type { ProviderRegistry } from "../registry.ts";

/** Answer to a request of a provider: nothing in it tells why a request was refused. */
export interface IntakeAnswer {
  readonly status: 200 | 400 | 403;
  readonly mediaType?: string | undefined;
  readonly body?: string | undefined;
}

export const refusal: IntakeAnswer = { status: 403 };

export interface ConfiguredTools {
  readonly store: { readonly settings: Pick<SettingsStore, "provider"> };
  readonly registry: Pick<ProviderRegistry, "find">;
  /** Plain secret of a credential; rejects when it is not this organization's. */
  readonly secretOf: (organization: string, credentialId: string) => Promise<string>;
  readonly clock: Clock;
}

/** A provider as an organization configured it, with what it may look at to prove a request. */
export interface Configured {
  readonly provider: Provider;
  readonly kind: DeliveryProvider;
  readonly tools: Pick<DeliveryTools, "secret" | "now">;
}

/** Also one that is switched off: it may still tell of messages that it took before. */
export async function configuredProvider(
  id: string,
  { store, registry, secretOf, clock }: ConfiguredTools,
): Promise<Configured | undefined> {
  const provider = await store.settings.provider(id);
  const kind = provider && registry.find(provider.kind);
  if (!provider || !kind) return undefined;
  const secret = async (credential: string): Promise<string> => {
    try {
      return await secretOf(provider.organization, credential);
    } catch {
      throw new SecretUnavailable();
    }
  };
  return { provider, kind, tools: { secret, now: () => clock.now() } };
}

/** What a request gets that its provider did not prove, or could not; anything else that is thrown goes on. */
export function refusalOf(error: unknown): IntakeAnswer {
  if (error instanceof ReportRejected) return { status: error.status };
  if (error instanceof SecretUnavailable) return refusal;
  throw error;
}
