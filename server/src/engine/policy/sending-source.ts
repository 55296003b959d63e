import { CountersignError } from "../errors.ts";
import type { OrganizationId } from "../model.ts";
import type { Vault } from "../tools.ts";

/**
 * Where an end user's request came from, as the send rules keep it: keyed digests of the network (/24, /64) and of the address,
 * with a dot between them. Throws `invalid_request` for what is no IP address.
 */
export function sourceOf(organization: OrganizationId, address: string, vault: Pick<Vault, "mac">): string {
  const parsed = parseAddress(address);
  if (!parsed) {
    throw new CountersignError("invalid_request", "The source is not an IP address.", {
      fields: [{ field: "/source", problem: "is not an IP address" }],
    });
  }
  const digest = (what: string, value: string, length: number) =>
    Buffer.from(vault.mac("index", ["countersign/source/v1", organization, what, value]).value)
      .toString("base64url")
      .slice(0, length);
  return `${digest("network", parsed.network, 22)}.${digest("address", parsed.address, 11)}`;
}

interface ParsedAddress {
  /** One spelling of the address, and what all addresses of its network share. */
  readonly address: string;
  readonly network: string;
}

/** IPv4, IPv6 (RFC 4291 §2.2, a zone is dropped), and IPv4 written as IPv6 (§2.5.5.2), which is IPv4. */
export function parseAddress(text: string): ParsedAddress | undefined {
  if (text.length > 64) return undefined;
  const four = bytesOf(text);
  if (four) return fromFour(four);
  const groups = groupsOf(text.replace(/%[0-9A-Za-z.:-]+$/, "").toLowerCase());
  if (!groups) return undefined;
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return fromFour([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  }
  const words = groups.map((group) => group.toString(16));
  return { address: words.join(":"), network: words.slice(0, 4).join(":") };
}

function fromFour(bytes: readonly number[]): ParsedAddress {
  return { address: bytes.join("."), network: bytes.slice(0, 3).join(".") };
}

/** Four decimal bytes, without leading zeros: some software reads those as octal. */
function bytesOf(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  const fits = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part));
  const bytes = parts.map(Number);
  return fits && bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** The eight groups of an IPv6 address. */
function groupsOf(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  // Four bytes stand at the end of the whole address only.
  if (halves.length > 2 || (halves.length === 2 && halves[0]?.includes("."))) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : wordsOf(half)));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined) return missing === 0 ? head : undefined;
  return missing >= 1 ? [...head, ...Array<number>(missing).fill(0), ...tail] : undefined;
}

function wordsOf(half: string): readonly number[] | undefined {
  const parts = half.split(":");
  const last = bytesOf(parts.at(-1) ?? "");
  const [a = 0, b = 0, c = 0, d = 0] = last ?? [];
  const words = last
    ? [...parts.slice(0, -1), (a * 256 + b).toString(16), (c * 256 + d).toString(16)]
    : parts;
  return words.every((word) => /^[0-9a-f]{1,4}$/.test(word))
    ? words.map((word) => Number.parseInt(word, 16))
    : undefined;
}
