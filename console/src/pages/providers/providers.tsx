import { Button, Loader } from "@mantine/core";
import { Link } from "react-router";
import { Badge, Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Empty, Page } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import { HealthLine } from "./health.tsx";
import type { Provider } from "./order.ts";
import { Routing } from "./routing.tsx";
import { StateBadge } from "./state-badge.tsx";
import {
  asksBeside,
  type ProviderHealth,
  type ProviderKind,
  useArranging,
  useHealth,
  useKinds,
  useProviders,
} from "./use-providers.ts";

/** `/providers`: who carries messages, in the order in which they are tried. */
export function ProvidersPage() {
  const { app, providers: words } = useWords();
  const found = useProviders();
  const add = (
    <Button component={Link} to="/providers/new">
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} text={words.text} aside={add}>
      <div className={styles["stack"]}>
        <Card title={words.list}>
          {found.isPending && <Loader aria-label={app.loading} />}
          {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
          {found.data && <List providers={found.data} />}
        </Card>
        {found.data && found.data.length > 1 && <Routing />}
      </div>
    </Page>
  );
}

function List({ providers }: { readonly providers: readonly Provider[] }) {
  const { providers: words } = useWords();
  const kinds = useKinds();
  const health = useHealth();
  const arranging = useArranging(providers);
  if (providers.length === 0) return <Empty title={words.empty} text={words.emptyHelp} />;
  return (
    <>
      {health.error && <Problem error={health.error} again={() => void health.refetch()} />}
      {arranging.move.error && <Problem error={arranging.move.error} />}
      <ol className={styles["list"]}>
        {providers.map((provider, index) => (
          <Entry
            key={provider.id}
            provider={provider}
            kind={kinds.data?.find(({ kind }) => kind === provider.kind)}
            health={health.data?.find(({ id }) => id === provider.id)}
            place={{ isFirst: index === 0, isLast: index === providers.length - 1 }}
            arranging={arranging}
          />
        ))}
      </ol>
    </>
  );
}

interface EntryProps {
  readonly provider: Provider;
  readonly kind: ProviderKind | undefined;
  readonly health: ProviderHealth | undefined;
  readonly place: { readonly isFirst: boolean; readonly isLast: boolean };
  readonly arranging: ReturnType<typeof useArranging>;
}

function Entry({ provider, kind, health, place, arranging }: EntryProps) {
  const { providers: words, vias } = useWords();
  const { id, name, enabled } = provider;
  const carries = provider.vias.map((via) => vias[via]).join(", ");
  return (
    <li className={styles["entry"]} data-provider={name}>
      <div className={styles["line"]}>
        <Link to={`/providers/${id}`} className={styles["strong"] ?? ""}>
          {name}
        </Link>
        <StateBadge enabled={enabled} breaker={health?.breaker} />
      </div>
      <div className={styles["row"]}>
        <span>
          {[
            kind?.title ?? provider.kind,
            carries,
            provider.countries?.join(" "),
            words.routing.place(provider.position),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {kind?.simulated === true && <Badge tone="quiet">{words.simulated}</Badge>}
      </div>
      {health && <HealthLine health={health} />}
      <Buttons provider={provider} place={place} arranging={arranging} />
      <Refusal provider={provider} arranging={arranging} />
    </li>
  );
}

function Buttons({ provider, place, arranging }: Pick<EntryProps, "provider" | "place" | "arranging">) {
  const { providers: words } = useWords();
  const { id, name, enabled } = provider;
  const { toggle, move } = arranging;
  const size = "compact-sm";
  return (
    <div className={styles["row"]}>
      <Button
        size={size}
        variant="default"
        aria-label={`${words.up}: ${name}`}
        disabled={place.isFirst || move.isPending}
        onClick={() => move.mutate({ id, direction: "up" })}
      >
        {words.up}
      </Button>
      <Button
        size={size}
        variant="default"
        aria-label={`${words.down}: ${name}`}
        disabled={place.isLast || move.isPending}
        onClick={() => move.mutate({ id, direction: "down" })}
      >
        {words.down}
      </Button>
      <Button
        size={size}
        variant="default"
        aria-label={`${enabled ? words.off : words.on}: ${name}`}
        disabled={toggle.isPending}
        onClick={() => toggle.mutate({ id, enabled: !enabled })}
      >
        {enabled ? words.off : words.on}
      </Button>
    </div>
  );
}

/** Why this one was not switched; where simulated and real ones would be on together, the way to do it all the same. */
function Refusal({ provider, arranging }: Pick<EntryProps, "provider" | "arranging">) {
  const { providers: words } = useWords();
  const { toggle } = arranging;
  if (toggle.error === null || toggle.variables?.id !== provider.id) return null;
  if (!asksBeside(toggle.error)) return <Problem error={toggle.error} />;
  return (
    <div role="alert">
      <Note tone="bad">
        <p>{words.beside.text}</p>
        <Button
          size="compact-sm"
          variant="default"
          mt="xs"
          onClick={() => toggle.mutate({ id: provider.id, enabled: true, besideSimulated: true })}
        >
          {words.beside.action}
        </Button>
      </Note>
    </div>
  );
}
