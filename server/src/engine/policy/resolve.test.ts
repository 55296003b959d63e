import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultPolicy, policyBounds, serverCeiling } from "./defaults.ts";
import { explainPolicy } from "./explain.ts";
import type { Policy, PolicyLayer } from "./policy.ts";
import { narrowForUser, resolvePolicy } from "./resolve.ts";
import { type PolicyAt, policyLevels } from "./settle.ts";

function over(organization: PolicyLayer, app: PolicyLayer = {}, user: PolicyLayer = {}): Policy {
  return resolvePolicy([
    { level: "organization", layer: organization },
    { level: "app", layer: app },
    { level: "user", layer: user },
  ]);
}

test("nothing said: the default; the ceiling named as a layer changes nothing", () => {
  expect(resolvePolicy([])).toEqual(defaultPolicy);
  expect(resolvePolicy([{ level: "server", layer: serverCeiling }])).toEqual(defaultPolicy);
  expect(resolvePolicy([{ level: "server", layer: defaultPolicy }])).toEqual(defaultPolicy);
});

describe("POL-02: strictest wins, 3 × 3 × 3", () => {
  const settings = [
    { setting: "codeTtlSeconds", weak: 400, middle: 200, strict: 100 },
    { setting: "maxAttempts", weak: 9, middle: 5, strict: 1 },
    { setting: "maxSends", weak: 9, middle: 5, strict: 1 },
    { setting: "failureBudget", weak: 90, middle: 50, strict: 10 },
    { setting: "receiptTtlSeconds", weak: 900, middle: 500, strict: 60 },
    { setting: "codeLength", weak: 7, middle: 8, strict: 9 },
  ] as const;
  const strengths = ["weak", "middle", "strict"] as const;
  const matrix = strengths.flatMap((a) => strengths.flatMap((b) => strengths.map((c) => [a, b, c] as const)));
  test.each(matrix)("organization %s, app %s, user %s", (organization, app, user) => {
    const rank = Math.max(...[organization, app, user].map((strength) => strengths.indexOf(strength)));
    for (const row of settings) {
      const at = (strength: (typeof strengths)[number]) => ({ [row.setting]: row[strength] });
      const expected = row[strengths[rank] ?? "strict"];
      expect(over(at(organization), at(app), at(user))[row.setting], row.setting).toBe(expected);
    }
  });
});

test("the organization may raise above the default up to the ceiling; nobody below it may", () => {
  expect(over({ codeTtlSeconds: 600, maxAttempts: 10 })).toMatchObject({
    codeTtlSeconds: 600,
    maxAttempts: 10,
  });
  expect(over({}, { codeTtlSeconds: 600 }, { maxAttempts: 10 })).toMatchObject({
    codeTtlSeconds: 300,
    maxAttempts: 3,
  });
  expect(
    over({ codeTtlSeconds: 86_400, maxAttempts: 1000, failureBudget: 10_000, codeLength: 2 }),
  ).toMatchObject({
    codeTtlSeconds: 600,
    maxAttempts: 10,
    failureBudget: 100,
    codeLength: 6,
  });
});

test("what the operator of the server says binds the organization", () => {
  const layers: PolicyAt[] = [
    { level: "organization", layer: { codeTtlSeconds: 600, vias: ["totp", "sms"] } },
    { level: "server", layer: { codeTtlSeconds: 120, vias: ["totp", "email"] } },
  ];
  expect(resolvePolicy(layers)).toMatchObject({ codeTtlSeconds: 120, vias: ["totp"] });
});

test("methods intersect, in the order of the most specific layer, down to none", () => {
  expect(over({ vias: ["email", "sms", "totp"] }, { vias: ["totp", "voice", "sms"] }).vias).toEqual([
    "totp",
    "sms",
  ]);
  expect(over({ vias: ["email"] }, { vias: ["sms"] }).vias).toEqual([]);
});

test("preferences: the most specific layer wins, windows inside the ceiling", () => {
  const policy = over(
    { resend: "same", resendDelaysSeconds: [30], sendsPerUser: [{ max: 3, seconds: 60 }] },
    { resendDelaysSeconds: [5, 10], sendsPerDestination: [{ max: 2, seconds: 86_400 }] },
    { sendsPerUser: serverCeiling.sendsPerUser.map(({ max, seconds }) => ({ max: max + 1, seconds })) },
  );
  expect(policy.resend).toBe("same");
  expect(policy.resendDelaysSeconds).toEqual([5, 10]);
  expect(policy.sendsPerUser).toEqual(serverCeiling.sendsPerUser);
  expect(policy.sendsPerDestination).toEqual([{ max: 2, seconds: 86_400 }]);
  expect(over({ sendsPerDestination: [] }).sendsPerDestination).toEqual(serverCeiling.sendsPerDestination);
  expect(over({ sendsPerDestination: [{ max: 1, seconds: 60 }] }).sendsPerDestination).toEqual([
    { max: 1, seconds: 60 },
    ...serverCeiling.sendsPerDestination,
  ]);
});

test("failure delays: the longest wait of the layers at every step", () => {
  const delays = over(
    { failureDelays: [{ failures: 5, seconds: 60 }] },
    {
      failureDelays: [
        { failures: 3, seconds: 10 },
        { failures: 8, seconds: 600 },
      ],
    },
  ).failureDelays;
  expect(delays).toEqual([
    { failures: 3, seconds: 10 },
    { failures: 5, seconds: 60 },
    { failures: 8, seconds: 600 },
  ]);
});

describe("legacy pins", () => {
  const pin = { legacyPin: true, codeLength: 3 };
  const on = (publication: PolicyLayer, ...others: PolicyAt[]) =>
    resolvePolicy([...others, { level: "publication", layer: publication }]);

  test("only a publication switches them on, and they cost attempts and budget", () => {
    expect(on(pin)).toMatchObject({ codeLength: 3, legacyPin: true, maxAttempts: 3, failureBudget: 3 });
    expect(on({ legacyPin: true, codeLength: 4 }).failureBudget).toBe(5);
    expect(on({ legacyPin: true, codeLength: 5 }).failureBudget).toBe(10);
    expect(on({ legacyPin: true })).toMatchObject({ codeLength: 6, failureBudget: 20 });
    for (const level of ["organization", "app", "user"] as const) {
      expect(resolvePolicy([{ level, layer: pin }])).toMatchObject({ codeLength: 6, legacyPin: false });
    }
    const generous = { level: "organization", layer: { maxAttempts: 10, failureBudget: 100 } } as const;
    expect(on(pin, generous)).toMatchObject({ maxAttempts: 3, failureBudget: 3 });
  });

  test("POL-01: a short length without the switch is never issued", () => {
    expect(on({ codeLength: 4 }).codeLength).toBe(6);
    expect(on({ codeLength: 1, legacyPin: true }).codeLength).toBe(3);
    expect(on({ codeLength: 4, legacyPin: false }).codeLength).toBe(6);
  });

  test("a refusal or a longer length of any layer wins", () => {
    for (const level of ["server", "organization", "app", "user"] as const) {
      expect(on(pin, { level, layer: { legacyPin: false } })).toMatchObject({
        codeLength: 6,
        legacyPin: false,
      });
      expect(on(pin, { level, layer: { codeLength: 8 } }).codeLength).toBe(8);
    }
  });

  test("survive a user's layer", () => {
    expect(narrowForUser(on(pin), { maxAttempts: 2 })).toMatchObject({
      codeLength: 3,
      legacyPin: true,
      maxAttempts: 2,
      failureBudget: 3,
    });
  });
});

const layerArbitrary: fc.Arbitrary<PolicyLayer> = fc.record(
  {
    codeLength: fc.integer({ min: 1, max: 12 }),
    codeTtlSeconds: fc.integer({ min: 1, max: 900 }),
    maxAttempts: fc.integer({ min: 0, max: 20 }),
    maxSends: fc.integer({ min: 0, max: 20 }),
    failureBudget: fc.integer({ min: 0, max: 200 }),
    receiptTtlSeconds: fc.integer({ min: 1, max: 9000 }),
    vias: fc.subarray([...defaultPolicy.vias]),
    legacyPin: fc.boolean(),
    resend: fc.constantFrom("new" as const, "same" as const),
  },
  { requiredKeys: [] },
);
const layersArbitrary = fc
  .tuple(...policyLevels.map(() => layerArbitrary))
  .map((layers) => layers.map((layer, index): PolicyAt => ({ level: policyLevels[index] ?? "user", layer })));

test("whatever was stored, the bounds hold, and the order of the layers given does not matter", () => {
  fc.assert(
    fc.property(layersArbitrary, (layers) => {
      const policy = resolvePolicy(layers);
      for (const setting of ["codeTtlSeconds", "maxAttempts", "maxSends", "receiptTtlSeconds"] as const) {
        expect(policy[setting]).toBeGreaterThanOrEqual(policyBounds[setting].least);
        expect(policy[setting]).toBeLessThanOrEqual(policyBounds[setting].most);
      }
      expect(policy.failureBudget).toBeLessThanOrEqual(100);
      if (policy.codeLength < 6) {
        expect(layers.find(({ level }) => level === "publication" || level === "server")).toBeDefined();
        expect(policy.legacyPin).toBe(true);
        expect(policy.maxAttempts).toBeLessThanOrEqual(3);
      }
      expect(resolvePolicy(layers.toReversed())).toEqual(policy);
    }),
  );
});

test("a more specific layer never weakens what is resolved, and narrowing twice changes nothing", () => {
  fc.assert(
    fc.property(layersArbitrary, layerArbitrary, (layers, layer) => {
      const policy = resolvePolicy(layers);
      const narrowed = narrowForUser(policy, layer);
      expect(narrowed.codeTtlSeconds).toBeLessThanOrEqual(policy.codeTtlSeconds);
      expect(narrowed.maxAttempts).toBeLessThanOrEqual(policy.maxAttempts);
      expect(narrowed.failureBudget).toBeLessThanOrEqual(Math.max(policy.failureBudget, 3));
      expect(narrowed.codeLength).toBeGreaterThanOrEqual(policy.codeLength);
      expect(policy.vias).toEqual(expect.arrayContaining([...narrowed.vias]));
      expect(narrowForUser(narrowed, layer)).toEqual(narrowed);
      expect(narrowForUser(policy, {})).toEqual(policy);
    }),
  );
});

test("explain tells the same values, who decided, and what was said", () => {
  const layers: PolicyAt[] = [
    { level: "organization", layer: { codeTtlSeconds: 9999, maxAttempts: 5 } },
    { level: "app", layer: { maxAttempts: 4, vias: ["sms"] } },
    { level: "publication", layer: { legacyPin: true, codeLength: 4 } },
  ];
  const explained = explainPolicy(layers);
  const policy = resolvePolicy(layers);
  const { sending: sendRules, ...plain } = policy;
  for (const setting of Object.keys(plain) as (keyof typeof plain)[]) {
    expect(explained[setting].value, setting).toEqual(policy[setting]);
    expect(explained[setting].rule).toMatch(/\.$/);
  }
  for (const rule of Object.keys(sendRules) as (keyof typeof sendRules)[]) {
    expect(explained.sending[rule].value, rule).toEqual(sendRules[rule]);
    expect(explained.sending[rule].rule).toMatch(/\.$/);
  }
  expect(explained.codeTtlSeconds.decidedBy).toBe("ceiling");
  expect(explained.maxAttempts).toMatchObject({
    value: 3,
    decidedBy: "legacy_pin",
    candidates: [
      { level: "default", value: 3 },
      { level: "organization", value: 5 },
      { level: "app", value: 4 },
    ],
  });
  expect(explained.vias.decidedBy).toBe("app");
  expect(explained.legacyPin.decidedBy).toBe("publication");
  expect(explained.maxSends.decidedBy).toBe("default");
});
