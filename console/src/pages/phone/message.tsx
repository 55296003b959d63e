import type { Message } from "@countersign/client";
import { Button, CopyButton } from "@mantine/core";
import { Link } from "react-router";
import { cutAtCode } from "../../parts/code-in.ts";
import { clockText } from "../../parts/time-text.ts";
import { useWords } from "../../words/words.ts";
import styles from "./phone.module.css";

interface MessageProps {
  readonly message: Message;
  /** Beside the form the links would lead to where the reader already is. */
  readonly bare?: true;
}

/** A text message or a call, as a bubble of the phone. */
export function PhoneMessage({ message, bare }: MessageProps) {
  const { language, phone, vias } = useWords();
  return (
    <article className={styles["bubble"]} data-via={message.via}>
      <header className={styles["meta"]}>
        <span>
          {message.via === "voice" ? phone.call : vias[message.via]} · {phone.to(message.to)}
        </span>
        <time dateTime={message.at}>{clockText(message.at, language)}</time>
      </header>
      <Body message={message} />
      <Actions message={message} bare={bare} />
    </article>
  );
}

/** An e-mail, with its subject. */
export function MailView({ message, bare }: MessageProps) {
  const { language, phone } = useWords();
  return (
    <article className={styles["mail"]}>
      <header className={styles["meta"]}>
        <span>{phone.to(message.to)}</span>
        <time dateTime={message.at}>{clockText(message.at, language)}</time>
      </header>
      {message.subject !== undefined && <strong>{message.subject}</strong>}
      <Body message={message} />
      <Actions message={message} bare={bare} />
    </article>
  );
}

function Body({ message }: { readonly message: Message }) {
  const cut = cutAtCode(message.text);
  return (
    <p className={styles["text"]}>
      {cut === undefined ? (
        message.text
      ) : (
        <>
          {cut.before}
          <strong className={styles["code"]}>{cut.code}</strong>
          {cut.after}
        </>
      )}
    </p>
  );
}

function Actions({ message, bare }: { readonly message: Message; readonly bare: true | undefined }) {
  const { app, phone } = useWords();
  const digits = cutAtCode(message.text)?.digits;
  return (
    <footer className={styles["actions"]}>
      {digits !== undefined && (
        <CopyButton value={digits}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? app.copied : `${app.copy} ${digits}`}
            </Button>
          )}
        </CopyButton>
      )}
      {!bare && (
        <>
          <Link to={`/try?verification=${message.verification}`}>{phone.enter}</Link>
          <Link to={`/verifications/${message.verification}`}>{phone.details}</Link>
        </>
      )}
    </footer>
  );
}
