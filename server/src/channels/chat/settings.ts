import { type Static, Type } from "typebox";
import { DialogueSettings } from "../../dialogue/settings.ts";
import { leastKeyLength } from "../access.ts";
import { minConfidence } from "../voice-settings.ts";

export const chatSettings = Type.Object(
  {
    access: Type.Optional(
      Type.String({
        format: "credential",
        minSecretLength: leastKeyLength,
        minLength: 1,
        description: `Credential with a key (at least ${leastKeyLength} characters) that opens this publication only, for a bot that should hold no API key: as bearer token, in the header \`X-Countersign-Key\` or \`X-API-Key\`, or as password of basic authentication. API keys of the organization open it anyway.`,
      }),
    ),
    minConfidence,
    ...DialogueSettings.properties,
  },
  { additionalProperties: false },
);

type Given = Static<typeof chatSettings>;

/** Settings as the host hands them over, with the defaults filled in. */
export type ChatSettings = Given & Required<Pick<Given, "minConfidence">>;
