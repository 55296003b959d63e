import type { Verification } from "@countersign/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Card } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { MailView, PhoneMessage } from "../phone/message.tsx";

/** Beside the form: the newest simulated message of this verification, where there is one. */
export function Newest({ verification }: { readonly verification: Verification }) {
  const { tryIt } = useWords();
  const { client } = useSession();
  const inbox = useQuery({
    queryKey: ["inbox", verification.id],
    queryFn: ({ signal }) => client.inbox.list({ verification: verification.id, limit: 1 }, { signal }),
    enabled: verification.deliveries.length > 0,
  });
  const message = inbox.data?.messages[0];
  if (message === undefined) return null;
  return (
    <Card title={tryIt.simulated}>
      {message.via === "email" ? (
        <MailView message={message} bare />
      ) : (
        <PhoneMessage message={message} bare />
      )}
      <Link to="/phone">{tryIt.read}</Link>
    </Card>
  );
}
