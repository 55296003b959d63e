import type { NumberFacts } from "../engine/model.ts";
import { defaultPolicy, serverCeiling } from "../engine/policy/defaults.ts";
import type { Policy } from "../engine/policy/policy.ts";

/** A telephone number as the send rules know it, for parts of the contract that are about something else. */
export const someNumber: NumberFacts = {
  country: "US",
  callingCode: "1",
  type: "fixed_line_or_mobile",
  prefix: "prefix",
  position: 4711,
};

/** The default policy with send rules that let everything go. */
export const openPolicy: Policy = { ...defaultPolicy, sending: serverCeiling.sending };
