import { beforeEach } from "vitest";
import type { Authenticator, User } from "../../engine/model.ts";
import type { CountedAnswer, NoteOutsideCommand, OutsideAnswer } from "../../engine/outside.ts";
import type { ResendCommand, StartCommand, StartOutcome } from "../../engine/store.ts";
import { audit, newAuthenticator, newId, newUser, openPolicy } from "./fixtures.ts";
import { type Each, type OpenedStore, openEach } from "./opened.ts";

/** No send limits of the policy; the send rules let everything go. */
export const policy = { ...openPolicy, sendsPerDestination: [], sendsPerUser: [], resendDelaysSeconds: [0] };

type Granted = Exclude<StartOutcome, { kind: "refused" }>;

export function granted(outcome: StartOutcome): Granted {
  if (outcome.kind === "refused") throw new Error(outcome.reason);
  return outcome;
}

interface Person {
  readonly user: User;
  readonly authenticator: Authenticator;
}

type EachPerson = Each & { readonly person: Person };

/** A store for each test, a person with a telephone, and the verbs of verifications whose codes a service outside makes. */
export function openOutside(open: () => Promise<OpenedStore>) {
  const each = openPerson(open);
  return Object.assign(each, startsOf(each), answersOf(each), readingOf(each));
}

function openPerson(open: () => Promise<OpenedStore>): EachPerson {
  const each = openEach(open);
  let person: Person;
  beforeEach(async () => {
    const { store, home } = each;
    const user = newUser(home);
    const phone = { hint: "+1 *** **23", destination: "sealed", destinationKey: user.id };
    const authenticator = newAuthenticator(user, "sms", phone);
    await store.users.insert(user, [authenticator], audit(home, "user.created"));
    person = { user, authenticator };
  });
  return Object.defineProperty(each, "person", { get: () => person }) as EachPerson;
}

const contextOf = ({ home, now }: Each) => ({ organization: home, actor: "channel:p", now });

function startsOf(each: EachPerson) {
  const start = (more: Partial<StartCommand> = {}) =>
    each.store.verifications.start({
      ...contextOf(each),
      ...{ id: newId(each.now), deliveryId: newId(each.now), via: "sms", purpose: "login" },
      target: { user: each.person.user.id, authenticator: each.person.authenticator.id },
      ...{ channel: "swaig", fallbackLocale: "en", policy, production: false, outside: "signalwire" },
      ...more,
    });
  const note = (id: string, delivery: string, more: Partial<NoteOutsideCommand> = {}) =>
    each.store.verifications.outside.note({
      ...{ ...contextOf(each), id, delivery, state: "accepted", reference: "ref-1" },
      ...more,
    });
  /** Started, and sent by the service as `reference`. */
  const asked = async (more: Partial<StartCommand> = {}, reference = "ref-1") => {
    const { verification, order } = granted(await start(more));
    await note(verification.id, order!.id, { reference });
    return verification.id;
  };
  const resend = (id: string, more: Partial<ResendCommand> = {}) =>
    each.store.verifications.resend({ ...contextOf(each), id, deliveryId: newId(each.now), ...more });
  return { context: () => contextOf(each), start, note, asked, resend };
}

function answersOf(each: EachPerson) {
  const count = (id: string, attempt?: string) =>
    each.store.verifications.outside.count({ ...contextOf(each), id, attempt, issuer: "i" });
  const counted = async (id: string) => {
    const outcome = await count(id);
    if (outcome.kind !== "counted") throw new Error(JSON.stringify(outcome));
    return outcome.counted;
  };
  const settle = (id: string, answer: OutsideAnswer, one: CountedAnswer) =>
    each.store.verifications.outside.settle({ ...contextOf(each), id, counted: one, answer, issuer: "i" });
  const answer = async (id: string, said: OutsideAnswer) => settle(id, said, await counted(id));
  return { count, counted, settle, answer };
}

function readingOf(each: EachPerson) {
  const find = async (id: string) => (await each.store.verifications.find(each.home, id))!;
  const guardOf = async () =>
    (await each.store.enrollments.list(each.home, each.person.user.id)).find(
      ({ authenticator: { id } }) => id === each.person.authenticator.id,
    )?.guard;
  const events = async () => (await each.store.audit.after(each.home, 0, 10_000)).slice(2);
  const typesOf = async () => (await events()).map(({ type }) => type);
  return { find, guardOf, events, typesOf };
}
