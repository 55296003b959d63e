import { Type } from "typebox";

const url = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description }));

const pair = (title: string) =>
  Type.Optional(
    Type.Object(
      { test: url(`${title} for test calls.`), production: url(`${title} for production calls.`) },
      { additionalProperties: false, description: title },
    ),
  );

/** Name of a request parameter. */
const parameterName = "^[A-Za-z_][A-Za-z0-9_.-]{0,63}$";

/** The customer's three XML web services, and how they are called. */
export const webServiceMembers = {
  checkMethods: pair("URL of the Check Verified Contact Methods Web Service"),
  sendCode: pair("URL of the Send Authentication Code Web Service"),
  verifyCode: pair("URL of the Code Authentication Web Service"),
  timeoutMs: Type.Optional(
    Type.Integer({
      minimum: 100,
      maximum: 60_000,
      default: 5_000,
      description: "Web Service Timeout: how long one call may take, in milliseconds.",
    }),
  ),
  method: Type.Optional(
    Type.Enum(["POST", "GET"], {
      type: "string",
      default: "POST",
      description: "POST sends a form, GET a query.",
    }),
  ),
  methodCase: Type.Optional(
    Type.Enum(["Title", "asListed"], {
      type: "string",
      default: "Title",
      description:
        "`TwoFactorAuthSelectedMethod` as `Email`, `SMS`, `Authenticator`, or in the letters of the list of methods.",
    }),
  ),
  customerParam: Type.Optional(
    Type.String({
      pattern: parameterName,
      default: "CustomerID",
      description: "Name of the parameter that says who the customer is.",
    }),
  ),
  extraParams: Type.Optional(
    Type.Record(Type.String({ pattern: parameterName }), Type.String({ maxLength: 500 }), {
      default: {},
      maxProperties: 20,
      description: "Further parameters of every call.",
    }),
  ),
  authorization: Type.Optional(
    Type.String({
      format: "credential",
      minLength: 1,
      title: "Credential",
      description: "Credential that is the whole value of the Authorization header.",
    }),
  ),
  ca: Type.Optional(
    Type.String({
      maxLength: 100_000,
      title: "Extra certificate authority (PEM)",
      description: "Trusted for these services beside the public authorities.",
    }),
  ),
};
