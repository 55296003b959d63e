import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../server/src/config/load.ts";
import { destinationKey, numberFacts } from "../server/src/engine/authenticators/destination.ts";
import { generateApiKey } from "../server/src/engine/code/api-key.ts";
import { systemRandom, timeOrderedId } from "../server/src/engine/code/random.ts";
import type { Authenticator, Organization, User } from "../server/src/engine/model.ts";
import { serverCeiling } from "../server/src/engine/policy/defaults.ts";
import type { ApiKey } from "../server/src/engine/settings.ts";
import { type Countersign, openCountersign } from "../server/src/server.ts";
import type { MemoryContent } from "./memory-store.ts";
import { preload } from "./preload.ts";
import { addTalks, phoneNumber, type Talks } from "./talks.ts";

/**
 * Fills a data folder, in a process of its own: what a server under test uses is then its own. Arguments: kind, users, past
 * verifications, folder.
 */
const now = Date.now();

/** Every user's authenticator app has this seed, so that the load generator needs one code per time step. */
export const seed = Buffer.from("12345678901234567890");

/** The code of every test number. */
export const fixedCode = "123456";

/** What the filled folder tells the server that opens it and the bench that loads it. */
export interface Filled {
  readonly key: string;
  readonly users: readonly string[];
  readonly talks: Talks;
}

export function filledOf(folder: string): Filled {
  return JSON.parse(readFileSync(join(folder, "bench.json"), "utf8"));
}

/** The rows themselves, for the target that has no database. */
export function contentOf(folder: string): MemoryContent {
  return JSON.parse(readFileSync(join(folder, "content.json"), "utf8"));
}

/** The environment of every server under test. */
export const serverSettings = {
  COUNTERSIGN_LOG_LEVEL: "silent",
  // One key asks for everything, as fast as it is answered.
  COUNTERSIGN_KEY_REQUESTS_PER_SECOND: "1000000",
  COUNTERSIGN_ORGANIZATION_REQUESTS_PER_SECOND: "1000000",
};

export function openFolder(folder: string): Promise<Countersign> {
  const config = loadConfig({ data: folder, port: "0", demo: false }, serverSettings);
  const onFatal = (error: Error) => {
    throw error;
  };
  return openCountersign(config, { environment: {}, version: "bench", onFatal });
}

if (import.meta.main) {
  const [kind = "", users, past, folder = ""] = process.argv.slice(2);
  mkdirSync(folder, { recursive: true });
  const server = await openFolder(folder);
  const { key, ...content } = await fill(server, kind, Number(users));
  const talks = await addTalks(content.organization.id, key, server);
  await server.close();
  if (Number(past) > 0) preload(server.config.databasePath, content.organization.id, Number(past));
  const filled: Filled = { key, users: content.users.map((user) => user.id), talks };
  writeFileSync(join(folder, "bench.json"), JSON.stringify(filled));
  if (kind === "stub") writeFileSync(join(folder, "content.json"), JSON.stringify(content));
}

/** Users with a phone each; test numbers with one fixed code, or (kind `delivered`) the simulated phone. */
async function fill({ store, keyring }: Countersign, kind: string, count: number) {
  const organization: Organization = {
    id: timeOrderedId(now, systemRandom),
    name: "bench",
    displayName: "Bench",
    locale: "en",
    policy: {
      sendsPerDestination: serverCeiling.sendsPerDestination,
      sendsPerUser: serverCeiling.sendsPerUser,
      sending: serverCeiling.sending,
    },
    createdAt: now,
  };
  const { id } = organization;
  const dated = { organization: id, createdAt: now, updatedAt: now };
  const audit = { type: "settings.created", organization: id } as const;
  await store.settings.organizations.insert(organization, { type: "organization.created", organization: id });
  const made = generateApiKey("test", systemRandom);
  const { key, digest, lastFour } = made;
  const apiKey: ApiKey = { ...dated, id: made.id, name: "bench", digest, lastFour, scopes: ["admin"] };
  await store.settings.apiKeys.insert(apiKey, { type: "api_key.created", organization: id });
  if (kind === "delivered") {
    const inbox = {
      name: "inbox",
      kind: "inbox",
      vias: ["sms"] as const,
      position: 0,
      enabled: true,
      settings: {},
    };
    await store.settings.providers.insert(
      { ...dated, ...inbox, id: timeOrderedId(now, systemRandom) },
      audit,
    );
  }
  const users: User[] = [];
  const authenticators: Authenticator[] = [];
  const apps: Authenticator[] = [];
  for (let index = 0; index < count; index += 1) {
    const user: User = { ...dated, id: timeOrderedId(now, systemRandom), role: "member", policy: {} };
    users.push(user);
    authenticators.push(phoneOf(user, phoneNumber(index), keyring));
    apps.push(appOf(user, keyring));
  }
  const testNumber = timeOrderedId(now, systemRandom);
  const place = { organization: id, table: "test_numbers", column: "code", row: testNumber };
  const testCode = { id: testNumber, code: keyring.seal(place, fixedCode) };
  for (let from = 0; from < count; from += 1000) {
    const part = authenticators.slice(from, from + 1000);
    await Promise.all(
      part.map(async (authenticator, index) => {
        await store.users.insert(
          users[from + index] as User,
          [authenticator, apps[from + index] as Authenticator],
          { type: "user.created", organization: id },
        );
        if (kind === "delivered") return;
        const row = timeOrderedId(now, systemRandom);
        const sealed = keyring.seal({ ...place, row }, fixedCode);
        const key = authenticator.destinationKey as string;
        const number = {
          id: row,
          organization: id,
          via: "sms",
          hint: "test",
          destinationKey: key,
          code: sealed,
        } as const;
        await store.settings.testNumbers.insert(
          { ...number, expiresAt: now + 86_400_000, createdAt: now },
          audit,
        );
      }),
    );
  }
  return { organization, apiKey, key, users, authenticators: [...authenticators, ...apps], testCode };
}

function phoneOf(user: User, number: string, keyring: Countersign["keyring"]): Authenticator {
  const { organization } = user;
  const id = timeOrderedId(now, systemRandom);
  return {
    id,
    organization,
    user: user.id,
    kind: "sms",
    status: "active",
    hint: "+1 *** **00",
    destination: keyring.seal(
      { organization, table: "authenticators", column: "destination", row: id },
      number,
    ),
    destinationKey: destinationKey(organization, "sms", number, keyring),
    number: numberFacts(
      organization,
      number,
      { country: "US", callingCode: "1", type: "fixed_line_or_mobile" },
      keyring,
    ),
    createdAt: now,
    confirmedAt: now,
  };
}

function appOf(user: User, keyring: Countersign["keyring"]): Authenticator {
  const { organization } = user;
  const id = timeOrderedId(now, systemRandom);
  return {
    id,
    organization,
    user: user.id,
    kind: "totp",
    status: "active",
    hint: "Authenticator app",
    seed: keyring.seal({ organization, table: "authenticators", column: "seed", row: id }, seed),
    totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30 },
    createdAt: now,
    confirmedAt: now,
  };
}
