import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { appendEvent, emptyHead } from "../../engine/audit/chain.ts";
import { seededRandom } from "../../engine/code/seeded-random.ts";
import { CountersignError, isCountersignError } from "../../engine/errors.ts";
import type { Authenticator, Guard, User, Verification } from "../../engine/model.ts";
import type { Delivery } from "../../engine/outbox.ts";
import { defaultPolicy } from "../../engine/policy/defaults.ts";
import { authenticatorGuard } from "../../engine/policy/guards.ts";
import { describeColdStore } from "../contract/index.ts";
import { createAuditReader } from "./audit-read.ts";
import { guardFromRow, guardToRow, guardToTable } from "./counter-rows.ts";
import { createEnrollmentStore } from "./enrollments.ts";
import type { SqlExecutor, SqlRow, SqlValue } from "./executor.ts";
import {
  applyPlan,
  bootstrap,
  checksumOf,
  type Migration,
  migrations,
  statementFor,
} from "./migrations/index.ts";
import { createQueries, mustChange, statementOf } from "./queries.ts";
import {
  authenticatorFromRow,
  authenticatorToRow,
  deliveryFromRow,
  deliveryToRow,
  recoveryCodeFromRow,
  recoveryCodeToRow,
  userFromRow,
  userToRow,
  verificationFromRow,
  verificationToRow,
  verificationUpdateToRow,
} from "./rows.ts";
import { createChangeFeed, createSettingsStore } from "./settings.ts";
import { createUserStore } from "./users.ts";

const now = Date.UTC(2100, 0, 1);

function openDatabase(): Database.Database {
  const database = new Database(":memory:");
  database.pragma("foreign_keys = ON");
  database.exec(bootstrap);
  for (const { statements } of applyPlan([])) {
    for (const statement of statements) database.exec(statementFor(statement, "sqlite"));
  }
  return database;
}

/** The smallest executor: one transaction per write. */
function createExecutor(database: Database.Database): SqlExecutor {
  let head = emptyHead;
  const random = seededRandom("audit");
  const insert = database.prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  return {
    read: async ({ sql, parameters }) => database.prepare<unknown[], SqlRow>(sql).all(...parameters),
    write: async (statements, audit, at) => {
      const before = head;
      database.exec("BEGIN");
      try {
        for (const { sql, parameters, mustChange: must } of statements) {
          const { changes } = runStatement(database, sql, parameters);
          if (must && changes === 0) {
            database.exec("ROLLBACK");
            return false;
          }
        }
        for (const draft of audit) {
          const { row, head: next } = appendEvent(head, draft, at, random);
          insert.run(
            row.seq,
            row.at,
            row.type,
            row.organization,
            row.digest,
            row.salt,
            row.details,
            row.hash,
          );
          head = next;
        }
        database.exec("COMMIT");
        return true;
      } catch (error) {
        database.exec("ROLLBACK");
        head = before;
        throw error;
      }
    },
  };
}

function runStatement(database: Database.Database, sql: string, parameters: readonly SqlValue[]) {
  try {
    return database.prepare(sql).run(...parameters);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (/UNIQUE|PRIMARYKEY/.test(error.code)) throw new CountersignError("name_taken", error.message);
    if (!error.code.endsWith("FOREIGNKEY")) throw error;
    throw new CountersignError(/^delete/i.test(sql) ? "in_use" : "not_found", error.message);
  }
}

function openParts() {
  const database = openDatabase();
  const tools = {
    executor: createExecutor(database),
    queries: createQueries("sqlite"),
    clock: { now: () => now },
  };
  const store = {
    settings: createSettingsStore(createChangeFeed(), tools),
    users: createUserStore(tools),
    enrollments: createEnrollmentStore(tools),
    audit: createAuditReader(tools),
  };
  return { database, tools, store };
}

describeColdStore("shared SQL", async () => {
  const { database, store } = openParts();
  return {
    store,
    close: async () => {
      database.close();
    },
  };
});

const verification: Verification = {
  id: "v",
  organization: "o",
  user: "u",
  authenticator: "a",
  guard: "a:u:a",
  destinationKey: "k",
  destination: "sealed",
  hint: "h",
  app: "app",
  publication: "p",
  channel: "swaig",
  via: "sms",
  purpose: "login",
  binding: { call: "c", amount: "1,00 €" },
  conversation: "cv",
  wishes: { proofWords: true },
  number: { country: "DE", callingCode: "49", type: "mobile", prefix: "x", position: 1 },
  source: "network.address",
  outside: { service: "signalwire", waiting: 1, reference: "sealed" },
  locale: "de",
  status: "denied",
  reason: "r",
  mac: new Uint8Array([0, 255, 128, 7]),
  kid: "kid",
  sealedCode: "sealed",
  attempts: 2,
  lastAttempt: "turn",
  sends: 1,
  lastSentAt: now,
  createdAt: now,
  expiresAt: now + 1,
  closedAt: now + 2,
  rules: { ...defaultPolicy, test: true },
  deliveries: [{ id: "d", via: "sms", state: "queued", at: now }],
};

const optional = [
  "user",
  "authenticator",
  "destinationKey",
  "destination",
  "app",
  "publication",
  "binding",
  "conversation",
  "wishes",
  "number",
  "source",
  "reason",
  "mac",
  "kid",
  "sealedCode",
  "outside",
  "lastAttempt",
  "lastSentAt",
  "closedAt",
] as const;

const rulesOf = () => verification.rules;

function without<Value extends object>(value: Value, members: readonly string[]): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !members.includes(name))) as Value;
}

describe("rows through a real table", () => {
  test.each([
    ["full", verification],
    ["bare", without(verification, optional)],
  ])("a %s verification comes back as it was", (_, value) => {
    const database = openDatabase();
    const marks = Array(34).fill("?").join(",");
    database.prepare(`INSERT INTO verifications VALUES (${marks})`).run(verificationToRow(value, "r1"));
    const row = database.prepare<unknown[], SqlRow>("SELECT * FROM verifications").get()!;
    expect(verificationFromRow(row, rulesOf)).toStrictEqual(value);
  });

  test("an update writes the columns that may change, in order", () => {
    expect(verificationUpdateToRow(verification)).toEqual([
      "a",
      "a:u:a",
      "k",
      "h",
      "sms",
      "denied",
      "r",
      "AP-ABw",
      "kid",
      "sealed",
      2,
      1,
      now,
      now + 1,
      now + 2,
      JSON.stringify(verification.deliveries),
      JSON.stringify(verification.number),
      JSON.stringify(verification.outside),
      "turn",
      "v",
    ]);
  });

  test("guards", () => {
    const guard: Guard = {
      organization: "o",
      key: "a:u:a",
      failures: 3,
      blockedUntil: 1,
      disabledAt: 2,
      lastStep: 0,
      pending: { "login|app": "v" },
      sends: [1, 2],
    };
    const bare = without(guard, ["blockedUntil", "disabledAt", "lastStep"]);
    for (const one of [guard, bare]) {
      const database = openDatabase();
      database.prepare("INSERT INTO guards VALUES (?,?,?,?,?,?,?,?,?)").run(guardToRow(one, now));
      const row = database.prepare<unknown[], SqlRow>("SELECT * FROM guards").get()!;
      expect(guardFromRow(row)).toStrictEqual(one);
      expect(row).toEqual(guardToTable(one, now));
    }
  });

  test("users, authenticators, recovery codes, deliveries", () => {
    const user: User = {
      id: "u",
      organization: "o",
      externalId: "e",
      displayName: "Ann",
      role: "admin",
      policy: { maxSends: 1 },
      disabledAt: 5,
      createdAt: 1,
      updatedAt: 2,
    };
    for (const one of [user, without(user, ["externalId", "displayName", "disabledAt"])]) {
      expect(userFromRow({ ...userToRow(one) })).toStrictEqual(one);
    }
    const authenticator: Authenticator = {
      id: "a",
      organization: "o",
      user: "u",
      kind: "totp",
      status: "active",
      hint: "h",
      destinationKey: "k",
      seed: "s",
      totp: { algorithm: "SHA256", digits: 8, periodSeconds: 60 },
      createdAt: 1,
    };
    for (const one of [authenticator, without(authenticator, ["destinationKey", "seed", "totp"])]) {
      expect(authenticatorFromRow({ ...authenticatorToRow(one) })).toStrictEqual(one);
    }
    const code = { authenticator: "a", selector: 3, hash: "h", usedAt: 9 };
    for (const one of [code, without(code, ["usedAt"])]) {
      expect(recoveryCodeFromRow({ ...recoveryCodeToRow("u", one) })).toStrictEqual(one);
    }
    const delivery: Delivery = {
      id: "d",
      organization: "o",
      verification: "v",
      via: "sms",
      locale: "de",
      purpose: "login",
      hint: "h",
      destination: "x",
      destinationAt: { table: "verifications", row: "v" },
      code: "c",
      ttlSeconds: 300,
      createdAt: 1,
      expiresAt: 2,
      state: "queued",
    };
    const database = openDatabase();
    database.prepare("INSERT INTO deliveries VALUES (?,?,?,?,?,?,?,?)").run(deliveryToRow(delivery));
    const row = database.prepare<unknown[], SqlRow>("SELECT * FROM deliveries").get()!;
    expect(deliveryFromRow(row)).toStrictEqual(delivery);
  });
});

describe("migrations", () => {
  test("an empty database gets all of them, a current one nothing", () => {
    const plan = applyPlan([]);
    expect(plan.map(({ version }) => version)).toEqual(migrations.map(({ version }) => version));
    expect(applyPlan(plan.toReversed())).toEqual([]);
    expect(applyPlan(plan.slice(0, 1))).toEqual(plan.slice(1));
  });

  test("versions are 1, 2, 3 … and no token is left in the SQL", () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    for (const { statements } of migrations) {
      for (const statement of statements) {
        expect(statementFor(statement, "postgres")).not.toMatch(/[{}]|WITHOUT/);
        expect(statementFor(statement, "sqlite")).not.toMatch(/[{}]/);
      }
    }
  });

  test("an edited, a renamed and an unknown migration are detected", () => {
    const [first, second] = applyPlan([]);
    const edited: Migration = { ...migrations[0]!, statements: [...migrations[0]!.statements, "SELECT 1"] };
    expect(checksumOf(edited)).not.toBe(first!.checksum);
    expect(() => applyPlan([first!], [edited])).toThrow(/not the one/);
    expect(() => applyPlan([first!, { ...second!, checksum: "0" }])).toThrow(/not the one/);
    const later = { version: 99, name: "later", checksum: "x" };
    expect(() => applyPlan([...applyPlan([]), later])).toThrow(/does not know/);
    expect(() => applyPlan([second!])).toThrow(CountersignError);
  });
});

describe("statements", () => {
  test("the same query for both databases", () => {
    const of = (dialect: "sqlite" | "postgres") =>
      statementOf(createQueries(dialect).selectFrom("apps").select("id").where("name", "=", "x"));
    expect(of("sqlite")).toEqual({ sql: 'select "id" from "apps" where "name" = +?', parameters: ["x"] });
    expect(of("postgres")).toEqual({ sql: 'select "id" from "apps" where "name" = $1', parameters: ["x"] });
    expect(mustChange(createQueries("sqlite").deleteFrom("apps"))).toMatchObject({ mustChange: true });
  });

  test("every statement on a table with organizations carries the organization", async () => {
    const seen: { sql: string; parameters: readonly SqlValue[] }[] = [];
    const { tools, store: _store } = openParts();
    const executor: SqlExecutor = {
      read: (statement) => {
        seen.push(statement);
        return tools.executor.read(statement);
      },
      write: (statements, audit, at) => {
        seen.push(...statements);
        return tools.executor.write(statements, audit, at);
      },
    };
    const watched = { ...tools, executor };
    const settings = createSettingsStore(createChangeFeed(), watched);
    const users = createUserStore(watched);
    const enrollments = createEnrollmentStore(watched);
    const audit = { type: "settings.updated", organization: "ORG" } as const;
    const context = { organization: "ORG", now, actor: "cli" };
    for (const name of [
      "apps",
      "publications",
      "providers",
      "credentials",
      "templates",
      "apiKeys",
    ] as const) {
      await settings[name].find("ORG", "x");
      await settings[name].list("ORG", { limit: 5, after: "x" });
      await settings[name].remove("ORG", "x", audit);
    }
    await users.find("ORG", "x");
    await users.list("ORG", { limit: 1 });
    await users.remove("ORG", "x", audit);
    await enrollments.find("ORG", "u", "x");
    await enrollments.revoke(context, "u", "x");
    await enrollments.recoveryCodeFor("ORG", "v", 1);
    expect(seen.length).toBeGreaterThan(20);
    for (const { sql, parameters } of seen) expect(parameters, sql).toContain("ORG");
  });

  test("a row that keeps changing ends in a conflict, not in an endless loop", async () => {
    const { database, tools, store } = openParts();
    const audit = { type: "settings.updated", organization: "o" } as const;
    await store.settings.organizations.insert(
      { id: "o", name: "o", displayName: "o", locale: "en", policy: {}, createdAt: now },
      audit,
    );
    const restless: SqlExecutor = {
      ...tools.executor,
      read: async (statement) => {
        const rows = await tools.executor.read(statement);
        database.exec(`UPDATE organizations SET document = document || ' '`);
        return rows;
      },
    };
    const { organizations } = createSettingsStore(createChangeFeed(), { ...tools, executor: restless });
    const failure = await organizations.update("o", "o", { locale: "de" }, audit).catch((error) => error);
    expect(isCountersignError(failure) && failure.code).toBe("conflict");
  });
});

describe("users and enrollments over guards", () => {
  const user: User = {
    id: "u1",
    organization: "o",
    role: "member",
    policy: {},
    createdAt: now,
    updatedAt: now,
  };
  const authenticator: Authenticator = {
    id: "a1",
    organization: "o",
    user: "u1",
    kind: "sms",
    status: "disabled",
    hint: "h",
    createdAt: now,
  };
  const guard = (key: string): Guard => ({
    organization: "o",
    key,
    failures: 20,
    blockedUntil: 1,
    disabledAt: 2,
    pending: { login: "v" },
    sends: [1],
  });

  async function prepared() {
    const parts = openParts();
    const audit = { type: "user.created", organization: "o" } as const;
    await parts.store.settings.organizations.insert(
      { id: "o", name: "o", displayName: "o", locale: "en", policy: {}, createdAt: now },
      audit,
    );
    await parts.store.users.insert(user, [authenticator], audit);
    await parts.store.users.insert({ ...user, id: "u11" }, [], audit);
    const insert = parts.database.prepare("INSERT INTO guards VALUES (?,?,?,?,?,?,?,?,?)");
    for (const key of [authenticatorGuard("u1", "a1"), authenticatorGuard("u11", "a1"), "d:u1"]) {
      insert.run(guardToRow(guard(key)));
    }
    parts.database
      .prepare(`INSERT INTO verifications VALUES (${Array(34).fill("?").join(",")})`)
      .run(verificationToRow({ ...verification, status: "pending" }, "r1"));
    return { ...parts, audit };
  }

  test("enable clears failures, wait and disabling, and keeps the send log", async () => {
    const { store } = await prepared();
    expect(await store.enrollments.enable({ organization: "o", now, actor: "cli" }, "u1", "a1")).toBe(true);
    const [view] = await store.enrollments.list("o", "u1");
    expect(view).toStrictEqual({
      authenticator: { ...authenticator, status: "active" },
      guard: {
        organization: "o",
        key: "a:u1:a1",
        failures: 0,
        pending: { login: "v" },
        sends: [1],
      },
    });
  });

  test("removing a user takes exactly that user's guards, and closes what is pending on them", async () => {
    const { database, store, audit } = await prepared();
    expect(await store.users.remove("o", "u1", audit)).toBe(true);
    const keys = database.prepare<unknown[], { key: string }>("SELECT key FROM guards ORDER BY key").all();
    expect(keys.map(({ key }) => key)).toEqual(["a:u11:a1", "d:u1"]);
    const row = database.prepare<unknown[], SqlRow>("SELECT * FROM verifications").get()!;
    expect(verificationFromRow(row, rulesOf)).toMatchObject({ status: "canceled", reason: "user_deleted" });
    expect(row).toMatchObject({ mac: null, kid: null, sealed_code: null });
  });

  test("revoking keeps the guard with its counters", async () => {
    const { store } = await prepared();
    await store.enrollments.revoke({ organization: "o", now, actor: "cli" }, "u1", "a1");
    const [view] = await store.enrollments.list("o", "u1");
    expect(view?.guard).toMatchObject({ failures: 20, disabledAt: now, sends: [1] });
  });
});
