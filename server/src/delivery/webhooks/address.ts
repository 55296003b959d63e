import { createAddressGuard } from "../addresses.ts";
import { OutboundError, type ResolveAddresses } from "../provider.ts";

/**
 * Why a web-hook cannot be told at this address, as the end of a sentence; undefined: it can. A name that has no address now may
 * have one later, and is looked at again whenever something is sent.
 */
export async function webhookUrlProblem(
  text: string,
  addressesOf: ResolveAddresses,
): Promise<string | undefined> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return "must be an address that begins with https://";
  }
  if (url.username !== "" || url.password !== "")
    return "must not hold a login: the signature proves who sends";
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const isBlocked = (resolve: ResolveAddresses) =>
    resolve(url.hostname, port).then(
      () => false,
      (error: unknown) => error instanceof OutboundError && error.kind === "blocked",
    );
  if (await isBlocked(addressesOf)) return "leads to an address that is not allowed for outgoing connections";
  if (url.protocol === "https:") return undefined;
  // The operator has opened it by name, so it lies in a network of their own.
  return (await isBlocked(createAddressGuard({ allow: [] }).addressesOf))
    ? undefined
    : "must begin with https://, since others could read it on its way";
}
