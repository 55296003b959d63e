import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import styles from "./page.module.css";

interface PageProps {
  readonly title: string;
  readonly text?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its one heading; it also names the tab. */
export function Page({ title, text, aside, children }: PageProps) {
  const { app } = useWords();
  return (
    <>
      <title>{`${title} · ${app.name}`}</title>
      <div className={styles["head"]}>
        <div>
          <h1>{title}</h1>
          {text !== undefined && <p className={styles["text"]}>{text}</p>}
        </div>
        {aside}
      </div>
      {children}
    </>
  );
}

interface CardProps {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, aside, children }: CardProps) {
  return (
    <section className={styles["card"]} aria-label={title}>
      {title !== undefined && (
        <div className={styles["title"]}>
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** What is not there yet, why, and the one thing to do about it. */
export function Empty({ title, text, children }: EmptyProps) {
  return (
    <div className={styles["empty"]}>
      <strong>{title}</strong>
      <span>{text}</span>
      {children}
    </div>
  );
}
