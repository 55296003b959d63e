import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Note, Problem } from "./notes.tsx";
import styles from "./page.module.css";

interface RemoveProps {
  readonly words: { readonly action: string; readonly really: string; readonly keep: string };
  /** What is removed. */
  readonly name: string;
  /** What is lost. */
  readonly sure: string;
  readonly remove: () => Promise<void>;
  readonly onRemoved: () => Promise<void>;
}

/** Asked twice, in the place of the button; a refusal says why. */
export function Remove({ words, name, sure, remove, onRemoved }: RemoveProps) {
  const [asked, setAsked] = useState(false);
  const removal = useMutation({ mutationFn: remove, onSuccess: onRemoved });
  if (!asked) {
    return (
      <div>
        <Button variant="subtle" aria-label={`${words.action}: ${name}`} onClick={() => setAsked(true)}>
          {words.action}
        </Button>
      </div>
    );
  }
  const keep = () => {
    removal.reset();
    setAsked(false);
  };
  return (
    <Note tone="bad">
      <p>{sure}</p>
      {removal.error && <Problem error={removal.error} />}
      <div className={styles["row"]}>
        <Button variant="default" autoFocus onClick={keep}>
          {words.keep}
        </Button>
        <Button loading={removal.isPending} onClick={() => removal.mutate()}>
          {words.really}
        </Button>
      </div>
    </Note>
  );
}
