import type { FieldProblem } from "../engine/errors.ts";
import type { DeliveryVia } from "../engine/model.ts";
import { gatewayProblems, type HttpGatewaySettings } from "./gateway-settings.ts";
import {
  type DraftSecret,
  headerReference,
  liftSecrets,
  placeReference,
  secretName,
} from "./genesys-secrets.ts";
import { type ParsedHeader, readPairs, readRequestHeaders } from "./genesys-syntax.ts";
import { type SmtpSettings, smtp } from "./providers/smtp.ts";

/** A provider that an import would create. */
export interface ProviderDraft {
  readonly kind: "http-gateway" | "smtp";
  readonly name: string;
  readonly vias: readonly DeliveryVia[];
  /** By the provider's schema; a credential stands as the `reference` of one of `secrets`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Required settings that the source does not hold. */
  readonly missing: readonly string[];
  readonly secrets: readonly DraftSecret[];
}

export interface GenesysImport {
  readonly drafts: readonly ProviderDraft[];
  /** Every problem at once; with any of them nothing is to be created. */
  readonly problems: readonly FieldProblem[];
}

type Values = ReadonlyMap<string, string>;
type Report = (field: string, problem: string) => void;

const keys = [
  "SMS.Method",
  "SMS.URL",
  "SMS.RequestHeaders",
  "SMS.RequestBody",
  "SMS.Timeout",
  "SMS.PlusSymbolBeforeRecipientNumber",
  "Email.SMTP.Host",
  "Email.SMTP.Port",
  "Email.SMTP.User",
  "Email.SMTP.Password",
  "Email.SMTP.Security",
  "Email.SMTP.HeloName",
  "Email.From",
];

/**
 * Reads the server settings of Genesys Intelligent Automation: lines `SMS.URL=…`, a Java properties file, or a JSON
 * object, flat or nested. Keys of other features are passed over.
 */
export function readGenesysSettings(text: string): GenesysImport {
  const problems: FieldProblem[] = [];
  const report: Report = (field, problem) => problems.push({ field, problem });
  const values = knownValues(readPairs(text, report), report);
  const drafts: ProviderDraft[] = [];
  if ([...values.keys()].some((key) => key.startsWith("SMS."))) {
    drafts.push(gatewayDraft(values, report));
  }
  if ([...values.keys()].some((key) => key.startsWith("Email."))) {
    drafts.push(smtpDraft(values, report));
  }
  if (drafts.length === 0 && problems.length === 0) {
    report("", "There is no setting that begins with SMS. or Email.SMTP. in this text.");
  }
  return { drafts: problems.length === 0 ? drafts : [], problems };
}

/** The settings of a draft with each secret's reference replaced by the id of its credential. */
export function withCredentials(
  draft: ProviderDraft,
  idOf: (reference: string) => string,
): Record<string, unknown> {
  const references = new Set(draft.secrets.map((secret) => secret.reference));
  const replaced = JSON.parse(JSON.stringify(draft.settings), (_key, value: unknown) =>
    typeof value === "string" && references.has(value) ? idOf(value) : value,
  ) as Record<string, unknown>;
  return replaced;
}

function knownValues(pairs: readonly (readonly [string, string])[], report: Report): Values {
  const values = new Map<string, string>();
  for (const [key, value] of pairs) {
    const known = keys.find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (known === undefined) {
      if (/^(?:SMS|Email\.SMTP)\./i.test(key)) {
        report(key, "This is not a setting that we know.");
      }
    } else if (values.has(known)) {
      report(known, "This setting stands here twice.");
    } else if (value !== "") {
      values.set(known, value);
    }
  }
  return values;
}

function gatewayDraft(values: Values, report: Report): ProviderDraft {
  const secrets: DraftSecret[] = [];
  const headers = readRequestHeaders(values.get("SMS.RequestHeaders") ?? "", report);
  const url = liftSecrets(convert("SMS.URL", values, report), secrets);
  const body = liftSecrets(convert("SMS.RequestBody", values, report), secrets);
  if (url === "") {
    report("SMS.URL", "The URL of the gateway is missing.");
  }
  const draftHeaders = headers.map((header) => draftHeader(header, secrets, report));
  const named = secrets.filter((secret) => secret.reference.startsWith(placeReference));
  const settings: HttpGatewaySettings = {
    method: method(values, report),
    url,
    timeoutMs: wholeNumber("SMS.Timeout", values, 5_000, [100, 30_000], report),
    plusPrefix: plusPrefix(values, report),
    ...(draftHeaders.length === 0 ? {} : { headers: draftHeaders }),
    ...(body === "" ? {} : { bodyTemplate: body, contentType: contentTypeOf(headers, body) }),
    ...(named.length === 0
      ? {}
      : {
          secrets: named.map(({ reference }) => ({
            name: reference.slice(placeReference.length),
            credential: reference,
          })),
        }),
  };
  for (const problem of url === "" ? [] : gatewayProblems(settings)) {
    report("SMS", problem);
  }
  return { kind: "http-gateway", name: "Genesys SMS gateway", vias: ["sms"], settings, missing: [], secrets };
}

const variables: Readonly<Record<string, string>> = {
  recipient: `\${to}`,
  from: `\${from}`,
  message: `\${text}`,
  messageid: `\${clientRef}`,
  language: `\${lang}`,
};

/** `[var:Recipient]` becomes ours; a text that looks like one of ours already would be filled by accident. */
function convert(key: string, values: Values, report: Report): string {
  const text = values.get(key) ?? "";
  return convertText(key, text, report);
}

function convertText(key: string, text: string, report: Report): string {
  if (text.includes(`\${`)) {
    report(key, `The characters \${ cannot stand here.`);
  }
  return text.replace(/\[var:([^\]]*)\]/gi, (whole, name: string) => {
    const place = variables[name.trim().toLowerCase()];
    if (place === undefined) {
      report(
        key,
        name.trim().toLowerCase() === "code"
          ? "[var:Code] stands in the template of the message; here it is [var:Message]."
          : `[var:${name.slice(0, 40)}] is not a variable that a message has.`,
      );
    }
    return place ?? whole;
  });
}

function draftHeader(
  { name, value }: ParsedHeader,
  secrets: DraftSecret[],
  report: Report,
): { name: string; value: string } | { name: string; credential: string } {
  const converted = convertText("SMS.RequestHeaders", value, report);
  if (converted !== value || !secretName.test(name)) {
    return { name, value: converted };
  }
  const reference = `${headerReference}${name.toLowerCase()}`;
  secrets.push({
    reference,
    name: `Genesys SMS ${name}`,
    value,
    description: `Header ${name} of the SMS gateway`,
  });
  return { name, credential: reference };
}

function contentTypeOf(headers: readonly ParsedHeader[], body: string): "json" | "form" | "xml" | "text" {
  const declared = headers.find(({ name }) => name.toLowerCase() === "content-type")?.value.toLowerCase();
  if (declared !== undefined) {
    const kinds = [
      ["json", "json"],
      ["xml", "xml"],
      ["urlencoded", "form"],
    ] as const;
    return kinds.find(([word]) => declared.includes(word))?.[1] ?? "text";
  }
  if (/^\s*[{[]/.test(body)) {
    return "json";
  }
  return /^\s*</.test(body) ? "xml" : /^[^\s=&]+=[^\s]*$/.test(body) ? "form" : "text";
}

function method(values: Values, report: Report): "GET" | "POST" | "PUT" {
  const written = (values.get("SMS.Method") ?? "POST").toUpperCase();
  if (written === "GET" || written === "POST" || written === "PUT") {
    return written;
  }
  report("SMS.Method", "The method is GET, POST or PUT.");
  return "POST";
}

function plusPrefix(values: Values, report: Report): boolean {
  const written = (values.get("SMS.PlusSymbolBeforeRecipientNumber") ?? "true").toLowerCase();
  if (written !== "true" && written !== "false") {
    report("SMS.PlusSymbolBeforeRecipientNumber", "This is true or false.");
  }
  return written !== "false";
}

function wholeNumber(
  key: string,
  values: Values,
  otherwise: number,
  [least, most]: readonly [number, number],
  report: Report,
): number {
  const written = values.get(key);
  const value = written === undefined ? otherwise : /^\d{1,9}$/.test(written) ? Number(written) : Number.NaN;
  if (!(value >= least && value <= most)) {
    report(key, `This is a whole number from ${least} to ${most}.`);
    return otherwise;
  }
  return value;
}

const passwordReference = "genesys:smtp:password";

function smtpDraft(values: Values, report: Report): ProviderDraft {
  const port = wholeNumber("Email.SMTP.Port", values, 587, [1, 65_535], report);
  const password = values.get("Email.SMTP.Password");
  const user = values.get("Email.SMTP.User");
  const heloName = values.get("Email.SMTP.HeloName");
  const from = values.get("Email.From");
  const settings: Omit<SmtpSettings, "from"> = {
    host: values.get("Email.SMTP.Host") ?? "",
    port,
    security: security(values, port, report),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password: passwordReference }),
    ...(heloName === undefined ? {} : { heloName }),
  };
  if (settings.host === "") {
    report("Email.SMTP.Host", "The name of the mail server is missing.");
  } else {
    // A sender that stands on another page is asked for later, so it is no problem of this text.
    for (const problem of smtp.validate?.({ ...settings, from: from ?? "mail@example.org" }) ?? []) {
      report("Email.SMTP", problem);
    }
  }
  const secret = {
    reference: passwordReference,
    name: "Genesys SMTP password",
    value: password ?? "",
    description: "Password of the mail server",
  };
  return {
    kind: "smtp",
    name: "Genesys mail server",
    vias: ["email"],
    settings: from === undefined ? settings : { ...settings, from },
    missing: from === undefined ? ["from"] : [],
    secrets: password === undefined ? [] : [secret],
  };
}

function security(values: Values, port: number, report: Report): "starttls" | "tls" | "none" {
  const written = (values.get("Email.SMTP.Security") ?? (port === 465 ? "tls" : "starttls")).toLowerCase();
  if (written === "starttls" || written === "none") {
    return written;
  }
  if (written !== "tls" && written !== "ssl") {
    report("Email.SMTP.Security", "This is starttls, tls or none.");
  }
  return "tls";
}
