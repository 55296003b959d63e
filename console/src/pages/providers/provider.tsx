import { CountersignApiError } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "react-router";
import { Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Page } from "../../parts/page.tsx";
import { Remove } from "../../parts/remove.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { HealthLine } from "./health.tsx";
import type { Provider } from "./order.ts";
import { ProviderForm } from "./provider-form.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Trial } from "./trial.tsx";
import { useHealth, useKinds, useRefresh } from "./use-providers.ts";

/** `/providers/:id`: its settings, how it does, a trial, and its end. */
export function ProviderPage() {
  const { id = "" } = useParams();
  const { app, providers: words } = useWords();
  const { client } = useSession();
  const found = useQuery({
    queryKey: ["providers", id],
    queryFn: ({ signal }) => client.providers.get(id, { signal }),
  });
  const missing = found.error instanceof CountersignApiError && found.error.status === 404;
  return (
    <Page title={found.data?.name ?? words.title} aside={<Link to="/providers">{words.back}</Link>}>
      {missing && <Note tone="bad">{words.missing}</Note>}
      {found.error && !missing && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.data && !missing && <Found key={id} provider={found.data} />}
    </Page>
  );
}

function Found({ provider }: { readonly provider: Provider }) {
  const { app, providers: words } = useWords();
  const refresh = useRefresh();
  const kinds = useKinds();
  const kind = kinds.data?.find((one) => one.kind === provider.kind);
  return (
    <div className={styles["columns"]}>
      <Card title={words.form.title(kind?.title ?? provider.kind)}>
        {kinds.isPending && <Loader aria-label={app.loading} />}
        {kinds.error && <Problem error={kinds.error} again={() => void kinds.refetch()} />}
        {kind && <ProviderForm kind={kind} provider={provider} onSaved={() => void refresh()} />}
      </Card>
      <div className={styles["stack"]}>
        <Health provider={provider} />
        <Trial provider={provider} probe={kind?.probe === true} />
        <End provider={provider} />
      </div>
    </div>
  );
}

function Health({ provider }: { readonly provider: Provider }) {
  const { providers: words } = useWords();
  const found = useHealth();
  const health = found.data?.find(({ id }) => id === provider.id);
  return (
    <Card
      title={words.health.title}
      aside={<StateBadge enabled={provider.enabled} breaker={health?.breaker} />}
    >
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {health && <HealthLine health={health} />}
    </Card>
  );
}

function End({ provider }: { readonly provider: Provider }) {
  const { providers: words } = useWords();
  const { client } = useSession();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const onRemoved = async () => {
    await navigate("/providers");
    await refresh();
  };
  return (
    <Remove
      words={words.remove}
      name={provider.name}
      sure={words.remove.sure(provider.name)}
      remove={() => client.providers.delete(provider.id)}
      onRemoved={onRemoved}
    />
  );
}
