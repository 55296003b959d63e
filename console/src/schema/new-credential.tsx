import { Button, CopyButton, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { Problem } from "../parts/notes.tsx";
import { useSession } from "../session/session.tsx";
import { useWords } from "../words/words.ts";
import type { FieldOf } from "./field.ts";
import { problemsOf } from "./problems.ts";
import styles from "./schema.module.css";

interface NewCredentialProps {
  readonly field: FieldOf<"credential">;
  readonly onMade: (id: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** Name and secret of a credential, within the form that needs it: not a form of its own, since forms cannot nest. */
export function NewCredential({ field, onMade, onCancel }: NewCredentialProps) {
  const { app, schema } = useWords();
  const { credential: words } = schema;
  const { client } = useSession();
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const store = useMutation({
    mutationFn: () => client.credentials.create({ name: name.trim(), secret }),
    onSuccess: ({ id }) => onMade(id),
  });
  const problems = problemsOf(store.error);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    store.mutate();
  };
  const wrong = (pointer: string) => {
    const problem = problems.get(pointer);
    return problem && (schema.problems[problem] ?? problem);
  };
  return (
    <fieldset className={styles["group"]}>
      <legend>{words.title(field.label)}</legend>
      <TextInput
        label={words.name}
        description={words.nameHelp}
        value={name}
        error={wrong("/name")}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        maxLength={100}
        autoComplete="off"
        required
      />
      <PasswordInput
        label={words.secret}
        description={field.leastLength > 0 ? words.least(field.leastLength) : words.secretHelp}
        value={secret}
        error={wrong("/secret")}
        onChange={(event) => setSecret(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        visibilityToggleButtonProps={{ "aria-label": words.show }}
        autoComplete="new-password"
        required
      />
      {field.leastLength > 0 && (
        <div className={styles["row"]}>
          <Button variant="default" size="compact-sm" onClick={() => setSecret(randomSecret())}>
            {words.random}
          </Button>
          {secret !== "" && (
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button variant="default" size="compact-sm" onClick={copy}>
                  {copied ? app.copied : words.copy}
                </Button>
              )}
            </CopyButton>
          )}
        </div>
      )}
      {store.error && problems.size === 0 && <Problem error={store.error} />}
      <div className={styles["row"]}>
        <Button size="compact-md" loading={store.isPending} onClick={() => store.mutate()}>
          {words.store}
        </Button>
        <Button size="compact-md" variant="default" onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </fieldset>
  );
}

/** 32 random bytes in letters that fit a URL. */
function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
