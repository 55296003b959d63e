import type { AnswerOf } from "@countersign/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../../session/session.tsx";

export type Publication = AnswerOf<"publications.get">;
export type AppEntry = AnswerOf<"apps.get">;
export type Channel = AnswerOf<"channels.list">["channels"][number];

/** Every app with its publications. */
export function useApps() {
  const { client } = useSession();
  return useQuery({
    queryKey: ["apps"],
    queryFn: async ({ signal }) => {
      const { apps } = await client.apps.list({ limit: 200 }, { signal });
      return Promise.all(
        apps.map(async (app) => {
          const { publications } = await client.publications.list(app.id, { limit: 200 }, { signal });
          return { app, publications };
        }),
      );
    },
  });
}

/** What channels there are; they change with the server only. */
export function useChannels() {
  const { client } = useSession();
  return useQuery({
    queryKey: ["channels"],
    queryFn: async ({ signal }) => (await client.channels.list({ signal })).channels,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** After any change: what the pages show of apps and publications is asked again. */
export function useRefresh() {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["apps"] }),
      queries.invalidateQueries({ queryKey: ["publications"] }),
    ]);
  };
}
