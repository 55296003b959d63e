// Made from the server's OpenAPI document. Do not edit: npm run generate -w @countersign/client

export interface paths {
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The process runs */
        readonly get: operations["ops.health"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The store answers and keeps what it is given */
        readonly get: operations["ops.ready"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/.well-known/jwks.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Public keys of receipts
         * @description RFC 7517 key set. Fetch it again when a receipt names a `kid` that you do not have.
         */
        readonly get: operations["ops.jwks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verifications": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Start a verification
         * @description Sends a code, or asks for one the person already has. A second start for the same authenticator, purpose and app is a resend.
         */
        readonly post: operations["verifications.start"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verifications/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a verification */
        readonly get: operations["verifications.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verifications/{id}/check": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Check a code
         * @description Counts the attempt, then compares. Wrong, expired and spent look alike; a right answer gets a receipt, once.
         */
        readonly post: operations["verifications.check"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verifications/{id}/resend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send another message
         * @description By the same or another way. Earlier codes stop being valid; attempts and failures go on counting.
         */
        readonly post: operations["verifications.resend"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/verifications/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Cancel a verification */
        readonly post: operations["verifications.cancel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/receipts/consume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take a receipt, once
         * @description For a protected action: the first caller gets the claims, everybody after it the same answer as for a forged one.
         */
        readonly post: operations["receipts.consume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List users */
        readonly get: operations["users.list"];
        readonly put?: never;
        /**
         * Create a user
         * @description With the e-mail address and number that you already know to be theirs.
         */
        readonly post: operations["users.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a user */
        readonly get: operations["users.get"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a user
         * @description With all authenticators; what is pending is canceled. The audit record keeps the id only.
         */
        readonly delete: operations["users.delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a user
         * @description Fields not given stay as they are; null empties one.
         */
        readonly patch: operations["users.update"];
        readonly trace?: never;
    };
    readonly "/v1/users/{id}/erase": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Erase a user
         * @description Deletes the user and, in the same step, what verifications, conversations, messages and audit events say of them. What is pending is canceled. The audit chain stays verifiable; `user.erased` with the id is what remains.
         */
        readonly post: operations["users.erase"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}/authenticators": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the authenticators of a user
         * @description Those in force, disabled or waiting for their confirmation.
         */
        readonly get: operations["authenticators.list"];
        readonly put?: never;
        /**
         * Add a number or address that you vouch for
         * @description It is active at once. To have the person confirm it, begin an enrollment instead.
         */
        readonly post: operations["authenticators.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}/authenticators/{authenticator}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke an authenticator
         * @description For good. What is pending on it can no longer be approved.
         */
        readonly delete: operations["authenticators.revoke"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}/authenticators/{authenticator}/enable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Enable an authenticator again
         * @description Takes back what too many failures did, and forgives them. The reason is recorded.
         */
        readonly post: operations["authenticators.enable"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}/enrollments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin an enrollment
         * @description An authenticator app gets its seed, a new number or address gets a code: confirm within ten minutes. Recovery codes are active at once and replace the set before.
         */
        readonly post: operations["enrollments.begin"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{id}/enrollments/{enrollment}/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirm an enrollment
         * @description One right code makes the authenticator active. Wrong ones are counted.
         */
        readonly post: operations["enrollments.confirm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/destinations/enable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Forgive the failures of a number or address
         * @description Of verifications by `to`, whose failures are counted per destination. Its waits end, and it is no longer disabled.
         */
        readonly post: operations["destinations.enable"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/organization": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read the organization */
        readonly get: operations["organization.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Change the organization
         * @description Fields not given stay as they are; null empties one. The policy is replaced as a whole.
         */
        readonly patch: operations["organization.update"];
        readonly trace?: never;
    };
    readonly "/v1/apps": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List apps */
        readonly get: operations["apps.list"];
        readonly put?: never;
        /** Create an app */
        readonly post: operations["apps.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/apps/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read an app */
        readonly get: operations["apps.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete an app */
        readonly delete: operations["apps.delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change an app
         * @description Fields not given stay as they are. The policy is replaced as a whole.
         */
        readonly patch: operations["apps.update"];
        readonly trace?: never;
    };
    readonly "/v1/apps/{id}/publications": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the publications of an app */
        readonly get: operations["publications.list"];
        readonly put?: never;
        /** Publish an app on a channel */
        readonly post: operations["publications.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/apps/{id}/publications/{publication}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a publication */
        readonly get: operations["publications.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a publication */
        readonly delete: operations["publications.delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a publication
         * @description Fields not given stay as they are. Policy and settings are replaced as a whole.
         */
        readonly patch: operations["publications.update"];
        readonly trace?: never;
    };
    readonly "/v1/channels": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the channels
         * @description Each with the JSON Schema of the settings of its publications.
         */
        readonly get: operations["channels.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/policy/explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Explain the policy in force
         * @description For the organization, or for an app, a publication, and one person of it.
         */
        readonly get: operations["policy.explain"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/policy/rehearse": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Rehearse send rules
         * @description Plays the messages of the last days once more, over other send rules: what would have been blocked, and how much of that was answered with the right code. Nothing is changed, sent or counted. One at a time on a server (`rate_limited`); it ends early after 100,000 messages, or 2,000,000 verifications of all organizations together.
         */
        readonly post: operations["policy.rehearse"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sending": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read what goes to telephones
         * @description Text messages and calls of the organization, what they cost, and where new numbers get none for now.
         */
        readonly get: operations["sending.get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sending/explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Explain whether a message would go
         * @description Judges a message to a number that nobody has enrolled, by the rules and counters of this moment. Nothing is sent or counted, and limits per number and person are not looked at.
         */
        readonly post: operations["sending.explain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/provider-kinds": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the kinds of providers
         * @description Each with the JSON Schema of its settings.
         */
        readonly get: operations["providerKinds.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/providers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List providers */
        readonly get: operations["providers.list"];
        readonly put?: never;
        /** Create a provider */
        readonly post: operations["providers.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/providers/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a provider */
        readonly get: operations["providers.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a provider */
        readonly delete: operations["providers.delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a provider
         * @description Fields not given stay as they are. Settings are replaced as a whole.
         */
        readonly patch: operations["providers.update"];
        readonly trace?: never;
    };
    readonly "/v1/providers/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read how providers do
         * @description In the order in which they are tried. Counts are of the last day, as far as the record tells.
         */
        readonly get: operations["providers.health"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/providers/{id}/probe": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask a provider whether it works
         * @description Logs in and sends nothing. Tells a failure after five seconds. Five times a minute.
         */
        readonly post: operations["providers.probe"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/providers/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a test message
         * @description A message without a code, to an admin, by this provider alone, also when it is disabled. Tells a failure after five seconds. Five times a minute.
         */
        readonly post: operations["providers.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/credentials": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List credentials */
        readonly get: operations["credentials.list"];
        readonly put?: never;
        /** Store a credential */
        readonly post: operations["credentials.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/credentials/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a credential */
        readonly get: operations["credentials.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a credential */
        readonly delete: operations["credentials.delete"];
        readonly options?: never;
        readonly head?: never;
        /** Rename or describe a credential, or replace its secret */
        readonly patch: operations["credentials.update"];
        readonly trace?: never;
    };
    readonly "/v1/import/genesys-settings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take over the settings of Genesys Intelligent Automation
         * @description Providers are made of `SMS.*` and `Email.SMTP.*`, with credentials for the secrets among them; a publication is made or changed by the page of the MicroApp. Every problem is told at once, by the name that the text has for it, and then nothing is made.
         */
        readonly post: operations["imports.genesysSettings"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/templates/preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Show a text as it would be sent
         * @description With a made-up code, how an SMS is cut into parts, and everything that is wrong with it.
         */
        readonly post: operations["templates.preview"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/templates": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List templates */
        readonly get: operations["templates.list"];
        readonly put?: never;
        /**
         * Create a template
         * @description One per way of delivery, language and app.
         */
        readonly post: operations["templates.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/templates/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a template */
        readonly get: operations["templates.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a template */
        readonly delete: operations["templates.delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a template
         * @description Fields not given stay as they are; null empties one.
         */
        readonly patch: operations["templates.update"];
        readonly trace?: never;
    };
    readonly "/v1/api-keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List API keys */
        readonly get: operations["apiKeys.list"];
        readonly put?: never;
        /** Create an API key */
        readonly post: operations["apiKeys.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/api-keys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a API key */
        readonly get: operations["apiKeys.get"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke an API key
         * @description At once and for good. It stays in the list, so that the record can be read.
         */
        readonly delete: operations["apiKeys.revoke"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/test-numbers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List test numbers */
        readonly get: operations["testNumbers.list"];
        readonly put?: never;
        /**
         * Create a test number
         * @description Nothing is sent to it, and its code is always the same. Refused in production mode.
         */
        readonly post: operations["testNumbers.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/test-numbers/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a test number */
        readonly get: operations["testNumbers.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a test number */
        readonly delete: operations["testNumbers.delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/signalwire-projects": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List SignalWire projects */
        readonly get: operations["signalwireProjects.list"];
        readonly put?: never;
        /**
         * Add a SignalWire project
         * @description A project id and token for clients of SignalWire's MFA API: made here, or taken over.
         */
        readonly post: operations["signalwireProjects.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/signalwire-projects/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a SignalWire project */
        readonly get: operations["signalwireProjects.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a SignalWire project */
        readonly delete: operations["signalwireProjects.delete"];
        readonly options?: never;
        readonly head?: never;
        /** Change a SignalWire project, or replace its token */
        readonly patch: operations["signalwireProjects.update"];
        readonly trace?: never;
    };
    readonly "/v1/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read the audit record
         * @description Newest first. A key of one app sees the events of that app, so a page may hold fewer.
         */
        readonly get: operations["audit.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List web-hooks */
        readonly get: operations["webhooks.list"];
        readonly put?: never;
        /**
         * Create a web-hook
         * @description It is told of what happens from now on.
         */
        readonly post: operations["webhooks.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Read a web-hook */
        readonly get: operations["webhooks.get"];
        readonly put?: never;
        readonly post?: never;
        /** Delete a web-hook */
        readonly delete: operations["webhooks.delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a web-hook, or switch it off or on
         * @description Fields not given stay as they are. What has begun ends with the settings before.
         */
        readonly patch: operations["webhooks.update"];
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give a web-hook a new secret
         * @description Until the overlap ends everything is signed by both; one that was still ending ends now.
         */
        readonly post: operations["webhooks.rotate"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Try a web-hook
         * @description Sends one event of type `webhook.tested` at once and once, also to one that is off, and says what was answered within five seconds.
         */
        readonly post: operations["webhooks.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send again
         * @description One event, or everything since a time. What is sent again carries the same `webhook-id`, so a receiver that has it already can tell. One that is off sends it when it is switched on.
         */
        readonly post: operations["webhooks.replay"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/notices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a web-hook was told
         * @description Newest event first: all that wait for another try, and the newest thousand each of those that were delivered and those that failed for good.
         */
        readonly get: operations["webhooks.notices"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Live feed
         * @description Everything that happens in the organization, as server-sent events. After a break, send the last `id` as `Last-Event-ID` and nothing is missed.
         */
        readonly get: operations["events.stream"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/inbox": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Read the simulated phone and mailbox
         * @description Newest first. It exists only while the organization sends to it.
         */
        readonly get: operations["inbox.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457 problem details. */
        readonly Problem: {
            /**
             * Format: uri-reference
             * @description Where this code is explained.
             */
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly detail: string;
            /**
             * @description Stable; decide by this and never by the texts.
             * @enum {string}
             */
            readonly code: "invalid_request" | "invalid_json" | "unsupported_media_type" | "body_too_large" | "invalid_destination" | "invalid_code_format" | "invalid_template" | "invalid_policy" | "invalid_settings" | "method_not_allowed" | "unauthenticated" | "forbidden" | "not_found" | "name_taken" | "in_use" | "conflict" | "already_closed" | "idempotency_conflict" | "no_authenticator" | "authenticator_disabled" | "method_not_allowed_by_policy" | "receipt_invalid" | "enrollment_refused" | "resend_too_soon" | "too_many_sends" | "rate_limited" | "send_refused" | "sent_outside" | "country_not_allowed" | "number_type_blocked" | "number_blocked" | "source_velocity" | "prefix_velocity" | "dial_code_daily" | "organization_cap" | "spend_cap" | "low_conversion" | "sequential_numbers" | "call_in_progress" | "calls_daily" | "storage_unavailable" | "delivery_unavailable" | "overloaded" | "internal_error";
            /** @description Request id, also in the X-Request-Id header. */
            readonly instance: string;
            readonly fields?: readonly {
                /** @description JSON pointer into the body, or a parameter's name. */
                readonly field: string;
                readonly problem: string;
                readonly code?: string;
            }[];
            readonly retryAfterSeconds?: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly "ops.health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Fine. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly status: string;
                    };
                };
            };
        };
    };
    readonly "ops.ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Fine. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly status: string;
                    };
                };
            };
        };
    };
    readonly "ops.jwks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The keys in use and those whose receipts may still live. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly keys: readonly {
                            readonly [key: string]: unknown;
                        }[];
                    };
                };
            };
        };
    };
    readonly "verifications.start": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "user": "019ab3c4-…",
                 *       "via": "sms",
                 *       "purpose": "login"
                 *     }
                 */
                readonly "application/json": {
                    /** @description Id of the user; or give `to`. */
                    readonly user?: string;
                    /** @description E.164 number or address, for a key that may name destinations (`verifications:start_to`). */
                    readonly to?: string;
                    /**
                     * @description How it is answered.
                     * @enum {unknown}
                     */
                    readonly via: "sms" | "voice" | "email" | "totp" | "recovery_code";
                    /**
                     * @description What it is for; `login` if not given.
                     * @example login
                     */
                    readonly purpose?: string;
                    /** @description What the approval is for. It is carried into the receipt, and an approval for one opens nothing else. */
                    readonly binding?: {
                        /** @description The call or conversation it is for. */
                        readonly call?: string;
                        /** @description What will be done, as shown to the person. */
                        readonly action?: string;
                        /** @description Amount with currency, `250.00 EUR`. */
                        readonly amount?: string;
                    };
                    /**
                     * @description IP address of the end user, where you know it: limits how many messages one address and network can ask for. Kept as keyed digests only.
                     * @example 203.0.113.7
                     */
                    readonly source?: string;
                    /**
                     * @description Language of the message, BCP 47.
                     * @example de-AT
                     */
                    readonly locale?: string;
                    readonly app?: string;
                    readonly publication?: string;
                    /** @description One of the user's authenticators, when there are several. */
                    readonly authenticator?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Time-ordered UUID. */
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly status: "pending" | "approved" | "denied" | "expired" | "canceled";
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email" | "totp" | "recovery_code";
                        /**
                         * @description Masked destination.
                         * @example +49 *** **78
                         */
                        readonly to: string;
                        readonly purpose: string;
                        readonly user?: string;
                        readonly app?: string;
                        readonly publication?: string;
                        /** @description What the approval is for. It is carried into the receipt, and an approval for one opens nothing else. */
                        readonly binding?: {
                            /** @description The call or conversation it is for. */
                            readonly call?: string;
                            /** @description What will be done, as shown to the person. */
                            readonly action?: string;
                            /** @description Amount with currency, `250.00 EUR`. */
                            readonly amount?: string;
                        };
                        readonly locale: string;
                        readonly attempts: number;
                        readonly maxAttempts: number;
                        readonly sends: number;
                        readonly maxSends: number;
                        /**
                         * @description What an approval by this method is worth for this purpose.
                         * @enum {unknown}
                         */
                        readonly assurance: "none" | "restricted" | "standard";
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly closedAt?: string;
                        /**
                         * @description The service that makes, sends and compares the codes, where it is not this server. Its answers are counted here.
                         * @enum {string}
                         */
                        readonly codes?: "signalwire";
                        readonly deliveries: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            /** @description `queued`, `sending`, `accepted`, `delivered`, `failed`, `maybe_sent` (no answer in time, not repeated) or `dropped`. */
                            readonly state: string;
                            readonly provider?: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T15:38:00.000Z
                             */
                            readonly at: string;
                        }[];
                    };
                };
            };
        };
    };
    readonly "verifications.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Time-ordered UUID. */
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly status: "pending" | "approved" | "denied" | "expired" | "canceled";
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email" | "totp" | "recovery_code";
                        /**
                         * @description Masked destination.
                         * @example +49 *** **78
                         */
                        readonly to: string;
                        readonly purpose: string;
                        readonly user?: string;
                        readonly app?: string;
                        readonly publication?: string;
                        /** @description What the approval is for. It is carried into the receipt, and an approval for one opens nothing else. */
                        readonly binding?: {
                            /** @description The call or conversation it is for. */
                            readonly call?: string;
                            /** @description What will be done, as shown to the person. */
                            readonly action?: string;
                            /** @description Amount with currency, `250.00 EUR`. */
                            readonly amount?: string;
                        };
                        readonly locale: string;
                        readonly attempts: number;
                        readonly maxAttempts: number;
                        readonly sends: number;
                        readonly maxSends: number;
                        /**
                         * @description What an approval by this method is worth for this purpose.
                         * @enum {unknown}
                         */
                        readonly assurance: "none" | "restricted" | "standard";
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly closedAt?: string;
                        /**
                         * @description The service that makes, sends and compares the codes, where it is not this server. Its answers are counted here.
                         * @enum {string}
                         */
                        readonly codes?: "signalwire";
                        readonly deliveries: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            /** @description `queued`, `sending`, `accepted`, `delivered`, `failed`, `maybe_sent` (no answer in time, not repeated) or `dropped`. */
                            readonly state: string;
                            readonly provider?: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T15:38:00.000Z
                             */
                            readonly at: string;
                        }[];
                    };
                };
            };
        };
    };
    readonly "verifications.check": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description What the person typed or said. Always a string: a number loses its leading zeros.
                     * @example 042137
                     */
                    readonly code: string;
                    /** @description Language of a spoken answer. */
                    readonly locale?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly approved: boolean;
                        /** @description For keys holding `verifications:detail`, and on success. */
                        readonly status?: string;
                        readonly attempts?: number;
                        /** @description For keys holding `verifications:detail`. */
                        readonly reason?: string;
                        /** @description Signed proof of the approval (JWT, EdDSA); keys at /.well-known/jwks.json. */
                        readonly receipt?: string;
                        readonly assurance?: string;
                        /** @description RFC 8176 method references. */
                        readonly amr?: readonly string[];
                    };
                };
            };
        };
    };
    readonly "verifications.resend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Another way than before.
                     * @enum {unknown}
                     */
                    readonly via?: "sms" | "voice" | "email" | "totp" | "recovery_code";
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Time-ordered UUID. */
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly status: "pending" | "approved" | "denied" | "expired" | "canceled";
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email" | "totp" | "recovery_code";
                        /**
                         * @description Masked destination.
                         * @example +49 *** **78
                         */
                        readonly to: string;
                        readonly purpose: string;
                        readonly user?: string;
                        readonly app?: string;
                        readonly publication?: string;
                        /** @description What the approval is for. It is carried into the receipt, and an approval for one opens nothing else. */
                        readonly binding?: {
                            /** @description The call or conversation it is for. */
                            readonly call?: string;
                            /** @description What will be done, as shown to the person. */
                            readonly action?: string;
                            /** @description Amount with currency, `250.00 EUR`. */
                            readonly amount?: string;
                        };
                        readonly locale: string;
                        readonly attempts: number;
                        readonly maxAttempts: number;
                        readonly sends: number;
                        readonly maxSends: number;
                        /**
                         * @description What an approval by this method is worth for this purpose.
                         * @enum {unknown}
                         */
                        readonly assurance: "none" | "restricted" | "standard";
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly closedAt?: string;
                        /**
                         * @description The service that makes, sends and compares the codes, where it is not this server. Its answers are counted here.
                         * @enum {string}
                         */
                        readonly codes?: "signalwire";
                        readonly deliveries: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            /** @description `queued`, `sending`, `accepted`, `delivered`, `failed`, `maybe_sent` (no answer in time, not repeated) or `dropped`. */
                            readonly state: string;
                            readonly provider?: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T15:38:00.000Z
                             */
                            readonly at: string;
                        }[];
                    };
                };
            };
        };
    };
    readonly "verifications.cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Time-ordered UUID. */
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly status: "pending" | "approved" | "denied" | "expired" | "canceled";
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email" | "totp" | "recovery_code";
                        /**
                         * @description Masked destination.
                         * @example +49 *** **78
                         */
                        readonly to: string;
                        readonly purpose: string;
                        readonly user?: string;
                        readonly app?: string;
                        readonly publication?: string;
                        /** @description What the approval is for. It is carried into the receipt, and an approval for one opens nothing else. */
                        readonly binding?: {
                            /** @description The call or conversation it is for. */
                            readonly call?: string;
                            /** @description What will be done, as shown to the person. */
                            readonly action?: string;
                            /** @description Amount with currency, `250.00 EUR`. */
                            readonly amount?: string;
                        };
                        readonly locale: string;
                        readonly attempts: number;
                        readonly maxAttempts: number;
                        readonly sends: number;
                        readonly maxSends: number;
                        /**
                         * @description What an approval by this method is worth for this purpose.
                         * @enum {unknown}
                         */
                        readonly assurance: "none" | "restricted" | "standard";
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T15:38:00.000Z
                         */
                        readonly closedAt?: string;
                        /**
                         * @description The service that makes, sends and compares the codes, where it is not this server. Its answers are counted here.
                         * @enum {string}
                         */
                        readonly codes?: "signalwire";
                        readonly deliveries: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            /** @description `queued`, `sending`, `accepted`, `delivered`, `failed`, `maybe_sent` (no answer in time, not repeated) or `dropped`. */
                            readonly state: string;
                            readonly provider?: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T15:38:00.000Z
                             */
                            readonly at: string;
                        }[];
                    };
                };
            };
        };
    };
    readonly "receipts.consume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description As a check gave it. */
                    readonly receipt: string;
                    /** @description What it must be for. */
                    readonly purpose?: string;
                    /** @description What it must be bound to: every member, and no other. */
                    readonly binding?: {
                        /** @description The call or conversation it is for. */
                        readonly call?: string;
                        /** @description What will be done, as shown to the person. */
                        readonly action?: string;
                        /** @description Amount with currency, `250.00 EUR`. */
                        readonly amount?: string;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @constant */
                        readonly consumed: true;
                        readonly iss: string;
                        /** @description The app, or the organization when no app was named. */
                        readonly aud: string;
                        /** @description The user, or `destination:…` for a verification by `to`. */
                        readonly sub: string;
                        readonly org: string;
                        readonly jti: string;
                        readonly iat: number;
                        readonly exp: number;
                        readonly auth_time: number;
                        readonly verification: string;
                        readonly purpose: string;
                        readonly via: string;
                        readonly amr: readonly string[];
                        readonly acr: string;
                        /** @description What the approval is for. It is carried into the receipt, and an approval for one opens nothing else. */
                        readonly binding?: {
                            /** @description The call or conversation it is for. */
                            readonly call?: string;
                            /** @description What will be done, as shown to the person. */
                            readonly action?: string;
                            /** @description Amount with currency, `250.00 EUR`. */
                            readonly amount?: string;
                        };
                        readonly binding_hash?: string;
                    };
                };
            };
        };
    };
    readonly "users.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
                /** @description Only the user with this id of yours. */
                readonly externalId?: string;
                /** @description Only users whose `displayName` holds each of these words somewhere, whatever its case and accents. A page looks through at most 10,000 users, so it may hold few or none before the last one. */
                readonly name?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly users: readonly {
                            readonly id: string;
                            /** @description The calling system's own id of this person. */
                            readonly externalId?: string;
                            readonly displayName?: string;
                            readonly locale?: string;
                            /** @enum {unknown} */
                            readonly role: "member" | "operator" | "admin";
                            /**
                             * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                             * @example {
                             *       "maxAttempts": 3,
                             *       "codeTtlSeconds": 300
                             *     }
                             */
                            readonly policy: {
                                readonly [key: string]: unknown;
                            };
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly disabledAt?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "users.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "externalId": "1001",
                 *       "displayName": "Anna Adler",
                 *       "email": "anna@example.com",
                 *       "phone": "+491713920012"
                 *     }
                 */
                readonly "application/json": {
                    /** @description The calling system's own id of this person; unique in the organization. */
                    readonly externalId?: string;
                    readonly displayName?: string;
                    /**
                     * @description Language of messages, BCP 47.
                     * @example de-AT
                     */
                    readonly locale?: string;
                    /**
                     * @description `member` if not given; others need the scope `admin`.
                     * @enum {unknown}
                     */
                    readonly role?: "member" | "operator" | "admin";
                    /** @description Becomes an active authenticator: you vouch for it. */
                    readonly email?: string;
                    /** @description Becomes authenticators for sms and voice; a fixed line for voice only. */
                    readonly phone?: string;
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description The calling system's own id of this person. */
                        readonly externalId?: string;
                        readonly displayName?: string;
                        readonly locale?: string;
                        /** @enum {unknown} */
                        readonly role: "member" | "operator" | "admin";
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "users.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description The calling system's own id of this person. */
                        readonly externalId?: string;
                        readonly displayName?: string;
                        readonly locale?: string;
                        /** @enum {unknown} */
                        readonly role: "member" | "operator" | "admin";
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "users.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "users.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly externalId?: string | null;
                    readonly displayName?: string | null;
                    readonly locale?: string | null;
                    /**
                     * @description `member` if not given; others need the scope `admin`.
                     * @enum {unknown}
                     */
                    readonly role?: "member" | "operator" | "admin";
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                    /** @description A disabled user cannot be asked to prove anything. */
                    readonly disabled?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description The calling system's own id of this person. */
                        readonly externalId?: string;
                        readonly displayName?: string;
                        readonly locale?: string;
                        /** @enum {unknown} */
                        readonly role: "member" | "operator" | "admin";
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "users.erase": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "authenticators.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly authenticators: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly kind: "email" | "sms" | "voice" | "totp" | "passkey" | "recovery_code" | "external";
                            /**
                             * @description `disabled` without `disabledAt`: it failed more often than the policy allows by now.
                             * @enum {unknown}
                             */
                            readonly status: "pending" | "active" | "disabled";
                            /** @description Masked destination, or what kind of app. */
                            readonly hint: string;
                            readonly label?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly confirmedAt?: string;
                            /**
                             * Format: date-time
                             * @description End of a pending enrollment.
                             */
                            readonly expiresAt?: string;
                            /** @description Failures in a row since the last success. */
                            readonly failures: number;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly disabledAt?: string;
                            readonly recoveryCodesLeft?: number;
                        }[];
                        readonly next: null;
                    };
                };
            };
        };
    };
    readonly "authenticators.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "kind": "sms",
                 *       "to": "+491713920012",
                 *       "label": "Work phone"
                 *     }
                 */
                readonly "application/json": {
                    /** @enum {unknown} */
                    readonly kind: "sms" | "voice" | "email";
                    /** @description Number or address. You vouch that it is this person's. */
                    readonly to: string;
                    /** @example Work phone */
                    readonly label?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly kind: "email" | "sms" | "voice" | "totp" | "passkey" | "recovery_code" | "external";
                        /**
                         * @description `disabled` without `disabledAt`: it failed more often than the policy allows by now.
                         * @enum {unknown}
                         */
                        readonly status: "pending" | "active" | "disabled";
                        /** @description Masked destination, or what kind of app. */
                        readonly hint: string;
                        readonly label?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly confirmedAt?: string;
                        /**
                         * Format: date-time
                         * @description End of a pending enrollment.
                         */
                        readonly expiresAt?: string;
                        /** @description Failures in a row since the last success. */
                        readonly failures: number;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        readonly recoveryCodesLeft?: number;
                    };
                };
            };
        };
    };
    readonly "authenticators.revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
                /** @description Id as given when it was created. */
                readonly authenticator: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "authenticators.enable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
                /** @description Id as given when it was created. */
                readonly authenticator: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description Why, for the audit record: no secrets, numbers or addresses. */
                    readonly reason: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly kind: "email" | "sms" | "voice" | "totp" | "passkey" | "recovery_code" | "external";
                        /**
                         * @description `disabled` without `disabledAt`: it failed more often than the policy allows by now.
                         * @enum {unknown}
                         */
                        readonly status: "pending" | "active" | "disabled";
                        /** @description Masked destination, or what kind of app. */
                        readonly hint: string;
                        readonly label?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly confirmedAt?: string;
                        /**
                         * Format: date-time
                         * @description End of a pending enrollment.
                         */
                        readonly expiresAt?: string;
                        /** @description Failures in a row since the last success. */
                        readonly failures: number;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        readonly recoveryCodesLeft?: number;
                    };
                };
            };
        };
    };
    readonly "enrollments.begin": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {unknown} */
                    readonly kind: "totp" | "recovery_code" | "email" | "sms" | "voice";
                    /** @example Work phone */
                    readonly label?: string;
                    /** @description For email, sms and voice: where the code goes. */
                    readonly to?: string;
                    /**
                     * @description For totp; SHA1 if not given, and the only one that every app understands.
                     * @enum {unknown}
                     */
                    readonly algorithm?: "SHA1" | "SHA256" | "SHA512";
                    /** @description For totp; 6 if not given. */
                    readonly digits?: number;
                    /** @description For totp; 30 if not given. */
                    readonly periodSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Of the authenticator that it becomes. */
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly kind: "totp" | "recovery_code" | "email" | "sms" | "voice";
                        /** @enum {unknown} */
                        readonly status: "pending" | "active";
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly expiresAt?: string;
                        /** @description `otpauth://` key URI of an authenticator app; shown once. */
                        readonly uri?: string;
                        /** @description The same seed in Base32, for typing in. */
                        readonly secret?: string;
                        /** @description The same as a QR code, an SVG image. */
                        readonly qrSvg?: string;
                        /** @description Recovery codes; shown once. */
                        readonly codes?: readonly string[];
                        /** @description Masked destination that the code went to. */
                        readonly to?: string;
                        /** @description The verification whose code confirms it. */
                        readonly verification?: string;
                    };
                };
            };
        };
    };
    readonly "enrollments.confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
                /** @description Id as given when it was created. */
                readonly enrollment: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description What the app shows, or what was sent. Always a string.
                     * @example 042137
                     */
                    readonly code: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly kind: "email" | "sms" | "voice" | "totp" | "passkey" | "recovery_code" | "external";
                        /**
                         * @description `disabled` without `disabledAt`: it failed more often than the policy allows by now.
                         * @enum {unknown}
                         */
                        readonly status: "pending" | "active" | "disabled";
                        /** @description Masked destination, or what kind of app. */
                        readonly hint: string;
                        readonly label?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly confirmedAt?: string;
                        /**
                         * Format: date-time
                         * @description End of a pending enrollment.
                         */
                        readonly expiresAt?: string;
                        /** @description Failures in a row since the last success. */
                        readonly failures: number;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        readonly recoveryCodesLeft?: number;
                    };
                };
            };
        };
    };
    readonly "destinations.enable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "via": "sms",
                 *       "to": "+12025550123",
                 *       "reason": "Called us and proved who they are"
                 *     }
                 */
                readonly "application/json": {
                    /**
                     * @description `sms` and `voice` are counted together.
                     * @enum {unknown}
                     */
                    readonly via: "sms" | "voice" | "email";
                    /** @description Number or address. */
                    readonly to: string;
                    /** @description Why, for the audit record: no secrets, numbers or addresses. */
                    readonly reason: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "organization.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly displayName: string;
                        readonly locale: string;
                        readonly country?: string;
                        /** @enum {unknown} */
                        readonly routing: "order" | "measured";
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                    };
                };
            };
        };
    };
    readonly "organization.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Shown to people: sender, issuer in the app.
                     * @example Contact Finder
                     */
                    readonly displayName?: string;
                    /** @description BCP 47. */
                    readonly locale?: string;
                    readonly country?: string | null;
                    /**
                     * @description `measured`: of providers with the same position the one goes first whose messages arrive and are answered more.
                     * @enum {unknown}
                     */
                    readonly routing?: "order" | "measured";
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly displayName: string;
                        readonly locale: string;
                        readonly country?: string;
                        /** @enum {unknown} */
                        readonly routing: "order" | "measured";
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                    };
                };
            };
        };
    };
    readonly "apps.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly apps: readonly {
                            readonly id: string;
                            readonly name: string;
                            /**
                             * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                             * @example {
                             *       "maxAttempts": 3,
                             *       "codeTtlSeconds": 300
                             *     }
                             */
                            readonly policy: {
                                readonly [key: string]: unknown;
                            };
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "apps.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name: string;
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "apps.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "apps.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "apps.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name?: string;
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "publications.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly publications: readonly {
                            readonly id: string;
                            readonly app: string;
                            readonly name: string;
                            /** @enum {unknown} */
                            readonly channel: "alexa" | "swaig" | "voicexml" | "twiml" | "swml" | "genesys" | "mcp" | "chat" | "portal" | "api";
                            readonly mfa: boolean;
                            /**
                             * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                             * @example {
                             *       "maxAttempts": 3,
                             *       "codeTtlSeconds": 300
                             *     }
                             */
                            readonly policy: {
                                readonly [key: string]: unknown;
                            };
                            /** @description By the schema of the channel; secrets are credential ids. */
                            readonly settings: {
                                readonly [key: string]: unknown;
                            };
                            /** @description Where the channel's platform reaches it; no key stands in it. */
                            readonly url?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "publications.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name: string;
                    /** @enum {unknown} */
                    readonly channel: "alexa" | "swaig" | "voicexml" | "twiml" | "swml" | "genesys" | "mcp" | "chat" | "portal" | "api";
                    /** @description Whether people must prove who they are; true if not given. */
                    readonly mfa?: boolean;
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                    /** @description By the schema of the channel, see `GET /v1/channels`. */
                    readonly settings?: {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly app: string;
                        readonly name: string;
                        /** @enum {unknown} */
                        readonly channel: "alexa" | "swaig" | "voicexml" | "twiml" | "swml" | "genesys" | "mcp" | "chat" | "portal" | "api";
                        readonly mfa: boolean;
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /** @description By the schema of the channel; secrets are credential ids. */
                        readonly settings: {
                            readonly [key: string]: unknown;
                        };
                        /** @description Where the channel's platform reaches it; no key stands in it. */
                        readonly url?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "publications.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
                /** @description Id as given when it was created. */
                readonly publication: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly app: string;
                        readonly name: string;
                        /** @enum {unknown} */
                        readonly channel: "alexa" | "swaig" | "voicexml" | "twiml" | "swml" | "genesys" | "mcp" | "chat" | "portal" | "api";
                        readonly mfa: boolean;
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /** @description By the schema of the channel; secrets are credential ids. */
                        readonly settings: {
                            readonly [key: string]: unknown;
                        };
                        /** @description Where the channel's platform reaches it; no key stands in it. */
                        readonly url?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "publications.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
                /** @description Id as given when it was created. */
                readonly publication: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "publications.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
                /** @description Id as given when it was created. */
                readonly publication: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name?: string;
                    /** @description Whether people must prove who they are; true if not given. */
                    readonly mfa?: boolean;
                    /**
                     * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                     * @example {
                     *       "maxAttempts": 3,
                     *       "codeTtlSeconds": 300
                     *     }
                     */
                    readonly policy?: {
                        readonly [key: string]: unknown;
                    };
                    /** @description By the schema of the channel, see `GET /v1/channels`. */
                    readonly settings?: {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly app: string;
                        readonly name: string;
                        /** @enum {unknown} */
                        readonly channel: "alexa" | "swaig" | "voicexml" | "twiml" | "swml" | "genesys" | "mcp" | "chat" | "portal" | "api";
                        readonly mfa: boolean;
                        /**
                         * @description Settings of this layer; `GET /v1/policy/explain` shows what comes of all layers together.
                         * @example {
                         *       "maxAttempts": 3,
                         *       "codeTtlSeconds": 300
                         *     }
                         */
                        readonly policy: {
                            readonly [key: string]: unknown;
                        };
                        /** @description By the schema of the channel; secrets are credential ids. */
                        readonly settings: {
                            readonly [key: string]: unknown;
                        };
                        /** @description Where the channel's platform reaches it; no key stands in it. */
                        readonly url?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "channels.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly channels: readonly {
                            /** @enum {unknown} */
                            readonly channel: "alexa" | "swaig" | "voicexml" | "twiml" | "swml" | "genesys" | "mcp" | "chat" | "portal" | "api";
                            readonly title: string;
                            /** @description JSON Schema of its settings. `format: credential` marks the id of a credential. */
                            readonly settings: {
                                readonly [key: string]: unknown;
                            };
                        }[];
                        readonly next: null;
                    };
                };
            };
        };
    };
    readonly "policy.explain": {
        readonly parameters: {
            readonly query?: {
                /** @description Id as given when it was created. */
                readonly app?: string;
                /** @description Id as given when it was created. */
                readonly publication?: string;
                /** @description Id as given when it was created. */
                readonly user?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly app?: string;
                        readonly publication?: string;
                        readonly user?: string;
                        /** @description Every setting of the policy, by name; send rules as `sending.<rule>`. */
                        readonly settings: {
                            readonly [key: string]: {
                                /** @description What is in force. */
                                readonly value: unknown;
                                /** @description Whose word it is: a layer, `default`, `ceiling` or `legacy_pin`. */
                                readonly decidedBy: string;
                                /** @description What each layer said. */
                                readonly candidates: readonly {
                                    readonly level: string;
                                    readonly value: unknown;
                                }[];
                                /** @description The rule that chose, as a sentence. */
                                readonly rule: string;
                            };
                        };
                    };
                };
            };
        };
    };
    readonly "policy.rehearse": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "days": 7,
                 *       "policy": {
                 *         "sending": {
                 *           "sendsPerPrefix": 5,
                 *           "smsCountries": [
                 *             "DE",
                 *             "AT"
                 *           ]
                 *         }
                 *       }
                 *     }
                 */
                readonly "application/json": {
                    /**
                     * @description How far back to look.
                     * @default 7
                     */
                    readonly days?: number;
                    /** @description Absent: the rules in force, as when `enforce` is `monitor`. */
                    readonly policy?: {
                        /** @description Send rules as the organization might set them. Those not named stay as they are in force. */
                        readonly sending: {
                            readonly [key: string]: unknown;
                        };
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly from: string;
                        /**
                         * Format: date-time
                         * @description Messages after it were not looked at; now, where `complete`.
                         */
                        readonly until: string;
                        /** @description False when there was too much to look at: ask for fewer days. */
                        readonly complete: boolean;
                        /** @description Messages to telephones that were sent. */
                        readonly messages: number;
                        /** @description Messages that would not have gone. */
                        readonly blocked: number;
                        /** @description Of these, whose verification was approved afterwards. */
                        readonly approvedLater: number;
                        /** @description By the first rule that says no, in the order of the rules. */
                        readonly rules: readonly {
                            /** @enum {unknown} */
                            readonly rule: "country_not_allowed" | "number_type_blocked" | "number_blocked" | "source_velocity" | "prefix_velocity" | "dial_code_daily" | "organization_cap" | "spend_cap" | "low_conversion" | "sequential_numbers" | "call_in_progress" | "calls_daily";
                            /** @description Messages that would not have gone. */
                            readonly blocked: number;
                            /** @description Of these, whose verification was approved afterwards. */
                            readonly approvedLater: number;
                        }[];
                        /** @description Those with blocked messages, most first. */
                        readonly countries: readonly {
                            readonly country: string;
                            /** @description Messages that would not have gone. */
                            readonly blocked: number;
                            /** @description Of these, whose verification was approved afterwards. */
                            readonly approvedLater: number;
                        }[];
                        /** @description Days (UTC) with messages, oldest first. */
                        readonly days: readonly {
                            /** @example 2026-11-23 */
                            readonly day: string;
                            readonly messages: number;
                            /** @description Messages that would not have gone. */
                            readonly blocked: number;
                            /** @description Of these, whose verification was approved afterwards. */
                            readonly approvedLater: number;
                        }[];
                        /** @description Messages of whose number nothing is known any more: taken for ones that would have gone. */
                        readonly forgotten: number;
                        /** @description Rules in force that could not be asked, or not in full, of so many messages. */
                        readonly notAsked: readonly {
                            /** @enum {unknown} */
                            readonly rule: "country_not_allowed" | "number_type_blocked" | "number_blocked" | "source_velocity" | "prefix_velocity" | "dial_code_daily" | "organization_cap" | "spend_cap" | "low_conversion" | "sequential_numbers" | "call_in_progress" | "calls_daily";
                            readonly messages: number;
                        }[];
                    };
                };
            };
        };
    };
    readonly "sending.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {unknown} */
                        readonly enforce: "block" | "monitor";
                        /** @description ISO 4217. */
                        readonly currency: string;
                        /** @description The last hour, up to five minutes more. */
                        readonly hour: {
                            readonly sends: number;
                            /** @description Null: no limit. */
                            readonly sendsLimit: number | null;
                            /** @description Millionths of the currency: as priced by the organization, then as said by the provider. */
                            readonly spentMicros: number;
                            /** @description Null: no limit. */
                            readonly spendLimitMicros: number | null;
                        };
                        /** @description The last day, up to an hour more. */
                        readonly day: {
                            readonly sends: number;
                            /** @description Null: no limit. */
                            readonly sendsLimit: number | null;
                            /** @description Millionths of the currency: as priced by the organization, then as said by the provider. */
                            readonly spentMicros: number;
                            /** @description Null: no limit. */
                            readonly spendLimitMicros: number | null;
                        };
                        /** @description Busiest first. */
                        readonly countries: readonly {
                            /** @description ISO 3166-1 alpha-2. */
                            readonly country: string;
                            /** @example +49 */
                            readonly callingCode: string;
                            /** @description In the last day. */
                            readonly sends: number;
                            /** @description Messages and right codes that the country is judged by. */
                            readonly judged: {
                                readonly sends: number;
                                readonly approved: number;
                            };
                            /**
                             * Format: date-time
                             * @description New numbers get nothing until then.
                             */
                            readonly blockedUntil?: string;
                        }[];
                        /** @description Ranges of ten thousand numbers in which new numbers get nothing for now. */
                        readonly blockedPrefixes: readonly {
                            /** @description Tells two ranges apart; it does not name the range. */
                            readonly id: string;
                            /** @description ISO 3166-1 alpha-2. */
                            readonly country: string;
                            /** @example +49 */
                            readonly callingCode: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly blockedUntil: string;
                        }[];
                    };
                };
            };
        };
    };
    readonly "sending.explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "to": "+12025550123",
                 *       "via": "sms"
                 *     }
                 */
                readonly "application/json": {
                    readonly to: string;
                    /** @enum {unknown} */
                    readonly via: "sms" | "voice";
                    readonly app?: string;
                    readonly publication?: string;
                    /** @description IP address of an end user. */
                    readonly source?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Whether it would go; with `enforce: monitor` also what the rules refuse. */
                        readonly allowed: boolean;
                        /** @enum {unknown} */
                        readonly enforce: "block" | "monitor";
                        readonly country?: string;
                        readonly callingCode?: string;
                        /** @example mobile */
                        readonly type?: string;
                        /** @enum {unknown} */
                        readonly listed?: "safe" | "blocked";
                        /** @description What it is expected to cost; 0: no price is known. */
                        readonly priceMicros: number;
                        readonly currency: string;
                        /** @description Every rule that says no; the first is what a caller would be told. */
                        readonly refusals: readonly {
                            /** @enum {unknown} */
                            readonly rule: "country_not_allowed" | "number_type_blocked" | "number_blocked" | "source_velocity" | "prefix_velocity" | "dial_code_daily" | "organization_cap" | "spend_cap" | "low_conversion" | "sequential_numbers" | "call_in_progress" | "calls_daily";
                            readonly help: string;
                            readonly retryAfterSeconds?: number;
                        }[];
                    };
                };
            };
        };
    };
    readonly "providerKinds.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly kinds: readonly {
                            readonly kind: string;
                            readonly title: string;
                            readonly vias: readonly ("sms" | "voice" | "email")[];
                            /** @description Delivers to nobody: the simulated phone and mailbox. */
                            readonly simulated: boolean;
                            /** @description Can be asked whether it works without sending a message. */
                            readonly probe: boolean;
                            /** @description JSON Schema of its settings. `format: credential` marks the id of a credential. */
                            readonly settings: {
                                readonly [key: string]: unknown;
                            };
                        }[];
                        readonly next: null;
                    };
                };
            };
        };
    };
    readonly "providers.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly providers: readonly {
                            readonly id: string;
                            readonly name: string;
                            readonly kind: string;
                            readonly vias: readonly ("sms" | "voice" | "email")[];
                            readonly position: number;
                            readonly enabled: boolean;
                            readonly countries?: readonly string[];
                            /** @description By the schema of the kind; secrets are credential ids. */
                            readonly settings: {
                                readonly [key: string]: unknown;
                            };
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "providers.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name: string;
                    /** @example smtp */
                    readonly kind: string;
                    readonly vias: readonly ("sms" | "voice" | "email")[];
                    /** @description Lower goes first; 0 if not given. */
                    readonly position?: number;
                    /** @description True if not given. */
                    readonly enabled?: boolean;
                    /** @description Countries (ISO 3166-1 alpha-2) whose numbers it carries; all if not given. */
                    readonly countries?: readonly string[];
                    /** @description By the schema of the kind, see `GET /v1/provider-kinds`. */
                    readonly settings: {
                        readonly [key: string]: unknown;
                    };
                    /** @description Really use a simulated provider beside a real one: some messages then reach nobody, or codes can be read by admins. */
                    readonly besideSimulated?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly kind: string;
                        readonly vias: readonly ("sms" | "voice" | "email")[];
                        readonly position: number;
                        readonly enabled: boolean;
                        readonly countries?: readonly string[];
                        /** @description By the schema of the kind; secrets are credential ids. */
                        readonly settings: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "providers.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly kind: string;
                        readonly vias: readonly ("sms" | "voice" | "email")[];
                        readonly position: number;
                        readonly enabled: boolean;
                        readonly countries?: readonly string[];
                        /** @description By the schema of the kind; secrets are credential ids. */
                        readonly settings: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "providers.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "providers.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name?: string;
                    readonly vias?: readonly ("sms" | "voice" | "email")[];
                    /** @description Lower goes first; 0 if not given. */
                    readonly position?: number;
                    /** @description True if not given. */
                    readonly enabled?: boolean;
                    readonly countries?: readonly string[] | null;
                    /** @description By the schema of the kind, see `GET /v1/provider-kinds`. */
                    readonly settings?: {
                        readonly [key: string]: unknown;
                    };
                    /** @description Really use a simulated provider beside a real one: some messages then reach nobody, or codes can be read by admins. */
                    readonly besideSimulated?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly kind: string;
                        readonly vias: readonly ("sms" | "voice" | "email")[];
                        readonly position: number;
                        readonly enabled: boolean;
                        readonly countries?: readonly string[];
                        /** @description By the schema of the kind; secrets are credential ids. */
                        readonly settings: {
                            readonly [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "providers.health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly providers: readonly {
                            readonly id: string;
                            readonly name: string;
                            readonly kind: string;
                            readonly vias: readonly ("sms" | "voice" | "email")[];
                            readonly position: number;
                            readonly enabled: boolean;
                            /**
                             * @description `closed`: it is used. `open`: left out. `half_open`: tried now and then.
                             * @enum {unknown}
                             */
                            readonly breaker: "closed" | "open" | "half_open";
                            /**
                             * Format: date-time
                             * @description Left out since then.
                             */
                            readonly openedAt?: string;
                            readonly lastFailure?: {
                                readonly reason: string;
                                /**
                                 * Format: date-time
                                 * @description RFC 3339, in UTC.
                                 */
                                readonly at: string;
                            };
                            readonly handOverP95Ms?: number;
                            /** @description Of the last day. */
                            readonly countries: readonly {
                                /** @enum {unknown} */
                                readonly via: "sms" | "voice" | "email";
                                /** @description ISO 3166-1 alpha-2; absent for e-mail. */
                                readonly country?: string;
                                readonly calls: number;
                                readonly accepted: number;
                                /** @description As the provider reported. */
                                readonly delivered: number;
                                /** @description As the provider reported, after it had accepted. */
                                readonly failed: number;
                                /** @description Approved with the code of such a message. */
                                readonly converted: number;
                            }[];
                        }[];
                        /** @description Services that make, send and compare codes of their own, where one was asked within the last day. */
                        readonly outside: readonly {
                            /** @enum {unknown} */
                            readonly service: "signalwire";
                            readonly lastFailure?: {
                                readonly reason: string;
                                /**
                                 * Format: date-time
                                 * @description RFC 3339, in UTC.
                                 */
                                readonly at: string;
                            };
                            readonly handOverP95Ms?: number;
                            /** @description Of the last day. */
                            readonly countries: readonly {
                                /** @enum {unknown} */
                                readonly via: "sms" | "voice" | "email";
                                /** @description ISO 3166-1 alpha-2; absent for e-mail. */
                                readonly country?: string;
                                readonly calls: number;
                                readonly accepted: number;
                                /** @description As the provider reported. */
                                readonly delivered: number;
                                /** @description As the provider reported, after it had accepted. */
                                readonly failed: number;
                                /** @description Approved with the code of such a message. */
                                readonly converted: number;
                            }[];
                        }[];
                    };
                };
            };
        };
    };
    readonly "providers.probe": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description False: this kind cannot be asked without sending a message. */
                        readonly probed: boolean;
                        readonly ok: boolean;
                        readonly message: string;
                    };
                };
            };
        };
    };
    readonly "providers.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description An admin of the organization: nobody else gets test messages. */
                    readonly user: string;
                    /**
                     * @description The first that both have, if not given.
                     * @enum {unknown}
                     */
                    readonly via?: "sms" | "email";
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description The provider took the message. */
                        readonly ok: boolean;
                        readonly message: string;
                        /** @description Where it went, masked. */
                        readonly to: string;
                    };
                };
            };
        };
    };
    readonly "credentials.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly credentials: readonly {
                            readonly id: string;
                            readonly name: string;
                            readonly description?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "credentials.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name: string;
                    /** @description Password, token or key. It is sealed and never shown again. */
                    readonly secret: string;
                    readonly description?: string;
                };
            };
        };
        readonly responses: {
            /** @description A credential without its secret, which never comes back. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly description?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "credentials.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A credential without its secret, which never comes back. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly description?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "credentials.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "credentials.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name?: string;
                    /** @description Password, token or key. It is sealed and never shown again. */
                    readonly secret?: string;
                    readonly description?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description A credential without its secret, which never comes back. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly description?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "imports.genesysSettings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Server settings `SMS.*` and `Email.SMTP.*`, the page Two Factor Authentication Settings, or both: lines `name=value` or as copied from the page, a Java properties file, or JSON.
                     * @example SMS.URL=https://sms.example.com/send
                     *     Maximum Attempts at Sending an Authentication Code=3
                     */
                    readonly text: string;
                    /** @description Sender of e-mails, where the text names none. */
                    readonly from?: string;
                    /** @description Whether the providers are used at once; true if not given. */
                    readonly enabled?: boolean;
                    /** @description Use them although a simulated phone or mailbox is in use too. */
                    readonly besideSimulated?: boolean;
                    readonly publication?: {
                        /** @description App of a new publication; absent: the only one. */
                        readonly app?: string;
                        /** @description Id of a publication that is changed in place of making one. */
                        readonly publication?: string;
                        /**
                         * @description Of a new publication; `voicexml` if not given.
                         * @enum {unknown}
                         */
                        readonly channel?: "voicexml" | "twiml" | "swml" | "chat";
                        /** @example Contact Finder */
                        readonly name?: string;
                        /** @description Credential that opens a new publication; absent: a new key. */
                        readonly access?: string;
                        /** @description Codes of four or five digits are meant, and allowed there. */
                        readonly legacyPin?: boolean;
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly providers: readonly {
                            readonly id: string;
                            readonly name: string;
                            readonly credentials: readonly {
                                readonly id: string;
                                readonly name: string;
                            }[];
                        }[];
                        readonly publication?: {
                            readonly id: string;
                            readonly name: string;
                            /** @description Where its platform reaches it. */
                            readonly url: string;
                            /** @description The key that was made for it. It is shown this once only. */
                            readonly key?: string;
                            /** @description Whether it was there before. */
                            readonly updated: boolean;
                        };
                    };
                };
            };
        };
    };
    readonly "templates.preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {unknown} */
                    readonly via: "sms" | "voice" | "email";
                    /**
                     * @description BCP 47.
                     * @example de
                     */
                    readonly locale: string;
                    /** @description Absent: for every app of the organization. */
                    readonly app?: string;
                    /** @example Your code is ${OTPFMT}. */
                    readonly text: string;
                    /** @description Of an SMS at most 11 characters. */
                    readonly sender?: string;
                    /** @description Of an e-mail. */
                    readonly subject?: string;
                    /** @description Host of the line by which browsers fill in the code; of an SMS. */
                    readonly webOtpDomain?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description The message with a made-up code. */
                        readonly text: string;
                        readonly subject?: string;
                        /**
                         * @description Of an SMS.
                         * @enum {unknown}
                         */
                        readonly encoding?: "GSM-7" | "UCS-2";
                        /** @description Septets or UTF-16 code units. */
                        readonly units?: number;
                        /** @description Parts that the SMS is sent in. */
                        readonly segments?: number;
                        /** @description Units that still fit into the last part. */
                        readonly remaining?: number;
                        /** @description The first character that is not in the GSM alphabet and makes parts short. */
                        readonly firstOutside?: {
                            readonly character: string;
                            readonly position: number;
                        };
                        /** @description Why it could not be saved; empty when it can. */
                        readonly problems: readonly {
                            readonly field: string;
                            readonly code: string;
                            readonly problem: string;
                            readonly position?: number;
                        }[];
                    };
                };
            };
        };
    };
    readonly "templates.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly templates: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            readonly locale: string;
                            /** @description Absent: for every app of the organization. */
                            readonly app?: string;
                            readonly text: string;
                            readonly sender?: string;
                            readonly subject?: string;
                            readonly webOtpDomain?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "templates.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {unknown} */
                    readonly via: "sms" | "voice" | "email";
                    /**
                     * @description BCP 47.
                     * @example de
                     */
                    readonly locale: string;
                    /** @description Absent: for every app of the organization. */
                    readonly app?: string;
                    /** @example Your code is ${OTPFMT}. */
                    readonly text: string;
                    /** @description Of an SMS at most 11 characters. */
                    readonly sender?: string;
                    /** @description Of an e-mail. */
                    readonly subject?: string;
                    /** @description Host of the line by which browsers fill in the code; of an SMS. */
                    readonly webOtpDomain?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email";
                        readonly locale: string;
                        /** @description Absent: for every app of the organization. */
                        readonly app?: string;
                        readonly text: string;
                        readonly sender?: string;
                        readonly subject?: string;
                        readonly webOtpDomain?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "templates.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email";
                        readonly locale: string;
                        /** @description Absent: for every app of the organization. */
                        readonly app?: string;
                        readonly text: string;
                        readonly sender?: string;
                        readonly subject?: string;
                        readonly webOtpDomain?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "templates.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "templates.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Your code is ${OTPFMT}. */
                    readonly text?: string;
                    readonly sender?: string | null;
                    readonly subject?: string | null;
                    readonly webOtpDomain?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email";
                        readonly locale: string;
                        /** @description Absent: for every app of the organization. */
                        readonly app?: string;
                        readonly text: string;
                        readonly sender?: string;
                        readonly subject?: string;
                        readonly webOtpDomain?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "apiKeys.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly apiKeys: readonly {
                            readonly id: string;
                            readonly name: string;
                            readonly scopes: readonly ("verifications:start" | "verifications:start_to" | "verifications:check" | "verifications:read" | "verifications:detail" | "users:read" | "users:write" | "enrollments:write" | "settings:read" | "settings:write" | "audit:read" | "events:read" | "inbox:read" | "admin")[];
                            readonly app?: string;
                            /** @description Last four characters, to recognise it by. */
                            readonly lastFour: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly expiresAt?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly revokedAt?: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "apiKeys.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "name": "Voice agent",
                 *       "scopes": [
                 *         "verifications:start",
                 *         "verifications:check"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name: string;
                    /** @description What it may do; only scopes that your own key holds. */
                    readonly scopes: readonly ("verifications:start" | "verifications:start_to" | "verifications:check" | "verifications:read" | "verifications:detail" | "users:read" | "users:write" | "enrollments:write" | "settings:read" | "settings:write" | "audit:read" | "events:read" | "inbox:read" | "admin")[];
                    /** @description The key works for this app only. */
                    readonly app?: string;
                    /**
                     * Format: date-time
                     * @description RFC 3339, in UTC.
                     */
                    readonly expiresAt?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly scopes: readonly ("verifications:start" | "verifications:start_to" | "verifications:check" | "verifications:read" | "verifications:detail" | "users:read" | "users:write" | "enrollments:write" | "settings:read" | "settings:write" | "audit:read" | "events:read" | "inbox:read" | "admin")[];
                        readonly app?: string;
                        /** @description Last four characters, to recognise it by. */
                        readonly lastFour: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly expiresAt?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly revokedAt?: string;
                        /** @description The whole key. It is shown now and never again. */
                        readonly key: string;
                    };
                };
            };
        };
    };
    readonly "apiKeys.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly name: string;
                        readonly scopes: readonly ("verifications:start" | "verifications:start_to" | "verifications:check" | "verifications:read" | "verifications:detail" | "users:read" | "users:write" | "enrollments:write" | "settings:read" | "settings:write" | "audit:read" | "events:read" | "inbox:read" | "admin")[];
                        readonly app?: string;
                        /** @description Last four characters, to recognise it by. */
                        readonly lastFour: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly expiresAt?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly revokedAt?: string;
                    };
                };
            };
        };
    };
    readonly "apiKeys.revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "testNumbers.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly testNumbers: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            /** @description Masked. */
                            readonly to: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly expiresAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "testNumbers.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "via": "sms",
                 *       "to": "+12025550123",
                 *       "code": "424242",
                 *       "expiresAt": "2026-12-01T00:00:00.000Z"
                 *     }
                 */
                readonly "application/json": {
                    /** @enum {unknown} */
                    readonly via: "sms" | "voice" | "email";
                    readonly to: string;
                    /** @description The code that is always right for it. */
                    readonly code: string;
                    /**
                     * Format: date-time
                     * @description At most 30 days from now.
                     */
                    readonly expiresAt: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email";
                        /** @description Masked. */
                        readonly to: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                    };
                };
            };
        };
    };
    readonly "testNumbers.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @enum {unknown} */
                        readonly via: "sms" | "voice" | "email";
                        /** @description Masked. */
                        readonly to: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                    };
                };
            };
        };
    };
    readonly "testNumbers.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "signalwireProjects.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly signalwireProjects: readonly {
                            /** @description Project id: the user name of Basic authentication. */
                            readonly id: string;
                            readonly name: string;
                            /** @description Last four characters of the token, to recognise it by. */
                            readonly lastFour: string;
                            readonly from: readonly string[];
                            /** @enum {unknown} */
                            readonly links: "allowed" | "refused";
                            readonly app?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "signalwireProjects.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "name": "Contact Finder",
                 *       "from": [
                 *         "+12025550100"
                 *       ]
                 *     }
                 */
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name: string;
                    /** @description Id of an existing project; if not given, one is made. */
                    readonly project?: string;
                    /** @description An existing API token, at least 16 characters; if not given, one is made. It is never shown again. */
                    readonly token?: string;
                    /** @description Numbers (E.164) that messages may come from. The first is taken where a request names none. */
                    readonly from?: readonly string[];
                    /**
                     * @description Whether the text of a message may hold a link; `allowed` if not given.
                     * @enum {unknown}
                     */
                    readonly links?: "allowed" | "refused";
                    /** @description The app whose policy holds. */
                    readonly app?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Project id: the user name of Basic authentication. */
                        readonly id: string;
                        readonly name: string;
                        /** @description Last four characters of the token, to recognise it by. */
                        readonly lastFour: string;
                        readonly from: readonly string[];
                        /** @enum {unknown} */
                        readonly links: "allowed" | "refused";
                        readonly app?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                        /** @description The token that was made. It is shown now and never again. */
                        readonly token?: string;
                    };
                };
            };
        };
    };
    readonly "signalwireProjects.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A project without its token, which never comes back. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Project id: the user name of Basic authentication. */
                        readonly id: string;
                        readonly name: string;
                        /** @description Last four characters of the token, to recognise it by. */
                        readonly lastFour: string;
                        readonly from: readonly string[];
                        /** @enum {unknown} */
                        readonly links: "allowed" | "refused";
                        readonly app?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "signalwireProjects.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "signalwireProjects.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @example Contact Finder */
                    readonly name?: string;
                    /** @description An existing API token, at least 16 characters; if not given, one is made. It is never shown again. */
                    readonly token?: string;
                    /** @description Numbers (E.164) that messages may come from. The first is taken where a request names none. */
                    readonly from?: readonly string[];
                    /**
                     * @description Whether the text of a message may hold a link; `allowed` if not given.
                     * @enum {unknown}
                     */
                    readonly links?: "allowed" | "refused";
                };
            };
        };
        readonly responses: {
            /** @description A project without its token, which never comes back. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Project id: the user name of Basic authentication. */
                        readonly id: string;
                        readonly name: string;
                        /** @description Last four characters of the token, to recognise it by. */
                        readonly lastFour: string;
                        readonly from: readonly string[];
                        /** @enum {unknown} */
                        readonly links: "allowed" | "refused";
                        readonly app?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "audit.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Only events older than this sequence number (`next`). */
                readonly before?: number;
                /** @description 50 if not given. */
                readonly limit?: number;
                /** @description Only events of this verification. It is looked for where they can be, so a page may hold few or none before the last one. */
                readonly verification?: string;
                /** @description Only events of this user. A page looks through at most 100,000 numbers of the record, so it may hold few or none before the last one. */
                readonly user?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly events: readonly {
                            /** @description Unique, also across a restored backup; `webhook-id` of web-hooks. */
                            readonly id: string;
                            /** @description Place in the record of this server; gaps belong to other organizations. */
                            readonly seq: number;
                            readonly type: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly at: string;
                            readonly organization: string;
                            readonly verification?: string;
                            readonly conversation?: string;
                            readonly publication?: string;
                            readonly user?: string;
                            /** @description `api_key:<id>`, `user:<id>`, `channel:<id>`, `cli` or `system`. */
                            readonly actor?: string;
                            /** @description Ids, states, reasons and masked hints. */
                            readonly details: {
                                readonly [key: string]: unknown;
                            };
                        }[];
                        /** @description Give it as `before` to read on; null at the beginning of the record. */
                        readonly next: number | null;
                    };
                };
            };
        };
    };
    readonly "webhooks.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly webhooks: readonly {
                            readonly id: string;
                            readonly url: string;
                            readonly description?: string;
                            /**
                             * @description Only events of these types, as the live feed names them; empty or not given: all.
                             * @example [
                             *       "verification.approved",
                             *       "verification.denied"
                             *     ]
                             */
                            readonly events: readonly string[];
                            readonly publication?: string;
                            readonly enabled: boolean;
                            /**
                             * @description `by_admin`; `gone`: it answered 410; `failing`: nothing arrived for five days.
                             * @enum {unknown}
                             */
                            readonly disabledReason?: "by_admin" | "gone" | "failing";
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly disabledAt?: string;
                            /**
                             * Format: date-time
                             * @description Since then nothing that was sent has arrived.
                             */
                            readonly failingSince?: string;
                            /**
                             * Format: date-time
                             * @description Until then the secret before signs as well.
                             */
                            readonly previousSecretUntil?: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly createdAt: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly updatedAt: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
    readonly "webhooks.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same key with the same request gets the first answer again, so a repeat changes nothing. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Where events are sent to. It must be https, but in a network that the operator has opened.
                     * @example https://example.com/countersign
                     */
                    readonly url: string;
                    readonly description?: string;
                    /**
                     * @description Only events of these types, as the live feed names them; empty or not given: all.
                     * @example [
                     *       "verification.approved",
                     *       "verification.denied"
                     *     ]
                     */
                    readonly events?: readonly string[];
                    /** @description Only events of this publication. */
                    readonly publication?: string;
                    /** @description True if not given. */
                    readonly enabled?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly url: string;
                        readonly description?: string;
                        /**
                         * @description Only events of these types, as the live feed names them; empty or not given: all.
                         * @example [
                         *       "verification.approved",
                         *       "verification.denied"
                         *     ]
                         */
                        readonly events: readonly string[];
                        readonly publication?: string;
                        readonly enabled: boolean;
                        /**
                         * @description `by_admin`; `gone`: it answered 410; `failing`: nothing arrived for five days.
                         * @enum {unknown}
                         */
                        readonly disabledReason?: "by_admin" | "gone" | "failing";
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        /**
                         * Format: date-time
                         * @description Since then nothing that was sent has arrived.
                         */
                        readonly failingSince?: string;
                        /**
                         * Format: date-time
                         * @description Until then the secret before signs as well.
                         */
                        readonly previousSecretUntil?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                        /** @description Signs what is sent (`whsec_…`, Standard Webhooks 1.0). It is shown now and never again. */
                        readonly secret: string;
                    };
                };
            };
        };
    };
    readonly "webhooks.get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly url: string;
                        readonly description?: string;
                        /**
                         * @description Only events of these types, as the live feed names them; empty or not given: all.
                         * @example [
                         *       "verification.approved",
                         *       "verification.denied"
                         *     ]
                         */
                        readonly events: readonly string[];
                        readonly publication?: string;
                        readonly enabled: boolean;
                        /**
                         * @description `by_admin`; `gone`: it answered 410; `failing`: nothing arrived for five days.
                         * @enum {unknown}
                         */
                        readonly disabledReason?: "by_admin" | "gone" | "failing";
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        /**
                         * Format: date-time
                         * @description Since then nothing that was sent has arrived.
                         */
                        readonly failingSince?: string;
                        /**
                         * Format: date-time
                         * @description Until then the secret before signs as well.
                         */
                        readonly previousSecretUntil?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "webhooks.delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly "webhooks.update": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Where events are sent to. It must be https, but in a network that the operator has opened.
                     * @example https://example.com/countersign
                     */
                    readonly url?: string;
                    readonly description?: string | null;
                    /**
                     * @description Only events of these types, as the live feed names them; empty or not given: all.
                     * @example [
                     *       "verification.approved",
                     *       "verification.denied"
                     *     ]
                     */
                    readonly events?: readonly string[];
                    readonly publication?: string | null;
                    /** @description Switched on again, it goes on where it stopped: nothing is left out. */
                    readonly enabled?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly url: string;
                        readonly description?: string;
                        /**
                         * @description Only events of these types, as the live feed names them; empty or not given: all.
                         * @example [
                         *       "verification.approved",
                         *       "verification.denied"
                         *     ]
                         */
                        readonly events: readonly string[];
                        readonly publication?: string;
                        readonly enabled: boolean;
                        /**
                         * @description `by_admin`; `gone`: it answered 410; `failing`: nothing arrived for five days.
                         * @enum {unknown}
                         */
                        readonly disabledReason?: "by_admin" | "gone" | "failing";
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly disabledAt?: string;
                        /**
                         * Format: date-time
                         * @description Since then nothing that was sent has arrived.
                         */
                        readonly failingSince?: string;
                        /**
                         * Format: date-time
                         * @description Until then the secret before signs as well.
                         */
                        readonly previousSecretUntil?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly updatedAt: string;
                    };
                };
            };
        };
    };
    readonly "webhooks.rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description How long the secret before signs as well, so that nothing is lost meanwhile. A day if not given. */
                    readonly overlapSeconds?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description Signs what is sent (`whsec_…`, Standard Webhooks 1.0). It is shown now and never again. */
                        readonly secret: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly previousSecretUntil: string;
                    };
                };
            };
        };
    };
    readonly "webhooks.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description It answered 2xx. */
                        readonly ok: boolean;
                        /** @description HTTP status; absent when nothing answered in time. */
                        readonly status?: number;
                    };
                };
            };
        };
    };
    readonly "webhooks.replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description One of the two. */
        readonly requestBody: {
            readonly content: {
                /**
                 * @example {
                 *       "since": "2026-11-22T15:00:00.000Z"
                 *     }
                 */
                readonly "application/json": {
                    /** @description Id of one event. It is sent whatever the filters say. */
                    readonly event?: string;
                    /**
                     * Format: date-time
                     * @description Everything that is meant for it and happened from then on, also what had arrived already.
                     */
                    readonly since?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly event?: string;
                        /**
                         * Format: date-time
                         * @description RFC 3339, in UTC.
                         */
                        readonly since?: string;
                    };
                };
            };
        };
    };
    readonly "webhooks.notices": {
        readonly parameters: {
            readonly query?: {
                readonly state?: "waiting" | "delivered" | "failed";
                /** @description Only events older than this sequence number (`next`). */
                readonly before?: number;
                /** @description 50 if not given. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description Id as given when it was created. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly notices: readonly {
                            /** @description Id of the event, and `webhook-id` of what was sent. */
                            readonly event: string;
                            readonly seq: number;
                            readonly type: string;
                            /**
                             * Format: date-time
                             * @description When it happened.
                             */
                            readonly at: string;
                            readonly verification?: string;
                            /**
                             * @description `waiting` for another try, `delivered`, or `failed` for good.
                             * @enum {unknown}
                             */
                            readonly state: "waiting" | "delivered" | "failed";
                            readonly tries: number;
                            /** @description HTTP status of the newest answer; absent when nothing answered. */
                            readonly status?: number;
                            /**
                             * Format: date-time
                             * @description Time of the newest try.
                             */
                            readonly triedAt: string;
                            /**
                             * Format: date-time
                             * @description When it is sent again.
                             */
                            readonly dueAt?: string;
                        }[];
                        /** @description Give it as `before` to read on; null when there are no more. */
                        readonly next: number | null;
                    };
                };
            };
        };
    };
    readonly "events.stream": {
        readonly parameters: {
            readonly query?: {
                /** @description Begin after this sequence number; 0 for everything there is. Not given: only what happens from now on. The header `Last-Event-ID` goes first. */
                readonly after?: number;
                /**
                 * @description Only events of this type.
                 * @example verification.approved
                 */
                readonly type?: string;
                /** @description Only events of this verification. */
                readonly verification?: string;
                /** @description Only events of this publication. */
                readonly publication?: string;
                /** @description Only events of this conversation. */
                readonly conversation?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A stream of server-sent events; a comment every 15 seconds keeps it open. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
        };
    };
    readonly "inbox.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Id of the last entry of the page before (`next` of its answer). */
                readonly after?: string;
                /** @description Entries at most; 50 if not given. */
                readonly limit?: number;
                /** @description Only the messages of this verification. */
                readonly verification?: string;
                /** @description Only messages to this number (E.164) or address. */
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly messages: readonly {
                            readonly id: string;
                            /** @enum {unknown} */
                            readonly via: "sms" | "voice" | "email";
                            /** @description The whole number or address: here it is the point. */
                            readonly to: string;
                            /** @description With the code. */
                            readonly text: string;
                            readonly subject?: string;
                            readonly verification: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339, in UTC.
                             */
                            readonly at: string;
                        }[];
                        /** @description Give it as `after` to read on; null on the last page. */
                        readonly next: string | null;
                    };
                };
            };
        };
    };
}
