import { type Static, Type } from "typebox";
import {
  accepted,
  type FailureTable,
  handOver,
  type ProviderRequest,
  probeWith,
  referenceFrom,
  refused,
} from "../answers.ts";
import type { DeliveryProvider, DeliveryTools } from "../provider.ts";
import { baseUrlProblems, credential, sender, senderProblems, timeoutMs } from "../settings-members.ts";

const settingsSchema = Type.Object(
  {
    region: Type.String({
      pattern: "^[a-z]{2}(?:-[a-z]+){1,3}-[0-9]{1,2}$",
      title: "Region",
      description: "Of Amazon SNS: `eu-central-1`.",
    }),
    accessKeyId: Type.String({
      pattern: "^[A-Z0-9]{16,128}$",
      title: "Access key id",
      description: "Of a user that may do `sns:Publish` and, for the probe, `sns:GetSMSAttributes`.",
    }),
    secretAccessKey: credential("Secret access key", "The secret that belongs to the access key."),
    sessionToken: Type.Optional(credential("Session token", "Only with temporary access keys.")),
    from: Type.Optional(
      sender(
        "Where the template names none: a name (sender ID, sent without its spaces) or a number of the account.",
      ),
    ),
    maxPrice: Type.Optional(
      Type.String({
        pattern: "^[0-9]{1,3}(?:\\.[0-9]{1,5})?$",
        title: "Highest price",
        description: "US dollars that one message may cost; dearer ones are not sent.",
      }),
    ),
    baseUrl: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        title: "Base URL",
        description:
          "Another endpoint than `https://sns.<region>.amazonaws.com`, without a slash at the end.",
      }),
    ),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type SnsSettings = Static<typeof settingsSchema>;

/**
 * Amazon SNS: Publish to a number, signed with Signature Version 4 (docs.aws.amazon.com/sns/latest/api/API_Publish.html). It reports
 * nothing to a URL: what became of a message stands in CloudWatch only.
 */
export const sns: DeliveryProvider<SnsSettings> = {
  id: "sns",
  title: "Amazon SNS",
  vias: ["sms"],
  settings: settingsSchema,
  validate: (settings) => [...baseUrlProblems(settings.baseUrl), ...senderProblems(settings.from)],
  async send(message, settings, tools) {
    const from = message.from ?? settings.from;
    const attributes: readonly Attribute[] = [
      ["AWS.SNS.SMS.SMSType", "String", "Transactional"],
      ...(from === undefined ? [] : [originOf(from)]),
      ...(settings.maxPrice === undefined
        ? []
        : [["AWS.SNS.SMS.MaxPrice", "Number", settings.maxPrice] as const]),
    ];
    const parameters = {
      Action: "Publish",
      PhoneNumber: message.to,
      Message: message.text,
      ...entriesOf(attributes),
    };
    return handOver(await signed(parameters, settings, tools), tools, (answer) => {
      const [, id] = /<MessageId>([0-9a-f-]{1,100})<\/MessageId>/.exec(answer.body) ?? [];
      const [, code] = /<Code>([A-Za-z.]{1,60})<\/Code>/.exec(answer.body) ?? [];
      return answer.status >= 200 && answer.status < 300
        ? accepted(referenceFrom(id))
        : refused(answer, code, failures, message);
    });
  },
  async probe(settings, tools) {
    return probeWith(await signed({ Action: "GetSMSAttributes" }, settings, tools), tools);
  },
};

type Attribute = readonly [name: string, type: "String" | "Number", value: string];

function originOf(from: string): Attribute {
  return /^\+?[0-9]+$/.test(from)
    ? ["AWS.MM.SMS.OriginationNumber", "String", from]
    : ["AWS.SNS.SMS.SenderID", "String", from.replaceAll(" ", "")];
}

function entriesOf(attributes: readonly Attribute[]): Record<string, string> {
  const entries = attributes.flatMap(([name, type, value], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, type],
      [`${entry}.Value.StringValue`, value],
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

async function signed(
  parameters: Readonly<Record<string, string>>,
  settings: SnsSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  // Loaded by the first message: most servers have no such provider.
  const { default: aws4 } = await import("aws4");
  const { accessKeyId, region } = settings;
  const url = new URL(`${settings.baseUrl ?? `https://sns.${region}.amazonaws.com`}/`);
  const body = `${new URLSearchParams({ ...parameters, Version: "2010-03-31" })}`;
  const secretAccessKey = await tools.secret(settings.secretAccessKey);
  const sessionToken = settings.sessionToken && (await tools.secret(settings.sessionToken));
  const date = new Date(tools.now()).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const { headers = {} } = aws4.sign(
    {
      service: "sns",
      region,
      host: url.host,
      method: "POST",
      path: url.pathname,
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Amz-Date": date },
      body,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  );
  // Host and length are signed, and written by the HTTP client itself.
  const own = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), `${value}`] as const)
    .filter(([name]) => name !== "host" && name !== "content-length");
  return {
    method: "POST",
    url: url.href,
    headers: { accept: "text/xml", ...Object.fromEntries(own) },
    body,
    timeoutMs: settings.timeoutMs,
  };
}

/** Codes of Publish and of every query (API_Publish.html, CommonErrors.html). */
const failures: FailureTable = {
  // The number, the sender, or a person who opted out: it does not say which.
  InvalidParameter: "rejected",
  InvalidParameterValue: "rejected",
  ParameterValueInvalid: "rejected",
  ValidationException: "rejected",
  AuthorizationError: "configuration",
  AccessDenied: "configuration",
  IncompleteSignature: "configuration",
  InvalidClientTokenId: "configuration",
  InvalidSecurity: "configuration",
  MissingAuthenticationToken: "configuration",
  OptInRequired: "configuration",
  RequestExpired: "configuration",
  SignatureDoesNotMatch: "configuration",
  Throttled: "throttled",
  Throttling: "throttled",
  ThrottlingException: "throttled",
  InternalError: "temporary",
  InternalFailure: "temporary",
  ServiceUnavailable: "temporary",
};
