import { type Static, Type } from "typebox";
import { DialogueSettings } from "../../dialogue/settings.ts";
import { accessKey } from "../access.ts";

const { purpose, methods, digits, expiryMinutes, emailFrom, emailSubject, smsFrom } =
  DialogueSettings.properties;
const { maxSends, onSendExceeded, maxVerify, onVerifyExceeded, onDeliveryError, onRefused } =
  DialogueSettings.properties;

/** Of a request; everything else in it is not for us. */
const parameterName = "^[A-Za-z_][A-Za-z0-9_.-]{0,63}$";

const own = {
  customerKeys: Type.Optional(
    Type.Array(Type.String({ pattern: parameterName }), {
      minItems: 1,
      maxItems: 20,
      default: ["CustomerID", "AccountNumber", "CustomerNumber", "userId", "CLI"],
      description:
        "Parameters that may say who the customer is, the first one of them that a request holds counts: our user id or your `externalId`. `CLI` is the number of the caller, which chooses whom to ask and proves nothing. Case does not matter.",
    }),
  ),
  echoValues: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        "Whether the list of methods carries the customer's whole e-mail address and phone number as `value`, for the variables of the flow. Off: no address leaves Countersign.",
    }),
  ),
  allowGet: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        "Whether requests by GET are answered. Codes then stand in addresses, which proxies and platforms write into their logs; ours does not.",
    }),
  ),
  lookupsPerMinute: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 1_200,
      description:
        "Lists of methods that one node answers in a minute, against trying out account numbers; beyond it the answer is `onRefused`.",
    }),
  ),
};

export const genesysSettings = Type.Object(
  {
    access: accessKey,
    ...own,
    methods: Type.Optional({
      ...methods,
      description:
        "What is listed of the authenticators that a customer has, in this order: `email` as `email`, `sms` as `SMS`, `totp` as `authenticator`. `voice` is a call that reads the code, and is listed as `SMS` too: of `sms` and `voice` the first one counts.",
    } as typeof methods),
    purpose,
    maxSends,
    onSendExceeded,
    maxVerify,
    onVerifyExceeded: Type.Optional({
      ...onVerifyExceeded,
      description:
        "Path after the last wrong answer to one code; null: `incorrect code`, and the flow has another code sent while `maxSends` allows.",
    } as typeof onVerifyExceeded),
    onDeliveryError: Type.Optional({
      ...onDeliveryError,
      description: "Path when a message cannot be sent; null: `error`. It used one send.",
    } as typeof onDeliveryError),
    onRefused,
    digits,
    expiryMinutes,
    emailFrom,
    emailSubject,
    smsFrom,
  },
  { additionalProperties: false },
);

type Given = Static<typeof genesysSettings>;

type WithDefault =
  | keyof typeof own
  | "methods"
  | "maxSends"
  | "onSendExceeded"
  | "maxVerify"
  | "onVerifyExceeded"
  | "onDeliveryError"
  | "onRefused";

/** Settings as the host hands them over, with the defaults filled in. */
export type GenesysSettings = Given & Required<Pick<Given, WithDefault>>;

/** What the schema cannot express, as sentences. */
export function validateGenesys({ customerKeys }: GenesysSettings): readonly string[] {
  const names = customerKeys.map((name) => name.toLowerCase());
  return [
    ...(new Set(names).size === names.length ? [] : ["customerKeys: a name is given twice."]),
    ...customerKeys
      .filter((name) => reserved.includes(name.toLowerCase()))
      .map((name) => `customerKeys: ${name} has a meaning already.`),
  ];
}

const reserved = ["key", "sessionid", "twofactorauthselectedmethod", "authcode_nbest1"];
