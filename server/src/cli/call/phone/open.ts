import { chatCall } from "./chat.ts";
import type { Calling } from "./model.ts";
import { swmlCall } from "./swml/call.ts";
import { twimlCall } from "./twiml.ts";
import { voicexmlCall } from "./voicexml/browser.ts";

/** Channels that this telephone can call. */
export const phoneChannels = ["voicexml", "twiml", "swml", "chat"] as const;
export type PhoneChannel = (typeof phoneChannels)[number];

/** What a platform knows before it begins. */
export interface CallPlan {
  readonly channel: PhoneChannel;
  /** The publication's address as its platform was told it, a key in it where there is one. */
  readonly url: string;
  /** Signs the requests (twiml, swml), or opens the publication (chat). */
  readonly secret?: string | undefined;
  /** The platform's id of the call. */
  readonly id: string;
  /** Whom it concerns, as the calling system says. */
  readonly subject?: string | undefined;
  /** E.164 number that calls, and number that is called. */
  readonly caller?: string | undefined;
  readonly called?: string | undefined;
  readonly locale?: string | undefined;
}

/** A number that nobody has. */
const someNumber = "+12025550100";

/** The call as its platform makes it; nothing happens before the line is dialled. */
export function callingOf(plan: CallPlan): Calling {
  const { channel, url, secret, id, subject, caller, called, locale } = plan;
  const from = caller ?? "anonymous";
  const to = called ?? someNumber;
  switch (channel) {
    case "voicexml":
      return voicexmlCall({
        url,
        given: present({ subject, cli: caller && `tel:${caller}`, dnis: called, lang: locale, session: id }),
      });
    case "twiml":
      return twimlCall({
        url: withQuery(url, present({ subject, lang: locale })),
        statusUrl: below(url, "/status"),
        callSid: id,
        from,
        to,
        authToken: secret,
      });
    case "swml":
      return swmlCall({
        url,
        callId: id,
        from,
        to,
        params: present({ subject, lang: locale }),
        signingKey: secret,
      });
    case "chat":
      return chatCall({ url, key: secret ?? "", id, subject, caller, locale });
  }
}

function present(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function withQuery(url: string, values: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(values)) target.searchParams.set(name, value);
  return target.href;
}

function below(url: string, path: string): string {
  const target = new URL(url);
  target.pathname += path;
  return target.href;
}
