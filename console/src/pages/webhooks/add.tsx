import { type AnswerOf, CountersignApiError } from "@countersign/client";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import { type Choice, eventsOf } from "./choice.ts";
import { EventChoice } from "./event-choice.tsx";
import styles from "./webhooks.module.css";

export type Added = AnswerOf<"webhooks.create">;

/** A form for one more. */
export function Add({ onAdded }: { readonly onAdded: (added: Added) => void }) {
  const words = useWords();
  const { add } = words.webhooks;
  const { client } = useSession();
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [choice, setChoice] = useState<Choice>({ kind: "all", types: [] });
  const [publication, setPublication] = useState("");
  const create = useMutation({
    mutationFn: () =>
      client.webhooks.create({
        url: url.trim(),
        events: eventsOf(choice),
        ...(description.trim() !== "" && { description: description.trim() }),
        ...(publication !== "" && { publication }),
      }),
    onSuccess: onAdded,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const urlProblem = problemOf(create.error, words);
  return (
    <Card title={add.title}>
      <form className={styles["form"]} onSubmit={submit}>
        <TextInput
          label={add.url}
          description={add.urlHelp}
          error={urlProblem}
          value={url}
          onChange={(event) => {
            create.reset();
            setUrl(event.currentTarget.value);
          }}
          inputMode="url"
          placeholder="https://crm.example.com/countersign"
          spellCheck={false}
          maxLength={2_048}
          required
        />
        <EventChoice choice={choice} onChange={setChoice} />
        <Publications chosen={publication} onChange={setPublication} />
        <TextInput
          label={add.description}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          maxLength={500}
        />
        {create.error && urlProblem === undefined && <Problem error={create.error} />}
        <div>
          <Button type="submit" loading={create.isPending}>
            {add.action}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** What is wrong with the address, in the words of the page where there are some. */
function problemOf(error: unknown, { webhooks }: Words): string | undefined {
  if (!(error instanceof CountersignApiError)) return undefined;
  const found = error.fields.find(({ field }) => field === "/url");
  return found && (webhooks.add.problems[found.code ?? ""] ?? found.problem);
}

interface PublicationsProps {
  readonly chosen: string;
  readonly onChange: (publication: string) => void;
}

function Publications({ chosen, onChange }: PublicationsProps) {
  const { add } = useWords().webhooks;
  const { client } = useSession();
  const found = useQuery({
    queryKey: ["publications"],
    queryFn: async ({ signal }) => {
      const { apps } = await client.apps.list({ limit: 200 }, { signal });
      const lists = await Promise.all(
        apps.map(({ id }) => client.publications.list(id, { limit: 200 }, { signal })),
      );
      return lists.flatMap(({ publications }) => publications);
    },
  });
  const options = (found.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <NativeSelect
      label={add.publication}
      data={[{ value: "", label: add.anyPublication }, ...options]}
      value={chosen}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
