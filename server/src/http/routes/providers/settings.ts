import type { DeliveryProvider } from "../../../delivery/provider.ts";
import type { FieldProblem } from "../../../engine/errors.ts";
import type { DeliveryVia, OrganizationId } from "../../../engine/model.ts";
import type { SettingsStore } from "../../../engine/store.ts";
import { settingsProblems } from "../settings-problems.ts";

export interface ProviderDraft {
  readonly vias: readonly DeliveryVia[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Everything that is wrong with a provider: what it cannot deliver by, and its settings. */
export async function providerProblems(
  kind: DeliveryProvider,
  draft: ProviderDraft,
  organization: OrganizationId,
  store: Pick<SettingsStore, "credentials">,
): Promise<readonly FieldProblem[]> {
  const vias = draft.vias
    .filter((via) => !kind.vias.includes(via))
    .map((via) => ({ field: "/vias", problem: `a provider of kind ${kind.id} cannot deliver by ${via}` }));
  return [...vias, ...(await settingsProblems(kind, draft.settings, organization, store))];
}
