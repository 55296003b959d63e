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

/** Pages of a search by name that are read before nobody is said to be found. */
const mostPages = 10;

/** Whoever has exactly this id, else those whose names hold these words, at most a page of them. */
export async function lookFor(text: string, client: Pick<Client, "users">): Promise<readonly User[]> {
  const one = await withId(text, client);
  if (one !== undefined) return [one];
  let after: string | null = "";
  for (let pages = 0; pages < mostPages && after !== null; pages += 1) {
    const page: Awaited<ReturnType<Client["users"]["list"]>> = await client.users.list({
      name: text,
      ...(after !== "" && { after }),
    });
    if (page.users.length > 0) return page.users;
    after = page.next;
  }
  return [];
}

/** The person whom the calling system, or this server, knows by exactly this id. */
async function withId(id: string, client: Pick<Client, "users">): Promise<User | undefined> {
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
