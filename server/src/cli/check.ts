import type { Command } from "commander";
import { connectApi, path } from "./api.ts";
import { CliError, exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show } from "./output.ts";
import { askSecret, canAsk, readStdin } from "./terminal.ts";

/** `countersign check <verification> [code]` */
export function checkCommand(program: Command): void {
  withServer(program.command("check"))
    .description("Check the code of a verification; exit 0 when approved, 1 when not")
    .argument("<verification>", "id of the verification")
    .argument("[code...]", "the code, also in groups; asked for, or read from stdin, when not given")
    .option("--locale <tag>", "language of an answer in words")
    .action(async (verification: string, groups: readonly string[], options: CheckOptions) => {
      process.exitCode = await check(verification, groups.join(" "), options);
    });
}

interface CheckOptions extends ServerOptions {
  readonly locale?: string;
}

interface CheckAnswer {
  readonly approved: boolean;
  readonly status?: string;
  readonly attempts?: number;
  readonly reason?: string;
  readonly receipt?: string;
  readonly assurance?: string;
}

async function check(verification: string, given: string, options: CheckOptions) {
  const api = connectApi(options, process.env);
  const code = given === "" ? await codeOfPerson() : given;
  const answer = await api.request<CheckAnswer>("POST", path("v1", "verifications", verification, "check"), {
    code,
    locale: options.locale,
  });
  show(options, answer, textOf(answer));
  return answer.approved ? exits.ok : exits.negative;
}

async function codeOfPerson(): Promise<string> {
  const code = canAsk() ? await askSecret("Code") : (await readStdin()).trim();
  if (code === "") throw new CliError(exits.usage, "No code was given.", "code_missing");
  return code;
}

function textOf(answer: CheckAnswer): readonly string[] {
  if (answer.approved) return [`Approved (assurance: ${answer.assurance ?? "not told"}).`];
  const reason = answer.reason === undefined ? "" : ` (${answer.reason})`;
  return [`Not approved${reason}.`];
}
