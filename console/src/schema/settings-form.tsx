import { Button } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { Note, Problem } from "../parts/notes.tsx";
import { ProblemsContext } from "./form-context.ts";
import { problemsOf } from "./problems.ts";
import styles from "./schema.module.css";

interface SettingsFormProps {
  readonly onSubmit: () => void;
  /** What the server refused last; null: nothing. */
  readonly error: unknown;
  readonly pending: boolean;
  /** What to say when it was saved; undefined while it was not. */
  readonly saved?: string | undefined;
  readonly action: string;
  /** Beside the button that saves. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A form whose values the server judges: the browser holds nothing back, what was typed stays, and the first field that
 * is wrong gets the focus.
 */
export function SettingsForm({ children, ...props }: SettingsFormProps) {
  const { onSubmit, error, pending, saved, action, aside } = props;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <ProblemsContext value={problemsOf(error)}>
      <form ref={form} className={styles["fields"]} onSubmit={submit} noValidate>
        {children}
        {error ? <Problem error={error} /> : null}
        <div role="status">{saved !== undefined && <Note tone="good">{saved}</Note>}</div>
        <div className={styles["row"]}>
          <Button type="submit" loading={pending}>
            {action}
          </Button>
          {aside}
        </div>
      </form>
    </ProblemsContext>
  );
}
