import { describe, expect, it } from "vitest";
import { createAddressGuard } from "./addresses.ts";
import type { OutboundAddress } from "./provider.ts";

const publicAddress: OutboundAddress = { address: "93.184.216.34", family: 4 };

function guardOf(allow: readonly string[], names: Readonly<Record<string, readonly OutboundAddress[]>> = {}) {
  return createAddressGuard({ allow, resolve: async (name) => names[name] ?? [] });
}

describe("addresses that are never connected to", () => {
  const refused = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.7",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.216.34",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "[::1]",
  ];
  it.each(refused)("%s", async (address) => {
    const guard = guardOf([]);
    await expect(guard.addressesOf(address, 443)).rejects.toMatchObject({ kind: "blocked", sent: false });
    expect(guard.refusesLiteral(address, 443)).toBe(true);
  });

  it.each(["93.184.216.34", "172.32.0.1", "2606:2800:220:1::1"])("but %s", async (address) => {
    expect(await guardOf([]).addressesOf(address, 443)).toEqual([expect.objectContaining({ address })]);
  });
});

describe("names", () => {
  it("are refused when one of their addresses is private", async () => {
    const guard = guardOf([], { "mixed.test": [publicAddress, { address: "10.0.0.1", family: 4 }] });
    await expect(guard.addressesOf("mixed.test", 443)).rejects.toMatchObject({ kind: "blocked" });
    const six = guardOf([], { "mixed.test": [publicAddress, { address: "::1", family: 6 }] });
    await expect(six.addressesOf("mixed.test", 443)).rejects.toMatchObject({ kind: "blocked" });
  });

  it("lose the root's dot and their case before they are looked up", async () => {
    const guard = guardOf([], { localhost: [{ address: "127.0.0.1", family: 4 }] });
    await expect(guard.addressesOf("LocalHost.", 80)).rejects.toMatchObject({ kind: "blocked" });
  });

  it("without an address are unreachable, and the error does not name them", async () => {
    const failure = await guardOf([])
      .addressesOf("secret-name.test", 80)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "unreachable", sent: false });
    expect(String(failure)).not.toContain("secret-name");
  });
});

describe("what the operator allows", () => {
  it("is an address block", async () => {
    const guard = guardOf(["10.0.0.0/8", "::1"], { "mail.test": [{ address: "10.9.9.9", family: 4 }] });
    expect(await guard.addressesOf("mail.test", 25)).toHaveLength(1);
    expect(await guard.addressesOf("::1", 25)).toHaveLength(1);
    await expect(guard.addressesOf("192.168.0.1", 25)).rejects.toMatchObject({ kind: "blocked" });
  });

  it("is one host and port, and no other port", async () => {
    const names = { "mail.test": [{ address: "10.9.9.9", family: 4 } as const] };
    const guard = guardOf(["mail.test:25", "[::1]:8025"], names);
    expect(await guard.addressesOf("MAIL.test.", 25)).toHaveLength(1);
    expect(guard.refusesLiteral("[::1]", 8025)).toBe(false);
    await expect(guard.addressesOf("mail.test", 26)).rejects.toMatchObject({ kind: "blocked" });
  });

  it.each(["10.0.0.0/33", "mail.test", "1.2.3.4/x", "a:b:c", "::1/129", ""])("is never %s", (entry) => {
    expect(() => createAddressGuard({ allow: [entry] })).toThrow(TypeError);
  });
});
