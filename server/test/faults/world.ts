import { mkdirSync } from "node:fs";
import { loadConfig } from "../../src/config/load.ts";
import { parseDestination } from "../../src/delivery/destination.ts";
import { keyedDestination } from "../../src/delivery/destination-known.ts";
import { generateApiKey } from "../../src/engine/code/api-key.ts";
import { systemRandom, timeOrderedId } from "../../src/engine/code/random.ts";
import { defaultTotp, vouchedDestination } from "../../src/engine/enrollment/begin.ts";
import type { Authenticator } from "../../src/engine/model.ts";
import { serverCeiling } from "../../src/engine/policy/defaults.ts";
import type { EngineServices } from "../../src/engine/services.ts";
import { openCountersign } from "../../src/server.ts";

/** A person of a rehearsal, with a phone and an authenticator app. */
export interface Person {
  readonly user: string;
  /** Id of the authenticator of kind sms. */
  readonly sms: string;
  /** Id of the authenticator of kind totp, and its seed. */
  readonly totp: string;
  readonly seed: Uint8Array;
}

/** What a rehearsal is played with: one organization that may send and guess as much as the server permits. */
export interface World {
  readonly apiKey: string;
  readonly organization: string;
  readonly people: readonly Person[];
}

const actor = "cli";

/** Makes a data folder with an organization, `size` people and a gateway, or adds them to it, through the store, and closes it again. */
export async function makeWorld(
  data: string,
  size: number,
  gatewayUrl: string,
  name = "rehearsal",
): Promise<World> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const environment = { COUNTERSIGN_LOG_LEVEL: "silent" };
  const server = await openCountersign(loadConfig({ data, port: "0", demo: false }, environment), {
    environment,
    version: "0.0.0-test",
    onFatal: (error) => {
      throw error;
    },
  });
  const world = await fill(server.services, { name, size, gatewayUrl });
  await server.close();
  return world;
}

interface Wanted {
  readonly name: string;
  readonly size: number;
  readonly gatewayUrl: string;
}

async function fill(services: EngineServices, { name, size, gatewayUrl }: Wanted): Promise<World> {
  const { settings } = services.store;
  const now = services.clock.now();
  const organization = timeOrderedId(now, systemRandom);
  const audit = { type: "settings.created", organization, actor } as const;
  await settings.organizations.insert(
    {
      id: organization,
      name,
      displayName: "Rehearsal",
      locale: "en",
      policy: {
        maxAttempts: 10,
        maxSends: 10,
        failureBudget: 100,
        failureDelays: [],
        sendsPerDestination: serverCeiling.sendsPerDestination,
        sendsPerUser: serverCeiling.sendsPerUser,
        sending: serverCeiling.sending,
      },
      createdAt: now,
    },
    { ...audit, type: "organization.created" },
  );
  await settings.providers.insert(
    {
      id: timeOrderedId(now, systemRandom),
      organization,
      name: "gateway",
      kind: "http-gateway",
      vias: ["sms"],
      position: 0,
      enabled: true,
      settings: {
        method: "POST",
        url: gatewayUrl,
        bodyTemplate: `{"ref":"\${clientRef}","text":"\${text}"}`,
      },
      createdAt: now,
      updatedAt: now,
    },
    audit,
  );
  // The code is the only number of the text.
  await settings.templates.insert(
    {
      id: timeOrderedId(now, systemRandom),
      organization,
      via: "sms",
      locale: "en",
      text: `\${OTP}`,
      createdAt: now,
      updatedAt: now,
    },
    audit,
  );
  const { key, ...made } = generateApiKey("test", systemRandom);
  await settings.apiKeys.insert(
    { ...made, organization, name: "rehearsal", scopes: ["admin"], createdAt: now },
    { ...audit, type: "api_key.created" },
  );
  const people = await Promise.all(
    Array.from({ length: size }, (_, index) => addPerson(index, organization, services)),
  );
  return { apiKey: key, organization, people };
}

async function addPerson(index: number, organization: string, services: EngineServices): Promise<Person> {
  const { vault, store } = services;
  const now = services.clock.now();
  const user = timeOrderedId(now, systemRandom);
  const phone = parseDestination("sms", `+49151${10_000_000 + index}`);
  const destination = keyedDestination(organization, "sms", phone, vault);
  const sms = vouchedDestination({ organization, actor, user, kind: "sms", destination }, services);
  const id = timeOrderedId(now, systemRandom);
  const seed = systemRandom.bytes(20);
  const totp: Authenticator = {
    id,
    organization,
    user,
    kind: "totp",
    status: "active",
    hint: "Authenticator app",
    seed: vault.seal({ organization, table: "authenticators", column: "seed", row: id }, seed),
    totp: defaultTotp,
    createdAt: now,
    confirmedAt: now,
  };
  await store.users.insert(
    { id: user, organization, role: "member", policy: {}, createdAt: now, updatedAt: now },
    [sms, totp],
    { type: "user.created", organization, user, actor },
  );
  return { user, sms: sms.id, totp: id, seed };
}
