import { Button, CopyButton } from "@mantine/core";
import styles from "../../parts/page.module.css";
import { useWords } from "../../words/words.ts";

/** Where the platform reaches a publication. No key stands in it. */
export function Address({ url, name }: { readonly url: string; readonly name: string }) {
  const { app, publications: words } = useWords();
  return (
    <div className={styles["row"]}>
      <code className={styles["address"]}>{url}</code>
      <CopyButton value={url}>
        {({ copied, copy }) => {
          const label = copied ? app.copied : words.copyUrl;
          return (
            <Button size="compact-sm" variant="default" aria-label={`${label}: ${name}`} onClick={copy}>
              {label}
            </Button>
          );
        }}
      </CopyButton>
    </div>
  );
}
