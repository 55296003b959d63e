import { Loader } from "@mantine/core";
import { Link, useNavigate, useParams } from "react-router";
import { Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Page } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import { PublicationForm } from "./publication-form.tsx";
import { useChannels, useRefresh } from "./use-publications.ts";

/** `/publications/:app/new`: one more channel for an app. */
export function NewPublicationPage() {
  const { app = "" } = useParams();
  const { app: shell, publications: words } = useWords();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const channels = useChannels();
  const saved = async (id: string) => {
    await refresh();
    await navigate(`/publications/${app}/${id}`);
  };
  return (
    <Page title={words.form.create} aside={<Link to="/publications">{words.back}</Link>}>
      {channels.isPending && <Loader aria-label={shell.loading} />}
      {channels.error && <Problem error={channels.error} again={() => void channels.refetch()} />}
      {channels.data && (
        <div className={styles["narrow"]}>
          <Card title={words.form.title}>
            <PublicationForm app={app} channels={channels.data} onSaved={({ id }) => void saved(id)} />
          </Card>
        </div>
      )}
    </Page>
  );
}
