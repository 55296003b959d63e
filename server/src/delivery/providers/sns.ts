import { type Static, Type } from "typebox";
import { type AnswerReader, accepted, failuresOf, isYes, referenceFrom, refused } from "../answers.ts";
import { type AwsAccount, signedQuery } from "../aws-query.ts";
import type { DeliveryProvider } from "../provider.ts";
import { handOver, probeWith } from "../requests.ts";
import { apiSettings, credential, matching, problemsIn, sender } from "../settings-members.ts";

const version = "2010-03-31";

const settingsSchema = apiSettings({
  region: matching("^[a-z]{2}(?:-[a-z]+){1,3}-[0-9]{1,2}$", "Region", "Of Amazon SNS: `eu-central-1`."),
  accessKeyId: matching(
    "^[A-Z0-9]{16,128}$",
    "Access key id",
    "Of a user that may do `sns:Publish` and, for the probe, `sns:GetSMSAttributes`.",
  ),
  secretAccessKey: credential("Secret access key", "The secret that belongs to the access key."),
  sessionToken: Type.Optional(credential("Session token", "Only with temporary access keys.")),
  from: Type.Optional(
    sender(
      "Where the template names none: a name (sender ID, sent without its spaces) or a number of the account.",
    ),
  ),
  maxPrice: Type.Optional(
    matching(
      "^[0-9]{1,3}(?:\\.[0-9]{1,5})?$",
      "Highest price",
      "US dollars that one message may cost; dearer ones are not sent.",
    ),
  ),
  baseUrl: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      title: "Base URL",
      description: "Another endpoint than `https://sns.<region>.amazonaws.com`, without a slash at the end.",
    }),
  ),
});

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
  validate: (settings) => problemsIn(settings),
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
      Version: version,
      PhoneNumber: message.to,
      Message: message.text,
      ...entriesOf(attributes),
    };
    return handOver(await signedQuery(parameters, accountOf(settings), tools), message, readAnswer, tools);
  },
  async probe(settings, tools) {
    return probeWith(
      await signedQuery({ Action: "GetSMSAttributes", Version: version }, accountOf(settings), tools),
      tools,
    );
  },
};

function accountOf({ from: _from, maxPrice: _price, ...account }: SnsSettings): AwsAccount {
  return { ...account, service: "sns" };
}

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

const readAnswer: AnswerReader = (answer, message) => {
  const [, id] = /<MessageId>([0-9a-f-]{1,100})<\/MessageId>/.exec(answer.body) ?? [];
  const [, code] = /<Code>([A-Za-z.]{1,60})<\/Code>/.exec(answer.body) ?? [];
  return isYes(answer) ? accepted(referenceFrom(id)) : refused(answer, code, failures, message);
};

/**
 * Codes of Publish and of every query (API_Publish.html, CommonErrors.html). Invalid parameters: the number, the sender, or a person
 * who opted out; it does not say which.
 */
const failures = failuresOf({
  configuration:
    "AuthorizationError AccessDenied IncompleteSignature InvalidClientTokenId InvalidSecurity " +
    "MissingAuthenticationToken OptInRequired RequestExpired SignatureDoesNotMatch",
  rejected: "InvalidParameter InvalidParameterValue ParameterValueInvalid ValidationException",
  throttled: "Throttled Throttling ThrottlingException",
  temporary: "InternalError InternalFailure ServiceUnavailable",
});
