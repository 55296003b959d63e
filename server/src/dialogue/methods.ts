import { parseDestination } from "../delivery/destination.ts";
import { keyedDestination } from "../delivery/destination-known.ts";
import type { AuthenticatorView } from "../engine/enrollments.ts";
import { isCountersignError } from "../engine/errors.ts";
import type { DeliveryVia, User } from "../engine/model.ts";
import type { Policy } from "../engine/policy/policy.ts";
import { narrowForUser } from "../engine/policy/resolve.ts";
import { checkMethods } from "./external/services.ts";
import type { ListedMethod } from "./external/xml-answer.ts";
import { findPerson } from "./person.ts";
import type { Run } from "./run.ts";
import { customerOf, serviceToolsOf } from "./services.ts";
import type { Method, MethodsFound } from "./state.ts";

/** Keys of a menu are single digits. */
const mostMethods = 9;

export interface Found {
  readonly result: MethodsFound;
  readonly user?: User | undefined;
}

/**
 * What the person can be asked for: what the customer's service lists where one is set, else the person's own authenticators,
 * else the addresses that the calling flow holds.
 */
export async function findMethods(run: Run): Promise<Found> {
  const user = await findPerson(run);
  const result = run.generation === "external" ? await listed(run, undefined) : await internal(run, user);
  const limited =
    result.outcome === "found" ? { ...result, methods: result.methods.slice(0, mostMethods) } : result;
  return { result: limited, user };
}

/** The person's authenticators, with the policy that holds for them. */
interface Own {
  readonly user?: User | undefined;
  readonly policy: Policy;
  readonly views: readonly AuthenticatorView[];
}

async function internal(run: Run, user: User | undefined): Promise<MethodsFound> {
  const { publication, settings, tools } = run;
  const { organization, id } = publication;
  const { store, settings: engine } = tools.services;
  const scope = await engine.scopeOf({ organization, publication: id });
  const own: Own = {
    user,
    policy: user === undefined ? scope.policy : narrowForUser(scope.policy, user.policy),
    views: user === undefined ? [] : await store.enrollments.list(organization, user.id),
  };
  if (settings.ws.checkMethods !== undefined) return listed(run, own);
  const usable = usableOf(own, run);
  if (usable.length > 0) return withoutSpent(usable, own.policy);
  return found(await fromVariables(run, own));
}

function usableOf({ views, policy }: Own, { settings }: Run): readonly AuthenticatorView[] {
  const offered: readonly string[] = settings.methods;
  return views
    .filter(({ authenticator: { status, kind } }) => {
      const allowed: readonly string[] = policy.vias;
      return status === "active" && offered.includes(kind) && allowed.includes(kind);
    })
    .toReversed()
    .toSorted((a, b) => offered.indexOf(a.authenticator.kind) - offered.indexOf(b.authenticator.kind));
}

/** Another authenticator is the way out when one is disabled; when all are, our limits say no. */
function withoutSpent(usable: readonly AuthenticatorView[], policy: Policy): MethodsFound {
  const open = usable.filter(
    ({ guard }) => guard?.disabledAt === undefined && (guard?.failures ?? 0) < policy.failureBudget,
  );
  return open.length === 0 ? { outcome: "refused" } : found(open.flatMap(ownMethod));
}

function ownMethod({ authenticator }: AuthenticatorView): readonly Method[] {
  const { id, kind, hint, totp } = authenticator;
  switch (kind) {
    case "email":
    case "sms":
    case "voice":
      return [{ kind, masked: hint, authenticator: id }];
    case "totp":
      return [{ kind, authenticator: id, digits: totp?.digits }];
    default:
      return [];
  }
}

function found(methods: readonly Method[]): MethodsFound {
  return methods.length === 0 ? { outcome: "none" } : { outcome: "found", methods };
}

/** Addresses that the calling flow has verified, by the names of the settings. */
async function fromVariables(run: Run, own: Own): Promise<readonly Method[]> {
  const methods = run.settings.methods.map((kind) =>
    kind === "totp" ? undefined : addressed(kind, variableOf(kind, run), run, own),
  );
  return present(await Promise.all(methods));
}

function variableOf(kind: DeliveryVia, { settings, facts }: Run): string | undefined {
  const name = kind === "email" ? settings.emailVariable : settings.phoneVariable;
  const variables = facts.variables ?? {};
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** What the customer's service lists, in its order; unknown names are passed over. `own` is absent where others make the codes. */
async function listed(run: Run, own: Own | undefined): Promise<MethodsFound> {
  const answer = await checkMethods(customerOf(run), await serviceToolsOf(run));
  if (answer.outcome !== "found") return answer;
  const methods = await Promise.all(
    answer.methods.map((one) => (own ? internalOf(one, run, own) : externalOf(one, run))),
  );
  return found(methods.flat());
}

/** Who sends the codes himself knows where to; an address is only there to be read out, masked. */
async function externalOf(method: ListedMethod, run: Run): Promise<readonly Method[]> {
  const kind = kindOf(method);
  if (kind === undefined) return [];
  if (kind === "external") return [{ kind, listed: method.name }];
  const address = method.value ?? variableOf(kind, run);
  if (address === undefined || address === "") return [{ kind, listed: method.name }];
  const destination = await readAddress(kind, address, run);
  return destination === undefined ? [] : [{ kind, listed: method.name, masked: destination.hint }];
}

/** We send to what the service vouches for; an app is one of ours or none (reading A23). */
async function internalOf(method: ListedMethod, run: Run, own: Own): Promise<readonly Method[]> {
  const kind = kindOf(method);
  if (kind === undefined) return [];
  if (kind === "external") {
    const open = withoutSpent(
      usableOf(own, run).filter(({ authenticator }) => authenticator.kind === "totp"),
      own.policy,
    );
    return open.outcome === "found" ? open.methods : [];
  }
  const kinds =
    kind === "sms" && run.settings.methods.includes("voice") ? (["sms", "voice"] as const) : [kind];
  const address = method.value ?? variableOf(kind, run);
  return present(await Promise.all(kinds.map((one) => addressed(one, address, run, own))));
}

const kinds: Readonly<Record<string, "email" | "sms" | "external">> = {
  email: "email",
  sms: "sms",
  authenticator: "external",
};

function kindOf({ name }: ListedMethod) {
  const word = name.toLowerCase();
  return Object.hasOwn(kinds, word) ? kinds[word] : undefined;
}

/** A code to this address; by the person's own authenticator where one holds it, so that its limits count. */
async function addressed(
  kind: DeliveryVia,
  address: string | undefined,
  run: Run,
  { policy, views }: Own,
): Promise<Method | undefined> {
  const allowed: readonly string[] = policy.vias;
  if (address === undefined || address === "" || !allowed.includes(kind)) return undefined;
  const destination = await readAddress(kind, address, run);
  if (destination === undefined) return undefined;
  const { sendTo, hint, key } = destination;
  const held = views.find(
    ({ authenticator }) =>
      authenticator.status === "active" &&
      authenticator.kind === kind &&
      authenticator.destinationKey === key,
  );
  return held === undefined
    ? { kind, masked: hint, destination: sendTo }
    : { kind, masked: hint, authenticator: held.authenticator.id };
}

/** One bare address or number; undefined for anything else. */
export async function readAddress(kind: DeliveryVia, address: string, { publication, tools }: Run) {
  const { organization } = publication;
  const { settings, vault } = tools.services;
  try {
    const country = await settings.countryOf(organization);
    return keyedDestination(organization, kind, parseDestination(kind, address.trim(), { country }), vault);
  } catch (error) {
    if (isCountersignError(error) && error.code === "invalid_destination") return undefined;
    throw error;
  }
}

function present(methods: readonly (Method | undefined)[]): readonly Method[] {
  return methods.filter((one) => one !== undefined);
}
