import { type Api, path } from "./api.ts";
import { CliError, exits } from "./exit.ts";

/** A user as the API shows it. */
export interface UserAnswer {
  readonly id: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly locale?: string;
  readonly role: string;
  readonly disabledAt?: string;
  readonly createdAt: string;
}

const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The user with this id, or with this id of the calling system. Throws when there is none (exit 1). */
export async function findUser(name: string, api: Api): Promise<UserAnswer> {
  if (idShape.test(name)) return api.request("GET", path("v1", "users", name));
  const { users } = await api.request<{ readonly users: readonly UserAnswer[] }>(
    "GET",
    `/v1/users?externalId=${encodeURIComponent(name)}`,
  );
  const [user] = users;
  if (user === undefined) {
    throw new CliError(exits.negative, `There is no user with the id or external id "${name}".`, "not_found");
  }
  return user;
}

/** Whether a word names a number or an address rather than a user. */
export function isDestination(word: string): boolean {
  return word.includes("@") || /^\+[\d\s().-]{6,}$/.test(word);
}
