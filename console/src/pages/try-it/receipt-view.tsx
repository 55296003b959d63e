import { Button, CopyButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Facts, Note, Problem } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { decodeReceipt, timeClaims } from "../../parts/receipt.ts";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import styles from "./try-it.module.css";

/** A receipt, taken apart; and the way to take it, which works once. */
export function ReceiptView({ receipt }: { readonly receipt: string }) {
  const words = useWords();
  const { client } = useSession();
  const take = useMutation({ mutationFn: () => client.receipts.consume({ receipt }) });
  const decoded = decodeReceipt(receipt);
  return (
    <Card title={words.receipt.title}>
      <p className={styles["help"]}>{words.receipt.text}</p>
      {decoded && (
        <Facts
          of={Object.entries({
            ...decoded.claims,
            alg: decoded.header["alg"],
            kid: decoded.header["kid"],
          }).map(
            ([name, value]) => [words.receipt.claims[name] ?? name, claimText(name, value, words)] as const,
          )}
        />
      )}
      <details>
        <summary>{words.receipt.token}</summary>
        <code className={styles["token"]}>{receipt}</code>
      </details>
      {take.isSuccess && (
        <div role="status">
          <Note tone="good">{words.receipt.taken}</Note>
        </div>
      )}
      {take.error && <Problem error={take.error} />}
      <div className={styles["row"]}>
        <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
          {words.receipt.take}
        </Button>
        <CopyButton value={receipt}>
          {({ copied, copy }) => (
            <Button variant="subtle" onClick={copy}>
              {copied ? words.app.copied : words.app.copy}
            </Button>
          )}
        </CopyButton>
      </div>
    </Card>
  );
}

function claimText(name: string, value: unknown, { language, vias }: Words): string {
  if (timeClaims.has(name) && typeof value === "number") return momentText(value * 1_000, language);
  if (name === "via" && typeof value === "string") return vias[value] ?? value;
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && value !== null) return Object.values(value).join(" · ");
  return String(value);
}
