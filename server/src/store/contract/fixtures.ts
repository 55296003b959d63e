import type { AuditDraft, AuditEvent, AuditEventType } from "../../engine/audit/event.ts";
import { type ErrorCode, isCountersignError } from "../../engine/errors.ts";
import type {
  Authenticator,
  AuthenticatorKind,
  NumberFacts,
  Organization,
  RecoveryCode,
  User,
} from "../../engine/model.ts";
import type { Delivery } from "../../engine/outbox.ts";
import type { CountOutsideOutcome } from "../../engine/outside.ts";
import { defaultPolicy, serverCeiling } from "../../engine/policy/defaults.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CheckOutcome, CommandContext, Store } from "../../engine/store.ts";
import type { Vault } from "../../engine/tools.ts";

/** Far ahead of any real clock, so that a store which adds its own time to settings never runs before these. */
export const epoch = Date.UTC(2100, 0, 1);

/** The parts of a store that something is written to before a test begins. */
type Users = Pick<Store, "users">;
type Settings = Pick<Store, "settings">;
interface Audit {
  readonly audit: Pick<Store["audit"], "after">;
}

let lastNumber = 0;

/** A UUID v7 of this moment; later calls give greater ids. */
export function newId(now = epoch): string {
  lastNumber += 1;
  const time = now.toString(16).padStart(12, "0");
  const number = lastNumber.toString(16).padStart(15, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${number.slice(0, 3)}-8${number.slice(3, 6)}-${number.slice(6).padEnd(12, "0")}`;
}

/** A telephone number as the send rules know it, for parts of the contract that are about something else. */
export const someNumber: NumberFacts = {
  country: "US",
  callingCode: "1",
  type: "fixed_line_or_mobile",
  prefix: "prefix",
  position: 4711,
};

/** The default policy with send rules that let everything go. */
export const openPolicy: Policy = { ...defaultPolicy, sending: serverCeiling.sending };

export function audit(organization: string, type: AuditEventType = "settings.updated"): AuditDraft {
  return { type, organization, actor: "cli" };
}

export function context(organization: string, now = epoch): CommandContext {
  return { organization, now, actor: "cli" };
}

export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | "no error"> {
  try {
    await promise;
    return "no error";
  } catch (error) {
    if (isCountersignError(error)) return error.code;
    throw error;
  }
}

export function newOrganization(): Organization {
  const id = newId();
  return { id, name: `org ${id}`, displayName: "Example", locale: "en", policy: {}, createdAt: epoch };
}

/** `details` are those of its first event. */
export async function addOrganization(
  { settings }: Settings,
  details?: AuditDraft["details"],
): Promise<string> {
  const organization = newOrganization();
  await settings.organizations.insert(organization, {
    ...audit(organization.id, "organization.created"),
    ...(details && { details }),
  });
  return organization.id;
}

export function newUser(organization: string, more: Partial<User> = {}): User {
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

export function newAuthenticator(
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

export async function addUser(
  { users }: Users,
  organization: string,
  more: Partial<User> = {},
  authenticators: (user: User) => readonly Authenticator[] = () => [],
): Promise<User> {
  const user = newUser(organization, more);
  await users.insert(user, authenticators(user), audit(organization, "user.created"));
  return user;
}

export function codesOf(set: Authenticator): readonly RecoveryCode[] {
  return [1, 2, 3].map((selector) => ({
    authenticator: set.id,
    selector,
    hash: `16384$8$1$${"s".repeat(22)}$${String(selector).repeat(43)}`,
  }));
}

export async function eventsOf(store: Audit, organization: string): Promise<readonly AuditEvent[]> {
  return await store.audit.after(organization, 0, 10_000);
}

export async function typesOf(store: Audit, organization: string): Promise<readonly string[]> {
  return (await eventsOf(store, organization)).map((event) => event.type);
}

/** The code of a message that waits to be sent. */
export function codeIn({ organization, id, code }: Delivery, vault: Pick<Vault, "open">): string {
  const place = { organization, table: "deliveries", column: "code", row: id };
  return Buffer.from(vault.open(place, code)).toString();
}

/** Why an answer was refused, or what it was instead. */
export function reasonOf(outcome: CheckOutcome | CountOutsideOutcome): string {
  return outcome.kind === "refused" ? outcome.reason : outcome.kind;
}
