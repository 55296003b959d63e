import { findMethods } from "../../dialogue/methods.ts";
import type { Method } from "../../dialogue/state.ts";
import type { User } from "../../engine/model.ts";
import type { ListedMethod, MethodName } from "./answers.ts";
import { methodNames } from "./answers.ts";
import { type Errand, runFor } from "./errand.ts";

/** A method of the customer under the name that the service has for it. */
export interface Offer {
  readonly name: MethodName;
  readonly method: Method;
}

const names: Readonly<Record<Method["kind"], MethodName>> = {
  email: "email",
  sms: "SMS",
  voice: "SMS",
  totp: "authenticator",
  external: "authenticator",
};

/** What the customer has, in the order of the settings, one of each name. `refused`: all of it is locked. */
export async function offersOf(user: User, errand: Errand): Promise<readonly Offer[] | "refused"> {
  const { result } = await findMethods(runFor({ subject: user.id }, errand));
  if (result.outcome === "refused") return "refused";
  const found = result.outcome === "found" ? result.methods : [];
  const offers = found.map((method) => ({ name: names[method.kind], method }));
  return offers.filter(({ name }, index) => offers.findIndex((one) => one.name === name) === index);
}

/** As the list names it; its value only where the publication lets addresses out. */
export async function listedAs(
  { name, method }: Offer,
  user: User,
  { publication, tools }: Errand,
): Promise<ListedMethod> {
  const { store, vault } = tools.services;
  const { organization, settings } = publication;
  const { authenticator: row } = method;
  if (!settings.echoValues || name === "authenticator" || row === undefined) return { name };
  const found = await store.enrollments.find(organization, user.id, row);
  if (found?.destination === undefined) return { name };
  const place = { organization, table: "authenticators", column: "destination", row };
  return { name, value: Buffer.from(vault.open(place, found.destination)).toString() };
}

/** The name in `TwoFactorAuthSelectedMethod`, which is written in other letters than the list (reading A12). */
export function methodNamed(selected: string | undefined): MethodName | undefined {
  return methodNames.find((name) => name.toLowerCase() === selected?.toLowerCase());
}
