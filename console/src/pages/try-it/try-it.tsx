import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { Page } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { Answer } from "./answer.tsx";
import { Newest } from "./newest.tsx";
import { Start } from "./start.tsx";
import styles from "./try-it.module.css";

/** `/try`: start a verification, answer it, see what comes of it. The one that is open stands in the address. */
export function TryItPage() {
  const { tryIt } = useWords();
  const { client } = useSession();
  const [query, setQuery] = useSearchParams();
  const id = query.get("verification") ?? "";
  const [receipts, setReceipts] = useState<Readonly<Record<string, string>>>({});
  const open = useQuery({
    queryKey: ["verification", id],
    queryFn: ({ signal }) => client.verifications.get(id, { signal }),
    enabled: id !== "",
  });
  const show = (verification: string) => setQuery(verification === "" ? {} : { verification });
  const verification = id === "" ? undefined : open.data;
  return (
    <Page title={tryIt.title} text={tryIt.text}>
      <div className={styles["columns"]}>
        {id === "" ? (
          <Start onStarted={(started) => show(started.id)} />
        ) : (
          <Answer
            verification={verification}
            error={open.error}
            receipt={receipts[id]}
            onReceipt={(receipt) => setReceipts((kept) => ({ ...kept, [id]: receipt }))}
            onAnother={() => show("")}
          />
        )}
        {verification?.status === "pending" && <Newest verification={verification} />}
      </div>
    </Page>
  );
}
