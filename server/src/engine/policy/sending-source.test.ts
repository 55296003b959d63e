import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isCountersignError } from "../errors.ts";
import { parseAddress, sourceOf } from "./sending-source.ts";

const same: readonly (readonly [string, string])[] = [
  ["192.0.2.7", "::ffff:192.0.2.7"],
  ["192.0.2.7", "::FFFF:c000:207"],
  ["192.0.2.7", "0:0:0:0:0:ffff:192.0.2.7"],
  ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"],
  ["2001:db8::1", "2001:db8:0::0:1"],
  ["fe80::1", "fe80::1%eth0"],
  ["::", "0:0:0:0:0:0:0:0"],
];

test.each(same)("%s and %s are one address", (one, other) => {
  expect(parseAddress(one)).toBeDefined();
  expect(parseAddress(one)).toEqual(parseAddress(other));
});

test("a network is /24 of IPv4 and /64 of IPv6", () => {
  const networkOf = (text: string) => parseAddress(text)?.network;
  expect(networkOf("192.0.2.7")).toBe(networkOf("192.0.2.250"));
  expect(networkOf("192.0.2.7")).not.toBe(networkOf("192.0.3.7"));
  expect(networkOf("2001:db8:1:2:3::4")).toBe(networkOf("2001:db8:1:2:ffff::1"));
  expect(networkOf("2001:db8:1:2::1")).not.toBe(networkOf("2001:db8:1:3::1"));
});

test("takes exactly what node:net takes as an address", () => {
  const part = fc.constantFrom("0", "1", "01", "255", "256", "ffff", "g", "", "192.0.2.1", "%eth0", ":", ".");
  const text = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 9 }), fc.constantFrom(".", ":", "::", ""))
    .map(([parts, separator]) => parts.join(separator));
  fc.assert(
    fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6()), (address) => {
      expect([address, parseAddress(address) !== undefined]).toEqual([address, isIP(address) !== 0]);
    }),
    { numRuns: 3000 },
  );
});

test("the source is two digests that name nothing, and what is no address is refused by its field", () => {
  const vault = {
    mac: (_purpose: string, fields: readonly string[]) => ({
      kid: "k",
      value: Buffer.from(fields.join("|")).reverse(),
    }),
  };
  const source = sourceOf("org", "192.0.2.7", vault);
  expect(source).toMatch(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{11}$/);
  try {
    sourceOf("org", "example.com", vault);
    expect.unreachable();
  } catch (error) {
    expect(isCountersignError(error) && [error.code, error.details.fields?.[0]?.field]).toEqual([
      "invalid_request",
      "/source",
    ]);
  }
});
