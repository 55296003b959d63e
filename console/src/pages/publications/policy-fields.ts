import type { Schema } from "../../schema/field.ts";
import type { Words } from "../../words/words.ts";

const names = ["codeTtlSeconds", "maxAttempts", "maxSends", "codeLength"] as const;

/** The settings of a policy that a publication most often has of its own. */
export function policySchema({ publications: { policy } }: Words): Schema {
  return {
    properties: Object.fromEntries(names.map((name) => [name, { type: "integer", title: policy[name] }])),
  };
}

type Policy = Readonly<Record<string, unknown>>;

/** The whole layer: the API replaces it at once, so what the form does not ask for is said again. */
export function withPolicy(before: Policy, asked: Policy): Policy {
  const others = Object.entries(before).filter(([name]) => !names.some((one) => one === name));
  return { ...Object.fromEntries(others), ...asked };
}
