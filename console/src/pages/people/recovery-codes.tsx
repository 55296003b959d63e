import { Button, CopyButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { useRefresh } from "./use-people.ts";

/** A new set of recovery codes, shown once. */
export function RecoveryCodes({ user }: { readonly user: string }) {
  const words = useWords().people.recovery;
  const { client } = useSession();
  const refresh = useRefresh(user);
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    mutationFn: () => client.enrollments.begin(user, { kind: "recovery_code" }),
    gcTime: 0,
    onSuccess: refresh,
  });
  const codes = make.data?.codes;
  const done = () => {
    make.reset();
    setAsked(false);
  };
  return (
    <Card title={words.title}>
      <p className={styles["soft"]}>{words.text}</p>
      {make.error && <Problem error={make.error} />}
      {codes === undefined && !asked && (
        <div>
          <Button variant="default" onClick={() => setAsked(true)}>
            {words.make}
          </Button>
        </div>
      )}
      {codes === undefined && asked && (
        <div className={styles["row"]}>
          <Button variant="default" autoFocus onClick={() => setAsked(false)}>
            {words.keep}
          </Button>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {words.really}
          </Button>
        </div>
      )}
      {codes !== undefined && <Shown codes={codes} onDone={done} />}
    </Card>
  );
}

interface ShownProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

function Shown({ codes, onDone }: ShownProps) {
  const { app, people } = useWords();
  const words = people.recovery;
  return (
    <>
      <div role="status">
        <Note tone="good">{words.shown}</Note>
      </div>
      <ul className={`${styles["list"]} ${styles["codes"]}`}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles["row"]}>
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? app.copied : words.copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{words.done}</Button>
      </div>
    </>
  );
}
