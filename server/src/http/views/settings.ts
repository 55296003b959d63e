import { type Static, Type } from "typebox";
import { channels, deliveryVias, type Organization } from "../../engine/model.ts";
import {
  type ApiKey,
  type App,
  type Credential,
  type Publication,
  scopes,
  type TestNumber,
} from "../../engine/settings.ts";
import { Time } from "../schemas.ts";
import { isoTime } from "./verification.ts";

/** Name of an entry, unique in the organization and kind: one line, shown in lists. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$",
  examples: ["Contact Finder"],
});

/** A layer of a policy; its members are checked by the engine, which names each wrong one. */
export const PolicyLayerSchema = Type.Object(
  {},
  {
    additionalProperties: true,
    description: "Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.",
    examples: [{ maxAttempts: 3, codeTtlSeconds: 300 }],
  },
);

/** An object whose members somebody else defines (a provider kind, a channel). */
export const SettingsObject = Type.Object({}, { additionalProperties: true });

const dates = { createdAt: Time, updatedAt: Time };

function datesOf(entity: { readonly createdAt: number; readonly updatedAt: number }) {
  return { createdAt: isoTime(entity.createdAt), updatedAt: isoTime(entity.updatedAt) };
}

export const OrganizationView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  displayName: Type.String(),
  locale: Type.String(),
  country: Type.Optional(Type.String()),
  routing: Type.Enum(["order", "measured"]),
  policy: PolicyLayerSchema,
  createdAt: Time,
});

export function viewOrganization(organization: Organization): Static<typeof OrganizationView> {
  const { id, name, displayName, locale, country, routing, policy, createdAt } = organization;
  return {
    id,
    name,
    displayName,
    locale,
    ...(country !== undefined && { country }),
    routing: routing ?? "order",
    policy,
    createdAt: isoTime(createdAt),
  };
}

export const AppView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  policy: PolicyLayerSchema,
  ...dates,
});

export function viewApp(app: App): Static<typeof AppView> {
  const { id, name, policy } = app;
  return { id, name, policy, ...datesOf(app) };
}

export const PublicationView = Type.Object({
  id: Type.String(),
  app: Type.String(),
  name: Type.String(),
  channel: Type.Enum([...channels]),
  mfa: Type.Boolean(),
  policy: PolicyLayerSchema,
  settings: { ...SettingsObject, description: "By the schema of the channel; secrets are credential ids." },
  url: Type.Optional(
    Type.String({ description: "Where the channel's platform reaches it; no key stands in it." }),
  ),
  ...dates,
});

/** @param url where its channel serves it, where it does. */
export function viewPublication(
  publication: Publication,
  url: string | undefined,
): Static<typeof PublicationView> {
  const { id, app, name, channel, mfa, policy, settings } = publication;
  const view = { id, app, name, channel, mfa, policy, settings, ...datesOf(publication) };
  return url === undefined ? view : { ...view, url };
}

export const CredentialView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    ...dates,
  },
  { description: "A credential without its secret, which never comes back." },
);

export function viewCredential(credential: Credential): Static<typeof CredentialView> {
  const { id, name, description } = credential;
  return { id, name, ...(description !== undefined && { description }), ...datesOf(credential) };
}

export const ApiKeyView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.Enum([...scopes])),
  app: Type.Optional(Type.String()),
  lastFour: Type.String({ description: "Last four characters, to recognise it by." }),
  createdAt: Time,
  expiresAt: Type.Optional(Time),
  revokedAt: Type.Optional(Time),
});

export function viewApiKey(key: ApiKey): Static<typeof ApiKeyView> {
  const { id, name, app, lastFour, createdAt, expiresAt, revokedAt } = key;
  return {
    id,
    name,
    scopes: [...key.scopes],
    ...(app !== undefined && { app }),
    lastFour,
    createdAt: isoTime(createdAt),
    ...(expiresAt !== undefined && { expiresAt: isoTime(expiresAt) }),
    ...(revokedAt !== undefined && { revokedAt: isoTime(revokedAt) }),
  };
}

export const TestNumberView = Type.Object({
  id: Type.String(),
  via: Type.Enum([...deliveryVias]),
  to: Type.String({ description: "Masked." }),
  expiresAt: Time,
  createdAt: Time,
});

export function viewTestNumber(testNumber: TestNumber): Static<typeof TestNumberView> {
  const { id, via, hint, expiresAt, createdAt } = testNumber;
  return { id, via, to: hint, expiresAt: isoTime(expiresAt), createdAt: isoTime(createdAt) };
}
