import { Button, Loader, NativeSelect } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Page } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import { ProviderForm } from "./provider-form.tsx";
import { type ProviderKind, useKinds, useProviders, useRefresh } from "./use-providers.ts";

/** `/providers/new`: which kind, then its form. The kind stands in the address. */
export function NewProviderPage() {
  const { app, providers: words } = useWords();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const kinds = useKinds();
  const others = useProviders();
  const chosen = kinds.data?.find(({ kind }) => kind === search.get("kind"));
  const last = others.data?.at(-1)?.position;
  const saved = async (id: string) => {
    await refresh();
    await navigate(`/providers/${id}`);
  };
  const error = kinds.error ?? others.error;
  return (
    <Page title={words.add} aside={<Link to="/providers">{words.back}</Link>}>
      <div className={`${styles["stack"]} ${styles["narrow"]}`}>
        {(kinds.isPending || others.isPending) && <Loader aria-label={app.loading} />}
        {error && (
          <Problem error={error} again={() => void Promise.all([kinds.refetch(), others.refetch()])} />
        )}
        {kinds.data && <KindChoice key={chosen?.kind} kinds={kinds.data} chosen={chosen} />}
        {chosen && others.data && (
          <Card title={words.form.title(chosen.title)}>
            <ProviderForm
              key={chosen.kind}
              kind={chosen}
              position={last === undefined ? 0 : last + 1}
              onSaved={({ id }) => void saved(id)}
            />
          </Card>
        )}
      </div>
    </Page>
  );
}

interface KindChoiceProps {
  readonly kinds: readonly ProviderKind[];
  readonly chosen: ProviderKind | undefined;
}

function KindChoice({ kinds, chosen }: KindChoiceProps) {
  const { providers: words } = useWords();
  const [, setSearch] = useSearchParams();
  const [kind, setKind] = useState(chosen?.kind ?? kinds[0]?.kind ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSearch({ kind }, { replace: chosen !== undefined });
  };
  return (
    <Card title={words.kind.title}>
      <form className={styles["stack"]} onSubmit={submit}>
        <NativeSelect
          label={words.kind.label}
          data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
        />
        {kind !== chosen?.kind && (
          <div>
            <Button type="submit">{words.kind.action}</Button>
          </div>
        )}
      </form>
    </Card>
  );
}
