import { Button, NativeSelect } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "../parts/notes.tsx";
import { useSession } from "../session/session.tsx";
import { useWords } from "../words/words.ts";
import { textIn } from "./draft.ts";
import { useProblems } from "./form-context.ts";
import type { InputProps } from "./input.ts";
import { NewCredential } from "./new-credential.tsx";
import { problemWithin } from "./problems.ts";
import styles from "./schema.module.css";
import { withCode } from "./with-code.tsx";

/** One of the credential store, or a new one made on the spot. Secrets go in and never come out. */
export function CredentialInput({ field, draft, onChange, pointer }: InputProps<"credential">) {
  const { schema } = useWords();
  const { client } = useSession();
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const problem = problemWithin(useProblems(), pointer);
  const found = useQuery({
    queryKey: ["credentials"],
    queryFn: ({ signal }) => client.credentials.list({ limit: 200 }, { signal }),
  });
  const chosen = textIn(draft);
  const known = (found.data?.credentials ?? []).map(({ id, name }) => ({ value: id, label: name }));
  // One that is not in the list any more, or not yet, stays chosen until another is.
  const missing = chosen === "" || known.some(({ value }) => value === chosen);
  const others = missing ? [] : [{ value: chosen, label: chosen }];
  const done = async (id: string) => {
    await queries.invalidateQueries({ queryKey: ["credentials"] });
    onChange(id);
    setMaking(false);
  };
  return (
    <div className={styles["fields"]}>
      <NativeSelect
        label={field.label}
        description={withCode(field.help)}
        required={field.required}
        error={problem && (schema.problems[problem] ?? problem)}
        data={[{ value: "", label: field.required ? schema.choose : schema.notGiven }, ...known, ...others]}
        value={chosen}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {making ? (
        <NewCredential field={field} onMade={done} onCancel={() => setMaking(false)} />
      ) : (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${schema.credential.make}: ${field.label}`}
            onClick={() => setMaking(true)}
          >
            {schema.credential.make}
          </Button>
        </div>
      )}
    </div>
  );
}
