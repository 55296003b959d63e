import { CountersignError } from "../../engine/errors.ts";
import { isPathName } from "../settings.ts";
import type { CodeVerified, Method } from "../state.ts";
import { type Customer, callService, type ServiceTools } from "./client.ts";
import type { ListedMethod } from "./xml-answer.ts";

/** What the check service said: methods, nobody known, or the path to follow. */
export type Listed =
  | { readonly outcome: "found"; readonly methods: readonly ListedMethod[] }
  | { readonly outcome: "none" }
  | { readonly outcome: "path"; readonly path: string };

/** Check Verified Contact Methods. */
export async function checkMethods(customer: Customer, tools: ServiceTools): Promise<Listed> {
  const { status, methods } = await callService("checkMethods", {}, customer, tools);
  if (status === "success") return { outcome: "found", methods };
  return status === "not found" ? { outcome: "none" } : { outcome: "path", path: pathOf(status) };
}

export type Ordered =
  | { readonly outcome: "sent" }
  | { readonly outcome: "failed" }
  | { readonly outcome: "path"; readonly path: string };

/** Send Authentication Code. "Incorrect code" means nothing here and is an error (reading A10). */
export async function sendCode(method: Method, customer: Customer, tools: ServiceTools): Promise<Ordered> {
  const own = { TwoFactorAuthSelectedMethod: selectedMethod(method, tools) };
  const { status } = await callService("sendCode", own, customer, tools);
  if (status === "success") return { outcome: "sent" };
  const failed = status === "error" || status === "incorrect code" || !isPathName(status);
  return failed ? { outcome: "failed" } : { outcome: "path", path: status };
}

/** Code Authentication. Only the best hypothesis is ever sent: every further one would be a guess more. */
export async function verifyCode(
  code: string,
  customer: Customer,
  tools: ServiceTools,
): Promise<CodeVerified> {
  const { status } = await callService("verifyCode", { authCode_nbest1: code }, customer, tools);
  if (status === "success") return { outcome: "right" };
  return status === "incorrect code" ? { outcome: "wrong" } : { outcome: "path", path: pathOf(status) };
}

const titles: Readonly<Partial<Record<Method["kind"], string>>> = {
  email: "Email",
  sms: "SMS",
  external: "Authenticator",
};

/** The list of methods writes names in another case than this parameter (reading A12). */
function selectedMethod({ kind, listed }: Method, { settings }: ServiceTools): string {
  const title = titles[kind];
  if (title === undefined) throw new CountersignError("internal_error", `no service sends by ${kind}`);
  return settings.methodCase === "asListed" && listed !== undefined ? listed : title;
}

/** Any other status is itself the path to follow; what cannot be one is an error. */
function pathOf(status: string): string {
  return isPathName(status) ? status : "error";
}
