import type { Enrollment } from "@countersign/client";
import { Button, CopyButton, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { useRefresh } from "./use-people.ts";

interface AppEnrollmentProps {
  readonly user: string;
}

/** An authenticator app: the code to scan, shown once, then one code of the app as the proof. */
export function AppEnrollment({ user }: AppEnrollmentProps) {
  const { enroll } = useWords().people;
  const { client } = useSession();
  const refresh = useRefresh(user);
  const [done, setDone] = useState(false);
  const begin = useMutation({
    mutationFn: () => client.enrollments.begin(user, { kind: "totp" }),
    // The seed stands on the page only: nothing keeps it after it is gone from there.
    gcTime: 0,
    onSuccess: refresh,
  });
  const confirmed = async () => {
    begin.reset();
    setDone(true);
    await refresh();
  };
  return (
    <Card title={enroll.title}>
      <p className={styles["soft"]}>{enroll.text}</p>
      <div role="status">{done && <Note tone="good">{enroll.done}</Note>}</div>
      {begin.error && <Problem error={begin.error} />}
      {begin.data === undefined ? (
        <div>
          <Button
            variant="default"
            loading={begin.isPending}
            onClick={() => {
              setDone(false);
              begin.mutate();
            }}
          >
            {enroll.begin}
          </Button>
        </div>
      ) : (
        <Scan
          user={user}
          enrollment={begin.data}
          onConfirmed={() => void confirmed()}
          onCancel={begin.reset}
        />
      )}
    </Card>
  );
}

interface ScanProps extends AppEnrollmentProps {
  readonly enrollment: Enrollment;
  readonly onConfirmed: () => void;
  readonly onCancel: () => void;
}

function Scan({ user, enrollment, onConfirmed, onCancel }: ScanProps) {
  const { people, language } = useWords();
  const { enroll } = people;
  const { qrSvg, secret = "", expiresAt } = enrollment;
  return (
    <>
      {expiresAt !== undefined && (
        <p className={styles["soft"]}>{enroll.until(momentText(expiresAt, language))}</p>
      )}
      <p className={styles["soft"]}>{enroll.scan}</p>
      {qrSvg !== undefined && (
        <div>
          <img
            className={styles["picture"]}
            src={`data:image/svg+xml,${encodeURIComponent(qrSvg)}`}
            alt={enroll.qr}
          />
        </div>
      )}
      <div>
        {enroll.key}: <code className={styles["address"]}>{secret}</code>
      </div>
      <div>
        <Copy text={secret} action={enroll.copyKey} />
      </div>
      <Confirm user={user} enrollment={enrollment} onConfirmed={onConfirmed} onCancel={onCancel} />
    </>
  );
}

function Copy({ text, action }: { readonly text: string; readonly action: string }) {
  const { app } = useWords();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button variant="default" size="compact-sm" onClick={copy}>
          {copied ? app.copied : action}
        </Button>
      )}
    </CopyButton>
  );
}

function Confirm({ user, enrollment, onConfirmed, onCancel }: ScanProps) {
  const { enroll } = useWords().people;
  const { client } = useSession();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => client.enrollments.confirm(user, enrollment.id, { code }),
    onSuccess: onConfirmed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== "") confirm.mutate();
  };
  return (
    <form className={styles["stack"]} onSubmit={submit}>
      <TextInput
        label={enroll.code}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        required
      />
      {confirm.error && <Problem error={confirm.error} />}
      <div className={styles["row"]}>
        <Button type="submit" loading={confirm.isPending}>
          {enroll.confirm}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {enroll.cancel}
        </Button>
      </div>
    </form>
  );
}
