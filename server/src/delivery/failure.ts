import { type DeliveryFailure, OutboundError } from "./provider.ts";

/** A credential that settings name is not there: our configuration, whatever the provider. */
export class SecretUnavailable extends Error {
  override readonly name = "SecretUnavailable";

  constructor() {
    super("A credential of this provider is missing.");
  }
}

/** What a thrown error means for the message. Anything unknown may have happened after the provider took it. */
export function failureOfError(error: unknown): DeliveryFailure {
  if (error instanceof SecretUnavailable) {
    return "configuration";
  }
  if (error instanceof OutboundError) {
    if (error.kind === "blocked") {
      return "configuration";
    }
    return error.sent ? "ambiguous" : "unreachable";
  }
  return "ambiguous";
}

/** What an HTTP status outside the provider's success means, where the provider says nothing more exact. */
export function failureOfStatus(status: number): DeliveryFailure {
  if (status === 429) {
    return "throttled";
  }
  // 504: the gateway gave up waiting for the one behind it, which may have taken the message.
  if (status === 504 || (status >= 200 && status < 300)) {
    return "ambiguous";
  }
  if (status >= 500 || status === 408 || status === 425) {
    return "temporary";
  }
  if (status < 400 || configurationStatuses.has(status)) {
    return "configuration";
  }
  return "rejected";
}

/** Who we are, where we knock, how we knock: no other message would fare better. */
const configurationStatuses = new Set([401, 402, 403, 404, 405, 406, 407, 410, 411, 413, 414, 415, 501]);
