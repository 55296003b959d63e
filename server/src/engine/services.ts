import type { AppId, OrganizationId, PublicationId } from "./model.ts";
import type { Delivery } from "./outbox.ts";
import type { Policy } from "./policy/policy.ts";
import type { Store } from "./store.ts";
import type { EngineTools } from "./tools.ts";

/** What the verbs of the engine need around them; built once in `main.ts`. */
export interface EngineServices extends EngineTools {
  readonly store: Store;
  readonly settings: EngineSettings;
  /** Called with each message after its verification is durable; must return at once. */
  readonly dispatch: (delivery: Delivery) => void;
}

export interface EngineSettings {
  /** `iss` of receipts: the public URL of this server. */
  readonly issuer: string;
  /** In production mode a test number is an ordinary number. */
  readonly production: boolean;
  /** Server ceiling → organization → app → publication, resolved and cached; throws `not_found` for a foreign id. */
  scopeOf(scope: PolicyScope): Promise<ResolvedScope>;
  /** Name shown to people: issuer in the authenticator app, sender of messages. */
  displayNameOf(organization: OrganizationId): Promise<string>;
  /** Country for numbers written without a country code. */
  countryOf(organization: OrganizationId): Promise<string | undefined>;
}

export interface PolicyScope {
  readonly organization: OrganizationId;
  readonly app?: AppId | undefined;
  readonly publication?: PublicationId | undefined;
}

export interface ResolvedScope {
  readonly policy: Policy;
  /** Language when neither the caller nor the user names one. */
  readonly locale: string;
  /** The app, also when only its publication was named. */
  readonly app?: AppId | undefined;
}
