import { CountersignApiError, type Message } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Problem } from "../../parts/notes.tsx";
import { Card, Empty, Page } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { MailView, PhoneMessage } from "./message.tsx";
import styles from "./phone.module.css";

/** `/phone`: what the simulated phone and mailbox received, newest first; live events make it read again. */
export function PhonePage() {
  const { app, phone } = useWords();
  const { client } = useSession();
  const inbox = useQuery({
    queryKey: ["inbox"],
    queryFn: ({ signal }) => client.inbox.list({ limit: 100 }, { signal }),
  });
  if (isAbsent(inbox.error)) {
    return (
      <Page title={phone.title}>
        <Card>
          <Empty title={phone.none.title} text={phone.none.text} />
        </Card>
      </Page>
    );
  }
  return (
    <Page title={phone.title} text={phone.text}>
      {inbox.error && <Problem error={inbox.error} again={() => void inbox.refetch()} />}
      {inbox.isPending && <Loader aria-label={app.loading} />}
      {inbox.data && <Inbox messages={inbox.data.messages} />}
    </Page>
  );
}

/** Without a simulated provider the server says that there is nothing here. */
export function isAbsent(error: unknown): boolean {
  return error instanceof CountersignApiError && error.status === 404;
}

function Inbox({ messages }: { readonly messages: readonly Message[] }) {
  const { phone } = useWords();
  const mails = messages.filter(({ via }) => via === "email");
  const rings = messages.filter(({ via }) => via !== "email");
  return (
    <div className={styles["columns"]}>
      <section className={styles["phone"]} aria-label={phone.phone}>
        <h2 className={styles["screenTitle"]}>{phone.phone}</h2>
        <div className={styles["screen"]}>
          {rings.length === 0 && <Nothing title={phone.emptyPhone} />}
          <ol className={styles["messages"]}>
            {rings.map((message) => (
              <li key={message.id}>
                <PhoneMessage message={message} />
              </li>
            ))}
          </ol>
        </div>
      </section>
      <Card title={phone.mailbox}>
        {mails.length === 0 && <Nothing title={phone.emptyMailbox} />}
        <ol className={styles["messages"]}>
          {mails.map((message) => (
            <li key={message.id}>
              <MailView message={message} />
            </li>
          ))}
        </ol>
      </Card>
    </div>
  );
}

function Nothing({ title }: { readonly title: string }) {
  const { phone } = useWords();
  return (
    <Empty title={title} text={phone.emptyHelp}>
      <Link to="/try">{phone.emptyAction}</Link>
    </Empty>
  );
}
