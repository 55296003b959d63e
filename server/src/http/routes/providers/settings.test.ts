import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import type { DeliveryProvider } from "../../../delivery/provider.ts";
import type { Collection } from "../../../engine/collection.ts";
import type { Credential } from "../../../engine/settings.ts";
import { credentialsIn } from "../settings-problems.ts";
import { providerProblems } from "./settings.ts";

const credential = Type.String({ format: "credential" });
const schema = Type.Object(
  {
    host: Type.String(),
    password: Type.Optional(credential),
    dkim: Type.Optional(Type.Object({ key: credential }, { additionalProperties: false })),
    headers: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), secret: Type.Optional(credential) })),
    ),
  },
  { additionalProperties: false },
);

let asked = 0;
const kind: DeliveryProvider = {
  id: "probe",
  title: "Probe",
  vias: ["sms"],
  settings: schema,
  validate: () => {
    asked += 1;
    return ["Not like this."];
  },
  send: async () => ({ ok: true }),
};

const store = {
  credentials: {
    find: async (organization: string, id: string) =>
      organization === "acme" && id === "mine" ? ({ id } as Credential) : undefined,
  } as Collection<Credential>,
};

describe("credentialsIn", () => {
  it("finds every reference, however deep, and nothing that only looks like one", () => {
    const settings = {
      host: "mine",
      password: "a",
      dkim: { key: "b" },
      headers: [{ name: "x" }, { name: "y", secret: "c" }],
      unknown: { password: "d" },
    };
    expect(credentialsIn(schema, settings, "/settings")).toEqual([
      { pointer: "/settings/password", id: "a", leastLength: 0 },
      { pointer: "/settings/dkim/key", id: "b", leastLength: 0 },
      { pointer: "/settings/headers/1/secret", id: "c", leastLength: 0 },
    ]);
  });

  it.each([[null], ["text"], [7], [[["deep"]]], [{ constructor: "x" }]])("survives %j", (settings) => {
    expect(credentialsIn(schema, settings, "/settings")).toEqual([]);
  });
});

describe("providerProblems", () => {
  it("does not ask the provider about settings that do not fit its schema", async () => {
    asked = 0;
    const problems = await providerProblems(kind, { vias: ["email"], settings: { hosts: 1 } }, "acme", store);
    expect([asked, problems.map(({ field }) => field)]).toEqual([
      0,
      ["/vias", "/settings/host", "/settings/hosts"],
    ]);
  });

  it("takes the organization's own credentials only", async () => {
    const settings = { host: "h", password: "mine", dkim: { key: "foreign" } };
    const problems = await providerProblems(kind, { vias: ["sms"], settings }, "acme", store);
    expect(problems.map(({ field }) => field)).toEqual(["/settings", "/settings/dkim/key"]);
    const elsewhere = await providerProblems(kind, { vias: ["sms"], settings }, "other", store);
    expect(elsewhere.map(({ field }) => field)).toContain("/settings/password");
  });
});
