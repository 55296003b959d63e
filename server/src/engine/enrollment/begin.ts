import { encodeBase32 } from "../code/base32.ts";
import { timeOrderedId } from "../code/random.ts";
import { generateRecoveryCodes } from "../code/recovery.ts";
import { keyUri } from "../code/totp.ts";
import { CountersignError } from "../errors.ts";
import type { Authenticator, DeliveryVia, NumberFacts, TotpParameters, User, UserId } from "../model.ts";
import type { EngineServices } from "../services.ts";
import type { CommandContext, StartOutcome } from "../store.ts";
import { enrollmentPurpose, startVerification } from "../verification/start.ts";

/** A destination as `delivery/destination.ts` made it. */
export interface KnownDestination {
  readonly sendTo: string;
  readonly hint: string;
  readonly key: string;
  /** Of a telephone number. */
  readonly number?: NumberFacts | undefined;
}

interface BeginContext extends Omit<CommandContext, "now"> {
  readonly user: UserId;
  readonly label?: string | undefined;
}

/** How long a pending enrollment waits for its code. */
const pendingMs = 600_000;

/** RFC 4226 §4 R6 recommends a seed as long as the hash: 160 bits; RFC 6238 appendix B does the same for the others. */
const seedBytes = { SHA1: 20, SHA256: 32, SHA512: 64 } as const;

/** What every authenticator app understands. */
export const defaultTotp: TotpParameters = { algorithm: "SHA1", digits: 6, periodSeconds: 30 };

export interface TotpEnrollment {
  readonly authenticator: Authenticator;
  /** `otpauth://` key URI; shown once, as text and as QR code. */
  readonly uri: string;
  /** Base32 seed for typing in. */
  readonly secret: string;
}

/** Makes a seed; the authenticator becomes active by one right code within ten minutes. */
export async function beginTotp(
  request: BeginContext & { readonly parameters?: TotpParameters },
  services: EngineServices,
): Promise<TotpEnrollment> {
  const user = await existingUser(request, services);
  const parameters = request.parameters ?? defaultTotp;
  const secret = services.random.bytes(seedBytes[parameters.algorithm]);
  const drafted = draft(request, "totp", "Authenticator app", services);
  const place = {
    organization: request.organization,
    table: "authenticators",
    column: "seed",
    row: drafted.id,
  };
  const authenticator: Authenticator = {
    ...drafted,
    seed: services.vault.seal(place, secret),
    totp: parameters,
  };
  await services.store.enrollments.begin(authenticator, [], contextOf(request, services));
  const issuer = await services.settings.displayNameOf(request.organization);
  const account = user.displayName ?? user.externalId ?? user.id;
  return {
    authenticator,
    uri: keyUri({ issuer, account, secret, parameters }),
    secret: encodeBase32(secret),
  };
}

export interface RecoveryEnrollment {
  readonly authenticator: Authenticator;
  /** Shown once; a new set replaces the old one. */
  readonly codes: readonly string[];
}

/** Makes a set of recovery codes, active at once: the person has them in hand when the answer arrives. */
export async function beginRecoveryCodes(
  request: BeginContext,
  services: EngineServices,
): Promise<RecoveryEnrollment> {
  await existingUser(request, services);
  const made = await generateRecoveryCodes(services.random);
  const drafted = draft(request, "recovery_code", `${made.length} codes`, services);
  const authenticator: Authenticator = {
    ...drafted,
    status: "active",
    expiresAt: undefined,
    confirmedAt: drafted.createdAt,
  };
  const rows = made.map(({ selector, hash }) => ({ authenticator: authenticator.id, selector, hash }));
  await services.store.enrollments.begin(authenticator, rows, contextOf(request, services));
  return { authenticator, codes: made.map((one) => one.text) };
}

export interface DestinationEnrollment {
  readonly authenticator: Authenticator;
  /** The verification whose code, sent to the new destination, confirms it. */
  readonly started: StartOutcome;
}

/** Sends a code to a new address or number; the authenticator becomes active when that code comes back. */
export async function beginDestination(
  request: BeginContext & { readonly kind: DeliveryVia; readonly destination: KnownDestination },
  services: EngineServices,
): Promise<DestinationEnrollment> {
  await existingUser(request, services);
  const drafted = draft(request, request.kind, request.destination.hint, services);
  const authenticator = withDestination(drafted, request.destination, services);
  await services.store.enrollments.begin(authenticator, [], contextOf(request, services));
  const started = await startVerification(
    {
      organization: request.organization,
      actor: request.actor,
      via: request.kind,
      purpose: enrollmentPurpose,
      target: { user: request.user, authenticator: authenticator.id },
      channel: "api",
    },
    services,
  );
  return { authenticator, started };
}

/** An active authenticator on the word of an admin, who vouches for the destination. */
export function vouchedDestination(
  request: BeginContext & { readonly kind: DeliveryVia; readonly destination: KnownDestination },
  services: EngineServices,
): Authenticator {
  const drafted = draft(request, request.kind, request.destination.hint, services);
  return {
    ...withDestination(drafted, request.destination, services),
    status: "active",
    expiresAt: undefined,
    confirmedAt: drafted.createdAt,
  };
}

function withDestination(
  drafted: Authenticator,
  destination: KnownDestination,
  services: EngineServices,
): Authenticator {
  const { organization, id } = drafted;
  const place = { organization, table: "authenticators", column: "destination", row: id };
  return {
    ...drafted,
    destination: services.vault.seal(place, destination.sendTo),
    destinationKey: destination.key,
    number: destination.number,
  };
}

function draft(
  request: BeginContext,
  kind: Authenticator["kind"],
  hint: string,
  services: EngineServices,
): Authenticator {
  const now = services.clock.now();
  return {
    id: timeOrderedId(now, services.random),
    organization: request.organization,
    user: request.user,
    kind,
    status: "pending",
    label: request.label,
    hint,
    expiresAt: now + pendingMs,
    createdAt: now,
  };
}

async function existingUser(request: BeginContext, services: EngineServices): Promise<User> {
  const user = await services.store.users.find(request.organization, request.user);
  if (!user) throw new CountersignError("not_found", "There is no such user.");
  return user;
}

function contextOf(request: BeginContext, services: EngineServices): CommandContext {
  const { organization, actor, idempotency } = request;
  return { organization, actor, idempotency, now: services.clock.now() };
}
