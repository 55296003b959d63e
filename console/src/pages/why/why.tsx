import styles from "../../parts/page.module.css";
import { Page } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import { Counters } from "./counters.tsx";
import { NumberExplained } from "./number-explained.tsx";
import { PolicyExplained } from "./policy-explained.tsx";

/** `/why`: what the send rules say of a number, what was sent, and whose word each setting of the policy is. */
export function WhyPage() {
  const { why } = useWords();
  return (
    <Page title={why.title} text={why.text}>
      <div className={styles["stack"]}>
        <div className={styles["columns"]}>
          <NumberExplained />
          <Counters />
        </div>
        <PolicyExplained />
      </div>
    </Page>
  );
}
