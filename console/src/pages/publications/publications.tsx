import { Button, Loader, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { Badge, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Empty, Page } from "../../parts/page.tsx";
import { Remove } from "../../parts/remove.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { Address } from "./address.tsx";
import { type AppEntry, type Publication, useApps, useChannels, useRefresh } from "./use-publications.ts";

/** `/publications`: every app, and the channels that it is on. */
export function PublicationsPage() {
  const { app: shell, publications: words } = useWords();
  const found = useApps();
  return (
    <Page title={words.title} text={words.text}>
      <div className={styles["stack"]}>
        {found.isPending && <Loader aria-label={shell.loading} />}
        {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
        {found.data?.length === 0 && <Empty title={words.empty} text={words.emptyHelp} />}
        {found.data?.map(({ app, publications }) => (
          <AppCard key={app.id} app={app} publications={publications} />
        ))}
        <AddApp />
      </div>
    </Page>
  );
}

interface AppCardProps {
  readonly app: AppEntry;
  readonly publications: readonly Publication[];
}

function AppCard({ app, publications }: AppCardProps) {
  const { publications: words } = useWords();
  const { client } = useSession();
  const refresh = useRefresh();
  const channels = useChannels();
  const titleOf = (publication: Publication) =>
    channels.data?.find(({ channel }) => channel === publication.channel)?.title ??
    words.channels[publication.channel] ??
    publication.channel;
  const publish = (
    <Button
      component={Link}
      to={`/publications/${app.id}/new`}
      variant="default"
      aria-label={`${words.publish}: ${app.name}`}
    >
      {words.publish}
    </Button>
  );
  return (
    <Card title={app.name} aside={publish}>
      {publications.length === 0 ? (
        <p className={styles["soft"]}>{words.none}</p>
      ) : (
        <ul className={styles["list"]}>
          {publications.map((publication) => (
            <Entry key={publication.id} publication={publication} channel={titleOf(publication)} />
          ))}
        </ul>
      )}
      <Remove
        words={words.app.remove}
        name={app.name}
        sure={words.app.remove.sure(app.name)}
        remove={() => client.apps.delete(app.id)}
        onRemoved={refresh}
      />
    </Card>
  );
}

function Entry({ publication, channel }: { readonly publication: Publication; readonly channel: string }) {
  const { mfa } = useWords().publications;
  const { id, app, name, url } = publication;
  return (
    <li className={styles["entry"]} data-publication={name}>
      <div className={styles["line"]}>
        <Link to={`/publications/${app}/${id}`} className={styles["strong"] ?? ""}>
          {name}
        </Link>
        <Badge tone={publication.mfa ? "good" : "quiet"}>{publication.mfa ? mfa.on : mfa.off}</Badge>
      </div>
      <span>{channel}</span>
      {url !== undefined && <Address url={url} name={name} />}
    </li>
  );
}

function AddApp() {
  const { app: words } = useWords().publications;
  const { client } = useSession();
  const refresh = useRefresh();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => client.apps.create({ name: name.trim() }),
    onSuccess: async () => {
      setName("");
      await refresh();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Card title={words.title}>
      <form className={styles["stack"]} onSubmit={submit}>
        <TextInput
          label={words.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          autoComplete="off"
          required
        />
        {create.error && <Problem error={create.error} />}
        <div>
          <Button type="submit" variant="default" loading={create.isPending}>
            {words.action}
          </Button>
        </div>
      </form>
    </Card>
  );
}
