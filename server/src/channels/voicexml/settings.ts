import { type Static, Type } from "typebox";
import { DialogueSettings } from "../../dialogue/settings.ts";
import { accessKey } from "../access.ts";
import { voiceSettings } from "../voice-settings.ts";

const variable = (description: string) =>
  Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]{0,63}$", description });

export const voicexmlSettings = Type.Object(
  {
    access: accessKey,
    mediaType: Type.Optional(
      Type.Enum(["application/voicexml+xml", "text/xml", "application/xml"], {
        type: "string",
        default: "application/voicexml+xml",
        description: "Media type of the documents; old platforms want `text/xml`.",
      }),
    ),
    input: Type.Optional(
      Type.Enum(["keys", "keys_and_speech"], {
        type: "string",
        default: "keys",
        description: "Whether the platform's recogniser listens beside the keypad.",
      }),
    ),
    ending: Type.Optional(
      Type.Enum(["return", "exit", "submit"], {
        type: "string",
        default: "return",
        description:
          "How the result goes back: `return` to the flow that called us as a sub-dialogue, `exit` of the session, or `submit` to `returnUrl`.",
      }),
    ),
    resultVariable: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z_][A-Za-z0-9_]{0,63}$",
        default: "path",
        description: "Variable that holds the path when the dialogue is over.",
      }),
    ),
    returned: Type.Optional(
      Type.Object(
        {
          conversation: Type.Optional(variable("Variable that holds our id of the conversation.")),
          verification: Type.Optional(variable("Variable that holds the id of the verification.")),
          receipt: Type.Optional(variable("Variable that holds the signed receipt of an approval.")),
          skipped: Type.Optional(
            variable("Variable that is `true` when the person had already proved it in this conversation."),
          ),
        },
        {
          additionalProperties: false,
          default: {},
          description: "What else goes back, each under the variable named here.",
        },
      ),
    ),
    ...voiceSettings,
    ...DialogueSettings.properties,
  },
  { additionalProperties: false },
);

/** Settings as the host hands them over, with the defaults filled in. */
export type VoicexmlSettings = Static<typeof voicexmlSettings> &
  Required<
    Pick<
      Static<typeof voicexmlSettings>,
      | "mediaType"
      | "input"
      | "ending"
      | "resultVariable"
      | "returned"
      | "menuTimeoutSeconds"
      | "codeTimeoutSeconds"
      | "digitTimeoutSeconds"
    >
  >;
