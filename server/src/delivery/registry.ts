import type { DeliveryProvider } from "./provider.ts";
import { httpGateway } from "./providers/http-gateway.ts";
import { infobip } from "./providers/infobip.ts";
import { plivo } from "./providers/plivo.ts";
import { seven } from "./providers/seven.ts";
import { signalwire } from "./providers/signalwire.ts";
import { sinch } from "./providers/sinch.ts";
import { smtp } from "./providers/smtp.ts";
import { sns } from "./providers/sns.ts";
import { telnyx } from "./providers/telnyx.ts";
import { twilio } from "./providers/twilio.ts";
import { vonage } from "./providers/vonage.ts";
import { whatsapp } from "./providers/whatsapp.ts";

/** Every provider that needs nothing but its settings: one line each. */
export const providers: readonly DeliveryProvider[] = [
  smtp,
  httpGateway,
  infobip,
  plivo,
  seven,
  signalwire,
  sinch,
  sns,
  telnyx,
  twilio,
  vonage,
  whatsapp,
];

export interface ProviderRegistry {
  find(kind: string): DeliveryProvider | undefined;
  readonly all: readonly DeliveryProvider[];
}

/** The providers above, and those that `main.ts` builds itself (the simulated phone and mailbox). */
export function createRegistry(more: readonly DeliveryProvider[] = []): ProviderRegistry {
  const all = [...providers, ...more];
  const byKind = new Map(all.map((provider) => [provider.id, provider]));
  return { all, find: (kind) => byKind.get(kind) };
}
