import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TOTP, URI } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

interface Enrollment {
  readonly id: string;
  readonly status: string;
  readonly uri: string;
  readonly secret: string;
  readonly qrSvg: string;
  readonly codes: string[];
  readonly verification: string;
  readonly to: string;
}

async function newUser(): Promise<string> {
  const { body } = await server.api.post("/v1/users", { displayName: "Grace: Hopper & Söhne" });
  return body.id;
}

const begin = (user: string, body: object) =>
  server.api.post<Enrollment>(`/v1/users/${user}/enrollments`, body);
const confirm = (user: string, id: string, code: string) =>
  server.api.post(`/v1/users/${user}/enrollments/${id}/confirm`, { code });
const startedBy = async (user: string, via: string) =>
  (await server.api.post("/v1/verifications", { user, via })).body.id;
const isApproved = async (id: string, code: string) =>
  (await server.api.post<{ approved: boolean }>(`/v1/verifications/${id}/check`, { code })).body.approved;

function isInstalled(...programs: readonly string[]): boolean {
  return programs.every((program) => {
    try {
      execFileSync(program, ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

const scanner = isInstalled("rsvg-convert", "zbarimg");
const oathtool = isInstalled("oathtool");

/** The text of the QR code, read by a scanner that we did not write. */
function scan(svg: string): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-qr-"));
  try {
    writeFileSync(join(folder, "code.svg"), svg);
    execFileSync("rsvg-convert", [join(folder, "code.svg"), "-o", join(folder, "code.png")]);
    return execFileSync("zbarimg", ["-q", "--raw", join(folder, "code.png")], {
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("an authenticator app", () => {
  it("is enrolled by its key URI, confirmed, used, and never by the same code twice", async () => {
    const user = await newUser();
    const begun = await begin(user, { kind: "totp", label: "Phone" });
    expect(begun).toMatchObject({ status: 201, body: { kind: "totp", status: "pending" } });
    expect(begun.headers.get("cache-control")).toBe("no-store");
    const app = URI.parse(begun.body.uri) as TOTP;
    expect(app).toMatchObject({ issuer: "Countersign Demo", algorithm: "SHA1", digits: 6, period: 30 });
    expect(app.secret.base32).toBe(begun.body.secret);

    // Not usable before it is confirmed.
    const early = await server.api.post("/v1/verifications", { user, via: "totp" });
    expect(early).toMatchObject({ status: 422, body: { code: "no_authenticator" } });

    const now = Date.now();
    const code = app.generate({ timestamp: now });
    const confirmed = await confirm(user, begun.body.id, code);
    expect(confirmed).toMatchObject({
      status: 200,
      body: { id: begun.body.id, kind: "totp", status: "active", label: "Phone" },
    });
    expect(JSON.stringify(confirmed.body)).not.toContain(begun.body.secret);

    // The confirming code is spent (RFC 6238 §5.2), the next one is good once.
    expect(await isApproved(await startedBy(user, "totp"), code)).toBe(false);
    const next = app.generate({ timestamp: now + 30_000 });
    expect(await isApproved(await startedBy(user, "totp"), next)).toBe(true);
    expect(await isApproved(await startedBy(user, "totp"), next)).toBe(false);
  });

  it("is not confirmed by a wrong code, and is dead after five", async () => {
    const user = await newUser();
    const { body } = await begin(user, { kind: "totp" });
    const app = URI.parse(body.uri) as TOTP;
    const good = new Set(
      [-30_000, 0, 30_000, 60_000].map((by) => app.generate({ timestamp: Date.now() + by })),
    );
    const wrong = ["000000", "111111", "222222", "333333", "444444"].find((code) => !good.has(code)) ?? "";
    for (let tries = 0; tries < 5; tries += 1) {
      const refused = await confirm(user, body.id, wrong);
      expect(refused).toMatchObject({ status: 422, body: { code: "enrollment_refused" } });
    }
    expect((await confirm(user, body.id, app.generate())).status).toBe(422);
  });

  it("takes the parameters it is asked for", async () => {
    const user = await newUser();
    const { body } = await begin(user, { kind: "totp", algorithm: "SHA256", digits: 8, periodSeconds: 60 });
    const app = URI.parse(body.uri) as TOTP;
    expect(app).toMatchObject({ algorithm: "SHA256", digits: 8, period: 60 });
    expect((await confirm(user, body.id, app.generate())).status).toBe(200);
  });

  it.skipIf(!scanner)(
    "its QR code holds the key URI (skipped without rsvg-convert and zbarimg)",
    async () => {
      const { body } = await begin(await newUser(), { kind: "totp" });
      expect(body.qrSvg).toContain("<svg");
      expect(scan(body.qrSvg)).toBe(body.uri);
    },
  );

  it.skipIf(!scanner || !oathtool)(
    "is confirmed by what oathtool makes of the scanned code (skipped without oathtool)",
    async () => {
      const user = await newUser();
      const { body } = await begin(user, { kind: "totp" });
      const secret = new URL(scan(body.qrSvg)).searchParams.get("secret") ?? "";
      const code = execFileSync("oathtool", ["--totp", "--base32", secret]).toString().trim();
      expect((await confirm(user, body.id, code)).status).toBe(200);
    },
  );
});

describe("recovery codes", () => {
  it("work at once, each once, and a new set replaces the old one", async () => {
    const user = await newUser();
    const { status, body } = await begin(user, { kind: "recovery_code" });
    expect([status, body.status, body.codes.length]).toEqual([201, "active", 10]);
    const [first = "", second = ""] = body.codes;
    expect(await isApproved(await startedBy(user, "recovery_code"), first)).toBe(true);
    expect(await isApproved(await startedBy(user, "recovery_code"), first)).toBe(false);
    const { body: list } = await server.api.get<{ authenticators: object[] }>(
      `/v1/users/${user}/authenticators`,
    );
    expect(list.authenticators).toMatchObject([{ kind: "recovery_code", recoveryCodesLeft: 9, failures: 1 }]);
    const renewed = await begin(user, { kind: "recovery_code" });
    expect(await isApproved(await startedBy(user, "recovery_code"), second)).toBe(false);
    expect(await isApproved(await startedBy(user, "recovery_code"), renewed.body.codes[0] ?? "")).toBe(true);
  });
});

describe("a new address", () => {
  it("is confirmed by the code that was mailed to it", async () => {
    const user = await newUser();
    const { status, body } = await begin(user, { kind: "email", to: "grace@example.org" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: "pending", to: "g***@example.org" });
    expect(JSON.stringify(body)).not.toContain("grace@");
    const [message] = await server.messagesOf(body.verification);
    expect(message).toMatchObject({ via: "email", to: "grace@example.org" });
    expect(message?.subject).not.toMatch(/\d/);
    const code = await server.codeOf(body.verification);
    const confirmed = await confirm(user, body.id, code);
    expect(confirmed).toMatchObject({ status: 200, body: { id: body.id, kind: "email", status: "active" } });
    expect(await isApproved(body.verification, code)).toBe(false);
    const id = await startedBy(user, "email");
    expect(await isApproved(id, await server.codeOf(id))).toBe(true);
  });

  it("is not enrolled by the ordinary check of its verification", async () => {
    const user = await newUser();
    const { body } = await begin(user, { kind: "sms", to: "+12025550171" });
    const reserved = await server.api.post("/v1/verifications", {
      user,
      via: "sms",
      purpose: "countersign.enrollment",
    });
    expect(reserved).toMatchObject({ status: 400, body: { fields: [{ field: "/purpose" }] } });
    expect((await server.api.post("/v1/verifications", { user, via: "sms" })).status).toBe(422);
    expect((await confirm(user, body.id, "not a code")).body).toMatchObject({ code: "invalid_code_format" });
  });

  it.each([
    [{ kind: "email" }, "/to"],
    [{ kind: "totp", to: "a@example.org" }, "/to"],
    [{ kind: "recovery_code", digits: 8 }, "/digits"],
    [{ kind: "email", to: "not an address" }, "/to"],
    [{ kind: "totp", digits: 5 }, "/digits"],
    [{ kind: "totp", secret: "MINE" }, "/secret"],
  ])("refuses %j at %s", async (body, field) => {
    const refused = await begin(await newUser(), body);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ fields: [{ field }] });
  });

  it("does not exist for another organization, nor under another user", async () => {
    const user = await newUser();
    const { body } = await begin(user, { kind: "totp" });
    const code = (URI.parse(body.uri) as TOTP).generate();
    const stranger = await server.addOrganization("enrollment-stranger");
    const foreign = await stranger.api.post(`/v1/users/${user}/enrollments/${body.id}/confirm`, { code });
    const misplaced = await confirm(await newUser(), body.id, code);
    expect([foreign.status, misplaced.status]).toEqual([404, 404]);
    expect((await confirm(user, body.id, code)).status).toBe(200);
  });
});

describe("an authenticator", () => {
  it("is vouched for, disabled by failures, enabled with a reason, and revoked for good", async () => {
    const user = await newUser();
    const added = await server.api.post(`/v1/users/${user}/authenticators`, {
      kind: "sms",
      to: "+12025550172",
      label: "Work",
    });
    expect(added).toMatchObject({ status: 201, body: { status: "active", hint: "+1 *** **72" } });
    await server.api.patch(`/v1/users/${user}`, { policy: { failureBudget: 2 } });
    const pending = await startedBy(user, "sms");
    const code = await server.codeOf(pending);
    const wrong = code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
    expect(await isApproved(pending, wrong)).toBe(false);
    expect(await isApproved(pending, wrong)).toBe(false);
    const one = `/v1/users/${user}/authenticators`;
    const disabled = await server.api.get<{ authenticators: object[] }>(one);
    expect(disabled.body.authenticators).toMatchObject([{ status: "disabled", failures: 2 }]);
    const refused = await server.api.post("/v1/verifications", { user, via: "sms" });
    expect(refused).toMatchObject({ status: 422, body: { code: "authenticator_disabled" } });

    const reason = "called the help desk, identity checked";
    const enabled = await server.api.post(`${one}/${added.body.id}/enable`, { reason });
    expect(enabled).toMatchObject({ status: 200, body: { status: "active", failures: 0 } });
    const audit = await server.api.get<{ events: object[] }>("/v1/audit?limit=1");
    expect(audit.body.events).toMatchObject([
      { type: "authenticator.enabled", user, details: { reason, authenticator: added.body.id } },
    ]);
    const id = await startedBy(user, "sms");
    expect((await server.api.delete(`${one}/${added.body.id}`)).status).toBe(204);
    expect(await isApproved(id, await server.codeOf(id))).toBe(false);
    expect((await server.api.delete(`${one}/${added.body.id}`)).status).toBe(404);
    expect((await server.api.post(`${one}/${added.body.id}/enable`, { reason })).status).toBe(404);
    expect((await server.api.get(one)).body).toMatchObject({ authenticators: [] });
  });

  it("that failed more often than a budget which was lowered since is listed as what it is, and enabled again", async () => {
    const user = await newUser();
    const one = `/v1/users/${user}/authenticators`;
    const added = await server.api.post(one, { kind: "sms", to: "+12025550173" });
    const pending = await startedBy(user, "sms");
    const code = await server.codeOf(pending);
    const wrong = code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
    for (const answer of [wrong, wrong]) expect(await isApproved(pending, answer)).toBe(false);
    const listed = async () => (await server.api.get<{ authenticators: object[] }>(one)).body.authenticators;
    expect(await listed()).toMatchObject([{ status: "active", failures: 2 }]);
    await server.api.patch(`/v1/users/${user}`, { policy: { failureBudget: 2 } });
    const [spent] = await listed();
    expect(spent).toMatchObject({ status: "disabled", failures: 2 });
    expect(spent).not.toHaveProperty("disabledAt");
    const start = { user, via: "sms", purpose: "another" };
    expect((await server.api.post("/v1/verifications", start)).body).toMatchObject({
      code: "authenticator_disabled",
    });
    await server.api.post(`${one}/${added.body.id}/enable`, { reason: "identity checked" });
    expect(await listed()).toMatchObject([{ status: "active", failures: 0 }]);
    expect((await server.api.post("/v1/verifications", start)).status).toBe(201);
  });
});
