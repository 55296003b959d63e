import { Type } from "typebox";

const seconds = (otherwise: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: otherwise, description }));

/** Settings of every channel with a keypad; a channel spreads them into its own schema. */
export const voiceSettings = {
  menuTimeoutSeconds: seconds(8, "How long the first key of a choice is waited for, in seconds."),
  codeTimeoutSeconds: seconds(15, "How long the first key of a code is waited for, in seconds."),
  digitTimeoutSeconds: seconds(5, "How long the next key is waited for, in seconds."),
};

/** Setting of every channel that is told how sure a recogniser is. */
export const minConfidence = Type.Optional(
  Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0,
    description: "What the recogniser is less sure of (0 to 1) counts as not understood.",
  }),
);

/** E.164 number or SIP address: where a call is put through to. */
export const dialTarget = Type.String({
  pattern: "^(?:\\+[1-9][0-9]{6,14}|sips?:[A-Za-z0-9._~+-]{1,64}@[A-Za-z0-9.:-]{1,253})$",
  description: "E.164 number or SIP address that the call is put through to.",
});

/** Form of the names of paths, as the dialogue has them. */
export const pathPattern = "^[A-Za-z0-9_.-](?:[A-Za-z0-9 _.-]{0,62}[A-Za-z0-9_.-])?$";

/** An address of the calling system, registered here: the dialogue never goes on at one that a request names. */
export function webAddress(description: string) {
  return Type.String({ pattern: "^https?://[^\\s/?#@]+(?:[/?][^\\s#]*)?$", maxLength: 2_000, description });
}
