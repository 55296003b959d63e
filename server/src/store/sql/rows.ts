import type {
  Authenticator,
  AuthenticatorKind,
  AuthenticatorStatus,
  ChannelId,
  NumberFacts,
  RecoveryCode,
  User,
  Verification,
  VerificationRules,
  VerificationStatus,
  Via,
} from "../../engine/model.ts";
import type { Delivery } from "../../engine/outbox.ts";
import type { SqlRow, SqlValue } from "./executor.ts";
import type {
  AuthenticatorTable,
  DeliveryTable,
  RecoveryCodeTable,
  UserTable,
  VerificationTable,
} from "./schema.ts";

/**
 * Rows and model objects, written out by hand because the hot path runs through here. A store hands in whole numbers as
 * numbers; null in a row is an absent member of the object. Row tuples follow the column order of the migration.
 */

type Writable<Type> = { -readonly [Member in keyof Type]: Type[Member] };

/** `rulesOf` finds the captured rules that the row refers to. */
export function verificationFromRow(row: SqlRow, rulesOf: (id: string) => VerificationRules): Verification {
  const columns = row as unknown as VerificationTable;
  const verification: Writable<Verification> = {
    id: columns.id,
    organization: columns.organization,
    guard: columns.guard,
    hint: columns.hint,
    channel: columns.channel as ChannelId,
    via: columns.via as Via,
    purpose: columns.purpose,
    locale: columns.locale,
    status: columns.status as VerificationStatus,
    attempts: columns.attempts,
    sends: columns.sends,
    createdAt: columns.created_at,
    expiresAt: columns.expires_at,
    rules: rulesOf(columns.rules),
    deliveries: columns.deliveries === "[]" ? [] : JSON.parse(columns.deliveries),
  };
  addTarget(verification, columns);
  addState(verification, columns);
  return verification;
}

function addTarget(verification: Writable<Verification>, columns: VerificationTable): void {
  if (columns.user_id !== null) verification.user = columns.user_id;
  if (columns.authenticator !== null) verification.authenticator = columns.authenticator;
  if (columns.destination_key !== null) verification.destinationKey = columns.destination_key;
  if (columns.destination !== null) verification.destination = columns.destination;
  if (columns.app !== null) verification.app = columns.app;
  if (columns.publication !== null) verification.publication = columns.publication;
  if (columns.binding !== null) verification.binding = JSON.parse(columns.binding);
  if (columns.conversation !== null) verification.conversation = columns.conversation;
  if (columns.wishes !== null) verification.wishes = JSON.parse(columns.wishes);
  const number: NumberFacts | null = columns.number === null ? null : JSON.parse(columns.number);
  // Without a position it is what retention left: nothing is sent on it any more.
  if (number?.position !== undefined) verification.number = number;
  if (columns.source !== null) verification.source = columns.source;
}

function addState(verification: Writable<Verification>, columns: VerificationTable): void {
  if (columns.reason !== null) verification.reason = columns.reason;
  if (columns.mac !== null) verification.mac = new Uint8Array(Buffer.from(columns.mac, "base64url"));
  if (columns.kid !== null) verification.kid = columns.kid;
  if (columns.sealed_code !== null) verification.sealedCode = columns.sealed_code;
  if (columns.outside !== null) verification.outside = JSON.parse(columns.outside);
  if (columns.last_attempt !== null) verification.lastAttempt = columns.last_attempt;
  if (columns.last_sent_at !== null) verification.lastSentAt = columns.last_sent_at;
  if (columns.closed_at !== null) verification.closedAt = columns.closed_at;
}

/** All 34 columns, for an insert. */
export function verificationToRow(verification: Verification, rulesId: string): SqlValue[] {
  const { mac, binding, wishes, number, outside } = verification;
  return [
    verification.id,
    verification.organization,
    verification.user ?? null,
    verification.authenticator ?? null,
    verification.guard,
    verification.destinationKey ?? null,
    verification.destination ?? null,
    verification.hint,
    verification.app ?? null,
    verification.publication ?? null,
    verification.channel,
    verification.via,
    verification.purpose,
    jsonText(binding),
    verification.locale,
    verification.status,
    verification.reason ?? null,
    mac === undefined ? null : base64url(mac),
    verification.kid ?? null,
    verification.sealedCode ?? null,
    verification.attempts,
    verification.sends,
    verification.lastSentAt ?? null,
    verification.createdAt,
    verification.expiresAt,
    verification.closedAt ?? null,
    rulesId,
    deliveriesText(verification),
    verification.conversation ?? null,
    jsonText(wishes),
    jsonText(number),
    verification.source ?? null,
    jsonText(outside),
    verification.lastAttempt ?? null,
  ];
}

/**
 * What may change after the start, then the id: authenticator, guard, destination_key, hint, via, status, reason, mac, kid,
 * sealed_code, attempts, sends, last_sent_at, expires_at, closed_at, deliveries, number, outside, last_attempt, id.
 */
export function verificationUpdateToRow(verification: Verification): SqlValue[] {
  const { mac } = verification;
  return [
    verification.authenticator ?? null,
    verification.guard,
    verification.destinationKey ?? null,
    verification.hint,
    verification.via,
    verification.status,
    verification.reason ?? null,
    mac === undefined ? null : base64url(mac),
    verification.kid ?? null,
    verification.sealedCode ?? null,
    verification.attempts,
    verification.sends,
    verification.lastSentAt ?? null,
    verification.expiresAt,
    verification.closedAt ?? null,
    deliveriesText(verification),
    jsonText(verification.number),
    jsonText(verification.outside),
    verification.lastAttempt ?? null,
    verification.id,
  ];
}

function deliveriesText({ deliveries }: Verification): string {
  return deliveries.length === 0 ? "[]" : JSON.stringify(deliveries);
}

function jsonText(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

export function userFromRow(row: SqlRow): User {
  const columns = row as unknown as UserTable;
  const user: Writable<User> = {
    ...JSON.parse(columns.document),
    id: columns.id,
    organization: columns.organization,
    createdAt: columns.created_at,
    updatedAt: columns.updated_at,
  };
  if (columns.external_id !== null) user.externalId = columns.external_id;
  return user;
}

export function userToRow(user: User): UserTable {
  const { id, organization, externalId, createdAt, updatedAt, ...document } = user;
  return {
    id,
    organization,
    external_id: externalId ?? null,
    document: JSON.stringify(document),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

export function authenticatorFromRow(row: SqlRow): Authenticator {
  const columns = row as unknown as AuthenticatorTable;
  const authenticator: Writable<Authenticator> = {
    ...JSON.parse(columns.document),
    id: columns.id,
    organization: columns.organization,
    user: columns.user_id,
    kind: columns.kind as AuthenticatorKind,
    status: columns.status as AuthenticatorStatus,
    createdAt: columns.created_at,
  };
  if (columns.destination_key !== null) authenticator.destinationKey = columns.destination_key;
  if (columns.number !== null) authenticator.number = JSON.parse(columns.number);
  return authenticator;
}

export function authenticatorToRow(authenticator: Authenticator): AuthenticatorTable {
  const { id, organization, user, kind, status, destinationKey, number, createdAt, ...document } =
    authenticator;
  return {
    user_id: user,
    id,
    organization,
    kind,
    status,
    destination_key: destinationKey ?? null,
    document: JSON.stringify(document),
    created_at: createdAt,
    number: jsonText(number),
  };
}

export function recoveryCodeFromRow(row: SqlRow): RecoveryCode {
  const columns = row as unknown as RecoveryCodeTable;
  const code: Writable<RecoveryCode> = {
    authenticator: columns.authenticator,
    selector: columns.selector,
    hash: columns.hash,
  };
  if (columns.used_at !== null) code.usedAt = columns.used_at;
  return code;
}

export function recoveryCodeToRow(user: string, code: RecoveryCode): RecoveryCodeTable {
  return {
    user_id: user,
    authenticator: code.authenticator,
    selector: code.selector,
    hash: code.hash,
    used_at: code.usedAt ?? null,
  };
}

export function deliveryFromRow(row: SqlRow): Delivery {
  const columns = row as unknown as DeliveryTable;
  return {
    ...JSON.parse(columns.document),
    id: columns.id,
    organization: columns.organization,
    verification: columns.verification,
    state: columns.state as Delivery["state"],
    createdAt: columns.created_at,
    expiresAt: columns.expires_at,
  };
}

/** All 8 columns; nobody owns it yet. */
export function deliveryToRow(delivery: Delivery): SqlValue[] {
  const { id, organization, verification, state, createdAt, expiresAt, ...document } = delivery;
  return [id, organization, verification, state, null, JSON.stringify(document), createdAt, expiresAt];
}

/** The first text after every text that begins with this prefix, for a range over a key. */
export function afterPrefix(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
