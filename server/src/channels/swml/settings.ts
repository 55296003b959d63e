import { type Static, Type } from "typebox";
import { DialogueSettings } from "../../dialogue/settings.ts";
import { accessKey } from "../access.ts";
import { dialTarget, minConfidence, pathPattern, voiceSettings } from "../voice-settings.ts";

export const swmlSettings = Type.Object(
  {
    access: accessKey,
    signingKey: Type.Optional(
      Type.String({
        format: "credential",
        minLength: 1,
        description:
          "Credential with the signing key of the SignalWire project; given, the document is handed out to signed requests only, and the key of `access` is not asked for it.",
      }),
    ),
    input: Type.Optional(
      Type.Enum(["keys", "keys_and_speech"], {
        type: "string",
        default: "keys",
        description: "Whether the person may also speak.",
      }),
    ),
    minConfidence,
    voice: Type.Optional(
      Type.String({
        maxLength: 100,
        pattern: "^[A-Za-z0-9_.: -]*$",
        default: "",
        description: "Voice of the platform, such as `gcloud.en-US-Neural2-A`; empty: its own choice.",
      }),
    ),
    paths: Type.Optional(
      Type.Record(
        Type.String({ pattern: pathPattern }),
        Type.Object({ dial: dialTarget }, { additionalProperties: false }),
        {
          additionalProperties: false,
          default: {},
          description:
            "What happens on a path: `dial` puts the call through. A path that is not named here goes back to the document that called us, as `return_value.path`.",
        },
      ),
    ),
    ...voiceSettings,
    ...DialogueSettings.properties,
  },
  { additionalProperties: false },
);

type Given = Static<typeof swmlSettings>;

/** Settings as the host hands them over, with the defaults filled in. */
export type SwmlSettings = Given &
  Required<Pick<Given, "input" | "minConfidence" | "voice" | "paths">> &
  Required<Pick<Given, keyof typeof voiceSettings>>;
