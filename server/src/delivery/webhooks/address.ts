import type { FieldProblem } from "../../engine/errors.ts";
import { createAddressGuard } from "../addresses.ts";
import { OutboundError, type ResolveAddresses } from "../provider.ts";

/** Stable codes of what can be wrong with an address. */
const problems = {
  not_an_address: "must be an address that begins with https://",
  login_in_address: "must not hold a login: the signature proves who sends",
  address_not_allowed: "leads to an address that is not allowed for outgoing connections",
  not_encrypted: "must begin with https://, since others could read it on its way",
} as const;

type AddressProblem = Pick<FieldProblem, "problem" | "code">;

/**
 * Why a web-hook cannot be told at this address; undefined: it can. A name that has no address now may have one later, and is
 * looked at again whenever something is sent.
 */
export async function webhookUrlProblem(
  text: string,
  addressesOf: ResolveAddresses,
): Promise<AddressProblem | undefined> {
  const code = await problemOf(text, addressesOf);
  return code && { code, problem: problems[code] };
}

async function problemOf(
  text: string,
  addressesOf: ResolveAddresses,
): Promise<keyof typeof problems | undefined> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) return "not_an_address";
  if (url.username !== "" || url.password !== "") return "login_in_address";
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const isBlocked = (resolve: ResolveAddresses) =>
    resolve(url.hostname, port).then(
      () => false,
      (error: unknown) => error instanceof OutboundError && error.kind === "blocked",
    );
  if (await isBlocked(addressesOf)) return "address_not_allowed";
  if (url.protocol === "https:") return undefined;
  // The operator has opened it by name, so it lies in a network of their own.
  return (await isBlocked(createAddressGuard({ allow: [] }).addressesOf)) ? undefined : "not_encrypted";
}
