import type { Api } from "../api.ts";
import { CliError, exits } from "../exit.ts";

/** A provider as the API shows it. */
export interface ProviderAnswer {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly vias: readonly string[];
  readonly position: number;
  readonly enabled: boolean;
  readonly countries?: readonly string[];
}

/** The provider with this id or name. Throws when there is none (exit 1). */
export async function findProvider(name: string, api: Api): Promise<ProviderAnswer> {
  const all = await api.all<ProviderAnswer>("/v1/providers", "providers");
  const found = all.find((one) => one.id === name) ?? all.find((one) => one.name === name);
  if (found === undefined) {
    throw new CliError(exits.negative, `There is no provider with the id or name "${name}".`, "not_found");
  }
  return found;
}
