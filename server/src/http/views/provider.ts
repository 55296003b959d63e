import { type Static, Type } from "typebox";
import type { DeliveryProvider } from "../../delivery/provider.ts";
import { deliveryVias } from "../../engine/model.ts";
import type { Provider } from "../../engine/settings.ts";
import { Time } from "../schemas.ts";
import { SettingsObject } from "./settings.ts";
import { isoTime } from "./verification.ts";

export const ProviderView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  vias: Type.Array(Type.Enum([...deliveryVias])),
  position: Type.Integer(),
  enabled: Type.Boolean(),
  countries: Type.Optional(Type.Array(Type.String())),
  settings: { ...SettingsObject, description: "By the schema of the kind; secrets are credential ids." },
  createdAt: Time,
  updatedAt: Time,
});

export function viewProvider(provider: Provider): Static<typeof ProviderView> {
  const { id, name, kind, vias, position, enabled, countries, settings, createdAt, updatedAt } = provider;
  return {
    id,
    name,
    kind,
    vias: [...vias],
    position,
    enabled,
    ...(countries && { countries: [...countries] }),
    settings,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

export const ProviderKindView = Type.Object({
  kind: Type.String(),
  title: Type.String(),
  vias: Type.Array(Type.Enum([...deliveryVias])),
  simulated: Type.Boolean({ description: "Delivers to nobody: the simulated phone and mailbox." }),
  probe: Type.Boolean({ description: "Can be asked whether it works without sending a message." }),
  settings: {
    ...SettingsObject,
    description: "JSON Schema of its settings. `format: credential` marks the id of a credential.",
  },
});

export function viewProviderKind(kind: DeliveryProvider): Static<typeof ProviderKindView> {
  const { id, title, vias, simulated, probe, settings } = kind;
  return {
    kind: id,
    title,
    vias: [...vias],
    simulated: simulated === true,
    probe: probe !== undefined,
    settings,
  };
}
