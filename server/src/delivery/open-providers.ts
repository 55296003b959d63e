import type { Provider } from "../engine/settings.ts";
import type { Clock } from "../engine/tools.ts";
import { failureOfError, SecretUnavailable } from "./failure.ts";
import type {
  CallScript,
  DeliveryProvider,
  DeliveryResult,
  DeliveryTools,
  OpenProvider,
  OutboundFetch,
  OutboundMessage,
  ResolveAddresses,
} from "./provider.ts";
import type { ProviderRegistry } from "./registry.ts";

/** A provider as an organization configured it. */
export type ConfiguredProvider = Pick<
  Provider,
  "id" | "name" | "kind" | "position" | "countries" | "settings"
>;

export interface OpenProvidersTools {
  readonly registry: Pick<ProviderRegistry, "find">;
  readonly fetch: OutboundFetch;
  readonly addressesOf: ResolveAddresses;
  /** Plain secret of a credential; rejects when it is not this organization's. */
  readonly secretOf: (organization: string, credentialId: string) => Promise<string>;
  readonly clock: Clock;
  /** Where providers reach this server; absent: none of them can. */
  readonly callbacks?: Callbacks | undefined;
}

export interface Callbacks {
  /** Where a provider reports on messages. */
  reportUrl(providerId: string): string;
  /** Keeps a call's script and gives its URL. */
  keepScript(choice: ConfiguredProvider, message: OutboundMessage, script: CallScript): Promise<string>;
}

/** Providers whose connections are kept between messages, and the one way to call any of them. */
export interface OpenProviders {
  /** Never rejects: what is thrown becomes a failure. */
  send(choice: ConfiguredProvider, message: OutboundMessage, signal: AbortSignal): Promise<DeliveryResult>;
  isSimulated(choice: ConfiguredProvider): boolean;
  /** Whether it tells what becomes of its messages. */
  reports(choice: ConfiguredProvider): boolean;
  /** Closes what an organization holds open, after its settings or credentials changed. */
  forget(organization: string): Promise<void>;
  close(): Promise<void>;
}

interface Entry {
  readonly organization: string;
  readonly settings: ConfiguredProvider["settings"];
  readonly open: OpenProvider;
  readonly life: AbortController;
}

const maxOpen = 256;

export function createOpenProviders(tools: OpenProvidersTools): OpenProviders {
  const entries = new Map<string, Entry>();

  function toolsFor(organization: string, signal: AbortSignal): DeliveryTools {
    return {
      fetch: tools.fetch,
      addressesOf: tools.addressesOf,
      signal,
      secret: (id) => secretOrNothing(organization, id, tools),
      now: () => tools.clock.now(),
    };
  }

  function opened(
    provider: DeliveryProvider,
    choice: ConfiguredProvider,
    organization: string,
  ): Entry | undefined {
    const known = entries.get(choice.id);
    if (known !== undefined && sameSettings(known.settings, choice.settings)) {
      return known;
    }
    const life = new AbortController();
    const open = provider.open?.(choice.settings, toolsFor(organization, life.signal));
    if (open === undefined) {
      return undefined;
    }
    const entry = { organization, settings: choice.settings, open, life };
    entries.delete(choice.id);
    entries.set(choice.id, entry);
    const [oldestId, oldest] = entries.entries().next().value ?? [];
    if (oldestId !== undefined && oldest !== undefined && entries.size > maxOpen) {
      entries.delete(oldestId);
      void shut(oldest);
    }
    if (known !== undefined) {
      void shut(known);
    }
    return entry;
  }

  async function closeAll(those: (entry: Entry) => boolean): Promise<void> {
    const ending = [...entries].filter(([, entry]) => those(entry));
    for (const [id] of ending) {
      entries.delete(id);
    }
    await Promise.all(ending.map(([, entry]) => shut(entry)));
  }

  return {
    isSimulated: (choice) => tools.registry.find(choice.kind)?.simulated === true,
    reports: (choice) => tools.registry.find(choice.kind)?.readReports !== undefined,
    async send(choice, message, signal) {
      const provider = tools.registry.find(choice.kind);
      if (provider === undefined) {
        return { ok: false, reason: "configuration" };
      }
      try {
        const entry = opened(provider, choice, message.organization);
        const told = withReportUrl(message, provider, choice, tools);
        return entry === undefined
          ? await provider.send(told, choice.settings, {
              ...toolsFor(message.organization, signal),
              ...scriptKeeper(choice, told, tools),
            })
          : await entry.open.send(told, signal);
      } catch (error) {
        return { ok: false, reason: failureOfError(error) };
      }
    },
    forget: (organization) => closeAll((entry) => entry.organization === organization),
    close: () => closeAll(() => true),
  };
}

function withReportUrl(
  message: OutboundMessage,
  provider: DeliveryProvider,
  choice: ConfiguredProvider,
  { callbacks }: OpenProvidersTools,
): OutboundMessage {
  return callbacks === undefined || provider.readReports === undefined
    ? message
    : { ...message, reportUrl: callbacks.reportUrl(choice.id) };
}

function scriptKeeper(
  choice: ConfiguredProvider,
  message: OutboundMessage,
  { callbacks }: OpenProvidersTools,
): Pick<DeliveryTools, "keepCallScript"> {
  return callbacks === undefined || message.via !== "voice"
    ? {}
    : { keepCallScript: (script) => callbacks.keepScript(choice, message, script) };
}

async function secretOrNothing(organization: string, id: string, tools: OpenProvidersTools): Promise<string> {
  try {
    return await tools.secretOf(organization, id);
  } catch {
    throw new SecretUnavailable();
  }
}

function sameSettings(one: ConfiguredProvider["settings"], other: ConfiguredProvider["settings"]): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Lets messages in flight end first. */
async function shut(entry: Entry): Promise<void> {
  try {
    await entry.open.close();
  } catch {
    // Nothing depends on a clean good-bye.
  }
  entry.life.abort();
}
