import type { User } from "@countersign/client";
import { Button, Loader, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { More } from "../../parts/more.tsx";
import { Badge, Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Empty, Page } from "../../parts/page.tsx";
import { personName } from "../../parts/person-name.ts";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { lookFor, narrowed } from "./find.ts";
import { PersonForm } from "./person-form.tsx";
import { usePeople, useRefresh } from "./use-people.ts";

/** `/people`: everybody of the organization, and a form for one more. */
export function PeoplePage() {
  const { app, people: words } = useWords();
  const found = usePeople();
  const navigate = useNavigate();
  const refresh = useRefresh("");
  const added = async ({ id }: User) => {
    await navigate(`/people/${id}`);
    await refresh();
  };
  return (
    <Page title={words.title} text={words.text}>
      <div className={styles["columns"]}>
        <Card title={words.list}>
          {found.isPending && <Loader aria-label={app.loading} />}
          {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
          {found.data?.length === 0 && <Empty title={words.empty} text={words.emptyHelp} />}
          {found.data && found.data.length > 0 && <List people={found.data} />}
          <More of={found}>{words.more}</More>
        </Card>
        <Card title={words.form.add}>
          <PersonForm onSaved={(user) => void added(user)} />
        </Card>
      </div>
    </Page>
  );
}

function List({ people }: { readonly people: readonly User[] }) {
  const { people: words } = useWords();
  const [text, setText] = useState("");
  const shown = narrowed(people, text);
  return (
    <>
      <Find text={text} onChange={setText} />
      {shown.length === 0 && <p className={styles["soft"]}>{words.nobody(text.trim())}</p>}
      <Entries people={shown} />
    </>
  );
}

function Entries({ people }: { readonly people: readonly User[] }) {
  const { people: words } = useWords();
  return (
    <ul className={styles["list"]}>
      {people.map((user) => (
        <li key={user.id} className={styles["entry"]} data-person={user.externalId}>
          <div className={styles["line"]}>
            <Link to={`/people/${user.id}`} className={styles["strong"] ?? ""}>
              {personName(user)}
            </Link>
            {user.disabledAt !== undefined && <Badge tone="bad">{words.disabled}</Badge>}
          </div>
          <span className={styles["soft"]}>
            {[words.roles[user.role], user.externalId, user.locale].filter(Boolean).join(" · ")}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface FindProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Narrows what is listed; a whole id, or words of a name, are asked of the server, which knows everybody. */
function Find({ text, onChange }: FindProps) {
  const { people: words } = useWords();
  const { client } = useSession();
  const navigate = useNavigate();
  const search = useMutation({
    mutationFn: (wanted: string) => lookFor(wanted, client),
    onSuccess: async ([first, second]) => {
      if (first !== undefined && second === undefined) await navigate(`/people/${first.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") search.mutate(text.trim());
  };
  const change = (typed: string) => {
    search.reset();
    onChange(typed);
  };
  return (
    <search>
      <form className={styles["stack"]} onSubmit={submit}>
        <TextInput
          label={words.find}
          description={words.findHelp}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
        />
        {text.trim() !== "" && (
          <div>
            <Button type="submit" variant="default" loading={search.isPending}>
              {words.findAction}
            </Button>
          </div>
        )}
        {search.error && <Problem error={search.error} />}
        <div role="status">
          {search.data?.length === 0 && <Note tone="bad">{words.unknown(search.variables ?? "")}</Note>}
          {search.data && search.data.length > 1 && (
            <>
              <p className={styles["soft"]}>{words.foundByName}</p>
              <Entries people={search.data} />
            </>
          )}
        </div>
      </form>
    </search>
  );
}
