import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { connectApi } from "./api.ts";
import { CliError, exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show, table } from "./output.ts";
import { startProgress } from "./progress.ts";

/** `countersign policy …`: what other settings would have done. */
export function policyCommand(program: Command): void {
  const policy = program.command("policy").description("Send rules, tried before they are set");
  withServer(policy.command("rehearse"))
    .description(
      "Say what send rules would have blocked of the messages of the last days; nothing is changed",
    )
    .option("--days <days>", "how far back to look, 1 to 30", "7")
    .option(
      "--rules <file>",
      "JSON file with the send rules that would be different; without it those in force",
    )
    .action(async (options: RehearseOptions) => {
      process.exitCode = await rehearse(options);
    });
}

interface RehearseOptions extends ServerOptions {
  readonly days: string;
  readonly rules?: string;
}

interface Blocked {
  readonly blocked: number;
  readonly approvedLater: number;
}

interface Rehearsed extends Blocked {
  readonly from: string;
  readonly until: string;
  readonly complete: boolean;
  readonly messages: number;
  readonly rules: readonly (Blocked & { readonly rule: string })[];
  readonly countries: readonly (Blocked & { readonly country: string })[];
  readonly days: readonly (Blocked & { readonly day: string; readonly messages: number })[];
  readonly forgotten: number;
  readonly notAsked: readonly { readonly rule: string; readonly messages: number }[];
}

async function rehearse(options: RehearseOptions) {
  if (!/^\d{1,2}$/.test(options.days)) {
    throw new CliError(exits.usage, "--days is a whole number from 1 to 30.", "days_malformed");
  }
  const sending = options.rules === undefined ? undefined : rulesIn(options.rules);
  const body = { days: Number(options.days), ...(sending && { policy: { sending } }) };
  const progress = startProgress("Playing messages", options);
  progress.at(0);
  const rehearsed = await connectApi(options, process.env)
    .request<Rehearsed>("POST", "/v1/policy/rehearse", body)
    .finally(progress.end);
  show(options, rehearsed, linesOf(rehearsed));
  return exits.ok;
}

/** As they would stand in `sending` of a policy. */
function rulesIn(file: string): object {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new CliError(exits.usage, `${file} cannot be read as JSON.`, "rules_unreadable");
  }
  if (typeof read === "object" && read !== null && !Array.isArray(read)) return read;
  throw new CliError(exits.usage, `${file} is not a JSON object of send rules.`, "rules_malformed");
}

function linesOf(rehearsed: Rehearsed): readonly string[] {
  const { messages, blocked, approvedLater, rules, countries, days, forgotten, notAsked } = rehearsed;
  return [
    `${blocked} of ${messages} messages blocked, of which ${approvedLater} were later approved`,
    ...(rehearsed.complete
      ? []
      : [`Not all of them: there was too much after ${rehearsed.until}. Ask for fewer days.`]),
    ...section("RULE", rules, ({ rule }) => rule),
    ...section("COUNTRY", countries, ({ country }) => country),
    ...section(
      "DAY",
      days.filter((one) => one.blocked > 0),
      ({ day }) => day,
    ),
    ...(forgotten + notAsked.length === 0 ? [] : [""]),
    ...(forgotten === 0
      ? []
      : [`Of ${forgotten} messages no number is known any more: taken for ones that go.`]),
    ...notAsked.map((one) => `${one.rule} could not be asked, or not in full, of ${one.messages} messages.`),
  ];
}

function section<Row extends Blocked>(
  title: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [nameOf(row), String(row.blocked), String(row.approvedLater)]);
  return ["", ...table([title, "BLOCKED", "LATER APPROVED"], cells)];
}
