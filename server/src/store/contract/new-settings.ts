import type {
  ApiKey,
  App,
  Credential,
  Provider,
  Publication,
  Template,
  TestNumber,
} from "../../engine/settings.ts";
import { epoch, newId } from "./fixtures.ts";

const dates = { createdAt: epoch, updatedAt: epoch };

export function newApp(organization: string, name = `app ${newId()}`): App {
  return { id: newId(), organization, name, policy: { maxAttempts: 2 }, ...dates };
}

export function newPublication(
  organization: string,
  app: string,
  name = `publication ${newId()}`,
): Publication {
  return {
    id: newId(),
    organization,
    app,
    name,
    channel: "alexa",
    mfa: true,
    policy: {},
    settings: { nested: [1] },
    ...dates,
  };
}

export function newCredential(organization: string, name = `credential ${newId()}`): Credential {
  return { id: newId(), organization, name, secret: "v1.kid.sealed", ...dates };
}

export function newProvider(organization: string, settings: Provider["settings"] = {}): Provider {
  return {
    id: newId(),
    organization,
    name: `provider ${newId()}`,
    kind: "smtp",
    vias: ["email"],
    position: 1,
    enabled: true,
    settings,
    ...dates,
  };
}

export function newTemplate(organization: string, app?: string): Template {
  return {
    id: newId(),
    organization,
    via: "sms",
    locale: "en",
    ...(app !== undefined && { app }),
    text: "Your code",
    ...dates,
  };
}

export function newTestNumber(organization: string, destinationKey = newId()): TestNumber {
  return {
    id: newId(),
    organization,
    via: "sms",
    hint: "+1 *** 00",
    destinationKey,
    code: "v1.kid.sealed",
    expiresAt: epoch + 1000,
    createdAt: epoch,
  };
}

export function newApiKey(organization: string, name = `key ${newId()}`): ApiKey {
  return {
    id: newId(),
    organization,
    name,
    digest: "ab".repeat(32),
    lastFour: "wxyz",
    scopes: ["admin"],
    createdAt: epoch,
  };
}
