import type { OrganizationId, User } from "../../../engine/model.ts";
import type { UserStore } from "../../../engine/users.ts";
import type { PageOf, PageRequest } from "../../page.ts";

/** Users looked at in one read, and reads for one page: what others wait for meanwhile stays short. */
const usersPerRead = 1_000;
const readsPerPage = 10;

/**
 * Users whose names hold every word of a text somewhere, whatever its case and accents, in order of id. It looks at 10,000 users at most,
 * so a page may hold few or none before the last one.
 */
export async function usersNamed(
  text: string,
  { after, limit = 50 }: PageRequest,
  organization: OrganizationId,
  users: Pick<UserStore, "list">,
): Promise<PageOf<User>> {
  const words = wordsOf(text);
  const found: User[] = [];
  let last = after;
  for (let reads = 0; reads < readsPerPage; reads += 1) {
    const read = await users.list(organization, { after: last, limit: usersPerRead });
    found.push(...read.filter((user) => isNamed(user, words)));
    last = read.at(-1)?.id;
    if (found.length > limit) break;
    if (read.length < usersPerRead || last === undefined) return { rows: found, next: null };
  }
  const rows = found.slice(0, limit);
  // Where a page is cut, the next one begins behind its last user, else behind the last one that was looked at.
  return { rows, next: (found.length > limit ? rows.at(-1)?.id : last) ?? null };
}

export function wordsOf(text: string): readonly string[] {
  return plain(text).split(/\s+/).filter(Boolean);
}

/** Whether a user's name holds each of the words of {@link wordsOf}. */
export function isNamed({ displayName = "" }: Pick<User, "displayName">, words: readonly string[]): boolean {
  const name = plain(displayName);
  return words.every((word) => name.includes(word));
}

function plain(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
