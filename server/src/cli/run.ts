import { type Command, CommanderError } from "commander";
import { CliError, exits, failingOf } from "./exit.ts";

/** The shape of an API key, wherever it stands in an argument. */
const keyShape = /cs_(?:live|test)_[0-9A-Za-z]{20,}/;

/**
 * Runs the command line to its end and sets the exit code; nothing is thrown. The program and all its commands were made
 * with `exitOverride`.
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? exits.ok : exits.tryAgain);
  });
  try {
    refuseSecrets(argv);
    refuseUnknown(program, argv[2]);
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) complain(argv, error);
    else if (error.exitCode === 0) process.exitCode = exits.ok;
    else misunderstood(argv, error);
  }
}

function refuseSecrets(argv: readonly string[]): void {
  if (!argv.some((argument) => keyShape.test(argument))) return;
  throw new CliError(
    exits.usage,
    "An API key does not belong into the arguments, where the shell's history and every user of this machine can read it. Put it into a file of mode 0600 and name that with --key-file, or set COUNTERSIGN_API_KEY.",
    "secret_in_arguments",
  );
}

/** Commander hands an unknown word to the default command, which then complains about something else. */
function refuseUnknown(program: Command, word: string | undefined): void {
  if (word === undefined || word.startsWith("-") || word === "help") return;
  if (program.commands.some((command) => command.name() === word)) return;
  const names = program.commands.map((command) => command.name()).join(", ");
  throw new CliError(exits.usage, `There is no command "${word}". There are: ${names}.`, "unknown_command");
}

/** Commander has already told what was wrong with the arguments, but not to a program. */
function misunderstood(argv: readonly string[], { message }: CommanderError): void {
  if (argv.includes("--json")) {
    complain(argv, new CliError(exits.usage, message.replace(/^error: /u, ""), "usage"));
  }
  process.exitCode = exits.usage;
}

function complain(argv: readonly string[], error: unknown): void {
  const { exit, code, sentence } = failingOf(error);
  const json = JSON.stringify({ error: { code, message: sentence, exit } });
  process.stderr.write(`${argv.includes("--json") ? json : sentence}\n`);
  process.exitCode = exit;
}
