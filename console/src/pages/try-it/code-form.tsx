import type { CheckResult, Verification } from "@countersign/client";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Problem } from "../../parts/notes.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import styles from "./try-it.module.css";

interface CodeFormProps {
  readonly verification: Verification;
  readonly onReceipt: (receipt: string) => void;
}

/** The code, another one, or none at all. */
export function CodeForm({ verification, onReceipt }: CodeFormProps) {
  const words = useWords();
  const { tryIt } = words;
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { check, resend, cancel } = useVerbs(verification.id, (result) => {
    if (result.receipt !== undefined) onReceipt(result.receipt);
    setCode("");
    field.current?.focus();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    resend.reset();
    if (code.trim() !== "") check.mutate(code);
  };
  const error = check.error ?? resend.error ?? cancel.error;
  const spoken = verification.via === "recovery_code";
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <TextInput
        ref={field}
        label={tryIt.code}
        description={tryIt.codeHelp}
        error={check.data && refusalOf(check.data, verification, words)}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        name="code"
        inputMode={spoken ? "text" : "numeric"}
        autoComplete={spoken ? "off" : "one-time-code"}
        enterKeyHint="done"
        spellCheck={false}
        autoFocus
        size="md"
        classNames={{ input: styles["code"] ?? "" }}
      />
      <div role="status">
        {resend.isSuccess && <p className={styles["help"]}>{tryIt.resent}</p>}
        <p className={styles["help"]}>{tryIt.left(verification.maxAttempts - verification.attempts)}</p>
      </div>
      {error && <Problem error={error} />}
      <div className={`${styles["row"]} ${styles["verbs"]}`}>
        <Button type="submit" size="md" loading={check.isPending}>
          {tryIt.confirm}
        </Button>
        {verification.deliveries.length > 0 && (
          <Button
            variant="default"
            size="md"
            loading={resend.isPending}
            onClick={() => {
              check.reset();
              resend.mutate();
            }}
          >
            {tryIt.resend}
          </Button>
        )}
        <Button variant="subtle" size="md" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {tryIt.cancel}
        </Button>
      </div>
    </form>
  );
}

/** Why an answer was refused, for a key that may know. */
function refusalOf({ approved, reason }: CheckResult, { status }: Verification, { tryIt, reasons }: Words) {
  if (approved || status !== "pending") return undefined;
  return (reason === undefined ? undefined : reasons[reason]) ?? tryIt.wrong;
}

function useVerbs(id: string, onChecked: (result: CheckResult) => void) {
  const { client } = useSession();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ["verification", id] });
  const check = useMutation({
    mutationFn: (code: string) => client.verifications.check(id, { code }),
    onSuccess: onChecked,
    onSettled: changed,
  });
  const resend = useMutation({ mutationFn: () => client.verifications.resend(id), onSettled: changed });
  const cancel = useMutation({ mutationFn: () => client.verifications.cancel(id), onSettled: changed });
  return { check, resend, cancel };
}
