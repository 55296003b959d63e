import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultPolicy } from "../../engine/policy/defaults.ts";
import type { SignalwireProject } from "../../engine/settings.ts";
import type { StartCommand } from "../../engine/store.ts";
import { type StartTerms, signalwirePurpose } from "../../engine/verification/terms.ts";
import { addOrganization, audit, codeOf, epoch, newId, openPolicy, someNumber } from "./fixtures.ts";
import { newApp } from "./new-settings.ts";
import type { OpenedStore } from "./opened.ts";

const projectId = "5f0c1b9a-2f3e-4d21-9a77-0c1d2e3f4a5b";

/** Projects of the SignalWire-compatible surface, and verifications started on its terms: the same on every store. */
export function describeSignalwire(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: SignalWire`, () => {
    let opened: OpenedStore;
    let home: string;
    let foreign: string;
    beforeEach(async () => {
      opened = await open();
      home = await addOrganization(opened.store);
      foreign = await addOrganization(opened.store);
    });
    afterEach(() => opened.close());

    describe("projects", () => {
      test("are found by their id before their organization is known, and by nobody else's organization", async () => {
        const { settings } = opened.store;
        const project = newProject(home);
        await settings.signalwireProjects.insert(project, audit(home));
        expect(await settings.signalwireProject(project.id)).toStrictEqual(project);
        expect(await settings.signalwireProjects.find(home, project.id)).toStrictEqual(project);
        expect(await settings.signalwireProjects.find(foreign, project.id)).toBeUndefined();
        expect(await settings.signalwireProjects.list(foreign, { limit: 9 })).toEqual([]);
        const change = { from: ["+12025550101"], tokenDigest: "k.ff" };
        expect(
          await settings.signalwireProjects.update(foreign, project.id, change, audit(foreign)),
        ).toBeUndefined();
        await settings.signalwireProjects.update(home, project.id, change, audit(home));
        expect(await settings.signalwireProject(project.id)).toMatchObject(change);
        expect(await settings.signalwireProjects.remove(foreign, project.id, audit(foreign))).toBe(false);
        expect(await settings.signalwireProjects.remove(home, project.id, audit(home))).toBe(true);
        expect(await settings.signalwireProject(project.id)).toBeUndefined();
      });

      test("an id is taken once on the whole server, a name once in its organization, and again when removed", async () => {
        const { signalwireProjects } = opened.store.settings;
        await signalwireProjects.insert(newProject(home), audit(home));
        expect(await codeOf(signalwireProjects.insert(newProject(foreign), audit(foreign)))).toBe(
          "name_taken",
        );
        const other = { ...newProject(home), id: "5f0c1b9a-2f3e-4d21-9a77-0c1d2e3f4a5c" };
        expect(await codeOf(signalwireProjects.insert(other, audit(home)))).toBe("name_taken");
        await signalwireProjects.remove(home, projectId, audit(home));
        await signalwireProjects.insert(newProject(foreign), audit(foreign));
      });

      test("an app that a project works for cannot go, and a foreign one cannot be named", async () => {
        const { signalwireProjects, apps } = opened.store.settings;
        const app = newApp(home);
        await apps.insert(app, audit(home));
        const abroad = { ...newProject(foreign), app: app.id };
        expect(await codeOf(signalwireProjects.insert(abroad, audit(foreign)))).toBe("not_found");
        await signalwireProjects.insert({ ...newProject(home), app: app.id }, audit(home));
        expect(await codeOf(apps.remove(home, app.id, audit(home)))).toBe("in_use");
      });
    });

    describe("a start on the terms of the surface", () => {
      const started = async (command: StartCommand) => {
        const outcome = await opened.store.verifications.start(command);
        if (outcome.kind !== "started") throw new Error(`not started: ${JSON.stringify(outcome)}`);
        return outcome;
      };
      const statusOf = async (id: string) => (await opened.store.verifications.find(home, id))?.status;

      test("keeps its own length, lifetime and attempts, and seals the caller's text", async () => {
        const command = startCommand(home, {}, { codeLength: 20, codeTtlSeconds: 604_800, maxAttempts: 20 });
        const { verification, delivery } = await started(command);
        expect(verification).toMatchObject({
          expiresAt: epoch + 604_800_000,
          rules: { codeLength: 20, maxAttempts: 20 },
        });
        expect(delivery).toMatchObject({ publicId: "public", ttlSeconds: 604_800 });
        expect(JSON.stringify(delivery)).not.toContain("Dear Anna");
        const open = (column: "code" | "ownText", sealed = "") =>
          Buffer.from(
            opened.vault.open(
              { organization: home, table: "deliveries", column, row: delivery?.id ?? "" },
              sealed,
            ),
          ).toString();
        expect(open("ownText", delivery?.ownText)).toBe("Dear Anna, the code is {code}");
        expect(open("code", delivery?.code)).toMatch(/^[1-9]\d{19}$/);
      });

      test("outside the ranges of the surface nothing is started", async () => {
        for (const terms of [
          { codeLength: 3 },
          { codeLength: 21 },
          { codeTtlSeconds: -1 },
          { codeTtlSeconds: 604_801 },
          { maxAttempts: 0 },
          { maxAttempts: 21 },
          { codeLength: 6.5 },
        ]) {
          await expect(opened.store.verifications.start(startCommand(home, {}, terms))).rejects.toThrow();
        }
        expect(await opened.store.audit.after(home, 0, 10)).toHaveLength(1);
      });

      test("takes the place of the pending one of its destination, and only of its own purpose", async () => {
        const plain = startCommand(home, { purpose: "login", terms: undefined });
        const other = await started(plain);
        const first = await started(startCommand(home));
        const second = await started(startCommand(home));
        expect(second.verification.id).not.toBe(first.verification.id);
        expect(await statusOf(first.verification.id)).toBe("canceled");
        expect(await statusOf(second.verification.id)).toBe("pending");
        expect(await statusOf(other.verification.id)).toBe("pending");
      });

      test("is replaced also on the fifth day of its life", async () => {
        const week = { codeTtlSeconds: 604_800 };
        const first = await started(startCommand(home, {}, week));
        const later = epoch + 5 * 86_400_000;
        await started(startCommand(home, { now: later, purpose: "login", terms: undefined }));
        await started(startCommand(home, { now: later + 1 }, week));
        expect(await statusOf(first.verification.id)).toBe("canceled");
      });

      test("a lifetime of nothing is over at once", async () => {
        const { verification } = await started(startCommand(home, {}, { codeTtlSeconds: 0 }));
        expect(verification.expiresAt).toBe(epoch);
        expect(await opened.store.verifications.expire(epoch, 10)).toBe(1);
        expect(await statusOf(verification.id)).toBe("expired");
      });

      test("the sweep does not wait for long lives, and ends them in their time", async () => {
        const { expire } = opened.store.verifications;
        const long = [];
        for (let number = 0; number < 5; number += 1) {
          long.push(await started(startCommand(home, target(`long ${number}`), { codeTtlSeconds: 604_800 })));
        }
        const short = await started(startCommand(home, { ...target("short"), terms: undefined }));
        const shortIsOver = epoch + defaultPolicy.codeTtlSeconds * 1000;
        // Fewer rows a round than there are long ones before the short one.
        let closed = 0;
        for (let round = 0; round < 4; round += 1) closed += await expire(shortIsOver, 2);
        expect([closed, await statusOf(short.verification.id)]).toEqual([1, "expired"]);
        expect(await statusOf(long[0]?.verification.id ?? "")).toBe("pending");
        expect(await expire(epoch + 604_799_999, 100)).toBe(0);
        expect(await expire(epoch + 604_800_000, 100)).toBe(5);
        expect(await expire(epoch + 604_800_000, 100)).toBe(0);
        const events = await opened.store.audit.after(home, 0, 100);
        expect(events.filter(({ type }) => type === "verification.expired")).toHaveLength(6);
      });
    });
  });
}

function newProject(organization: string): SignalwireProject {
  return {
    id: projectId,
    organization,
    name: "Main",
    tokenDigest: "kid.00",
    lastFour: "wxyz",
    from: ["+12025550100"],
    links: "allowed",
    createdAt: epoch,
    updatedAt: epoch,
  };
}

function target(key: string): Pick<StartCommand, "target"> {
  const hint = "+1 *** **23";
  return { target: { destination: "+12025550123", destinationKey: key, hint, number: someNumber } };
}

function startCommand(
  organization: string,
  more: Partial<StartCommand> = {},
  terms: Partial<StartTerms> = {},
): StartCommand {
  const now = more.now ?? epoch;
  return {
    organization,
    now,
    actor: "signalwire:test",
    id: newId(now),
    deliveryId: newId(now),
    via: "sms",
    purpose: signalwirePurpose,
    ...target("one"),
    channel: "api",
    fallbackLocale: "en",
    policy: { ...openPolicy, sendsPerDestination: [], sendsPerUser: [] },
    production: true,
    terms: {
      surface: "signalwire",
      codeLength: 6,
      codeAlphabet: "digits",
      codeTtlSeconds: 3600,
      maxAttempts: 3,
      text: "Dear Anna, the code is {code}",
      publicId: "public",
      ...terms,
    },
    ...more,
  };
}
