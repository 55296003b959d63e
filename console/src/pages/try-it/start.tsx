import type { Verification } from "@countersign/client";
import { Button, Loader, NativeSelect, Radio, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { personName } from "../../parts/person-name.ts";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { InCode } from "./in-code.tsx";
import styles from "./try-it.module.css";
import { type StartBody, startOf, type Way, waysOf } from "./ways.ts";

/** Who, how and what for. */
export function Start({ onStarted }: { readonly onStarted: (verification: Verification) => void }) {
  const { app, tryIt } = useWords();
  const { client } = useSession();
  const queries = useQueryClient();
  const [person, setPerson] = useState("");
  const [chosen, setChosen] = useState("");
  const [action, setAction] = useState("");
  const [amount, setAmount] = useState("");
  const people = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => client.users.list({ limit: 200 }, { signal }),
  });
  const user = person || people.data?.users[0]?.id || "";
  const methods = useQuery({
    queryKey: ["authenticators", user],
    queryFn: ({ signal }) => client.authenticators.list(user, { signal }),
    enabled: user !== "",
  });
  const ways = waysOf(methods.data?.authenticators ?? []);
  const way = ways.find(({ id }) => id === chosen) ?? ways[0];
  const body = way && startOf({ user, way, ways, action, amount });
  const start = useMutation({
    mutationFn: (given: StartBody) => client.verifications.start(given),
    onSuccess: (verification) => {
      // Old from the start: the event of its delivery may have come before this answer, and been for nobody.
      queries.setQueryData(["verification", verification.id], verification, { updatedAt: 0 });
      onStarted(verification);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body !== undefined) start.mutate(body);
  };

  if (people.isPending) return <Loader aria-label={app.loading} />;
  if (people.error) return <Problem error={people.error} again={() => void people.refetch()} />;
  return (
    <>
      <Card>
        <form className={styles["form"]} onSubmit={submit}>
          <NativeSelect
            label={tryIt.person}
            data={people.data.users.map((one) => ({ value: one.id, label: personName(one) }))}
            value={user}
            onChange={(event) => setPerson(event.currentTarget.value)}
            description={people.data.users.length === 0 ? tryIt.noPeople : undefined}
          />
          {methods.error && <Problem error={methods.error} again={() => void methods.refetch()} />}
          <Ways ways={ways} chosen={way?.id} loading={methods.isLoading} onChange={setChosen} />
          <div className={styles["pair"]}>
            <TextInput
              label={tryIt.action}
              placeholder={tryIt.actionExample}
              value={action}
              maxLength={128}
              onChange={(event) => setAction(event.currentTarget.value)}
            />
            <TextInput
              label={tryIt.amount}
              placeholder={tryIt.amountExample}
              value={amount}
              maxLength={64}
              onChange={(event) => setAmount(event.currentTarget.value)}
            />
          </div>
          <p className={styles["help"]}>{tryIt.bindingHelp}</p>
          {start.error && <Problem error={start.error} />}
          <div>
            <Button type="submit" size="md" loading={start.isPending} disabled={way === undefined}>
              {tryIt.start}
            </Button>
          </div>
        </form>
      </Card>
      {body !== undefined && <InCode body={body} />}
    </>
  );
}

interface WaysProps {
  readonly ways: readonly Way[];
  readonly chosen: string | undefined;
  readonly loading: boolean;
  readonly onChange: (id: string) => void;
}

function Ways({ ways, chosen, loading, onChange }: WaysProps) {
  const { app, tryIt, vias } = useWords();
  if (loading) return <Loader aria-label={app.loading} size="sm" />;
  if (ways.length === 0) return <p className={styles["help"]}>{tryIt.noWays}</p>;
  return (
    <Radio.Group label={tryIt.way} value={chosen ?? ""} onChange={onChange}>
      <div className={styles["ways"]}>
        {ways.map(({ id, via, hint, label }) => (
          <Radio
            key={id}
            value={id}
            label={vias[via]}
            description={label ?? hint}
            className={styles["way"] ?? ""}
          />
        ))}
      </div>
    </Radio.Group>
  );
}
