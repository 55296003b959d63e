import { type Client, CountersignApiError, type User } from "@countersign/client";

/** Those whose name or id of the calling system has the text somewhere in it, whatever its case and accents. */
export function narrowed(people: readonly User[], text: string): readonly User[] {
  const wanted = plain(text.trim());
  return people.filter(({ displayName, externalId }) =>
    [displayName, externalId].some((one) => plain(one ?? "").includes(wanted)),
  );
}

function plain(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** The person whom the calling system, or this server, knows by exactly this id. */
export async function withId(id: string, client: Pick<Client, "users">): Promise<User | undefined> {
  const { users } = await client.users.list({ externalId: id });
  if (users[0] !== undefined) return users[0];
  try {
    return await client.users.get(id);
  } catch (error) {
    const isNoId = error instanceof CountersignApiError && (error.status === 404 || error.status === 400);
    if (isNoId) return undefined;
    throw error;
  }
}
