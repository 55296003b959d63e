import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "./defaults.ts";
import { narrowPolicy } from "./narrow.ts";
import { resolvePolicy } from "./resolve.ts";

const pins = resolvePolicy([{ level: "publication", layer: { legacyPin: true, codeLength: 4 } }]);

describe("narrowPolicy", () => {
  it("takes what is stricter and passes over what is not", () => {
    const wish = { codeLength: 8, codeTtlSeconds: 60, maxAttempts: 2 };
    expect(narrowPolicy(defaultPolicy, wish)).toEqual({ ...defaultPolicy, ...wish });
    const loose = { codeLength: 4, codeTtlSeconds: 600, maxAttempts: 10, maxSends: 10 };
    expect(narrowPolicy(defaultPolicy, loose)).toEqual(defaultPolicy);
  });

  it("keeps a pin that the publication allows, and makes none where it does not", () => {
    expect(pins.codeLength).toBe(4);
    expect(narrowPolicy(pins, { codeLength: 4 }).codeLength).toBe(4);
    expect(narrowPolicy(pins, { codeLength: 3 })).toMatchObject({ codeLength: 4, maxAttempts: 3 });
    expect(narrowPolicy(pins, { codeLength: 6 }).codeLength).toBe(6);
    expect(narrowPolicy(defaultPolicy, { codeLength: 4 }).codeLength).toBe(6);
  });

  it("is the same object for the same question", () => {
    const wish = { maxAttempts: 1 };
    expect(narrowPolicy(defaultPolicy, { ...wish })).toBe(narrowPolicy(defaultPolicy, { ...wish }));
    expect(narrowPolicy({ ...defaultPolicy }, wish)).not.toBe(narrowPolicy(defaultPolicy, wish));
  });

  it("never loosens any of its settings", () => {
    const layer = fc.record(
      {
        codeLength: fc.integer({ min: -1, max: 20 }),
        codeTtlSeconds: fc.integer({ min: 0, max: 4000 }),
        maxAttempts: fc.integer({ min: 0, max: 50 }),
        maxSends: fc.integer({ min: 0, max: 50 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(layer, fc.constantFrom(defaultPolicy, pins), (wish, policy) => {
        const narrowed = narrowPolicy(policy, wish);
        expect(narrowed.codeLength).toBeGreaterThanOrEqual(policy.codeLength);
        expect(narrowed.codeTtlSeconds).toBeLessThanOrEqual(policy.codeTtlSeconds);
        expect(narrowed.maxAttempts).toBeLessThanOrEqual(policy.maxAttempts);
        expect(narrowed.maxSends).toBeLessThanOrEqual(policy.maxSends);
        const { codeLength: _a, codeTtlSeconds: _b, maxAttempts: _c, maxSends: _d, ...others } = policy;
        expect(narrowed).toMatchObject(others);
      }),
    );
  });
});
