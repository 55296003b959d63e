import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "../../src/engine/code/base32.ts";
import { type Arena, openArena, wrongFor } from "./arena.ts";
import { enrollApp, recoveryCodes } from "./authenticator-app.ts";

/** What must not be found, by what it is. */
interface Canary {
  readonly name: string;
  readonly value: string;
  /** Places where it is meant to be: the beginnings of `method path`. */
  readonly shownAt: readonly string[];
  /** Six digits occur by chance in ids and hashes: they are only sought as words. */
  readonly sought: "anywhere" | "as a word";
}

const metricsToken = "canary-metrics-token-0123456789";
const phone = "+4915198765432";
const email = "canary.bird@secret-aviary.example";
const secret = "canary-credential-Zx81!qwerty";

let arena: Arena;
const canaries: Canary[] = [];
let metrics = "";
/** Every file of the data folder while the server runs, and after it. */
const files: { readonly name: string; readonly bytes: Buffer }[] = [];

beforeAll(async () => {
  arena = await openArena({ COUNTERSIGN_METRICS_TOKEN: metricsToken });
  await everyWay();
  metrics = (
    await arena.server.app.inject({ url: "/metrics", headers: { authorization: `Bearer ${metricsToken}` } })
  ).body;
  keepFiles("running");
  await arena.restart();
  keepFiles("after a stop");
});
afterAll(() => arena.close());

function keepFiles(when: string): void {
  for (const name of readdirSync(arena.data)) {
    if (name === "countersign.keys") continue;
    files.push({ name: `${name} (${when})`, bytes: readFileSync(join(arena.data, name)) });
  }
}

function canary(name: string, value: string, more: Partial<Canary> = {}): void {
  canaries.push({ name, value, shownAt: [], sought: "anywhere", ...more });
}

/** Uses everything once, right and wrong, so that whatever leaks has had its occasion. */
async function everyWay(): Promise<void> {
  const { admin } = arena;
  const created = await admin.post("/v1/users", { phone, email });
  expect(created.status).toBe(201);
  const user = created.body.id;
  canary("phone", phone.slice(1), { shownAt: ["GET /v1/inbox"] });
  canary("email", email, { shownAt: ["GET /v1/inbox"] });
  const app = await enrollApp(user, arena);
  canary("seed", app.secret, { shownAt: [`POST /v1/users/${user}/enrollments`] });
  const printed = await recoveryCodes(user, arena);
  for (const code of printed)
    canary("recovery code", code, { shownAt: [`POST /v1/users/${user}/enrollments`] });
  await admin.post("/v1/credentials", { name: "canary", secret });
  canary("credential", secret);
  const key = await arena.callerWith(["verifications:check"]);
  canary("API key", key.key, { shownAt: ["POST /v1/api-keys"] });
  canary("demo's API key", arena.demo.apiKey);
  canary("metrics token", metricsToken);
  await key.get(`/v1/verifications?token=${key.key}`);
  for (const via of ["sms", "voice", "email"]) {
    const started = await arena.start(user, via);
    const code = await arena.codeOf(started.id);
    canary(`code by ${via}`, code, { shownAt: ["GET /v1/inbox"], sought: "as a word" });
    await arena.check(started.id, wrongFor(code));
    await admin.post(`/v1/verifications/${started.id}/resend`);
    const next = await arena.codeOf(started.id);
    canary(`second code by ${via}`, next, { shownAt: ["GET /v1/inbox"], sought: "as a word" });
    await arena.check(started.id, next);
    await arena.check(started.id, next);
  }
  const byApp = app.codeAt(0);
  canary("code of the app", byApp, { sought: "as a word" });
  await arena.check((await arena.start(user, "totp")).id, byApp);
  await arena.check((await arena.start(user, "recovery_code")).id, printed[0] ?? "");
  await troubles(user);
  await admin.get("/v1/inbox");
  await admin.get("/v1/audit?limit=200");
  await admin.get(`/v1/users/${user}/authenticators`);
  await admin.get("/v1/users?limit=200");
}

/** Requests that are refused: what they held must not come back. */
async function troubles(user: string): Promise<void> {
  const { admin } = arena;
  await admin.post("/v1/verifications", { to: `${phone}x`, via: "sms" });
  await admin.post("/v1/verifications", { to: email, via: "sms" });
  await admin.post("/v1/verifications", { user, via: "sms", note: secret });
  await admin.post("/v1/credentials", { name: "canary", secret });
  await admin.post(`/v1/verifications/${secret}/check`, { code: secret });
  await admin.post("/v1/providers", {
    name: "x",
    kind: "smtp",
    vias: ["email"],
    settings: { password: secret },
  });
  await arena.as(secret).get("/v1/users");
}

/** The same bytes as other programs would write them. */
function formsOf({ name, value }: Canary): readonly Buffer[] {
  const plain = name === "seed" ? (decodeBase32(value) ?? Buffer.from(value)) : Buffer.from(value);
  const bytes = Buffer.from(plain);
  const texts = [
    value,
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    encodeBase32(bytes),
  ];
  return [...(bytes.length >= 16 ? [bytes] : []), ...texts.map((text) => Buffer.from(text))];
}

function holds(bytes: Buffer, canary: Canary): boolean {
  if (canary.sought === "anywhere") return formsOf(canary).some((form) => bytes.includes(form));
  const text = bytes.toString("latin1");
  return formsOf(canary).some((form) => wordPattern(form.toString("latin1")).test(text));
}

/** A code also as messages write it: in groups, or digit by digit for a voice. */
function wordPattern(form: string): RegExp {
  const signs = [...form].map((sign) => sign.replace(/[^\w]/, (special) => `\\${special}`));
  const word = signs.join(/^\d{6}$/.test(form) ? "[ .,]*" : "");
  return new RegExp(`(?<![0-9A-Za-z_.+/-])${word}(?![0-9A-Za-z_+/=-])`);
}

describe("LOG-01, STO-04, V26 what is secret", () => {
  it("the search finds what is there to be found", () => {
    const shown = arena.answers.filter(({ place }) => place === "GET /v1/inbox").at(-1);
    const inbox = Buffer.from(shown?.text ?? "");
    const expected = canaries.filter(({ shownAt }) => shownAt.includes("GET /v1/inbox"));
    expect(expected.length).toBeGreaterThanOrEqual(8);
    expect(expected.filter((one) => !holds(inbox, one)).map(({ name }) => name)).toEqual([]);
    for (const one of canaries) {
      const forms = formsOf(one).map((form) =>
        holds(Buffer.concat([Buffer.from("x "), form, Buffer.from(" x")]), one),
      );
      expect(forms).toEqual(forms.map(() => true));
    }
  });

  it("is in no answer but the one that shows it", () => {
    expect(arena.answers.length).toBeGreaterThan(35);
    const found = arena.answers.flatMap(({ place, text }) =>
      canaries
        .filter(({ shownAt }) => !shownAt.some((shown) => place.startsWith(shown)))
        .filter((one) => holds(Buffer.from(text), one))
        .map(({ name }) => `${name} in ${place}`),
    );
    expect(found).toEqual([]);
  });

  it("is in no log line, at level trace", () => {
    const text = Buffer.from(arena.log.join("\n"));
    expect(canaries.filter((one) => holds(text, one)).map(({ name }) => name)).toEqual([]);
  });

  it("is in no metric", () => {
    expect(metrics).toContain("countersign_");
    expect(canaries.filter((one) => holds(Buffer.from(metrics), one)).map(({ name }) => name)).toEqual([]);
  });

  it("is in no file of the data folder, neither in the database nor in its log", () => {
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["countersign.db (running)", "countersign.db-wal (running)"]),
    );
    const found = files.flatMap(({ name, bytes }) =>
      canaries.filter((one) => holds(bytes, one)).map((one) => `${one.name} in ${name}`),
    );
    expect(found).toEqual([]);
  });

  it("V26 is not written by a caller either: verified is nothing that can be set", async () => {
    const { user } = await arena.person();
    const { body } = await arena.admin.get(`/v1/users/${user}/authenticators`);
    const [one] = body["authenticators"] as readonly { id: string }[];
    const answers = [
      await arena.admin.ask("PATCH", `/v1/users/${user}`, { verified: true }),
      await arena.admin.post(`/v1/users/${user}/enrollments`, { kind: "sms", to: phone, status: "active" }),
      await arena.admin.ask("PATCH", `/v1/users/${user}/authenticators/${one?.id}`, { status: "active" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 405]);
  });
});
