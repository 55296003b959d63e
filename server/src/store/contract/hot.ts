import type { Authenticator, User, VerificationState } from "../../engine/model.ts";
import type { Delivery } from "../../engine/outbox.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CheckCommand, ResendCommand, StartCommand, StartOutcome } from "../../engine/store.ts";
import { audit, codeIn, context, newAuthenticator, newId, newUser, openPolicy } from "./fixtures.ts";
import { type Each, type OpenedStore, openEach } from "./opened.ts";

/** No send limits, so that a test is only about what it is about. */
export const roomy: Policy = { ...openPolicy, sendsPerDestination: [], sendsPerUser: [], failureDelays: [] };

export interface Phone {
  readonly user: User;
  readonly authenticator: Authenticator;
}

export type Started = Exclude<StartOutcome, { kind: "refused" }> & { readonly code: string };

/** A store for each test, and the verbs of the hot path with what a test does not care about filled in. */
export function openHot(open: () => Promise<OpenedStore>) {
  const each = openEach(open);
  return Object.assign(each, phonesOf(each), verbsOf(each));
}

function phonesOf(each: Each) {
  function sealed(
    organization: string,
    table: string,
    column: string,
    row: string,
    value: string | Uint8Array,
  ) {
    return each.vault.seal({ organization, table, column, row }, value);
  }

  async function addPhone(destinationKey = newId(), organization = each.home): Promise<Phone> {
    const user = newUser(organization);
    const drafted = newAuthenticator(user, "sms", { destinationKey });
    const authenticator = {
      ...drafted,
      destination: sealed(organization, "authenticators", "destination", drafted.id, "+4915112345612"),
    };
    await each.store.users.insert(user, [authenticator], audit(organization, "user.created"));
    return { user, authenticator };
  }

  const failuresOf = async ({ user }: Phone) =>
    (await each.store.enrollments.list(user.organization, user.id))[0]?.guard?.failures ?? 0;

  return { sealed, addPhone, failuresOf };
}

function verbsOf(each: Each) {
  function startCommand(phone: Phone, more: Partial<StartCommand> = {}): StartCommand {
    return {
      organization: phone.user.organization,
      now: each.now,
      actor: "api_key:test",
      id: newId(each.now),
      deliveryId: newId(each.now),
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
    return sent(await each.store.verifications.start(startCommand(phone, more)));
  }

  function sent(outcome: StartOutcome): Started {
    if (outcome.kind === "refused") throw new Error(`refused: ${outcome.reason}`);
    const { verification, delivery } = outcome;
    return { ...outcome, verification, code: delivery ? codeOfMessage(delivery) : "" };
  }

  const codeOfMessage = (delivery: Delivery) => codeIn(delivery, each.vault);

  const check = (verification: VerificationState, answer: string, more: Partial<CheckCommand> = {}) =>
    each.store.verifications.check({
      organization: verification.organization,
      now: each.now,
      actor: "api_key:test",
      id: verification.id,
      candidates: [answer],
      issuer: "https://mfa.example",
      ...more,
    });

  const resend = (verification: VerificationState, more: Partial<ResendCommand> = {}) =>
    each.store.verifications.resend({
      ...context(verification.organization, each.now),
      id: verification.id,
      deliveryId: newId(each.now),
      ...more,
    });

  return { startCommand, start, sent, codeIn: codeOfMessage, check, resend };
}

/** Another six digits than these. */
export function wrongFor(code: string, offset = 1): string {
  return String((Number(code) + offset) % 1_000_000).padStart(6, "0");
}
