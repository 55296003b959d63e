import type { Verification } from "@countersign/client";
import { Button, Loader } from "@mantine/core";
import { Link } from "react-router";
import { Badge, Note, Problem } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { toneOfStatus } from "../../parts/status-tone.ts";
import { useWords, type Words } from "../../words/words.ts";
import { CodeForm } from "./code-form.tsx";
import { Left } from "./left.tsx";
import { ReceiptView } from "./receipt-view.tsx";
import styles from "./try-it.module.css";

interface AnswerProps {
  readonly verification: Verification | undefined;
  readonly error: unknown;
  /** Given once, with the right answer; a page that is loaded again no longer has it. */
  readonly receipt: string | undefined;
  readonly onReceipt: (receipt: string) => void;
  readonly onAnother: () => void;
}

/** One verification: what it waits for, the answer, and what came of it. */
export function Answer({ verification, error, receipt, onReceipt, onAnother }: AnswerProps) {
  const words = useWords();
  const { app, tryIt, statuses } = words;
  if (verification === undefined) {
    return (
      <Card>
        {error ? <Problem error={error} /> : <Loader aria-label={app.loading} />}
        <Another onAnother={onAnother} />
      </Card>
    );
  }
  const { id, status } = verification;
  return (
    <div className={styles["stack"]}>
      <Card
        title={words.vias[verification.via] ?? verification.via}
        aside={<Badge tone={toneOfStatus(status)}>{statuses[status]}</Badge>}
      >
        {status === "pending" ? (
          <>
            <p className={styles["sent"]}>
              {tryIt.sent[verification.via](verification.to)} <Left expiresAt={verification.expiresAt} />
            </p>
            <CodeForm verification={verification} onReceipt={onReceipt} />
          </>
        ) : (
          <Note tone={toneOfStatus(status)}>
            <div role="status">{outcome(verification, words)}</div>
          </Note>
        )}
        <Messages verification={verification} />
        <div className={styles["row"]}>
          <Link to={`/verifications/${id}`}>{tryIt.why}</Link>
          {status !== "pending" && <Another onAnother={onAnother} />}
        </div>
      </Card>
      {receipt !== undefined && <ReceiptView receipt={receipt} />}
    </div>
  );
}

function Another({ onAnother }: { readonly onAnother: () => void }) {
  const { tryIt } = useWords();
  return <Button onClick={onAnother}>{tryIt.another}</Button>;
}

function outcome({ status, attempts, maxAttempts }: Verification, { tryIt, verification }: Words): string {
  if (status === "approved") return tryIt.approved;
  const used = status === "denied" && attempts >= maxAttempts ? "denied_too_many_attempts" : status;
  return verification.inShort[used] ?? "";
}

function Messages({ verification }: { readonly verification: Verification }) {
  const { tryIt, vias, deliveryStates } = useWords();
  if (verification.deliveries.length === 0) return null;
  return (
    <div>
      <span className={styles["help"]}>{tryIt.deliveries}</span>
      <ul className={styles["deliveries"]}>
        {verification.deliveries.map(({ id, via, state, provider }) => (
          <li key={id}>
            {vias[via]}: {deliveryStates[state] ?? state}
            {provider !== undefined && ` (${provider})`}
          </li>
        ))}
      </ul>
    </div>
  );
}
