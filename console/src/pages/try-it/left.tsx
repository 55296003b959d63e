import { useEffect, useState } from "react";
import { leftText } from "../../parts/time-text.ts";
import { useWords } from "../../words/words.ts";

/** The time that is left, second by second; not announced, because a reader would hear nothing else. */
export function Left({ expiresAt }: { readonly expiresAt: string }) {
  const { tryIt } = useWords();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return <span>{tryIt.expires(leftText(expiresAt, now))}</span>;
}
