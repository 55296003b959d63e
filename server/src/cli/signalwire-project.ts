import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { connectApi, path } from "./api.ts";
import { CliError, exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { remark, show, table } from "./output.ts";
import { reserveSecretFile } from "./secret-file.ts";

const list = ["v1", "signalwire-projects"] as const;

/** `countersign signalwire-project …`: who may log in to the SignalWire-compatible API. */
export function signalwireProjectCommand(program: Command): void {
  const project = program
    .command("signalwire-project")
    .description("SignalWire projects, for clients of its MFA API: add, list, remove");
  withServer(project.command("add"))
    .description("Add a project; a token that is made is shown once")
    .argument("[name]", "name to recognise it by", "SignalWire")
    .option("--project <id>", "id of an existing project; if not given, one is made")
    .option("--token-file <file>", "file that holds the existing API token")
    .option("--token <token>", "the existing API token itself; others on this machine may see it")
    .option("--from <numbers>", "numbers that messages may come from, with commas; the first is the default")
    .option("--app <id>", "the app whose policy holds")
    .option("--refuse-links", "refuse messages that hold a link")
    .option("--out <file>", "write a token that is made into this new file (mode 0600) instead of showing it")
    .action(async (name: string, options: AddOptions) => {
      process.exitCode = await addProject(name, options);
    });
  withServer(project.command("list"))
    .description("List the projects")
    .action(async (options: ServerOptions) => {
      process.exitCode = await listProjects(options);
    });
  withServer(project.command("remove"))
    .description("Remove a project: its token opens nothing any more, and what it sent cannot be verified")
    .argument("<project>", "id of the project")
    .action(async (id: string, options: ServerOptions) => {
      await connectApi(options, process.env).request("DELETE", path(...list, id.toLowerCase()));
      show(options, { id, removed: true }, [`The project ${id} is removed.`]);
      process.exitCode = exits.ok;
    });
}

interface AddOptions extends ServerOptions {
  readonly project?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly from?: string;
  readonly app?: string;
  readonly refuseLinks?: true;
  readonly out?: string;
}

interface ProjectAnswer {
  readonly id: string;
  readonly name: string;
  readonly lastFour: string;
  readonly from: readonly string[];
  readonly links: string;
  readonly createdAt: string;
}

async function addProject(name: string, options: AddOptions) {
  const { project, app, out } = options;
  const token = givenToken(options);
  const api = connectApi(options, process.env);
  const from = options.from?.split(",").map((number) => number.trim());
  const links = options.refuseLinks && "refused";
  const body = { name, project, token, from, links, app };
  const file = out === undefined || token !== undefined ? undefined : reserveSecretFile(out);
  try {
    const made = await api.request<ProjectAnswer & { readonly token?: string }>("POST", path(...list), body);
    const { token: secret, ...known } = made;
    if (file === undefined || secret === undefined) {
      show(options, made, addedText(made, api.url));
      return exits.ok;
    }
    file.write(`${secret}\n`);
    show(options, { ...known, tokenFile: out }, [...addedText(known, api.url), `Token    in ${out}`]);
    return exits.ok;
  } finally {
    file?.close();
  }
}

function addedText({ id, token }: { readonly id: string; readonly token?: string }, url: string) {
  return [
    `Host     ${url}`,
    `Project  ${id}`,
    ...(token === undefined
      ? []
      : [`Token    ${token}`, "", "This is the only time that the token is shown."]),
  ];
}

/** An argument stands in the list of processes and in the shell's history: a file is the better way. */
function givenToken({ token, tokenFile }: AddOptions): string | undefined {
  if (token !== undefined && tokenFile !== undefined) {
    throw new CliError(exits.usage, "Give either --token or --token-file.", "token_twice");
  }
  if (token !== undefined)
    remark("Others on this machine may see the token: --token-file keeps it out of sight.");
  if (tokenFile === undefined) return token;
  try {
    return readFileSync(tokenFile, "utf8").trim();
  } catch {
    throw new CliError(
      exits.configuration,
      `The file of the token ${tokenFile} cannot be read.`,
      "token_missing",
    );
  }
}

async function listProjects(options: ServerOptions) {
  const api = connectApi(options, process.env);
  const projects = await api.all<ProjectAnswer>(path(...list), "signalwireProjects");
  const rows = projects.map(({ id, name, lastFour, from }) => [id, name, `…${lastFour}`, from.join(",")]);
  show(options, { projects }, table(["PROJECT", "NAME", "ENDS", "FROM"], rows));
  return exits.ok;
}
