import { CountersignApiError } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "react-router";
import { Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Page } from "../../parts/page.tsx";
import { Remove } from "../../parts/remove.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { Address } from "./address.tsx";
import { PublicationForm } from "./publication-form.tsx";
import { type Channel, type Publication, useChannels, useRefresh } from "./use-publications.ts";

/** `/publications/:app/:id`: its settings, its address, and how a platform is connected. */
export function PublicationPage() {
  const { app = "", id = "" } = useParams();
  const { app: shell, publications: words } = useWords();
  const { client } = useSession();
  const channels = useChannels();
  const found = useQuery({
    queryKey: ["publications", app, id],
    queryFn: ({ signal }) => client.publications.get(app, id, { signal }),
  });
  const missing = found.error instanceof CountersignApiError && found.error.status === 404;
  const error = missing ? channels.error : (found.error ?? channels.error);
  const again = () => void Promise.all([found.refetch(), channels.refetch()]);
  return (
    <Page title={found.data?.name ?? words.title} aside={<Link to="/publications">{words.back}</Link>}>
      {missing && <Note tone="bad">{words.missing}</Note>}
      {error && <Problem error={error} again={again} />}
      {(found.isPending || channels.isPending) && <Loader aria-label={shell.loading} />}
      {found.data && channels.data && !missing && (
        <Found key={id} publication={found.data} channels={channels.data} />
      )}
    </Page>
  );
}

interface FoundProps {
  readonly publication: Publication;
  readonly channels: readonly Channel[];
}

function Found({ publication, channels }: FoundProps) {
  const { publications: words } = useWords();
  const refresh = useRefresh();
  return (
    <div className={styles["columns"]}>
      <Card title={words.form.title}>
        <PublicationForm
          app={publication.app}
          channels={channels}
          publication={publication}
          onSaved={() => void refresh()}
        />
      </Card>
      <div className={styles["stack"]}>
        <Connect publication={publication} />
        <End publication={publication} />
      </div>
    </div>
  );
}

function Connect({ publication }: { readonly publication: Publication }) {
  const { connect } = useWords().publications;
  const { channel, url, name } = publication;
  const how = connect.channels[channel];
  return (
    <Card title={connect.title}>
      {url === undefined ? (
        <p className={styles["soft"]}>{connect.noAddress}</p>
      ) : (
        <Address url={url} name={name} />
      )}
      {how !== undefined && (
        <>
          <p>{how}</p>
          <p className={styles["soft"]}>
            {connect.more} <code>{`docs/channels/${channel}.md`}</code>
          </p>
        </>
      )}
    </Card>
  );
}

function End({ publication }: { readonly publication: Publication }) {
  const { publications: words } = useWords();
  const { client } = useSession();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const { app, id, name } = publication;
  const onRemoved = async () => {
    await navigate("/publications");
    await refresh();
  };
  return (
    <Remove
      words={words.remove}
      name={name}
      sure={words.remove.sure(name)}
      remove={() => client.publications.delete(app, id)}
      onRemoved={onRemoved}
    />
  );
}
