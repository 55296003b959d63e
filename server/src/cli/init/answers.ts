import { canonicalLocale } from "../../languages/negotiate.ts";
import { CliError, exits } from "../exit.ts";
import type { FolderOptions } from "../options.ts";
import { ask, canAsk } from "../terminal.ts";

export interface InitOptions extends FolderOptions {
  readonly organization?: string;
  readonly displayName?: string;
  readonly locale?: string;
  readonly country?: string;
  readonly admin?: string;
  readonly adminName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly keyName?: string;
  readonly keyFile?: string;
}

/** What `init` has to know, from the options or from the person. */
export interface Answers {
  readonly organization: string;
  readonly displayName: string;
  readonly locale: string;
  readonly country: string | undefined;
  readonly admin: string;
  readonly adminName: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly keyName: string;
}

type Check = (answer: string) => string | undefined;

const checkName: Check = (name) =>
  /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)
    ? undefined
    : "The name of an organization is made of a–z, 0–9 and hyphens, at most 63 characters.";
const checkLocale: Check = (tag) =>
  canonicalLocale(tag) === undefined ? "This is not a language tag such as en or de-AT." : undefined;
const checkCountry: Check = (code) =>
  code === "" || /^[A-Z]{2}$/.test(code) ? undefined : "A country is two capital letters, such as DE.";

/** Asks for what the options leave open when there is a person to ask; otherwise the least must be given. */
export async function answersOf(options: InitOptions): Promise<Answers> {
  const isOpen = options.organization === undefined && !options.json && canAsk();
  const given = isOpen ? await interview(options) : options;
  const { organization } = given;
  if (organization === undefined) {
    throw new CliError(exits.usage, "Name the organization with --organization.", "organization_missing");
  }
  const answers: Answers = {
    organization,
    displayName: textOf(given.displayName) ?? organization,
    locale: textOf(given.locale) ?? "en",
    country: textOf(given.country),
    admin: textOf(given.admin) ?? "admin",
    adminName: textOf(given.adminName),
    email: textOf(given.email),
    phone: textOf(given.phone),
    keyName: textOf(given.keyName) ?? "first key",
  };
  demandSound(answers);
  return answers;
}

/** A line that was left empty is no answer. */
function textOf(answer: string | undefined): string | undefined {
  const text = answer?.trim();
  return text === "" ? undefined : text;
}

function demandSound({ organization, locale, country, email, phone }: Answers): void {
  for (const problem of [checkName(organization), checkLocale(locale), checkCountry(country ?? "")]) {
    if (problem !== undefined) throw new CliError(exits.usage, problem, "invalid_answer");
  }
  if (email !== undefined || phone !== undefined) return;
  throw new CliError(
    exits.usage,
    "Give the first admin an address or a number with --email or --phone: without one nobody can sign in.",
    "destination_missing",
  );
}

async function interview(options: InitOptions): Promise<InitOptions> {
  const organization = await ask({ message: "Short name of the organization", check: checkName });
  return {
    organization,
    displayName: await ask({
      message: "Name that people are shown",
      initial: options.displayName ?? organization,
    }),
    locale: await ask({
      message: "Language of messages",
      initial: options.locale ?? "en",
      check: checkLocale,
    }),
    country: await ask({
      message: "Country of numbers without a country code (may stay empty)",
      initial: options.country,
      check: checkCountry,
    }),
    admin: await ask({ message: "Your own id of the first admin", initial: options.admin ?? "admin" }),
    adminName: await ask({ message: "Name of the first admin (may stay empty)", initial: options.adminName }),
    email: await ask({ message: "Their e-mail address (may stay empty)", initial: options.email }),
    phone: await ask({ message: "Their telephone number (may stay empty)", initial: options.phone }),
    ...(options.keyName !== undefined && { keyName: options.keyName }),
    ...(options.keyFile !== undefined && { keyFile: options.keyFile }),
  };
}
