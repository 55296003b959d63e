import type { Command } from "commander";
import { scopes } from "../engine/settings.ts";
import { connectApi, path } from "./api.ts";
import { exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show, table } from "./output.ts";
import { reserveSecretFile } from "./secret-file.ts";

/** `countersign key …`: API keys of a running server. (`countersign keys …` is about the server's own key material.) */
export function keyCommand(program: Command): void {
  const key = program.command("key").description("API keys: create, list, revoke");
  withServer(key.command("create"))
    .description("Create an API key; it is shown once")
    .argument("<name>", "name to recognise it by")
    .requiredOption("--scopes <list>", `what it may do, with commas: ${scopes.join(", ")}`)
    .option("--app <id>", "the key works for this app only")
    .option("--expires <time>", "end of its life, RFC 3339")
    .option("--out <file>", "write the key into this new file (mode 0600) instead of showing it")
    .action(async (name: string, options: CreateOptions) => {
      process.exitCode = await createKey(name, options);
    });
  withServer(key.command("list"))
    .description("List the API keys")
    .action(async (options: ServerOptions) => {
      process.exitCode = await listKeys(options);
    });
  withServer(key.command("revoke"))
    .description("Revoke an API key, at once and for good")
    .argument("<id>", "id of the key (its first ten characters after cs_live_ or cs_test_)")
    .action(async (id: string, options: ServerOptions) => {
      await connectApi(options, process.env).request("DELETE", path("v1", "api-keys", id));
      show(options, { id, revoked: true }, [`The API key ${id} is revoked.`]);
      process.exitCode = exits.ok;
    });
}

interface CreateOptions extends ServerOptions {
  readonly scopes: string;
  readonly app?: string;
  readonly expires?: string;
  readonly out?: string;
}

interface KeyAnswer {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly app?: string;
  readonly lastFour: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

async function createKey(name: string, options: CreateOptions) {
  const { app, expires, out } = options;
  const api = connectApi(options, process.env);
  const wanted = options.scopes.split(",").map((scope) => scope.trim());
  const body = { name, scopes: wanted, app, expiresAt: expires };
  const file = out === undefined ? undefined : reserveSecretFile(out);
  try {
    const made = await api.request<KeyAnswer & { readonly key: string }>("POST", "/v1/api-keys", body);
    if (file === undefined) {
      show(options, made, [made.key, "", "This is the only time that the key is shown."]);
      return exits.ok;
    }
    file.write(`${made.key}\n`);
    const { key: _secret, ...known } = made;
    show(options, { ...known, keyFile: out }, [`The key ${made.id} is in ${out}.`]);
    return exits.ok;
  } finally {
    file?.close();
  }
}

async function listKeys(options: ServerOptions) {
  const apiKeys = await connectApi(options, process.env).all<KeyAnswer>("/v1/api-keys", "apiKeys");
  const rows = apiKeys.map((key) => [
    key.id,
    key.name,
    `…${key.lastFour}`,
    stateOf(key),
    key.scopes.join(","),
  ]);
  show(options, { apiKeys }, table(["ID", "NAME", "ENDS", "STATE", "SCOPES"], rows));
  return exits.ok;
}

function stateOf({ revokedAt, expiresAt }: KeyAnswer): string {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt === undefined ? "active" : `until ${expiresAt}`;
}
