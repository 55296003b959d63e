import { existsSync } from "node:fs";
import type { Config } from "../../config/load.ts";
import { type Destination, parseDestination } from "../../delivery/destination.ts";
import { demandUsable, keyedDestination } from "../../delivery/destination-known.ts";
import type { AuditDraft } from "../../engine/audit/event.ts";
import { generateApiKey } from "../../engine/code/api-key.ts";
import { systemRandom, timeOrderedId } from "../../engine/code/random.ts";
import { vouchedDestination } from "../../engine/enrollment/begin.ts";
import type { Authenticator, DeliveryVia, Organization, User } from "../../engine/model.ts";
import { createSettings } from "../../engine/policy/source.ts";
import type { EngineServices } from "../../engine/services.ts";
import { canonicalLocale } from "../../languages/negotiate.ts";
import { inspectSchema } from "../../store/sqlite/inspect.ts";
import type { OpenStore } from "../../store/sqlite/open.ts";
import { CliError, exits } from "../exit.ts";
import { clock, configOf, openFolder, openForReading, prepareFolder } from "../folder.ts";
import { show } from "../output.ts";
import { reserveSecretFile } from "../secret-file.ts";
import { type Answers, answersOf, type InitOptions } from "./answers.ts";

const actor = "cli";

/** Asks what it has to know, then makes organization, admin and API key. */
export async function init(options: InitOptions) {
  const config = configOf(options);
  const answers = await answersOf(options);
  demandFreeName(answers.organization, config);
  prepareFolder(config);
  const file = options.keyFile === undefined ? undefined : reserveSecretFile(options.keyFile);
  try {
    const opened = await openFolder(config);
    try {
      const made = await setUp(answers, config, servicesOf(opened, config));
      file?.write(`${made.apiKey}\n`);
      tell(made, config, options);
      return exits.ok;
    } finally {
      await opened.store.close();
    }
  } finally {
    file?.close();
  }
}

/** Looked at before a key for the organization is made, which would stay behind. */
function demandFreeName(name: string, config: Config): void {
  if (!existsSync(config.databasePath)) return;
  const connection = openForReading(config);
  try {
    if (inspectSchema(connection).state !== "current") return;
    const taken = connection.prepare("SELECT 1 FROM organizations WHERE name = ?").get(name);
    if (taken === undefined) return;
    throw new CliError(
      exits.negative,
      `There is already an organization "${name}" in this data folder.`,
      "name_taken",
    );
  } finally {
    connection.close();
  }
}

function servicesOf({ store, keyring }: OpenStore, config: Config): EngineServices {
  const production = config.mode === "production";
  return {
    store,
    settings: createSettings(store.settings, { issuer: config.publicUrl, production }),
    clock,
    random: systemRandom,
    vault: keyring,
    dispatch: () => undefined,
  };
}

interface Made {
  readonly organization: string;
  readonly name: string;
  readonly user: string;
  readonly country?: string | undefined;
  readonly apiKey: string;
}

async function setUp(answers: Answers, config: Config, services: EngineServices): Promise<Made> {
  const { store } = services;
  const now = services.clock.now();
  const organization: Organization = {
    id: timeOrderedId(now, services.random),
    name: answers.organization,
    displayName: answers.displayName,
    locale: canonicalLocale(answers.locale) ?? answers.locale,
    country: answers.country,
    policy: {},
    createdAt: now,
  };
  // Read before anything is written: a wrong number must not leave half an organization.
  const destinations = destinationsOf(answers);
  const audit = (type: AuditDraft["type"], details: AuditDraft["details"]): AuditDraft => ({
    type,
    organization: organization.id,
    actor,
    details,
  });
  await store.settings.organizations.insert(
    organization,
    audit("organization.created", { name: organization.name }),
  );
  const user = await addAdmin(answers, organization.id, destinations, services);
  const key = generateApiKey(config.mode === "production" ? "live" : "test", services.random);
  await store.settings.apiKeys.insert(
    {
      id: key.id,
      organization: organization.id,
      name: answers.keyName,
      digest: key.digest,
      lastFour: key.lastFour,
      scopes: ["admin"],
      createdAt: now,
    },
    audit("api_key.created", { id: key.id, scopes: "admin" }),
  );
  const { id, name, country } = organization;
  return { organization: id, name, user: user.id, country, apiKey: key.key };
}

interface NamedDestination extends Destination {
  readonly via: DeliveryVia;
}

function destinationsOf({ email, phone, country }: Answers): readonly NamedDestination[] {
  const read = (via: DeliveryVia, input: string): NamedDestination => {
    const destination = parseDestination(via, input, { country });
    demandUsable(via, destination);
    return { via, ...destination };
  };
  return [
    ...(email === undefined ? [] : [read("email", email)]),
    ...(phone === undefined ? [] : [read("sms", phone), read("voice", phone)]),
  ];
}

async function addAdmin(
  answers: Answers,
  organization: string,
  destinations: readonly NamedDestination[],
  services: EngineServices,
): Promise<User> {
  const now = services.clock.now();
  const user: User = {
    id: timeOrderedId(now, services.random),
    organization,
    externalId: answers.admin,
    displayName: answers.adminName,
    role: "admin",
    policy: {},
    createdAt: now,
    updatedAt: now,
  };
  const authenticators = destinations.map(({ via, ...read }): Authenticator => {
    const destination = keyedDestination(organization, via, read, services.vault);
    return vouchedDestination({ organization, actor, user: user.id, kind: via, destination }, services);
  });
  const kinds = authenticators.map(({ kind }) => kind).join(",");
  await services.store.users.insert(user, authenticators, {
    type: "user.created",
    organization,
    user: user.id,
    actor,
    details: { role: user.role, kinds },
  });
  return user;
}

function tell(made: Made, config: Config, options: InitOptions): void {
  const { apiKey, ...known } = made;
  const { keyFile } = options;
  const keys =
    config.keyFile === undefined ? [] : [`Keys          ${config.keyFile}   (keep a copy in another place)`];
  show(options, { ...known, data: config.data, ...(keyFile === undefined ? { apiKey } : { keyFile }) }, [
    `Organization  ${made.name} (${made.organization})`,
    `Admin         ${made.user}`,
    `Data          ${config.data}`,
    ...keys,
    keyFile === undefined ? `API key       ${apiKey}` : `API key       in ${keyFile}`,
    `Telephones    ${made.country ?? "none yet: set the organization's country, or open countries in its policy"}`,
    "",
    ...(keyFile === undefined ? ["This is the only time that the API key is shown.", ""] : []),
    `Start the server:  countersign serve --data ${config.data}`,
  ]);
}
