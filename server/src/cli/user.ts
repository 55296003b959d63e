import { type Command, Option } from "commander";
import { roles } from "../engine/model.ts";
import { type Api, connectApi, path } from "./api.ts";
import { exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { plain, show, table } from "./output.ts";
import { findUser, type UserAnswer } from "./people.ts";

const who = "user id or external id";

/** `countersign user …` */
export function userCommand(program: Command): void {
  const user = program.command("user").description("Users: add, list, show, disable, enable, remove");
  withServer(user.command("add"))
    .description("Add a user with the address and number that you vouch for")
    .option("--external-id <id>", "the calling system's own id of this person")
    .option("--name <name>", "name to show")
    .option("--email <address>", "becomes an active authenticator")
    .option("--phone <number>", "becomes authenticators for sms and voice")
    .option("--locale <tag>", "language of messages")
    .addOption(new Option("--role <role>", "member if not given").choices(roles))
    .action(async (options: AddOptions) => {
      process.exitCode = await addUser(options);
    });
  withServer(user.command("list"))
    .description("List the users")
    .action(async (options: ServerOptions) => {
      process.exitCode = await listUsers(options);
    });
  withServer(user.command("show"))
    .description("Show a user with their authenticators")
    .argument("<user>", who)
    .action(async (name: string, options: ServerOptions) => {
      process.exitCode = await showUser(name, options);
    });
  changeCommand(user, "disable", "Disable a user: nothing can be proven as them any more");
  changeCommand(user, "enable", "Enable a disabled user");
  withServer(user.command("remove"))
    .description("Remove a user with all authenticators; the audit record keeps the id only")
    .argument("<user>", who)
    .action(async (name: string, options: ServerOptions) => {
      const api = connectApi(options, process.env);
      const { id } = await findUser(name, api);
      await api.request("DELETE", path("v1", "users", id));
      show(options, { id, removed: true }, [`The user ${id} is removed.`]);
      process.exitCode = exits.ok;
    });
}

function changeCommand(user: Command, verb: "disable" | "enable", description: string): void {
  withServer(user.command(verb))
    .description(description)
    .argument("<user>", who)
    .action(async (name: string, options: ServerOptions) => {
      const api = connectApi(options, process.env);
      const { id } = await findUser(name, api);
      const body = { disabled: verb === "disable" };
      const changed = await api.request<UserAnswer>("PATCH", path("v1", "users", id), body);
      show(options, changed, [`The user ${id} is ${verb}d.`]);
      process.exitCode = exits.ok;
    });
}

interface AddOptions extends ServerOptions {
  readonly externalId?: string;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly locale?: string;
  readonly role?: string;
}

async function addUser(options: AddOptions) {
  const { externalId, name: displayName, email, phone, locale, role } = options;
  const body = { externalId, displayName, email, phone, locale, role };
  const user = await connectApi(options, process.env).request<UserAnswer>("POST", "/v1/users", body);
  show(options, user, userText(user));
  return exits.ok;
}

async function listUsers(options: ServerOptions) {
  const users = await connectApi(options, process.env).all<UserAnswer>("/v1/users", "users");
  const rows = users.map((user) => [
    user.id,
    user.externalId ?? "",
    user.displayName ?? "",
    user.role,
    user.disabledAt === undefined ? "active" : "disabled",
  ]);
  show(options, { users }, table(["ID", "EXTERNAL ID", "NAME", "ROLE", "STATE"], rows));
  return exits.ok;
}

interface AuthenticatorAnswer {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly hint: string;
  readonly failures: number;
}

async function showUser(name: string, options: ServerOptions) {
  const api = connectApi(options, process.env);
  const user = await findUser(name, api);
  const authenticators = await authenticatorsOf(user.id, api);
  const rows = authenticators.map((one) => [one.id, one.kind, one.status, one.hint, String(one.failures)]);
  show(options, { ...user, authenticators }, [
    ...userText(user),
    "",
    ...table(["AUTHENTICATOR", "KIND", "STATUS", "TO", "FAILURES"], rows),
  ]);
  return exits.ok;
}

async function authenticatorsOf(user: string, api: Api): Promise<readonly AuthenticatorAnswer[]> {
  const answer = await api.request<{ readonly authenticators: readonly AuthenticatorAnswer[] }>(
    "GET",
    path("v1", "users", user, "authenticators"),
  );
  return answer.authenticators;
}

function userText(user: UserAnswer): readonly string[] {
  return [
    `User         ${user.id}`,
    ...(user.externalId === undefined ? [] : [`External id  ${plain(user.externalId)}`]),
    ...(user.displayName === undefined ? [] : [`Name         ${plain(user.displayName)}`]),
    `Role         ${user.role}`,
    `State        ${user.disabledAt === undefined ? "active" : `disabled since ${user.disabledAt}`}`,
  ];
}
