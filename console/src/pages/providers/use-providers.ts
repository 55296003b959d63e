import { type AnswerOf, CountersignApiError } from "@countersign/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../../session/session.tsx";
import { inOrder, moved, type Provider } from "./order.ts";

export type ProviderKind = AnswerOf<"providerKinds.list">["kinds"][number];
export type ProviderHealth = AnswerOf<"providers.health">["providers"][number];

const lookAgainMs = 10_000;

/** All providers, as they are tried. */
export function useProviders() {
  const { client } = useSession();
  return useQuery({
    queryKey: ["providers"],
    queryFn: async ({ signal }) => {
      const { providers } = await client.providers.list({ limit: 200 }, { signal });
      return inOrder(providers);
    },
  });
}

/** What kinds there are; they change with the server only. */
export function useKinds() {
  const { client } = useSession();
  return useQuery({
    queryKey: ["provider-kinds"],
    queryFn: async ({ signal }) => (await client.providerKinds.list({ signal })).kinds,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useHealth() {
  const { client } = useSession();
  return useQuery({
    queryKey: ["provider-health"],
    queryFn: async ({ signal }) => (await client.providers.health({ signal })).providers,
    refetchInterval: (query) => (query.state.error ? false : lookAgainMs),
  });
}

/** After any change: what the pages show of providers is asked again. */
export function useRefresh() {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["providers"] }),
      queries.invalidateQueries({ queryKey: ["provider-health"] }),
    ]);
  };
}

/** Switch one on or off; change its place. */
export function useArranging(providers: readonly Provider[]) {
  const { client } = useSession();
  const onSettled = useRefresh();
  const toggle = useMutation({
    mutationFn: ({
      id,
      enabled,
      besideSimulated,
    }: Pick<Provider, "id" | "enabled"> & { readonly besideSimulated?: true }) =>
      client.providers.update(id, { enabled, ...(besideSimulated && { besideSimulated }) }),
    onSettled,
  });
  const move = useMutation({
    mutationFn: async ({ id, direction }: { readonly id: string; readonly direction: "up" | "down" }) => {
      // One after the other: what was done stands, and the list is read again whatever happened.
      for (const { id: changed, position } of moved(providers, id, direction)) {
        await client.providers.update(changed, { position });
      }
    },
    onSettled,
  });
  return { toggle, move };
}

/** Whether the server wants to hear that simulated and real providers are meant to be on together. */
export function asksBeside(error: unknown): boolean {
  return (
    error instanceof CountersignApiError && error.fields.some(({ field }) => field === "/besideSimulated")
  );
}
