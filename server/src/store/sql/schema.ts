/** The tables as they stand after all migrations: text and whole numbers, JSON as text, times in milliseconds. */

export interface OrganizationTable {
  readonly id: string;
  readonly name: string;
  readonly document: string;
  readonly created_at: number;
}

export interface UserTable {
  readonly id: string;
  readonly organization: string;
  readonly external_id: string | null;
  readonly document: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface AuthenticatorTable {
  readonly user_id: string;
  readonly id: string;
  readonly organization: string;
  readonly kind: string;
  readonly status: string;
  readonly destination_key: string | null;
  readonly document: string;
  readonly created_at: number;
  readonly number: string | null;
}

export interface RecoveryCodeTable {
  readonly user_id: string;
  readonly authenticator: string;
  readonly selector: number;
  readonly hash: string;
  readonly used_at: number | null;
}

export interface GuardTable {
  readonly key: string;
  readonly organization: string;
  readonly failures: number;
  readonly blocked_until: number | null;
  readonly disabled_at: number | null;
  readonly last_step: number | null;
  readonly pending: string;
  readonly sends: string;
  readonly updated_at: number;
}

export interface VerificationTable {
  readonly id: string;
  readonly organization: string;
  readonly user_id: string | null;
  readonly authenticator: string | null;
  readonly guard: string;
  readonly destination_key: string | null;
  readonly destination: string | null;
  readonly hint: string;
  readonly app: string | null;
  readonly publication: string | null;
  readonly channel: string;
  readonly via: string;
  readonly purpose: string;
  readonly binding: string | null;
  readonly locale: string;
  readonly status: string;
  readonly reason: string | null;
  readonly mac: string | null;
  readonly kid: string | null;
  readonly sealed_code: string | null;
  readonly attempts: number;
  readonly sends: number;
  readonly last_sent_at: number | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly closed_at: number | null;
  readonly rules: string;
  readonly deliveries: string;
  readonly conversation: string | null;
  readonly wishes: string | null;
  readonly number: string | null;
  readonly source: string | null;
  readonly outside: string | null;
  readonly last_attempt: string | null;
}

export interface IdempotencyTable {
  readonly key: string;
  readonly organization: string;
  readonly fingerprint: string;
  readonly outcome: string;
  readonly expires_at: number;
}

export interface ConversationTable {
  readonly id: string;
  readonly organization: string;
  readonly publication: string;
  readonly channel: string;
  readonly external_id: string;
  readonly user_id: string | null;
  readonly verification: string | null;
  readonly version: number;
  readonly state: string;
  readonly path: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly expires_at: number;
}

/** Rows of the send rules; `counts` is JSON. */
export interface SendCounterTable {
  readonly key: string;
  readonly organization: string;
  readonly counts: string;
  readonly expires_at: number;
}

export interface DeliveryTable {
  readonly id: string;
  readonly organization: string;
  readonly verification: string;
  readonly state: string;
  readonly owner: string | null;
  readonly document: string;
  readonly created_at: number;
  readonly expires_at: number;
}

/** What a provider that reports knows a message by. */
export interface DeliveryReferenceTable {
  readonly provider: string;
  readonly reference: string;
  readonly organization: string;
  readonly verification: string;
  readonly delivery: string;
  readonly expires_at: number;
}

export interface CallScriptTable {
  /** SHA-256 (hex) of the token in its URL. */
  readonly id: string;
  readonly organization: string;
  readonly provider: string;
  readonly verification: string;
  readonly delivery: string;
  /** Sealed. */
  readonly script: string;
  readonly expires_at: number;
}

export interface AuditTable {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly organization: string;
  readonly digest: string;
  readonly salt: string;
  readonly details: string | null;
  readonly hash: string;
}

/** What every table of settings has; the natural key and the references stand in columns of their own. */
export interface SettingsTable {
  readonly id: string;
  readonly organization: string;
  readonly document: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface AppTable extends SettingsTable {
  readonly name: string;
}

export interface PublicationTable extends SettingsTable {
  readonly name: string;
  readonly app: string;
  readonly channel: string;
}

export interface ProviderTable extends SettingsTable {
  readonly name: string;
  readonly kind: string;
}

export interface CredentialTable extends SettingsTable {
  readonly name: string;
}

/** Which provider's settings name which credential. */
export interface CredentialUseTable {
  readonly provider: string;
  readonly credential: string;
  readonly organization: string;
}

export interface PublicationCredentialUseTable {
  readonly publication: string;
  readonly credential: string;
  readonly organization: string;
}

export interface TemplateTable extends SettingsTable {
  readonly via: string;
  readonly locale: string;
  readonly app: string | null;
  /** `app`, or the empty text for the organization's own: a unique key cannot hold null. */
  readonly app_key: string;
}

export interface TestNumberTable extends SettingsTable {
  readonly via: string;
  readonly destination_key: string;
  readonly expires_at: number;
}

export interface ApiKeyTable extends SettingsTable {
  readonly name: string;
  readonly app: string | null;
}

export type WebhookTable = SettingsTable;

/** How far a web-hook has been told, and which sender looks after it until when. */
export interface WebhookProgressTable {
  readonly webhook: string;
  readonly organization: string;
  readonly position: number;
  readonly failing_since: number | null;
  readonly owner: string | null;
  readonly leased_until: number | null;
}

export interface WebhookNoticeTable {
  readonly webhook: string;
  readonly seq: number;
  readonly organization: string;
  readonly state: string;
  readonly tries: number;
  readonly status: number | null;
  readonly at: number;
  readonly due_at: number | null;
}

export interface SignalwireProjectTable extends SettingsTable {
  readonly name: string;
  readonly app: string | null;
}

export interface Tables {
  readonly organizations: OrganizationTable;
  readonly users: UserTable;
  readonly authenticators: AuthenticatorTable;
  readonly recovery_codes: RecoveryCodeTable;
  readonly guards: GuardTable;
  readonly send_counters: SendCounterTable;
  readonly verifications: VerificationTable;
  readonly idempotency: IdempotencyTable;
  readonly conversations: ConversationTable;
  readonly deliveries: DeliveryTable;
  readonly delivery_references: DeliveryReferenceTable;
  readonly call_scripts: CallScriptTable;
  readonly audit: AuditTable;
  readonly apps: AppTable;
  readonly publications: PublicationTable;
  readonly providers: ProviderTable;
  readonly credentials: CredentialTable;
  readonly credential_uses: CredentialUseTable;
  readonly publication_credential_uses: PublicationCredentialUseTable;
  readonly templates: TemplateTable;
  readonly test_numbers: TestNumberTable;
  readonly api_keys: ApiKeyTable;
  readonly signalwire_projects: SignalwireProjectTable;
  readonly webhooks: WebhookTable;
  readonly webhook_progress: WebhookProgressTable;
  readonly webhook_notices: WebhookNoticeTable;
}
