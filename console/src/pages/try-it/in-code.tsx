import { Card } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import styles from "./try-it.module.css";
import type { StartBody } from "./ways.ts";

/** The call that the button makes. */
export function InCode({ body }: { readonly body: StartBody }) {
  const { tryIt } = useWords();
  return (
    <Card title={tryIt.inCode}>
      <pre className={styles["snippet"]}>
        <code>{`await client.verifications.start(${literalOf(body)});`}</code>
      </pre>
      <p className={styles["help"]}>{tryIt.inCodeHelp}</p>
    </Card>
  );
}

/** As it is written in a program: names without quotes. */
function literalOf(body: StartBody): string {
  return JSON.stringify(body, undefined, 2).replaceAll(/^(\s*)"(\w+)":/gmu, "$1$2:");
}
