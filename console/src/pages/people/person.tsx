import { CountersignApiError, type User } from "@countersign/client";
import { Button, Loader } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "react-router";
import { Badge, Facts, Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Page } from "../../parts/page.tsx";
import { personName } from "../../parts/person-name.ts";
import { Remove } from "../../parts/remove.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { AppEnrollment } from "./app-enrollment.tsx";
import { HistoryCard } from "./history.tsx";
import { Methods } from "./methods.tsx";
import { PersonForm } from "./person-form.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { usePerson, useRefresh } from "./use-people.ts";
import { Vouch } from "./vouch.tsx";

/** `/people/:id`: one person, the methods, what happened, and every way out. */
export function PersonPage() {
  const { id = "" } = useParams();
  const { app, people: words } = useWords();
  const found = usePerson(id);
  const missing = found.error instanceof CountersignApiError && found.error.status === 404;
  return (
    <Page
      title={found.data && !missing ? personName(found.data) : words.title}
      aside={<Link to="/people">{words.back}</Link>}
    >
      {missing && <Note tone="bad">{words.missing}</Note>}
      {found.error && !missing && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.data && !missing && <Found key={id} user={found.data} />}
    </Page>
  );
}

function Found({ user }: { readonly user: User }) {
  return (
    <div className={styles["columns"]}>
      <div className={styles["stack"]}>
        <Methods user={user.id} />
        <HistoryCard user={user.id} />
      </div>
      <div className={styles["stack"]}>
        <About user={user} />
        <Vouch user={user.id} />
        <AppEnrollment user={user.id} />
        <RecoveryCodes user={user.id} />
        <End user={user} />
      </div>
    </div>
  );
}

function About({ user }: { readonly user: User }) {
  const words = useWords();
  const { people } = words;
  const refresh = useRefresh(user.id);
  const { client } = useSession();
  const toggle = useMutation({
    mutationFn: (disabled: boolean) => client.users.update(user.id, { disabled }),
    onSettled: refresh,
  });
  const isOff = user.disabledAt !== undefined;
  return (
    <Card title={people.form.edit} aside={isOff && <Badge tone="bad">{people.disabled}</Badge>}>
      {user.disabledAt !== undefined && (
        <Note tone="bad">{people.off.since(momentText(user.disabledAt, words.language))}</Note>
      )}
      <PersonForm user={user} onSaved={() => void refresh()} />
      <Facts
        of={[
          [people.fields.id, <code key="id">{user.id}</code>],
          [people.fields.createdAt, momentText(user.createdAt, words.language)],
        ]}
      />
      <Link to={`/why?user=${user.id}`}>{people.why}</Link>
      {toggle.error && <Problem error={toggle.error} />}
      <div>
        <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate(!isOff)}>
          {isOff ? people.off.on : people.off.action}
        </Button>
      </div>
      {!isOff && <p className={styles["soft"]}>{people.off.help}</p>}
    </Card>
  );
}

function End({ user }: { readonly user: User }) {
  const { people } = useWords();
  const { client } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const name = personName(user);
  const onRemoved = async () => {
    await navigate("/people");
    queries.removeQueries({ queryKey: ["users", user.id] });
    queries.removeQueries({ queryKey: ["history", user.id] });
    await queries.invalidateQueries({ queryKey: ["users"] });
  };
  return (
    <Remove
      words={people.erase}
      name={name}
      sure={people.erase.sure(name)}
      remove={() => client.users.erase(user.id)}
      onRemoved={onRemoved}
    />
  );
}
