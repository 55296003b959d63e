import type { DeliveryTools } from "./provider.ts";
import type { ProviderRequest } from "./requests.ts";

/** Where one of Amazon's query APIs is, and who we are there. */
export interface AwsAccount {
  /** Name of the service in signatures: `sns`. */
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** Ids of credentials. */
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Another endpoint than the region's. */
  readonly baseUrl?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

/** A request to a query API, signed with Signature Version 4 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). */
export async function signedQuery(
  parameters: Readonly<Record<string, string>>,
  account: AwsAccount,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  // Loaded by the first message: most servers have no such provider.
  const { default: aws4 } = await import("aws4");
  const { accessKeyId, region, service } = account;
  const url = new URL(`${account.baseUrl ?? `https://${service}.${region}.amazonaws.com`}/`);
  const body = `${new URLSearchParams(parameters)}`;
  const secretAccessKey = await tools.secret(account.secretAccessKey);
  const sessionToken = account.sessionToken && (await tools.secret(account.sessionToken));
  const date = new Date(tools.now()).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const { headers = {} } = aws4.sign(
    {
      service,
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
    timeoutMs: account.timeoutMs,
  };
}
