import type { BodyOf } from "@countersign/client";
import { Loader, Radio } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";

type Way = NonNullable<BodyOf<"organization.update">["routing"]>;

const ways: readonly Way[] = ["order", "measured"];

/** Who goes first of providers that share a place. It is saved as soon as it is chosen. */
export function Routing() {
  const { app, providers } = useWords();
  const words = providers.routing;
  const { client } = useSession();
  const queries = useQueryClient();
  // Until the server has said what holds.
  const [chosen, setChosen] = useState<Way>();
  const found = useQuery({
    queryKey: ["organization"],
    queryFn: ({ signal }) => client.organization.get({ signal }),
  });
  const change = useMutation({
    mutationFn: (routing: Way) => client.organization.update({ routing }),
    onSuccess: (organization) => queries.setQueryData(["organization"], organization),
    onSettled: () => setChosen(undefined),
  });
  const choose = (way: Way) => {
    setChosen(way);
    change.mutate(way);
  };
  return (
    <Card title={words.title}>
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data && (
        <Radio.Group
          aria-label={words.title}
          description={words.text}
          value={chosen ?? found.data.routing}
          onChange={(routing) => choose(routing === "measured" ? "measured" : "order")}
        >
          <div className={`${styles["stack"]} ${styles["below"]}`}>
            {ways.map((way) => (
              <Radio key={way} value={way} label={words.ways[way]} description={words.help[way]} />
            ))}
          </div>
        </Radio.Group>
      )}
      {change.error && <Problem error={change.error} />}
    </Card>
  );
}
