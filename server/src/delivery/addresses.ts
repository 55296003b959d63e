import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { type OutboundAddress, OutboundError, type ResolveAddresses } from "./provider.ts";

/** Asks the name system; injected in tests. */
export type Resolve = (hostname: string) => Promise<readonly OutboundAddress[]>;

export interface AddressGuardOptions {
  /** What the operator allows beside the public Internet: addresses, CIDR blocks, or `host:port` pairs. */
  readonly allow: readonly string[];
  readonly resolve?: Resolve | undefined;
}

export interface AddressGuard {
  readonly addressesOf: ResolveAddresses;
  /** True when the host is written as an address that will be refused: for saying no already when settings are saved. */
  refusesLiteral(host: string, port: number): boolean;
}

/** IANA special-purpose registry (RFC 6890 and successors): everything that is not a public IPv4 host. */
const specialIpv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Only global unicast (RFC 4291 §2.4) is public, without Teredo, benchmarking, ORCHID, documentation and 6to4. */
const globalIpv6 = ["2000::/3"];
const specialIpv6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** Whoever configured the address may know this: it tells of our rule, and nothing of what is there. */
export const blockedMessage =
  "Blocked: not a public address. The operator can allow it with COUNTERSIGN_OUTBOUND_ALLOW, as host:port exactly as it is written in the settings, or as an address block.";

/** Throws TypeError when an entry of `allow` cannot be read. */
export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const resolve = options.resolve ?? resolveBySystem;
  const allowed = readAllowList(options.allow);
  const isAllowed = (address: string): boolean => isPublic(address) || contains(allowed.blocks, address);

  return {
    async addressesOf(host, port) {
      const name = bareHost(host);
      const trusted = allowed.hosts.has(`${name}:${port}`);
      const addresses = await addressesOfName(name, resolve);
      // One private answer among public ones is how a rebinding name looks, so one refuses them all.
      if (!trusted && !addresses.every((entry) => isAllowed(entry.address))) {
        throw new OutboundError("blocked", false, blockedMessage);
      }
      return addresses;
    },
    refusesLiteral(host, port) {
      const name = bareHost(host);
      return isIP(name) !== 0 && !allowed.hosts.has(`${name}:${port}`) && !isAllowed(name);
    },
  };
}

async function addressesOfName(name: string, resolve: Resolve): Promise<readonly OutboundAddress[]> {
  const family = isIP(name);
  if (family === 4 || family === 6) {
    return [{ address: name, family }];
  }
  const addresses = await resolve(name).catch(() => []);
  if (addresses.length === 0) {
    throw new OutboundError("unreachable", false, "The host name has no address.");
  }
  return addresses;
}

async function resolveBySystem(hostname: string): Promise<readonly OutboundAddress[]> {
  const found = await lookup(hostname, { all: true, order: "verbatim" });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/** Without brackets and without the root's dot, in lower case. */
function bareHost(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
}

const specials = blockListOf([...specialIpv4, ...specialIpv6]);
const globals = blockListOf(globalIpv6);

function isPublic(address: string): boolean {
  return isIP(address) === 4
    ? !specials.check(address, "ipv4")
    : globals.check(address, "ipv6") && !specials.check(address, "ipv6");
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}

interface AllowList {
  readonly blocks: BlockList;
  /** `host:port`, both as `bareHost` writes them. */
  readonly hosts: ReadonlySet<string>;
}

function readAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const blocks: string[] = [];
  for (const entry of entries) {
    const pair = /^(\[[^\]]+\]|[^:/\s]+):(\d{1,5})$/.exec(entry);
    if (pair?.[1] !== undefined && Number(pair[2]) <= 65_535) {
      hosts.add(`${bareHost(pair[1])}:${Number(pair[2])}`);
    } else {
      blocks.push(entry);
    }
  }
  return { blocks: blockListOf(blocks), hosts };
}

function blockListOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = "", prefix] = block.split("/");
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) {
      throw new TypeError(`"${block}" is neither an address, nor a CIDR block, nor host:port.`);
    }
    list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
