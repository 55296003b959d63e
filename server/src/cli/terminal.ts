import { CliError, exits } from "./exit.ts";

/** Whether there is a person to ask: questions go to stderr, so that stdout stays the answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export interface Question {
  readonly message: string;
  readonly initial?: string | undefined;
  /** A sentence when the answer cannot be taken. */
  readonly check?: ((answer: string) => string | undefined) | undefined;
}

/** Asks for a line. Throws when it is given up. */
export async function ask({ message, initial, check }: Question): Promise<string> {
  const { text } = await prompts();
  const answer = await text({
    message,
    ...(initial !== undefined && { initialValue: initial }),
    validate: (given) => check?.(given ?? ""),
    output: process.stderr,
  });
  return told(answer);
}

/** Asks for something that is not to be seen on the screen. */
export async function askSecret(message: string): Promise<string> {
  const { password } = await prompts();
  return told(await password({ message, output: process.stderr }));
}

/** Only commands that ask need it, and a server never does. */
function prompts() {
  return import("@clack/prompts");
}

/** The whole of stdin, when it is a file or a pipe. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function told(answer: unknown): string {
  // A question that was cancelled is answered with a symbol.
  if (typeof answer !== "string") {
    throw new CliError(exits.usage, "Given up; nothing was done.", "given_up");
  }
  return answer;
}
