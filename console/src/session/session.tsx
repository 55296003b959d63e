import { type Client, CountersignApiError, createClient } from "@countersign/client";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { LiveProvider } from "../live/live.tsx";
import { SignInPage } from "../pages/sign-in/sign-in.tsx";
import { keepKey, keptKey } from "./key-store.ts";

export interface Session {
  readonly client: Client;
  signOut(): void;
}

const SessionContext = createContext<Session | undefined>(undefined);

/** The session of this page. Only inside of {@link SessionProvider}. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error("There is no session here.");
  return session;
}

const storage = () => window.sessionStorage;

/** Shows the sign-in page until there is a key that works, then what is inside. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [key, setKey] = useState(() => keptKey(storage));
  const [ended, setEnded] = useState(false);
  const open = useMemo(() => {
    if (key === undefined) return undefined;
    const close = (byServer: boolean) => {
      keepKey(undefined, storage);
      setEnded(byServer);
      setKey(undefined);
    };
    const client = createClient({ baseUrl: window.location.origin, apiKey: key });
    const onError = (error: unknown) => {
      if (error instanceof CountersignApiError && error.status === 401) close(true);
    };
    return { session: { client, signOut: () => close(false) }, queries: queriesOf(onError), onError };
  }, [key]);

  if (open === undefined) {
    const signIn = (accepted: string) => {
      keepKey(accepted, storage);
      setKey(accepted);
    };
    return <SignInPage ended={ended} onAccepted={signIn} />;
  }
  return (
    <SessionContext value={open.session}>
      <QueryClientProvider client={open.queries}>
        <LiveProvider client={open.session.client} onError={open.onError}>
          {children}
        </LiveProvider>
      </QueryClientProvider>
    </SessionContext>
  );
}

function queriesOf(onError: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // What the server refuses, it refuses again; only a server that was not reached is asked once more.
        retry: (count, error) => count < 1 && !(error instanceof CountersignApiError),
        staleTime: 5_000,
      },
    },
  });
}
