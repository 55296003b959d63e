import { isSignedForm, type SignedRequest } from "../../signatures/telephony.ts";
import { isSignedByTelnyx } from "../../signatures/telnyx.ts";
import { demandKeyOrConversation } from "../access.ts";
import { ChannelRejected, type ChannelRequest, type ChannelTools, type Published } from "../channel.ts";
import type { TwimlSettings } from "./settings.ts";

/** @throws ChannelRejected 403 without a good signature, 401 without a good key. */
export async function authenticate(
  request: ChannelRequest,
  publication: Published<TwimlSettings>,
  tools: ChannelTools,
): Promise<void> {
  const { signature, access } = publication.settings;
  if (signature === "none") return demandKeyOrConversation(request, access, publication, tools);
  const key = await tools.secretOf(publication.organization, access);
  if (key === "" || !isSigned(signedRequest(request, publication), signature, key, tools)) {
    throw new ChannelRejected(403, "The signature is missing or wrong.");
  }
}

/** The URL as the platform was told it: from the configuration, with path and query as they came. */
function signedRequest(
  { path, query, headers, body }: ChannelRequest,
  { url }: Published<unknown>,
): SignedRequest {
  return { url: `${url}${path}${query === "" ? "" : `?${query}`}`, headers, body };
}

function isSigned(
  request: SignedRequest,
  scheme: Exclude<TwimlSettings["signature"], "none">,
  key: string,
  { services }: ChannelTools,
): boolean {
  const { headers } = request;
  switch (scheme) {
    case "twilio":
      return isSignedForm(request, key, headers["x-twilio-signature"]);
    case "signalwire":
      // The platform names the same proof twice, for clients of the older name.
      return isSignedForm(request, key, headers["x-signalwire-signature"] ?? headers["x-twilio-signature"]);
    case "telnyx":
      return isSignedByTelnyx(request, key, services.clock.now());
  }
}
