import { type Static, type TObject, Type } from "typebox";
import { webServiceMembers } from "./external/settings.ts";

/**
 * Name of a way out of the dialogue, as the calling flow knows it ("the name of a valid path in the callflow"). Never `success`:
 * that path is for those who proved it, and no setting opens it.
 */
const pathPattern =
  "^(?![Ss][Uu][Cc][Cc][Ee][Ss][Ss]$)[A-Za-z0-9_.-](?:[A-Za-z0-9 _.-]{0,62}[A-Za-z0-9_.-])?$";

/** A legal path name: 1 to 64 letters, digits, spaces, `_ - .`, without a space at its ends; not `success`. */
export function isPathName(text: string): boolean {
  return new RegExp(pathPattern).test(text);
}

const path = (otherwise: string, description: string) =>
  Type.Optional(Type.String({ pattern: pathPattern, default: otherwise, description }));

const pathOrNone = (description: string) =>
  Type.Optional(
    Type.Union([Type.String({ pattern: pathPattern }), Type.Null()], { default: null, description }),
  );

const variable = (otherwise: string, description: string) =>
  Type.Optional(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]{0,63}$", default: otherwise, description }));

const count = (least: number, most: number, otherwise: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: least, maximum: most, default: otherwise, description }));

const yes = (otherwise: boolean, description: string) =>
  Type.Optional(Type.Boolean({ default: otherwise, description }));

/** What the dialogue can offer of the authenticators that a person has. */
const dialogueMethods = ["email", "sms", "voice", "totp"] as const;

/** Whom it concerns and what is said. */
const people = {
  purpose: Type.Optional(
    Type.String({
      pattern: "^(?!countersign\\.)[a-z][a-z0-9_.:-]{0,63}$",
      default: "login",
      description: "Purpose of the verifications; it stands in their receipts.",
    }),
  ),
  identify: Type.Optional(
    Type.Enum(["subject", "caller", "subject_or_caller"], {
      type: "string",
      default: "subject",
      description:
        "How the person is found: by the id that the calling system gives (our user id or its `externalId`), or by the number of the caller. A number only chooses whom to ask; it proves nothing.",
    }),
  ),
  methods: Type.Optional(
    Type.Array(Type.Enum([...dialogueMethods], { type: "string" }), {
      default: ["email", "sms", "totp"],
      minItems: 1,
      uniqueItems: true,
      description:
        "What is offered of the authenticators that a person has, in the order of the menu; `voice` is a call that reads the code. Internal code generation only.",
    }),
  ),
  languages: Type.Optional(
    Type.Array(Type.String({ pattern: "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$" }), {
      default: [],
      maxItems: 20,
      description:
        "Languages of this publication (BCP 47), the first one when the platform names none of them; empty: every language that we speak.",
    }),
  ),
  proofWords: yes(
    false,
    "The message carries two words that the dialogue also says, so that the person sees who is asking.",
  ),
  emailVariable: variable(
    "CustomerEmail",
    "Variable of the calling flow that holds the verified e-mail address.",
  ),
  phoneVariable: variable(
    "CustomerPhone",
    "Variable of the calling flow that holds the verified phone number.",
  ),
  emailFrom: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: "Sender name of the e-mail." }),
  ),
  emailSubject: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: "Subject of the e-mail; it holds no code." }),
  ),
  smsFrom: Type.Optional(
    Type.String({
      pattern: "^(?:\\+[1-9][0-9]{6,14}|[A-Za-z0-9 ]{1,11})$",
      description: "Sender of the text message: an E.164 number or at most 11 letters and digits.",
    }),
  ),
};

/** How often, how long, and where it goes then. */
const limits = {
  onNoMethod: path("agent", "Path when there is no usable method, or nobody is known."),
  maxSends: count(1, 10, 3, "Codes that are generated and delivered in one run, the first one included."),
  onSendExceeded: path("agent", "Path when one more code would exceed `maxSends`."),
  maxVerify: count(
    1,
    10,
    3,
    "Answers that are checked for one code; the policy's own limit holds when it is lower.",
  ),
  onVerifyExceeded: pathOrNone(
    "Path after the last wrong answer to one code; null: another code is sent while `maxSends` allows.",
  ),
  skipIfVerified: yes(true, "Who passed in this conversation is not asked again."),
  skipMaxAgeMinutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1440,
      default: 60,
      description: "How long `skipIfVerified` remembers, in minutes.",
    }),
  ),
  maxInputErrors: count(1, 10, 3, "Silences or malformed entries in a row before the dialogue gives up."),
  onInputError: path("error", "Path after `maxInputErrors`."),
  onDeliveryError: pathOrNone(
    "Path when a message cannot be sent; null: it used one send and the next is tried.",
  ),
  onRefused: path(
    "agent",
    "Path when the person is locked out for now, or too much was sent: the engine's own limits, on all channels together.",
  ),
};

/** Who makes the code. */
const codes = {
  codeGeneration: Type.Optional(
    Type.Enum(["internal", "external"], {
      type: "string",
      default: "internal",
      description: "Internal: we make, send and check the code. External: the web services of `ws` do.",
    }),
  ),
  authenticatorName: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      description:
        'Name of the authenticator app, as it is said; not given: "your authenticator app" in the language of the dialogue.',
    }),
  ),
  digits: Type.Optional(
    Type.Integer({
      minimum: 4,
      maximum: 10,
      description:
        "Digits of a code of ours; not given: as the policy says. Fewer than 6 need `legacyPin` and `codeLength` in the policy of the publication.",
    }),
  ),
  externalCode: Type.Optional(
    Type.Object(
      {
        minDigits: count(3, 10, 4, "Fewest digits of a code of the external application."),
        maxDigits: count(3, 10, 10, "Most digits of a code of the external application."),
      },
      { additionalProperties: false, default: {}, description: "Length of codes that others make." },
    ),
  ),
  expiryMinutes: Type.Optional(
    Type.Number({
      minimum: 0.5,
      maximum: 60,
      default: 5,
      description:
        "Lifetime of a code of ours in minutes; the policy's own lifetime (at most 10 minutes) holds when it is shorter.",
    }),
  ),
  environment: Type.Optional(
    Type.Enum(["test", "production"], {
      type: "string",
      default: "production",
      description: "Which URL of each pair of `ws` is called.",
    }),
  ),
  testNumbers: Type.Optional(
    Type.Array(Type.String({ pattern: "^\\+[1-9][0-9]{6,14}$" }), {
      default: [],
      maxItems: 100,
      description: "Called numbers (E.164) whose calls are test calls, whatever `environment` says.",
    }),
  ),
  ws: Type.Optional(
    Type.Object(webServiceMembers, {
      additionalProperties: false,
      default: {},
      description: "The customer's XML web services.",
    }),
  ),
  returnUrl: Type.Optional(
    Type.String({
      maxLength: 2000,
      description:
        "Where a platform goes on after the dialogue, where its calls cannot return by themselves.",
    }),
  ),
};

/** Settings of the dialogue; a channel spreads `DialogueSettings.properties` into its own schema. */
export const DialogueSettings = Type.Object(
  { ...people, ...limits, ...codes },
  { additionalProperties: false },
);
export type DialogueSettings = Static<typeof DialogueSettings>;

export type WebServiceSettings = NonNullable<DialogueSettings["ws"]>;

/** Members that stay absent when nobody sets them. */
type WithoutDefault = "authenticatorName" | "digits" | "emailFrom" | "emailSubject" | "smsFrom" | "returnUrl";

/** Settings with every default filled in. */
export type SettingsInForce = Required<Omit<DialogueSettings, WithoutDefault | "ws" | "externalCode">> &
  Pick<DialogueSettings, WithoutDefault> & {
    readonly ws: WebServicesInForce;
    readonly externalCode: Required<NonNullable<DialogueSettings["externalCode"]>>;
  };

type WithoutWebServiceDefault = "checkMethods" | "sendCode" | "verifyCode" | "authorization" | "ca";
export type WebServicesInForce = Required<Omit<WebServiceSettings, WithoutWebServiceDefault>> &
  Pick<WebServiceSettings, WithoutWebServiceDefault>;

/** A publication is read once and serves many turns. */
const filledIn = new WeakMap<DialogueSettings, SettingsInForce>();

/** The settings of a publication with the defaults of the schema where it says nothing; members of the channel are left out. */
export function settingsInForce(settings: DialogueSettings): SettingsInForce {
  const known =
    filledIn.get(settings) ?? (withDefaults(DialogueSettings, settings) as unknown as SettingsInForce);
  filledIn.set(settings, known);
  return known;
}

function withDefaults(schema: TObject, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema.properties)) {
    const { default: otherwise, properties } = member as { default?: unknown; properties?: unknown };
    const value = given[name] === undefined ? otherwise : given[name];
    if (value === undefined) continue;
    filled[name] =
      properties === undefined ? value : withDefaults(member as TObject, value as Record<string, unknown>);
  }
  return filled;
}
