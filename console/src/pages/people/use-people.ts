import type { AuditEvent } from "@countersign/client";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../../session/session.tsx";

const pageSize = 100;

/** All people, a page at a time. */
export function usePeople() {
  const { client } = useSession();
  return useInfiniteQuery({
    queryKey: ["users", "pages"],
    queryFn: ({ pageParam, signal }) =>
      client.users.list({ limit: pageSize, ...(pageParam !== "" && { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ users }) => users),
  });
}

export function usePerson(id: string) {
  const { client } = useSession();
  return useQuery({
    queryKey: ["users", id],
    queryFn: ({ signal }) => client.users.get(id, { signal }),
  });
}

/** The key is that of the page Try it: the same list. */
export function useMethods(user: string) {
  const { client } = useSession();
  return useQuery({
    queryKey: ["authenticators", user],
    queryFn: ({ signal }) => client.authenticators.list(user, { signal }),
  });
}

const eventsPerPage = 50;

export interface History {
  /** Of this person, newest first. */
  readonly events: readonly AuditEvent[];
}

/** What the record says of one person, as far back as was asked for. */
export function useHistory(user: string) {
  const { client } = useSession();
  return useInfiniteQuery({
    queryKey: ["history", user],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list(
        { user, limit: eventsPerPage, ...(pageParam > 0 && { before: pageParam }) },
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }): History => ({ events: pages.flatMap(({ events }) => events) }),
  });
}

/** After a change: what the pages show of this person is asked again. */
export function useRefresh(user: string) {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["users"] }),
      queries.invalidateQueries({ queryKey: ["authenticators", user] }),
      queries.invalidateQueries({ queryKey: ["history", user] }),
    ]);
  };
}
