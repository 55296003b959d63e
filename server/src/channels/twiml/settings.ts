import { type Static, Type } from "typebox";
import { DialogueSettings } from "../../dialogue/settings.ts";
import { leastKeyLength } from "../access.ts";
import { dialTarget, minConfidence, pathPattern, voiceSettings, webAddress } from "../voice-settings.ts";

const exit = Type.Object(
  {
    dial: Type.Optional(dialTarget),
    redirect: Type.Optional(webAddress("Where the call goes on, with the result in the query.")),
  },
  { additionalProperties: false },
);

export const twimlSettings = Type.Object(
  {
    signature: Type.Optional(
      Type.Enum(["twilio", "signalwire", "telnyx", "none"], {
        type: "string",
        default: "twilio",
        description:
          "Whose signature proves a request. `none`, for a platform that signs nothing: the start shows the key of `access` instead.",
      }),
    ),
    access: Type.String({
      format: "credential",
      minSecretLength: leastKeyLength,
      minLength: 1,
      description: `Credential with what proves a request: the auth token (Twilio), the signing key (SignalWire), the public key (Telnyx), or for \`none\` a key of at least ${leastKeyLength} characters, shown in the URL as \`?key=\` or as password of basic authentication.`,
    }),
    input: Type.Optional(
      Type.Enum(["keys", "speech", "keys_and_speech"], {
        type: "string",
        default: "keys",
        description: "Whether the person presses keys, speaks, or does either.",
      }),
    ),
    minConfidence,
    markup: Type.Optional(
      Type.Enum(["ssml", "plain"], {
        type: "string",
        default: "ssml",
        description:
          "`plain` for a platform whose voices read SSML aloud: digits and pauses are then written out.",
      }),
    ),
    voice: Type.Optional(
      Type.String({
        maxLength: 100,
        pattern: "^[A-Za-z0-9_.: -]*$",
        default: "",
        description:
          "Voice of the platform, as its documentation names it; empty: the platform's own choice.",
      }),
    ),
    paths: Type.Optional(
      Type.Record(Type.String({ pattern: pathPattern }), exit, {
        additionalProperties: false,
        default: {},
        description:
          "What happens on a path: `dial` puts the call through, `redirect` lets it go on elsewhere. A path that is not named here goes to `returnUrl`, or hangs up where there is none.",
      }),
    ),
    ...voiceSettings,
    ...DialogueSettings.properties,
  },
  { additionalProperties: false },
);

type Given = Static<typeof twimlSettings>;

/** Settings as the host hands them over, with the defaults filled in. */
export type TwimlSettings = Given &
  Required<Pick<Given, "signature" | "input" | "minConfidence" | "markup" | "voice" | "paths">> &
  Required<Pick<Given, keyof typeof voiceSettings>>;
