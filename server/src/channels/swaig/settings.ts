import { type Static, Type } from "typebox";
import { DialogueSettings } from "../../dialogue/settings.ts";
import { accessKey } from "../access.ts";
import { webAddress } from "../voice-settings.ts";
import { protectedFunction } from "./settings-functions.ts";

const text = (longest: number, otherwise: string, description: string) =>
  Type.Optional(Type.String({ maxLength: longest, default: otherwise, description }));

const closed = { additionalProperties: false };

/** Who speaks, and how. */
const persona = {
  name: text(60, "Jim", "Name of the assistant."),
  instructions: text(
    4_000,
    "",
    "What else the assistant is and does, in your own words; it stands before the steps of the confirmation.",
  ),
  greeting: text(500, "", "First sentence, always said as it stands; empty: the assistant's own words."),
  languages: Type.Optional(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 40, description: "Name of the language: `English`." }),
          code: Type.String({
            pattern: "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$",
            description: "BCP 47 tag for the recogniser: `en-US`.",
          }),
          voice: Type.String({
            pattern: "^[A-Za-z0-9_.: -]{1,100}$",
            description: "Voice of the platform: `gcloud.en-US-Neural2-A`.",
          }),
        },
        closed,
      ),
      {
        minItems: 1,
        maxItems: 10,
        default: [{ name: "English", code: "en-US", voice: "gcloud.en-US-Neural2-A" }],
        description: "Languages of the assistant, the first one to begin with.",
      },
    ),
  ),
};

const { purpose, digits, proofWords, smsFrom } = DialogueSettings.properties;

/** Whom a code goes to. */
const people = {
  identify: Type.Optional(
    Type.Enum(["subject", "caller", "subject_or_caller"], {
      type: "string",
      default: "subject_or_caller",
      description:
        "How the person is found: by the id that the calling system gives (our user id or its `externalId`), or by the number of the caller. A number only chooses whom to ask; it proves nothing.",
    }),
  ),
  people: Type.Optional(
    Type.Record(Type.String({ pattern: "^\\S{1,128}$" }), Type.String({ minLength: 1, maxLength: 256 }), {
      maxProperties: 1_000,
      default: {},
      description:
        "Addresses of callers (E.164 number, SIP address) with the person each belongs to, by user id or `externalId`; it goes before the numbers on record.",
    }),
  ),
  methods: Type.Optional(
    Type.Array(Type.Enum(["sms", "voice", "email", "totp"], { type: "string" }), {
      default: ["sms"],
      minItems: 1,
      uniqueItems: true,
      description:
        "How a code may reach the caller, the first one unless they wish for another; `voice` is a call that reads it.",
    }),
  ),
  sendToCaller: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        "A caller whom nobody knows gets the code at the number they call from. It proves that they hold that number and nothing else; the send rules hold.",
    }),
  ),
  unknownCaller: Type.Optional(
    Type.Enum(["same", "tell"], {
      type: "string",
      default: "same",
      description:
        "A caller for whom nothing is on record hears the same as any other (`same`), or that there is nothing (`tell`); only then the end of the number is told as well.",
    }),
  ),
};

/** SignalWire's own MFA API in place of our codes. */
const outside = {
  mfa: Type.Optional(
    Type.Enum(["internal", "signalwire"], {
      type: "string",
      default: "internal",
      description: "Who makes, sends and checks the codes: we, or SignalWire's MFA API.",
    }),
  ),
  signalwireUrl: Type.Optional(
    webAddress(
      "`https://<space>.signalwire.com`, or another server that speaks its MFA API; needed with `mfa: signalwire`.",
    ),
  ),
  signalwireProject: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: "Project id there." }),
  ),
  signalwireCredential: Type.Optional(
    Type.String({ format: "credential", minLength: 1, description: "Credential with the API token." }),
  ),
  signalwireFrom: Type.Optional(
    Type.String({
      pattern: "^\\+[1-9][0-9]{6,14}$",
      description: "Number of the project that sends; not given: SignalWire's shared one.",
    }),
  ),
};

export const swaigSettings = Type.Object(
  {
    access: accessKey,
    signingKey: Type.Optional(
      Type.String({
        format: "credential",
        minLength: 1,
        description:
          "Credential with the signing key of the SignalWire project; given, the agent document and `get_signature` are answered to signed requests only, and a signature on any other request must be right.",
      }),
    ),
    ...persona,
    ...people,
    purpose,
    digits,
    proofWords,
    smsFrom,
    codeEntry: Type.Optional(
      Type.Enum(["either", "speech", "keypad"], {
        type: "string",
        default: "either",
        description:
          "How the caller gives the code: spoken to the assistant, or typed on the keypad past it, so that the model never sees the code. With `keypad` the assistant's function takes no code at all.",
      }),
    ),
    functions: Type.Optional(
      Type.Array(protectedFunction, {
        maxItems: 20,
        default: [],
        description:
          "Functions of the assistant that need a confirmed caller: a call of your web service, or a plain permission.",
      }),
    ),
    keepConversations: Type.Optional(
      Type.Enum(["never", "redacted"], {
        type: "string",
        default: "never",
        description:
          "Whether the summary that SignalWire posts after a conversation is kept in the record, without digits, number words and addresses.",
      }),
    ),
    ...outside,
  },
  closed,
);

type Given = Static<typeof swaigSettings>;

type WithDefault =
  | keyof typeof persona
  | keyof typeof people
  | "purpose"
  | "proofWords"
  | "codeEntry"
  | "functions"
  | "keepConversations"
  | "mfa";

/** Settings as the host hands them over, with the defaults filled in. */
export type SwaigSettings = Given & Required<Pick<Given, WithDefault>>;

/** What the schema cannot express, as sentences. */
export function validateSwaig(settings: SwaigSettings): readonly string[] {
  const names = settings.functions.map(({ name }) => name);
  return [
    ...(new Set(names).size === names.length ? [] : ["functions: a name is given twice."]),
    ...names
      .filter((name) => reserved.includes(name))
      .map((name) => `functions: ${name} has a meaning already.`),
    ...settings.functions.flatMap(({ name, allow, http }) =>
      (allow === undefined) === (http === undefined)
        ? [`functions: ${name} needs one of allow and http.`]
        : [],
    ),
    ...settings.functions.flatMap(({ name, parameters }) =>
      (parameters?.required ?? []).every((one) => Object.hasOwn(parameters?.properties ?? {}, one))
        ? []
        : [`functions: ${name} requires a parameter that it does not have.`],
    ),
    ...outsideProblems(settings),
  ];
}

/** Functions of ours, and names with which the platform means something itself. */
const reserved: readonly string[] = [
  "send_mfa",
  "verify_mfa",
  "start_hook",
  "stop_hook",
  "summarize_conversation",
  "check_for_input",
];

function outsideProblems(settings: SwaigSettings): readonly string[] {
  if (settings.mfa !== "signalwire") return [];
  const needed = ["signalwireUrl", "signalwireProject", "signalwireCredential"] as const;
  return [
    ...needed
      .filter((name) => settings[name] === undefined)
      .map((name) => `${name} is needed with mfa: signalwire.`),
    ...settings.methods
      .filter((method) => method !== "sms" && method !== "voice")
      .map((method) => `methods: SignalWire sends no code by ${method}.`),
  ];
}
