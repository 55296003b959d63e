import { type Command, Option } from "commander";
import { connectApi } from "./api.ts";
import { exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show, table } from "./output.ts";

/** `countersign sending …`: what goes to telephones, and what the send rules say of it. */
export function sendingCommand(program: Command): void {
  const sending = program
    .command("sending")
    .description("Messages to telephones: totals, and why one would not go");
  withServer(sending.command("show", { isDefault: true }))
    .description("Show messages, spending, countries and what is blocked")
    .action(async (options: ServerOptions) => {
      process.exitCode = await showSending(options);
    });
  withServer(sending.command("explain"))
    .description("Say whether a message to a number would go; nothing is sent or counted")
    .argument("<to>", "E.164 number")
    .addOption(new Option("--via <via>", "how it would be sent").choices(["sms", "voice"]).default("sms"))
    .option("--app <id>", "app that would ask")
    .option("--publication <id>", "publication that would ask")
    .option("--source <address>", "IP address of the end user who would ask")
    .action(async (to: string, options: ExplainOptions) => {
      process.exitCode = await explain(to, options);
    });
}

interface Totals {
  readonly sends: number;
  readonly sendsLimit: number | null;
  readonly spentMicros: number;
  readonly spendLimitMicros: number | null;
}

interface Overview {
  readonly enforce: "block" | "monitor";
  readonly currency: string;
  readonly hour: Totals;
  readonly day: Totals;
  readonly countries: readonly {
    readonly country: string;
    readonly callingCode: string;
    readonly sends: number;
    readonly judged: { readonly sends: number; readonly approved: number };
    readonly blockedUntil?: string;
  }[];
  readonly blockedPrefixes: readonly {
    readonly id: string;
    readonly country: string;
    readonly callingCode: string;
    readonly blockedUntil: string;
  }[];
}

async function showSending(options: ServerOptions) {
  const overview = await connectApi(options, process.env).request<Overview>("GET", "/v1/sending");
  const { enforce, currency, hour, day, countries, blockedPrefixes } = overview;
  show(options, overview, [
    `Rules      ${enforce === "block" ? "refuse" : "watch only"}`,
    `Last hour  ${totalsText(hour, currency)}`,
    `Last day   ${totalsText(day, currency)}`,
    ...(countries.length === 0 ? [] : ["", ...countryTable(countries)]),
    ...(blockedPrefixes.length === 0 ? [] : ["", ...prefixTable(blockedPrefixes)]),
  ]);
  return exits.ok;
}

function totalsText({ sends, sendsLimit, spentMicros, spendLimitMicros }: Totals, currency: string): string {
  const of = (limit: number | null, text: (value: number) => string) =>
    limit === null ? "" : ` of ${text(limit)}`;
  const money = (micros: number) => `${(micros / 1_000_000).toFixed(2)} ${currency}`;
  return `${sends}${of(sendsLimit, String)} ${sends === 1 ? "message" : "messages"}, ${money(spentMicros)}${of(spendLimitMicros, money)}`;
}

function countryTable(countries: Overview["countries"]): readonly string[] {
  return table(
    ["COUNTRY", "CODE", "LAST DAY", "ANSWERED", "NEW NUMBERS"],
    countries.map(({ country, callingCode, sends, judged, blockedUntil }) => [
      country,
      callingCode,
      String(sends),
      judged.sends === 0 ? "-" : `${judged.approved} of ${judged.sends}`,
      blockedUntil === undefined ? "go" : `wait until ${blockedUntil}`,
    ]),
  );
}

function prefixTable(prefixes: Overview["blockedPrefixes"]): readonly string[] {
  return table(
    ["BLOCKED RANGE", "COUNTRY", "CODE", "UNTIL"],
    prefixes.map(({ id, country, callingCode, blockedUntil }) => [id, country, callingCode, blockedUntil]),
  );
}

interface ExplainOptions extends ServerOptions {
  readonly via: string;
  readonly app?: string;
  readonly publication?: string;
  readonly source?: string;
}

interface Explained {
  readonly allowed: boolean;
  readonly enforce: string;
  readonly country?: string;
  readonly callingCode?: string;
  readonly type?: string;
  readonly refusals: readonly {
    readonly rule: string;
    readonly help: string;
    readonly retryAfterSeconds?: number;
  }[];
}

/** Exit 0: it would go; 1: it would not. */
async function explain(to: string, options: ExplainOptions) {
  const { via, app, publication, source } = options;
  const body = { to, via, app, publication, source };
  const explained = await connectApi(options, process.env).request<Explained>(
    "POST",
    "/v1/sending/explain",
    body,
  );
  const { allowed, country = "no country", callingCode = "", type = "unknown", refusals } = explained;
  show(options, explained, [
    `${allowed ? "It would go" : "It would not go"}: ${via} to ${country} ${callingCode}, ${type.replaceAll("_", " ")}`,
    ...refusals.map(({ rule, help, retryAfterSeconds }) => {
      const wait = retryAfterSeconds === undefined ? "" : ` (for ${retryAfterSeconds} s)`;
      return `${rule}${wait}: ${help}`;
    }),
  ]);
  return allowed ? exits.ok : exits.negative;
}
