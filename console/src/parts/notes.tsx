import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import type { Tone } from "./event-text.ts";
import styles from "./page.module.css";
import { problemText } from "./problem-text.ts";

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={styles["badge"]} data-tone={tone}>
      {children}
    </span>
  );
}

export function Note({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <div className={styles["note"]} data-tone={tone}>
      {children}
    </div>
  );
}

/** A refusal or failure: what happened, what to do, the code to quote, and another try where that can help. */
export function Problem({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const words = useWords();
  const { text, after, quote } = problemText(error, words);
  return (
    <div role="alert">
      <Note tone="bad">
        <p>
          {text} {after}
        </p>
        {quote !== undefined && <p className={styles["quote"]}>{quote}</p>}
        {again !== undefined && (
          <Button size="compact-sm" variant="default" mt="xs" onClick={again}>
            {words.app.again}
          </Button>
        )}
      </Note>
    </div>
  );
}

/** Names and values. What is undefined is left out. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ReactNode | undefined])[] }) {
  const given = of.filter(([, value]) => value !== undefined);
  return (
    <dl className={styles["facts"]}>
      {given.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
