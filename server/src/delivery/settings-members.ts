import { type TProperties, Type } from "typebox";

/** Members that the settings of several providers have, each with its words for the form and the docs. */
export const credential = (title: string, description?: string) =>
  Type.String({ format: "credential", minLength: 1, title, ...(description && { description }) });

export const baseUrl = (vendors: string) =>
  Type.Optional(
    Type.String({
      default: vendors,
      minLength: 1,
      maxLength: 500,
      title: "Base URL",
      description: "Where the API is, without a slash at the end: `https:`, or `http:` on this machine.",
    }),
  );

const timeoutMs = Type.Optional(
  Type.Integer({
    minimum: 100,
    maximum: 30_000,
    default: 5_000,
    title: "Time limit",
    description: "Milliseconds, 100–30,000; the dispatcher ends a call after 5 seconds anyway.",
  }),
);

/** The settings of an HTTP API: these members, a time limit, and nothing else. */
export function apiSettings<Members extends TProperties>(members: Members) {
  return Type.Object({ ...members, timeoutMs }, { additionalProperties: false });
}

/** One of two words, the first unless the settings say the other. */
export const eitherOf = <First extends string, Second extends string>(
  first: First,
  second: Second,
  title: string,
  description: string,
) =>
  Type.Optional(
    Type.Union([Type.Literal(first), Type.Literal(second)], { default: first, title, description }),
  );

export const sender = (description: string) =>
  Type.String({ minLength: 1, maxLength: 20, title: "Sender", description });

/** A text of a certain form. */
export const matching = (pattern: string, title: string, description: string) =>
  Type.String({ pattern, title, description });

/** One segment of a path, so that no setting can lead to another place of the API. */
export const pathName = (title: string, description: string) =>
  matching("^[A-Za-z0-9_-]{1,64}$", title, description);

/** Whether something is as it should be, and what is wrong if it is not. */
export type Check = readonly [isFine: boolean, problem: string];

/** What is wrong, of the members that all have and by the checks of one: every problem at once. */
export function problemsIn(
  settings: { readonly baseUrl?: string | undefined; readonly from?: string | undefined },
  checks: readonly Check[] = [],
): readonly string[] {
  const failed = checks.filter(([isFine]) => !isFine).map(([, problem]) => problem);
  return [...baseUrlProblems(settings.baseUrl), ...senderProblems(settings.from), ...failed];
}

/** What is wrong with a base URL, as sentences. A secret is sent there, so it is encrypted or does not leave the machine. */
function baseUrlProblems(url: string | undefined): readonly string[] {
  if (url === undefined) {
    return [];
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPlain = /^https?:\/\/[^/?#\\@\s]+(?:\/[^?#\\@\s]*)?$/i.test(url) && !url.endsWith("/");
  if (parsed === undefined || !isPlain) {
    return ["The base URL is https:// and a host, without a login, a query or a slash at the end."];
  }
  return parsed.protocol === "https:" || isThisMachine(parsed.hostname)
    ? []
    : ["The base URL is not encrypted: only on this machine may it begin with http://."];
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** What is wrong with a sender: up to 11 letters, digits and spaces with a letter among them, or a number. */
function senderProblems(from: string | undefined): readonly string[] {
  const isFine =
    from === undefined || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(from) || /^\+?[0-9]{3,15}$/.test(from);
  return isFine
    ? []
    : ["The sender is a number, or a name of up to 11 letters, digits and spaces with a letter among them."];
}

/** Number that calls come from, as providers of SMS and calls have it beside the sender. */
export const callFrom = Type.Optional(
  Type.String({
    pattern: "^\\+[1-9][0-9]{6,14}$",
    title: "Caller",
    description: "The number that calls come from, with its country code; otherwise the sender.",
  }),
);

const pressKeyFirst = Type.Optional(
  Type.Boolean({
    default: true,
    title: "Press a key first",
    description: "A call says the code only after a key was pressed, so that a voicemail never gets it.",
  }),
);

export const ringSeconds = Type.Optional(
  Type.Integer({
    minimum: 5,
    maximum: 60,
    default: 30,
    title: "Ringing",
    description: "Seconds that a call rings, 5–60.",
  }),
);

const voices = Type.Optional(
  Type.Record(Type.String({ maxLength: 35 }), Type.String({ pattern: "^[A-Za-z0-9._-]{1,100}$" }), {
    title: "Voices",
    description: 'Voice per language or language and region: `{"de": "Polly.Vicki"}`.',
  }),
);

/** Of providers whose calls may wait for a key. */
export const callMembers = { callFrom, pressKeyFirst, ringSeconds, voices };

/** How a call is made, where the settings say nothing by default. */
export function callPlanOf({
  pressKeyFirst: isInvited = true,
  ringSeconds: seconds = 30,
  voices: own,
}: CallSettings) {
  return { pressKeyFirst: isInvited, ringSeconds: seconds, voices: own };
}

interface CallSettings {
  readonly pressKeyFirst?: boolean | undefined;
  readonly ringSeconds?: number | undefined;
  readonly voices?: Readonly<Record<string, string>> | undefined;
}

export const redact = Type.Optional(
  Type.Boolean({
    default: true,
    title: "Wipe texts",
    description: "Once a message has arrived or failed, its text is wiped from the provider's records.",
  }),
);
