import { CountersignApiError, createClient } from "@countersign/client";
import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Mark } from "../../parts/icons.tsx";
import { Note, Problem } from "../../parts/notes.tsx";
import { useWords } from "../../words/words.ts";
import styles from "./sign-in.module.css";

interface SignInPageProps {
  /** The server has just refused the key that was in use. */
  readonly ended: boolean;
  readonly onAccepted: (key: string) => void;
}

type Trouble =
  | { readonly kind: "field"; readonly text: string }
  | { readonly kind: "other"; readonly error: unknown };

export function SignInPage({ ended, onAccepted }: SignInPageProps) {
  const { app, signIn } = useWords();
  const [key, setKey] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = key.trim();
    if (given === "") {
      setTrouble({ kind: "field", text: signIn.empty });
      return;
    }
    setBusy(true);
    setTrouble(undefined);
    const error = await refusalOf(given);
    setBusy(false);
    if (error === undefined) onAccepted(given);
    else setTrouble(isUnknownKey(error) ? { kind: "field", text: signIn.wrong } : { kind: "other", error });
  };

  return (
    <main className={styles["page"]}>
      <title>{`${signIn.title} · ${app.name}`}</title>
      <form className={styles["card"]} onSubmit={(event) => void submit(event)}>
        <span className={styles["brand"]}>
          <Mark />
          {app.name}
        </span>
        <div>
          <h1>{signIn.title}</h1>
          <p className={styles["text"]}>{signIn.text}</p>
        </div>
        {ended && trouble === undefined && <Note tone="bad">{signIn.ended}</Note>}
        <PasswordInput
          label={signIn.key}
          description={signIn.keyHelp}
          error={trouble?.kind === "field" ? trouble.text : undefined}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          name="key"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          size="md"
        />
        {trouble?.kind === "other" && <Problem error={trouble.error} />}
        <Button type="submit" size="md" loading={busy}>
          {signIn.action}
        </Button>
        <p className={styles["kept"]}>{signIn.kept}</p>
      </form>
    </main>
  );
}

/** Asks the server for something harmless. A key that may not read it is a key all the same. */
async function refusalOf(apiKey: string): Promise<unknown> {
  // A header takes printable ASCII only; anything else is no key of ours.
  if (!/^[\x21-\x7e]+$/u.test(apiKey)) return new CountersignApiError(401, { code: "unauthenticated" });
  const client = createClient({ baseUrl: window.location.origin, apiKey });
  try {
    await client.organization.get();
    return undefined;
  } catch (error) {
    return error instanceof CountersignApiError && error.code === "forbidden" ? undefined : error;
  }
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof CountersignApiError && error.status === 401;
}
