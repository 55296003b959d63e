import { Button, CopyButton } from "@mantine/core";
import { Note } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import styles from "./webhooks.module.css";

interface SecretProps {
  readonly secret: string;
  /** The one before signs as well until then, as the page writes it. */
  readonly until?: string | undefined;
  readonly onDone: () => void;
}

/** A secret, once. */
export function Secret({ secret, until, onDone }: SecretProps) {
  const { app, webhooks } = useWords();
  const { secret: words } = webhooks;
  return (
    <Card title={words.title}>
      <div role="status">
        <Note tone="good">
          <p>{words.once}</p>
          {until !== undefined && <p>{words.both(until)}</p>}
        </Note>
      </div>
      <code className={styles["secret"]}>{secret}</code>
      <div className={styles["row"]}>
        <CopyButton value={secret}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? app.copied : app.copy}</Button>}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          {words.done}
        </Button>
      </div>
    </Card>
  );
}
