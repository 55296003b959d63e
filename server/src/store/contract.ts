import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditDraft, AuditEvent, AuditEventType } from "../engine/audit/event.ts";
import type { AuditStore } from "../engine/audit/store.ts";
import { hotp, totpStep } from "../engine/code/totp.ts";
import type { Collection } from "../engine/collection.ts";
import type { Conversation } from "../engine/conversations.ts";
import type { EnrollmentStore } from "../engine/enrollments.ts";
import { type ErrorCode, isCountersignError } from "../engine/errors.ts";
import type {
  Authenticator,
  AuthenticatorKind,
  Organization,
  RecoveryCode,
  User,
  VerificationState,
} from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import type { Policy } from "../engine/policy/policy.ts";
import type {
  ApiKey,
  App,
  Credential,
  Provider,
  Publication,
  Template,
  TestNumber,
} from "../engine/settings.ts";
import type {
  CheckCommand,
  CheckOutcome,
  CommandContext,
  ResendCommand,
  StartCommand,
  StartOutcome,
  Store,
} from "../engine/store.ts";
import type { Vault } from "../engine/tools.ts";
import { mostPending } from "../engine/verification/pending.ts";
import { openPolicy, someNumber } from "./contract-number.ts";

/**
 * What every store must do, by behaviour. A store's own test file calls `describeStore` with a way to open an empty one; a part
 * that has only the cold verbs is driven by `describeColdStore`.
 */
export interface OpenedStore {
  readonly store: Store;
  /** The keys the store itself holds, to read the messages it hands out. */
  readonly vault: Pick<Vault, "seal" | "open">;
  close(): Promise<void>;
}

/** The verbs that no hot path goes through. */
export interface ColdStore extends Pick<Store, "users" | "settings"> {
  readonly enrollments: Omit<EnrollmentStore, "confirm">;
  readonly audit: Pick<AuditStore, "after" | "before" | "head">;
}

export interface OpenedColdStore {
  readonly store: ColdStore;
  close(): Promise<void>;
}

/** Far ahead of any real clock, so that a store which adds its own time to settings never runs before these. */
const epoch = Date.UTC(2100, 0, 1);

let lastNumber = 0;

/** A UUID v7 of this moment; later calls give greater ids. */
function newId(now = epoch): string {
  lastNumber += 1;
  const time = now.toString(16).padStart(12, "0");
  const number = lastNumber.toString(16).padStart(15, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${number.slice(0, 3)}-8${number.slice(3, 6)}-${number.slice(6).padEnd(12, "0")}`;
}

function audit(organization: string, type: AuditEventType = "settings.updated"): AuditDraft {
  return { type, organization, actor: "cli" };
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | "no error"> {
  try {
    await promise;
    return "no error";
  } catch (error) {
    if (isCountersignError(error)) return error.code;
    throw error;
  }
}

function newOrganization(): Organization {
  const id = newId();
  return { id, name: `org ${id}`, displayName: "Example", locale: "en", policy: {}, createdAt: epoch };
}

async function addOrganization(store: ColdStore): Promise<string> {
  const organization = newOrganization();
  await store.settings.organizations.insert(organization, audit(organization.id, "organization.created"));
  return organization.id;
}

function newUser(organization: string, more: Partial<User> = {}): User {
  return {
    id: newId(),
    organization,
    role: "member",
    policy: {},
    createdAt: epoch,
    updatedAt: epoch,
    ...more,
  };
}

function newAuthenticator(
  user: User,
  kind: AuthenticatorKind,
  more: Partial<Authenticator> = {},
): Authenticator {
  return {
    id: newId(),
    organization: user.organization,
    user: user.id,
    kind,
    status: "active",
    hint: "+49 *** 12",
    createdAt: epoch,
    ...((kind === "sms" || kind === "voice") && { number: someNumber }),
    ...more,
  };
}

async function addUser(
  store: ColdStore,
  organization: string,
  more: Partial<User> = {},
  authenticators: (user: User) => readonly Authenticator[] = () => [],
): Promise<User> {
  const user = newUser(organization, more);
  await store.users.insert(user, authenticators(user), audit(organization, "user.created"));
  return user;
}

function context(organization: string, now = epoch): CommandContext {
  return { organization, now, actor: "cli" };
}

async function eventsOf(store: ColdStore, organization: string): Promise<readonly AuditEvent[]> {
  return await store.audit.after(organization, 0, 10_000);
}

async function typesOf(store: ColdStore, organization: string): Promise<readonly string[]> {
  return (await eventsOf(store, organization)).map((event) => event.type);
}

const dates = { createdAt: epoch, updatedAt: epoch };

function newApp(organization: string, name = `app ${newId()}`): App {
  return { id: newId(), organization, name, policy: { maxAttempts: 2 }, ...dates };
}

function newPublication(organization: string, app: string, name = `publication ${newId()}`): Publication {
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

function newCredential(organization: string, name = `credential ${newId()}`): Credential {
  return { id: newId(), organization, name, secret: "v1.kid.sealed", ...dates };
}

function newProvider(organization: string, settings: Provider["settings"] = {}): Provider {
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

function newTemplate(organization: string, app?: string): Template {
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

function newTestNumber(organization: string, destinationKey = newId()): TestNumber {
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

function newApiKey(organization: string, name = `key ${newId()}`): ApiKey {
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

interface Sample {
  readonly collection: keyof ColdStore["settings"] & string;
  readonly make: (organization: string) => Entity;
  readonly change: Readonly<Record<string, unknown>>;
}
interface Entity {
  readonly id: string;
  readonly organization: string;
  readonly createdAt: number;
}

const samples: readonly Sample[] = [
  { collection: "apps", make: newApp, change: { name: "Renamed" } },
  { collection: "credentials", make: newCredential, change: { description: "for tests" } },
  { collection: "providers", make: newProvider, change: { enabled: false, position: 9 } },
  { collection: "templates", make: newTemplate, change: { text: "Use this code" } },
  { collection: "testNumbers", make: newTestNumber, change: { expiresAt: epoch + 5 } },
  { collection: "apiKeys", make: newApiKey, change: { revokedAt: epoch + 7 } },
];

function collectionOf(store: ColdStore, { collection }: Sample): Collection<Entity> {
  return store.settings[collection] as unknown as Collection<Entity>;
}

/** Settings, users, enrollments without their counters, and reading the audit. */
export function describeColdStore(name: string, open: () => Promise<OpenedColdStore>): void {
  describe(`${name}: cold verbs`, () => {
    let opened: OpenedColdStore;
    let store: ColdStore;
    let home: string;
    let foreign: string;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      home = await addOrganization(store);
      foreign = await addOrganization(store);
    });
    afterEach(() => opened.close());

    describe.each(samples)("settings: $collection", (sample) => {
      test("insert, find, change some members, remove", async () => {
        const collection = collectionOf(store, sample);
        const entity = sample.make(home);
        await collection.insert(entity, audit(home, "settings.created"));
        expect(await collection.find(home, entity.id)).toStrictEqual(entity);

        const changed = await collection.update(home, entity.id, sample.change, audit(home));
        const { updatedAt, ...rest } = { updatedAt: undefined, ...entity };
        expect(changed).toMatchObject({ ...rest, ...sample.change });
        if (updatedAt !== undefined) expect(changed).toHaveProperty("updatedAt", expect.any(Number));
        expect(await collection.find(home, entity.id)).toStrictEqual(changed);

        expect(await collection.remove(home, entity.id, audit(home, "settings.deleted"))).toBe(true);
        expect(await collection.find(home, entity.id)).toBeUndefined();
        expect(await collection.remove(home, entity.id, audit(home, "settings.deleted"))).toBe(false);
        expect(await collection.update(home, entity.id, sample.change, audit(home))).toBeUndefined();
        expect(await typesOf(store, home)).toEqual([
          "organization.created",
          "settings.created",
          "settings.updated",
          "settings.deleted",
        ]);
      });

      test("API-25/26: another organization sees, changes and removes nothing", async () => {
        const collection = collectionOf(store, sample);
        const entity = sample.make(home);
        await collection.insert(entity, audit(home));
        expect(await collection.find(foreign, entity.id)).toBeUndefined();
        expect(await collection.update(foreign, entity.id, sample.change, audit(foreign))).toBeUndefined();
        expect(await collection.remove(foreign, entity.id, audit(foreign))).toBe(false);
        expect(await collection.list(foreign, { limit: 100 })).toEqual([]);
        expect(await collection.list(foreign, { limit: 100, after: entity.id })).toEqual([]);
        expect(await collection.find(home, entity.id)).toStrictEqual(entity);
        expect(await typesOf(store, foreign)).toEqual(["organization.created"]);
      });

      test("an id is taken once, and identity never changes", async () => {
        const collection = collectionOf(store, sample);
        const entity = sample.make(home);
        await collection.insert(entity, audit(home));
        expect(await codeOf(collection.insert({ ...sample.make(home), id: entity.id }, audit(home)))).toBe(
          "name_taken",
        );
        const stolen = { id: newId(), organization: foreign, createdAt: 1 };
        const changed = await collection.update(home, entity.id, stolen, audit(home));
        expect(changed).toMatchObject({ id: entity.id, organization: home, createdAt: epoch });
        expect(await collection.list(foreign, { limit: 9 })).toEqual([]);
      });
    });

    test("names are unique in their organization and compared exactly; a refused write leaves no trace", async () => {
      const { apps } = store.settings;
      await apps.insert(newApp(home, "Main"), audit(home));
      const head = await store.audit.head();
      expect(await codeOf(apps.insert(newApp(home, "Main"), audit(home)))).toBe("name_taken");
      expect(await store.audit.head()).toBe(head);
      for (const other of ["main", "Main ", "Máin", "Main%"])
        await apps.insert(newApp(home, other), audit(home));
      await apps.insert(newApp(foreign, "Main"), audit(foreign));
      const [first] = await apps.list(home, { limit: 1 }, { name: "main" });
      expect(await codeOf(apps.update(home, first!.id, { name: "Main" }, audit(home)))).toBe("name_taken");
      expect(await apps.find(home, first!.id)).toMatchObject({ name: "main" });
    });

    test("lists come in id order, by pages and filters", async () => {
      const { apps, publications } = store.settings;
      const app = newApp(home);
      const other = newApp(home);
      await apps.insert(app, audit(home));
      await apps.insert(other, audit(home));
      const made: Publication[] = [];
      for (let count = 0; count < 7; count += 1) {
        made.push(newPublication(home, count % 2 === 0 ? app.id : other.id));
      }
      for (const one of made.toReversed()) await publications.insert(one, audit(home));
      expect(await publications.list(home, { limit: 3 })).toEqual(made.slice(0, 3));
      expect(await publications.list(home, { limit: 10, after: made[2]!.id })).toEqual(made.slice(3));
      expect((await publications.list(home, { limit: 10 }, { app: other.id })).map(({ id }) => id)).toEqual([
        made[1]!.id,
        made[3]!.id,
        made[5]!.id,
      ]);
      expect(await publications.list(home, { limit: 10 }, { channel: "swaig" })).toEqual([]);
      expect(await publications.list(home, { limit: 10 }, {})).toHaveLength(7);
      expect(await codeOf(publications.list(home, { limit: 10 }, { mfa: true }))).toBe("invalid_request");
    });

    test("a reference must be there, in the same organization, and stays while it is used", async () => {
      const { apps, publications, templates, apiKeys } = store.settings;
      const app = newApp(home);
      const theirs = newApp(foreign);
      await apps.insert(app, audit(home));
      await apps.insert(theirs, audit(foreign));
      for (const wrong of [newId(), theirs.id]) {
        expect(await codeOf(publications.insert(newPublication(home, wrong), audit(home)))).toBe("not_found");
        expect(await codeOf(templates.insert(newTemplate(home, wrong), audit(home)))).toBe("not_found");
        expect(await codeOf(apiKeys.insert({ ...newApiKey(home), app: wrong }, audit(home)))).toBe(
          "not_found",
        );
      }
      const publication = newPublication(home, app.id);
      await publications.insert(publication, audit(home));
      expect(await codeOf(publications.update(home, publication.id, { app: theirs.id }, audit(home)))).toBe(
        "not_found",
      );
      expect(await codeOf(apps.remove(home, app.id, audit(home)))).toBe("in_use");
      expect(await publications.remove(home, publication.id, audit(home))).toBe(true);
      const template = newTemplate(home, app.id);
      await templates.insert(template, audit(home));
      expect(await codeOf(apps.remove(home, app.id, audit(home)))).toBe("in_use");
      expect(await templates.remove(home, template.id, audit(home))).toBe(true);
      expect(await apps.remove(home, app.id, audit(home))).toBe(true);
    });

    test("a credential stays while a provider uses it, wherever in its settings", async () => {
      const { credentials, providers } = store.settings;
      const named = newCredential(home);
      const nested = newCredential(home);
      const theirs = newCredential(foreign);
      await credentials.insert(named, audit(home));
      await credentials.insert(nested, audit(home));
      await credentials.insert(theirs, audit(foreign));
      expect(await codeOf(providers.insert(newProvider(home, { credential: newId() }), audit(home)))).toBe(
        "not_found",
      );
      expect(await codeOf(providers.insert(newProvider(home, { credential: theirs.id }), audit(home)))).toBe(
        "not_found",
      );
      const provider = newProvider(home, {
        credential: named.id,
        headers: [{ name: "X", password: nested.id }],
        note: theirs.id,
      });
      await providers.insert(provider, audit(home));
      expect(await codeOf(credentials.remove(home, named.id, audit(home)))).toBe("in_use");
      expect(await codeOf(credentials.remove(home, nested.id, audit(home)))).toBe("in_use");
      expect(await credentials.remove(foreign, theirs.id, audit(foreign))).toBe(true);
      await providers.update(home, provider.id, { settings: { credential: named.id } }, audit(home));
      expect(await credentials.remove(home, nested.id, audit(home))).toBe(true);
      expect(await codeOf(credentials.remove(home, named.id, audit(home)))).toBe("in_use");
      await providers.remove(home, provider.id, audit(home));
      expect(await credentials.remove(home, named.id, audit(home))).toBe(true);
    });

    test("one template per app, via and language; one test number per destination and via", async () => {
      const { templates, testNumbers } = store.settings;
      await templates.insert(newTemplate(home), audit(home));
      expect(await codeOf(templates.insert(newTemplate(home), audit(home)))).toBe("name_taken");
      await templates.insert({ ...newTemplate(home), locale: "de" }, audit(home));
      await templates.insert(newTemplate(foreign), audit(foreign));
      await testNumbers.insert(newTestNumber(home, "k"), audit(home));
      expect(await codeOf(testNumbers.insert(newTestNumber(home, "k"), audit(home)))).toBe("name_taken");
      await testNumbers.insert({ ...newTestNumber(home, "k"), via: "voice" }, audit(home));
    });

    test("changes of different members at the same time are all kept", async () => {
      const { apps } = store.settings;
      const app = newApp(home);
      await apps.insert(app, audit(home));
      await Promise.all([
        apps.update(home, app.id, { name: "Both" }, audit(home)),
        apps.update(home, app.id, { policy: { maxSends: 1 } }, audit(home)),
      ]);
      expect(await apps.find(home, app.id)).toMatchObject({ name: "Both", policy: { maxSends: 1 } });
    });

    test("listeners hear of every successful write, and of no other", async () => {
      const heard: string[] = [];
      store.settings.onChange(({ organization, collection, id }) =>
        heard.push(`${organization} ${collection} ${id}`),
      );
      const { apps } = store.settings;
      const app = newApp(home);
      await apps.insert(app, audit(home));
      await codeOf(apps.insert(app, audit(home)));
      await apps.update(home, app.id, { name: "New" }, audit(home));
      await apps.update(foreign, app.id, { name: "No" }, audit(foreign));
      await apps.remove(foreign, app.id, audit(foreign));
      await apps.remove(home, app.id, audit(home));
      await apps.remove(home, app.id, audit(home));
      expect(heard).toEqual(Array(3).fill(`${home} apps ${app.id}`));
    });

    test("an organization is found by itself only; its name is unique on the server", async () => {
      const { organizations } = store.settings;
      expect(await organizations.find(foreign, home)).toBeUndefined();
      const found = await organizations.find(home, home);
      expect(found).toMatchObject({ id: home, displayName: "Example" });
      expect((await organizations.list(home, { limit: 10 })).map(({ id }) => id)).toEqual([home]);
      expect(await organizations.update(foreign, home, { displayName: "X" }, audit(foreign))).toBeUndefined();
      await organizations.update(home, home, { policy: { maxSends: 2 } }, audit(home));
      expect(await organizations.find(home, home)).toMatchObject({
        policy: { maxSends: 2 },
        displayName: "Example",
      });
      const twin = { ...newOrganization(), name: found!.name };
      expect(await codeOf(organizations.insert(twin, audit(twin.id)))).toBe("name_taken");
      await addUser(store, home);
      expect(await codeOf(organizations.remove(home, home, audit(home)))).toBe("in_use");
    });

    test("an API key is found before its organization is known", async () => {
      const key = newApiKey(home);
      await store.settings.apiKeys.insert(key, audit(home, "api_key.created"));
      expect(await store.settings.apiKey(key.id)).toStrictEqual(key);
      expect(await store.settings.apiKey(newId())).toBeUndefined();
      expect(await store.settings.apiKey("' OR 1=1 --")).toBeUndefined();
    });

    test("users: insert with authenticators, find, list, change, remove", async () => {
      const made: User[] = [];
      for (const externalId of ["e1", undefined, "e3"]) {
        made.push(
          await addUser(store, home, { externalId, displayName: "Ann", locale: "de" }, (user) => [
            newAuthenticator(user, "sms"),
          ]),
        );
      }
      const [first, second] = made as [User, User];
      expect(await store.users.find(home, first.id)).toEqual(first);
      expect(await store.users.findByExternalId(home, "e1")).toEqual(first);
      expect(await store.users.findByExternalId(home, "E1")).toBeUndefined();
      expect(await store.users.list(home, { limit: 2 })).toEqual(made.slice(0, 2));
      expect(await store.users.list(home, { limit: 9, after: second.id })).toEqual(made.slice(2));
      const changed = await store.users.update(
        home,
        first.id,
        { role: "admin", disabledAt: epoch, displayName: undefined },
        audit(home, "user.updated"),
      );
      expect(changed).toMatchObject({ role: "admin", disabledAt: epoch, displayName: "Ann", locale: "de" });
      expect(await store.users.find(home, first.id)).toEqual(changed);
      expect(await store.users.remove(home, first.id, audit(home, "user.deleted"))).toBe(true);
      expect(await store.users.remove(home, first.id, audit(home, "user.deleted"))).toBe(false);
      expect(await store.users.find(home, first.id)).toBeUndefined();
      expect(await store.enrollments.list(home, first.id)).toEqual([]);
      expect((await typesOf(store, home)).filter((type) => type === "user.deleted")).toHaveLength(1);
      await addUser(store, home, { externalId: "e1" });
    });

    test("users: an external id is unique in its organization; a refused insert keeps nothing of it", async () => {
      const user = await addUser(store, home, { externalId: "same" });
      const twin = newUser(home, { externalId: "same" });
      const insert = store.users.insert(twin, [newAuthenticator(twin, "totp")], audit(home));
      expect(await codeOf(insert)).toBe("name_taken");
      expect(await store.users.find(home, twin.id)).toBeUndefined();
      const clash = newUser(home);
      const authenticator = newAuthenticator(clash, "totp");
      expect(await codeOf(store.users.insert(clash, [authenticator, authenticator], audit(home)))).toBe(
        "name_taken",
      );
      expect(await store.users.find(home, clash.id)).toBeUndefined();
      const other = await addUser(store, foreign, { externalId: "same" });
      expect(await codeOf(store.users.update(home, user.id, { externalId: "new" }, audit(home)))).toBe(
        "no error",
      );
      const third = await addUser(store, home, { externalId: "same" });
      expect(await codeOf(store.users.update(home, third.id, { externalId: "new" }, audit(home)))).toBe(
        "name_taken",
      );
      expect(await store.users.findByExternalId(foreign, "same")).toEqual(other);
      const nowhere = newUser(newId());
      expect(await codeOf(store.users.insert(nowhere, [], audit(nowhere.organization)))).toBe("not_found");
    });

    test("API-25/26: users and authenticators of another organization are not there", async () => {
      const user = await addUser(store, home, { externalId: "e" }, (one) => [newAuthenticator(one, "sms")]);
      const [view] = await store.enrollments.list(home, user.id);
      const id = view!.authenticator.id;
      expect(await store.users.find(foreign, user.id)).toBeUndefined();
      expect(await store.users.findByExternalId(foreign, "e")).toBeUndefined();
      expect(await store.users.list(foreign, { limit: 100 })).toEqual([]);
      expect(await store.users.update(foreign, user.id, { role: "admin" }, audit(foreign))).toBeUndefined();
      expect(await store.users.remove(foreign, user.id, audit(foreign))).toBe(false);
      expect(await store.enrollments.find(foreign, user.id, id)).toBeUndefined();
      expect(await store.enrollments.list(foreign, user.id)).toEqual([]);
      expect(await store.enrollments.revoke(context(foreign), user.id, id)).toBe(false);
      expect(await store.enrollments.enable(context(foreign), user.id, id)).toBe(false);
      const planted = newAuthenticator({ ...user, organization: foreign }, "totp");
      expect(await codeOf(store.enrollments.begin(planted, [], context(foreign)))).toBe("not_found");
      expect(await codeOf(store.enrollments.begin(planted, [], context(home)))).toBe("not_found");
      expect(await store.users.find(home, user.id)).toEqual(user);
      expect(await store.enrollments.list(home, user.id)).toEqual([view]);
      expect(await typesOf(store, foreign)).toEqual(["organization.created"]);
    });

    test("enrollment: begin, find, list; a second pending one of a kind replaces the first", async () => {
      const user = await addUser(store, home);
      const first = newAuthenticator(user, "totp", {
        status: "pending",
        seed: "v1.sealed",
        totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30 },
        expiresAt: epoch + 600_000,
      });
      await store.enrollments.begin(first, [], context(home));
      expect(await store.enrollments.find(home, user.id, first.id)).toStrictEqual(first);
      const sms = newAuthenticator(user, "sms", {
        status: "pending",
        destination: "v1.x",
        destinationKey: "k",
      });
      await store.enrollments.begin(sms, [], context(home));
      const second = { ...first, id: newId() };
      await store.enrollments.begin(second, [], context(home));
      const active = newAuthenticator(user, "totp");
      await store.enrollments.begin(active, [], context(home));
      await store.enrollments.begin({ ...first, id: newId() }, [], context(home));
      const left = (await store.enrollments.list(home, user.id)).map(({ authenticator }) => authenticator);
      expect(left.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
        "sms pending",
        "totp active",
        "totp pending",
      ]);
      expect(left.find(({ kind }) => kind === "sms")).toStrictEqual(sms);
      const nobody = newAuthenticator({ ...user, id: newId() }, "totp");
      expect(await codeOf(store.enrollments.begin(nobody, [], context(home)))).toBe("not_found");
      expect((await typesOf(store, home)).slice(2)).toEqual([
        "authenticator.enrollment_begun",
        "authenticator.enrollment_begun",
        "authenticator.enrollment_begun",
        "authenticator.added",
        "authenticator.enrollment_begun",
      ]);
    });

    test("enrollment: a new set of recovery codes replaces the old one", async () => {
      const user = await addUser(store, home);
      const other = await addUser(store, home);
      for (const owner of [other, user, user]) {
        const set = newAuthenticator(owner, "recovery_code");
        await store.enrollments.begin(set, codesOf(set), context(home));
      }
      const views = await store.enrollments.list(home, user.id);
      expect(views.map(({ recoveryCodesLeft }) => recoveryCodesLeft)).toEqual([3]);
      expect((await store.enrollments.list(home, other.id))[0]).toMatchObject({ recoveryCodesLeft: 3 });
    });

    test("enrollment: revoking erases what could answer, keeps the row, and cannot be undone", async () => {
      const user = await addUser(store, home);
      const totp = newAuthenticator(user, "totp", {
        seed: "v1.seed",
        destination: "v1.destination",
        destinationKey: "k",
      });
      const set = newAuthenticator(user, "recovery_code");
      await store.enrollments.begin(totp, [], context(home));
      await store.enrollments.begin(set, codesOf(set), context(home));
      expect(await store.enrollments.revoke(context(home), user.id, totp.id)).toBe(true);
      expect(await store.enrollments.revoke(context(home), user.id, set.id)).toBe(true);
      expect(await store.enrollments.revoke(context(home), user.id, totp.id)).toBe(false);
      expect(await store.enrollments.enable(context(home), user.id, totp.id)).toBe(false);
      expect(await store.enrollments.revoke(context(home), user.id, newId())).toBe(false);
      const { seed: _1, destination: _2, destinationKey: _3, ...rest } = totp;
      expect(await store.enrollments.find(home, user.id, totp.id)).toEqual({ ...rest, status: "revoked" });
      const views = await store.enrollments.list(home, user.id);
      expect(views.find(({ recoveryCodesLeft }) => recoveryCodesLeft !== undefined)).toMatchObject({
        recoveryCodesLeft: 0,
      });
      expect(views.every(({ guard }) => guard?.disabledAt !== undefined)).toBe(true);
      expect((await typesOf(store, home)).filter((type) => type === "authenticator.revoked")).toHaveLength(2);
    });

    test("audit: read forwards and backwards, by organization, with everything that was said", async () => {
      const { apps } = store.settings;
      for (let count = 0; count < 5; count += 1) {
        await apps.insert(newApp(home), { ...audit(home), details: { count, text: "ä", none: null } });
        await apps.insert(newApp(foreign), audit(foreign));
      }
      const all = await eventsOf(store, home);
      expect(all.map((event) => event.details?.["count"])).toEqual([undefined, 0, 1, 2, 3, 4]);
      expect(all[1]).toMatchObject({ organization: home, actor: "cli", details: { text: "ä", none: null } });
      const seqs = [...all, ...(await eventsOf(store, foreign))].map(({ seq }) => seq).sort((a, b) => a - b);
      const head = await store.audit.head();
      expect(seqs).toEqual(Array.from({ length: head }, (_, index) => index + 1));
      expect(await store.audit.after(home, all[3]!.seq, 1)).toEqual([all[4]]);
      expect(await store.audit.before(home, all[3]!.seq, 2)).toEqual([all[2], all[1]]);
      expect(await store.audit.before(home, head + 1, 1)).toEqual([all[5]]);
      expect(await store.audit.after(home, head, 10)).toEqual([]);
    });
  });
}

function codesOf(set: Authenticator): readonly RecoveryCode[] {
  return [1, 2, 3].map((selector) => ({
    authenticator: set.id,
    selector,
    hash: `16384$8$1$${"s".repeat(22)}$${String(selector).repeat(43)}`,
  }));
}

/** The whole port. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describeColdStore(name, open);
  describeHotStore(name, open);
}

/** No send limits, so that a test is only about what it is about. */
const roomy: Policy = { ...openPolicy, sendsPerDestination: [], sendsPerUser: [], failureDelays: [] };

interface Phone {
  readonly user: User;
  readonly authenticator: Authenticator;
}

function describeHotStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path`, () => {
    let opened: OpenedStore;
    let store: Store;
    let home: string;
    let now: number;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      home = await addOrganization(store);
      now = epoch;
    });
    afterEach(() => opened.close());

    function sealed(
      organization: string,
      table: string,
      column: string,
      row: string,
      value: string | Uint8Array,
    ) {
      return opened.vault.seal({ organization, table, column, row }, value);
    }

    async function addPhone(destinationKey = newId(), organization = home): Promise<Phone> {
      const user = newUser(organization);
      const drafted = newAuthenticator(user, "sms", { destinationKey });
      const authenticator = {
        ...drafted,
        destination: sealed(organization, "authenticators", "destination", drafted.id, "+4915112345612"),
      };
      await store.users.insert(user, [authenticator], audit(organization, "user.created"));
      return { user, authenticator };
    }

    function startCommand(phone: Phone, more: Partial<StartCommand> = {}): StartCommand {
      return {
        organization: phone.user.organization,
        now,
        actor: "api_key:test",
        id: newId(now),
        deliveryId: newId(now),
        via: "sms",
        purpose: "login",
        target: { user: phone.user.id },
        channel: "api",
        fallbackLocale: "en",
        policy: roomy,
        production: true,
        ...more,
      };
    }

    async function start(phone: Phone, more: Partial<StartCommand> = {}): Promise<Started> {
      return sent(await store.verifications.start(startCommand(phone, more)));
    }

    function sent(outcome: StartOutcome): Started {
      if (outcome.kind === "refused") throw new Error(`refused: ${outcome.reason}`);
      const { verification, delivery } = outcome;
      return { ...outcome, verification, code: delivery ? codeIn(delivery) : "" };
    }

    function codeIn(delivery: Delivery): string {
      const { organization, id } = delivery;
      const place = { organization, table: "deliveries", column: "code", row: id };
      return Buffer.from(opened.vault.open(place, delivery.code)).toString();
    }

    function checkCommand(
      verification: VerificationState,
      answer: string,
      more: Partial<CheckCommand> = {},
    ): CheckCommand {
      return {
        organization: verification.organization,
        now,
        actor: "api_key:test",
        id: verification.id,
        candidates: [answer],
        issuer: "https://mfa.example",
        ...more,
      };
    }

    const check = (verification: VerificationState, answer: string, more: Partial<CheckCommand> = {}) =>
      store.verifications.check(checkCommand(verification, answer, more));

    const resend = (verification: VerificationState, more: Partial<ResendCommand> = {}) =>
      store.verifications.resend({
        ...context(verification.organization, now),
        id: verification.id,
        deliveryId: newId(now),
        ...more,
      });

    const failuresOf = async ({ user }: Phone) =>
      (await store.enrollments.list(user.organization, user.id))[0]?.guard?.failures ?? 0;

    test("start writes the verification and its message; a right answer approves it once", async () => {
      const phone = await addPhone();
      const { verification, code, delivery, kind } = await start(phone, { binding: { call: "c1" } });
      expect(kind).toBe("started");
      expect(code).toMatch(/^\d{6}$/);
      expect(delivery).toMatchObject({ verification: verification.id, via: "sms", state: "queued" });
      expect(await store.verifications.find(home, verification.id)).toEqual(verification);
      expect(JSON.stringify(verification)).not.toContain(code);
      const outcome = await check(verification, code);
      expect(outcome.kind).toBe("approved");
      expect(outcome).toHaveProperty("claims.verification", verification.id);
      expect(reasonOf(await check(verification, code))).toBe("closed");
      const found = await store.verifications.find(home, verification.id);
      expect(found).toMatchObject({
        status: "approved",
        attempts: 1,
        closedAt: now,
        binding: { call: "c1" },
      });
      // What could check a code or reach a person stays inside the store.
      for (const member of ["mac", "kid", "sealedCode", "destination", "destinationKey", "number", "guard"]) {
        expect(found).not.toHaveProperty(member);
      }
    });

    test(`the latest ${mostPending} purposes of an authenticator are open: a further one ends the oldest`, async () => {
      const phone = await addPhone();
      const begin = async (purpose: string) => {
        now += 1;
        return start(phone, { purpose });
      };
      const { verification: oldest } = await begin("oldest");
      // What is closed makes room.
      for (let made = 0; made < 2 * mostPending; made += 1) {
        const { verification, code } = await begin(`answered-${made}`);
        expect((await check(verification, code)).kind).toBe("approved");
      }
      expect(await store.verifications.find(home, oldest.id)).toMatchObject({ status: "pending" });
      const open: Started[] = [];
      for (let made = 0; made < mostPending; made += 1) open.push(await begin(`open-${made}`));
      expect(await store.verifications.find(home, oldest.id)).toMatchObject({
        status: "canceled",
        reason: "superseded",
      });
      const ended = (await eventsOf(store, home)).filter(({ type }) => type === "verification.canceled");
      expect(ended.map(({ verification }) => verification)).toEqual([oldest.id]);
      const statuses = () =>
        Promise.all(
          open.map(
            async ({ verification }) => (await store.verifications.find(home, verification.id))?.status,
          ),
        );
      expect(new Set(await statuses())).toEqual(new Set(["pending"]));
      // All that are open are on the list by which they end with their person.
      await store.users.remove(home, phone.user.id, audit(home, "user.deleted"));
      expect(new Set(await statuses())).toEqual(new Set(["canceled"]));
    });

    test("an authenticator forgets old purposes, also those of what was moved to it", async () => {
      const user = newUser(home);
      const reached = (kind: "sms" | "email", address: string) => {
        const drafted = newAuthenticator(user, kind, { destinationKey: newId() });
        return {
          ...drafted,
          destination: sealed(home, "authenticators", "destination", drafted.id, address),
        };
      };
      const authenticator = reached("sms", "+4915112345612");
      const others = [reached("email", "ada@example.com")];
      await store.users.insert(user, [authenticator, ...others], audit(home, "user.created"));
      const phone = { user, authenticator };
      for (let made = 0; made <= mostPending; made += 1) {
        now += 60_000;
        const { verification } = await start(phone, { purpose: `transfer-${made}`, via: "email" });
        expect((await resend(verification, { via: "sms" })).kind).toBe("resent");
      }
      const kept = (await store.enrollments.list(home, user.id)).map(
        ({ guard }) => Object.keys(guard?.pending ?? {}).length,
      );
      expect(kept).toHaveLength(2);
      expect(Math.max(...kept)).toBeLessThanOrEqual(mostPending);
    });

    test("200 wrong answers at once, 3 allowed: exactly 3 are evaluated, and then the right one is refused", async () => {
      const { verification, code } = await start(await addPhone());
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, () => check(verification, wrongFor(code))),
      );
      const reasons = outcomes.map(reasonOf);
      expect(reasons.filter((reason) => reason === "wrong")).toHaveLength(3);
      expect(reasons.filter((reason) => reason === "closed")).toHaveLength(197);
      expect(reasonOf(await check(verification, code))).toBe("closed");
      expect(await store.verifications.find(home, verification.id)).toMatchObject({
        status: "denied",
        attempts: 3,
      });
    });

    test("100 right answers at once: exactly one approval", async () => {
      const { verification, code } = await start(await addPhone());
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => check(verification, code)));
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
      expect((await typesOf(store, home)).filter((type) => type === "verification.approved")).toHaveLength(1);
    });

    test("two readings of one answer are one attempt", async () => {
      const { verification, code } = await start(await addPhone());
      await check(verification, wrongFor(code), { candidates: [wrongFor(code), wrongFor(code, 2)] });
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 1 });
      expect((await check(verification, code, { candidates: [wrongFor(code), code] })).kind).toBe("approved");
    });

    test("failures go on counting over verifications until the authenticator is disabled; an admin enables it", async () => {
      const phone = await addPhone();
      const policy = { ...roomy, failureBudget: 5 };
      const first = await start(phone, { policy });
      for (let count = 0; count < 3; count += 1) await check(first.verification, wrongFor(first.code));
      expect(await failuresOf(phone)).toBe(3);
      const second = await start(phone, { policy });
      expect(second.verification.id).not.toBe(first.verification.id);
      for (let count = 0; count < 2; count += 1) await check(second.verification, wrongFor(second.code));
      expect((await check(second.verification, second.code)).kind).toBe("refused");
      const refused = await store.verifications.start(startCommand(phone, { policy }));
      expect(refused).toMatchObject({ kind: "refused", reason: "authenticator_disabled" });
      const { id } = phone.authenticator;
      expect(await store.enrollments.enable(context(home, now), phone.user.id, id)).toBe(true);
      expect(await failuresOf(phone)).toBe(0);
      const third = await start(phone, { policy });
      expect((await check(third.verification, third.code)).kind).toBe("approved");
      expect(await typesOf(store, home)).toEqual(
        expect.arrayContaining(["authenticator.disabled", "authenticator.enabled"]),
      );
    });

    test("success clears the failures; the ladder makes an answer wait", async () => {
      const phone = await addPhone();
      const policy = { ...roomy, failureDelays: [{ failures: 2, seconds: 30 }] };
      const first = await start(phone, { policy });
      await check(first.verification, wrongFor(first.code));
      await check(first.verification, wrongFor(first.code));
      expect(reasonOf(await check(first.verification, first.code))).toBe("throttled");
      expect(await store.verifications.find(home, first.verification.id)).toMatchObject({ attempts: 2 });
      now += 30_000;
      expect((await check(first.verification, first.code)).kind).toBe("approved");
      expect(await failuresOf(phone)).toBe(0);
    });

    test("a resend keeps the counters, and only the newest code is right", async () => {
      const phone = await addPhone();
      const first = await start(phone);
      await check(first.verification, wrongFor(first.code));
      const again = await untilAnotherCode(first.code, async () => sent(await resend(first.verification)), 2);
      expect(again.verification).toMatchObject({ id: first.verification.id, attempts: 1 });
      expect(reasonOf(await check(again.verification, first.code))).toBe("wrong");
      expect(await failuresOf(phone)).toBe(2);
      expect((await check(again.verification, again.code)).kind).toBe("approved");
      expect(await store.verifications.find(home, first.verification.id)).toMatchObject({ attempts: 3 });
    });

    test("resend: same repeats the living code; sends are counted to their end", async () => {
      const phone = await addPhone();
      const policy: Policy = { ...roomy, resend: "same", maxSends: 2 };
      const first = await start(phone, { policy });
      const second = sent(await resend(first.verification));
      expect(second.code).toBe(first.code);
      expect(await resend(first.verification)).toMatchObject({ kind: "refused", reason: "too_many_sends" });
      expect(second.verification).toMatchObject({ sends: 2 });
    });

    test("a second start is a resend of the same verification; another purpose is another one", async () => {
      const phone = await addPhone();
      const first = await start(phone);
      const second = await start(phone);
      expect(second).toMatchObject({ kind: "resent", verification: { id: first.verification.id, sends: 2 } });
      const other = await start(phone, { purpose: "transfer" });
      expect(other.kind).toBe("started");
      expect(other.verification.id).not.toBe(first.verification.id);
      const quick = await start(phone, { purpose: "quick", policy: { ...roomy, resendDelaysSeconds: [30] } });
      const doubled = await start(phone, {
        purpose: "quick",
        policy: { ...roomy, resendDelaysSeconds: [30] },
      });
      expect(doubled.verification).toMatchObject({ id: quick.verification.id, sends: 1 });
      expect(doubled.delivery).toBeUndefined();
      expect(await resend(quick.verification)).toMatchObject({
        reason: "resend_too_soon",
        retryAfterSeconds: 30,
      });
    });

    test("50 starts at once open one verification", async () => {
      const phone = await addPhone();
      const policy = { ...roomy, resendDelaysSeconds: [30] };
      const started = await Promise.all(Array.from({ length: 50 }, () => start(phone, { policy })));
      expect(new Set(started.map(({ verification }) => verification.id)).size).toBe(1);
      expect(started.filter(({ delivery }) => delivery)).toHaveLength(1);
    });

    test("send windows hold per number, whoever's it is, and come from the record", async () => {
      const policy = { ...roomy, sendsPerDestination: [{ max: 2, seconds: 600 }] };
      const [one, two] = [await addPhone("shared"), await addPhone("shared")];
      await start(one, { policy });
      await start(two, { policy });
      const refused = await store.verifications.start(startCommand(two, { policy, purpose: "other" }));
      expect(refused).toMatchObject({ kind: "refused", reason: "rate_limited", retryAfterSeconds: 600 });
      now += 600_000;
      expect((await start(two, { policy, purpose: "other" })).kind).toBe("started");
    });

    test("send windows hold per user over all authenticators", async () => {
      const phone = await addPhone();
      const policy = { ...roomy, sendsPerUser: [{ max: 3, seconds: 3600 }] };
      for (const purpose of ["a", "b", "c"]) await start(phone, { policy, purpose });
      const parallel = await Promise.all(
        ["d", "e", "f"].map((purpose) => store.verifications.start(startCommand(phone, { policy, purpose }))),
      );
      expect(parallel.map(({ kind }) => kind)).toEqual(["refused", "refused", "refused"]);
    });

    test("a verification by destination counts on the destination", async () => {
      const target = {
        destination: "+4915112345612",
        destinationKey: newId(),
        hint: "+49 *** 12",
        number: someNumber,
      };
      const phone = await addPhone();
      const first = await start(phone, { target });
      expect(first.verification).toMatchObject({ hint: target.hint });
      expect(first.verification.user).toBeUndefined();
      expect(JSON.stringify(await store.verifications.find(home, first.verification.id))).not.toContain(
        target.destination,
      );
      expect((await check(first.verification, first.code)).kind).toBe("approved");
    });

    test("API-25: another organization finds, checks, resends and cancels nothing, and nothing is counted", async () => {
      const phone = await addPhone();
      const foreign = await addOrganization(store);
      const { verification, code } = await start(phone);
      const theirs = { ...verification, organization: foreign };
      const before = await store.audit.head();
      expect(await store.verifications.find(foreign, verification.id)).toBeUndefined();
      expect(await check(theirs, code)).toEqual({ kind: "unknown" });
      expect(await check(theirs, wrongFor(code))).toEqual({ kind: "unknown" });
      expect(await resend(theirs)).toMatchObject({ kind: "refused", reason: "not_found" });
      expect(await store.verifications.cancel({ ...context(foreign, now), id: verification.id })).toEqual({
        kind: "unknown",
      });
      const planted = startCommand(phone, { organization: foreign });
      expect(await store.verifications.start(planted)).toMatchObject({ reason: "not_found" });
      expect(await store.audit.head()).toBe(before);
      expect(await check({ ...verification, id: newId() }, code)).toEqual({ kind: "unknown" });
      expect(await store.verifications.find(home, verification.id)).toEqual(verification);
      expect((await check(verification, code)).kind).toBe("approved");
    });

    test("cancel closes once, and nothing can be approved after", async () => {
      const { verification, code, delivery } = await start(await addPhone());
      const cancel = () => store.verifications.cancel({ ...context(home, now), id: verification.id });
      const outcomes = await Promise.all(Array.from({ length: 10 }, cancel));
      expect(outcomes.filter(({ kind }) => kind === "canceled")).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === "closed")).toHaveLength(9);
      expect(reasonOf(await check(verification, code))).toBe("closed");
      expect(await resend(verification)).toMatchObject({ reason: "already_closed" });
      expect(await store.outbox.claim([delivery!.id], "node", now)).toEqual([]);
    });

    test("time ends a verification, and a clock set back re-opens nothing", async () => {
      const { verification, code } = await start(await addPhone());
      now += 300_000;
      expect(reasonOf(await check(verification, code))).toBe("expired");
      now -= 200_000;
      expect((await check(verification, code)).kind).toBe("refused");
    });

    test("expire closes what is over, oldest first, and leaves the rest", async () => {
      const old = await start(await addPhone());
      const older = await start(await addPhone());
      now += 200_000;
      const living = await start(await addPhone());
      now += 100_000;
      expect(await store.verifications.expire(now, 100)).toBe(2);
      expect(await store.verifications.expire(now, 100)).toBe(0);
      for (const { verification } of [old, older]) {
        expect(await store.verifications.find(home, verification.id)).toMatchObject({ status: "expired" });
      }
      expect((await check(living.verification, living.code)).kind).toBe("approved");
      expect((await typesOf(store, home)).filter((type) => type === "verification.expired")).toHaveLength(2);
    });

    test("idempotency: the same request gets the stored outcome, another one a conflict", async () => {
      const phone = await addPhone();
      const idempotency = { key: "key|POST", fingerprint: "f1" };
      const command = startCommand(phone, { idempotency });
      const first = sent(await store.verifications.start(command));
      const again = await store.verifications.start({ ...command, id: newId(now), deliveryId: newId(now) });
      expect(again).toMatchObject({ kind: "started", verification: { id: first.verification.id, sends: 1 } });
      expect(again).not.toHaveProperty("delivery.code");
      const other = { ...command, idempotency: { ...idempotency, fingerprint: "f2" } };
      expect(await codeOf(store.verifications.start(other))).toBe("idempotency_conflict");
      expect(await store.verifications.find(home, first.verification.id)).toMatchObject({ sends: 1 });
    });

    test("a named answer is counted once, whatever it is, and the right one keeps its receipt", async () => {
      const { verification, code } = await start(await addPhone());
      const answer = (attempt: string, candidate: string) => check(verification, candidate, { attempt });
      const first = await Promise.all([answer("a", "000000"), answer("a", "000001"), answer("a", code)]);
      expect(first.map((outcome) => outcome.kind === "refused" && outcome.reason)).toEqual(
        Array(3).fill("wrong"),
      );
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 1 });
      // Another surface's answer has no name, and is one more.
      await check(verification, "000002");
      expect(await answer("a", code)).toMatchObject({ kind: "refused", reason: "wrong" });
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 2 });
      const [approved, ...again] = await Promise.all([
        answer("b", code),
        answer("b", code),
        answer("b", "000000"),
      ]);
      expect(approved).toMatchObject({ kind: "approved", claims: { jti: verification.id } });
      for (const outcome of again) expect(outcome).toEqual(approved);
      expect(await answer("c", code)).toMatchObject({ kind: "refused", reason: "closed" });
    });

    test("what a dialogue says to the right answer is written with its approval, and with nothing else", async () => {
      const conversation: Conversation = {
        id: `cv_${newId(now)}`,
        organization: home,
        publication: "publication",
        channel: "chat",
        externalId: "chat-1",
        version: 1,
        state: "asked",
        createdAt: now,
        updatedAt: now,
        expiresAt: now + 900_000,
      };
      await store.conversations.save(conversation, []);
      const passed = { ...conversation, version: 2, state: "passed", path: "success" };
      const event = { type: "conversation.ended", organization: home } as const;
      const whenApproved = { conversation: passed, events: [event] };
      const ends = async () =>
        (await store.audit.after(home, 0, 1000)).filter(({ type }) => type === event.type).length;

      const one = await start(await addPhone());
      await check(one.verification, "000000", { whenApproved });
      expect(await store.conversations.find(home, conversation.id)).toEqual(conversation);
      expect(await ends()).toBe(0);
      const approved = await check(one.verification, one.code, { whenApproved, attempt: "turn" });
      expect(approved).toMatchObject({ kind: "approved", kept: true });
      expect(await store.conversations.find(home, conversation.id)).toEqual(passed);
      expect(await ends()).toBe(1);
      // The same again, and another turn that came first: the approval stands, and nothing is written.
      const again = await check(one.verification, one.code, { whenApproved, attempt: "turn" });
      expect(again).toMatchObject({ kind: "approved" });
      expect(again).not.toHaveProperty("kept");
      const other = await start(await addPhone());
      const late = await check(other.verification, other.code, { whenApproved });
      expect(late).toMatchObject({ kind: "approved" });
      expect(late).not.toHaveProperty("kept");
      expect(await store.conversations.find(home, conversation.id)).toEqual(passed);
      expect(await store.conversations.save({ ...passed, version: 3 }, [])).toBe(true);
      expect(await ends()).toBe(1);
    });

    test("idempotency: after the time that a key is held, another request takes it over", async () => {
      const { verification } = await start(await addPhone());
      const cancel = (fingerprint: string, at: number, id = verification.id) =>
        store.verifications.cancel({
          ...context(home, at),
          id,
          idempotency: { key: "held", fingerprint, takeOverAfterMs: 20_000 },
        });
      expect(await cancel("f1", now)).toMatchObject({ kind: "canceled" });
      expect(await codeOf(cancel("f2", now + 20_000))).toBe("idempotency_conflict");
      expect(await cancel("f1", now + 20_001)).toMatchObject({ kind: "canceled" });
      expect(await cancel("f2", now + 20_001)).toMatchObject({ kind: "closed" });
      expect(await codeOf(cancel("f1", now + 30_000))).toBe("idempotency_conflict");
    });

    test("idempotency: a repeated check counts once and gives the same receipt", async () => {
      const { verification, code } = await start(await addPhone());
      const wrong = { idempotency: { key: "wrong", fingerprint: "f" } };
      await Promise.all(Array.from({ length: 10 }, () => check(verification, wrongFor(code), wrong)));
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 1 });
      const right = { idempotency: { key: "right", fingerprint: "f" } };
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => check(verification, code, right)));
      const claims = outcomes.map((one) =>
        one.kind === "approved" ? JSON.stringify(one.claims) : undefined,
      );
      expect(new Set(claims).size).toBe(1);
      expect(claims[0]).toBeDefined();
      expect((await typesOf(store, home)).filter((type) => type === "verification.approved")).toHaveLength(1);
    });

    test("a receipt is consumed by exactly one caller", async () => {
      const command = {
        ...context(home, now),
        receiptId: newId(now),
        verification: newId(now),
        issuedAt: now,
        expiresAt: now + 60_000,
      };
      const burnt = await Promise.all(
        Array.from({ length: 50 }, () => store.verifications.consumeReceipt(command)),
      );
      expect(burnt.filter(Boolean)).toHaveLength(1);
      expect((await typesOf(store, home)).filter((type) => type === "receipt.consumed")).toHaveLength(1);
    });

    test("a clock set back by more than five minutes is told once, in every organization", async () => {
      const told = async () =>
        (await typesOf(store, home)).filter((type) => type === "clock.backwards").length;
      const before = await told();
      const later = now + 3_600_000;
      await store.audit.append({ type: "user.updated", organization: home }, later);
      const cancel = (at: number) => store.verifications.cancel({ ...context(home, at), id: newId(now) });
      await cancel(later - 60_000);
      expect(await told()).toBe(before);
      await cancel(later);
      await cancel(later - 3_000_000);
      await cancel(later - 3_000_000);
      expect(await told()).toBe(before + 1);
    });

    test("outbox: claimed once, left over for others, finished once", async () => {
      const { verification, delivery, code } = await start(await addPhone());
      const id = delivery!.id;
      expect((await store.outbox.leftovers("node-a", 10)).map((one) => one.id)).toEqual([id]);
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => store.outbox.claim([id, newId()], "node-a", now)),
      );
      expect(claims.flat()).toHaveLength(1);
      const [claimed] = claims.flat();
      expect(claimed).toEqual({ ...delivery, state: "sending" });
      expect(codeIn(claimed!)).toBe(code);
      expect(await store.outbox.leftovers("node-a", 10)).toEqual([]);
      expect((await store.outbox.leftovers("node-b", 10)).map((one) => one.state)).toEqual(["sending"]);
      const result = {
        organization: home,
        delivery: id,
        verification: verification.id,
        via: "sms",
        state: "accepted",
        provider: "p1",
        tries: 1,
        now: now + 5,
      } as const;
      await store.outbox.finish(result);
      await store.outbox.finish({ ...result, state: "failed" });
      expect(await store.outbox.leftovers("node-b", 10)).toEqual([]);
      expect(await store.verifications.find(home, verification.id)).toMatchObject({
        deliveries: [{ id, state: "accepted", provider: "p1", at: now + 5 }],
      });
      const types = await typesOf(store, home);
      expect(types.filter((type) => type.startsWith("delivery."))).toEqual(["delivery.accepted"]);
    });

    test("outbox: an outcome for another organization's delivery changes nothing", async () => {
      const foreign = await addOrganization(store);
      const { verification, delivery } = await start(await addPhone());
      await store.outbox.finish({
        organization: foreign,
        delivery: delivery!.id,
        verification: verification.id,
        via: "sms",
        state: "failed",
        tries: 1,
        now,
      });
      expect(await store.outbox.claim([delivery!.id], "node", now)).toHaveLength(1);
      expect(await store.verifications.find(home, verification.id)).toEqual(verification);
    });

    async function addTotp(status: "pending" | "active"): Promise<Phone & { readonly secret: Uint8Array }> {
      const user = await addUser(store, home);
      const drafted = newAuthenticator(user, "totp", {
        status,
        totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30 },
        ...(status === "pending" && { expiresAt: now + 600_000 }),
      });
      const secret = Buffer.from("12345678901234567890");
      const authenticator = { ...drafted, seed: sealed(home, "authenticators", "seed", drafted.id, secret) };
      await store.enrollments.begin(authenticator, [], context(home, now));
      return { user, authenticator, secret };
    }

    const codeAt = (secret: Uint8Array, time: number) => hotp(secret, totpStep(time, 30), 6, "SHA1");

    test("an authenticator app is confirmed once, and its code is spent with it", async () => {
      const { user, authenticator, secret } = await addTotp("pending");
      const confirm = (candidate: string) =>
        store.enrollments.confirm({
          ...context(home, now),
          user: user.id,
          id: authenticator.id,
          candidates: [candidate],
          issuer: "https://mfa.example",
        });
      const code = codeAt(secret, now);
      expect((await confirm(codeAt(secret, now + 600_000))).kind).toBe("refused");
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => confirm(code)));
      expect(outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
      expect(await store.enrollments.find(home, user.id, authenticator.id)).toMatchObject({
        status: "active",
        confirmedAt: now,
      });
      const phone = { user, authenticator };
      const { verification } = await start(phone, { via: "totp" });
      expect(reasonOf(await check(verification, code))).toBe("replayed");
      now += 60_000;
      expect((await check(verification, codeAt(secret, now))).kind).toBe("approved");
    });

    test("a time step is accepted once, over verifications and at once", async () => {
      const totp = await addTotp("active");
      const code = codeAt(totp.secret, now);
      const started = await Promise.all(
        ["a", "b", "c"].map((purpose) => start(totp, { via: "totp", purpose })),
      );
      const outcomes = await Promise.all(started.map(({ verification }) => check(verification, code)));
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
    });

    test("a recovery code is spent by exactly one of many", async () => {
      const user = await addUser(store, home);
      const set = newAuthenticator(user, "recovery_code");
      await store.enrollments.begin(set, codesOf(set), context(home, now));
      const phone = { user, authenticator: set };
      const started = await Promise.all(
        ["a", "b", "c", "d"].map((purpose) => start(phone, { via: "recovery_code", purpose })),
      );
      const first = started[0]!.verification;
      const stored = await store.enrollments.recoveryCodeFor(home, first.id, 2);
      expect(stored).toEqual(codesOf(set)[1]);
      expect(await store.enrollments.recoveryCodeFor(home, first.id, 9)).toBeUndefined();
      expect(
        await store.enrollments.recoveryCodeFor(await addOrganization(store), first.id, 2),
      ).toBeUndefined();
      const recovery = { selector: 2, hash: stored!.hash };
      const outcomes = await Promise.all(
        started.map(({ verification }) => check(verification, "", { candidates: [], recovery })),
      );
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
      expect((await store.enrollments.list(home, user.id))[0]).toMatchObject({ recoveryCodesLeft: 2 });
    });

    test("what is revoked or removed can no longer be approved", async () => {
      const revoked = await addPhone();
      const first = await start(revoked);
      await store.enrollments.revoke(context(home, now), revoked.user.id, revoked.authenticator.id);
      expect((await check(first.verification, first.code)).kind).toBe("refused");
      expect((await resend(first.verification)).kind).toBe("refused");
      const removed = await addPhone();
      const second = await start(removed);
      const third = await start(removed, { purpose: "other" });
      await store.users.remove(home, removed.user.id, audit(home, "user.deleted"));
      for (const { verification, code } of [second, third]) {
        expect(reasonOf(await check(verification, code))).toBe("closed");
        expect(await store.verifications.find(home, verification.id)).toMatchObject({ status: "canceled" });
      }
      expect(await store.verifications.start(startCommand(removed))).toMatchObject({ reason: "not_found" });
    });

    test("a new enrollment does not empty the user's send log", async () => {
      const user = await addUser(store, home);
      const policy = { ...roomy, sendsPerUser: [{ max: 2, seconds: 3600 }] };
      const kinds: string[] = [];
      for (let count = 0; count < 4; count += 1) {
        const drafted = newAuthenticator(user, "sms", { status: "pending", destinationKey: newId() });
        const authenticator = {
          ...drafted,
          destination: sealed(home, "authenticators", "destination", drafted.id, "+4915112345612"),
        };
        await store.enrollments.begin(authenticator, [], context(home, now));
        const target = { user: user.id, authenticator: authenticator.id };
        const purpose = "countersign.enrollment";
        const command = startCommand({ user, authenticator }, { target, purpose, policy });
        kinds.push((await store.verifications.start(command)).kind);
      }
      expect(kinds).toEqual(["started", "started", "refused", "refused"]);
    });

    test("a test number has its fixed code and no message, outside production only", async () => {
      const phone = await addPhone("test-key");
      const drafted = newTestNumber(home, "test-key");
      const testNumber = { ...drafted, code: sealed(home, "test_numbers", "code", drafted.id, "424242") };
      await store.settings.testNumbers.insert({ ...testNumber, expiresAt: now + 60_000 }, audit(home));
      const fixed = await start(phone, { production: false });
      expect(fixed.delivery).toBeUndefined();
      expect((await check(fixed.verification, "424242")).kind).toBe("approved");
      expect((await start(phone, { production: true })).delivery).toBeDefined();
      now += 60_000;
      expect((await start(phone, { production: false, purpose: "later" })).delivery).toBeDefined();
    });

    test("the record is gapless, in order, told to listeners, and one with what happened", async () => {
      const foreign = await addOrganization(store);
      const heads: number[] = [];
      store.audit.onAppend((seq) => heads.push(seq));
      const phones = await Promise.all(Array.from({ length: 10 }, () => addPhone()));
      const theirs = await addPhone(newId(), foreign);
      const started = await Promise.all([...phones, theirs].map((phone) => start(phone)));
      await Promise.all(started.map(({ verification, code }) => check(verification, code)));
      await store.audit.append({ type: "clock.backwards", organization: home }, now);
      const events = [...(await eventsOf(store, home)), ...(await eventsOf(store, foreign))];
      events.sort((a, b) => a.seq - b.seq);
      const head = await store.audit.head();
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
      expect(events.every(({ at }, index) => index === 0 || at >= events[index - 1]!.at)).toBe(true);
      expect(heads.at(-1)).toBe(head);
      expect(heads).toEqual(heads.toSorted((a, b) => a - b));
      for (const { verification, code } of started) {
        const own = events.filter((event) => event.verification === verification.id);
        expect(own.map(({ type }) => type)).toEqual(["verification.started", "verification.approved"]);
        expect(JSON.stringify(own)).not.toContain(`"${code}"`);
      }
    });
  });
}

type Started = Exclude<StartOutcome, { kind: "refused" }> & { readonly code: string };

function reasonOf(outcome: CheckOutcome): string {
  return outcome.kind === "refused" ? outcome.reason : outcome.kind;
}

/** Another six digits than these. */
function wrongFor(code: string, offset = 1): string {
  return String((Number(code) + offset) % 1_000_000).padStart(6, "0");
}

/** A new code equals the old one once in a million; then it is asked for again, `most` times at most. */
async function untilAnotherCode(code: string, send: () => Promise<Started>, most: number): Promise<Started> {
  let started = await send();
  for (let count = 1; count < most && started.code === code; count += 1) started = await send();
  return started;
}
