import { type AddressGuardOptions, createAddressGuard } from "./addresses.ts";
import type { Outbound } from "./http.ts";

/**
 * The door to the network, whose HTTP client is loaded when a provider first needs it: a server that only mails, or only
 * simulates, saves the memory. Throws TypeError for an entry of `allow` that cannot be read.
 */
export function createLazyOutbound(options: AddressGuardOptions): Outbound {
  const { addressesOf } = createAddressGuard(options);
  let opened: Promise<Outbound> | undefined;
  const open = () => {
    opened ??= import("./http.ts").then(({ createOutbound }) => createOutbound(options));
    return opened;
  };
  return {
    addressesOf,
    fetch: async (url, request) => (await open()).fetch(url, request),
    close: async () => (await opened)?.close(),
  };
}
