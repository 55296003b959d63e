import {
  byManner,
  counted,
  endingOf,
  given,
  keyOf,
  mailboxOf,
  menuLines,
  nameOf,
  say,
  type Wanting,
} from "./compose.ts";
import type { PhraseSet, PhraseValues } from "./phrase.ts";

export const english: PhraseSet = {
  phrases: {
    intro: () => say`For your security, please confirm that it is you.`,
    menu: (values) => say`How would you like to confirm that it is you? ${lines(values)}`,
    "menu.invalid": () => say`Sorry, that is not one of the choices.`,
    "sent.email": (values) =>
      say`We have sent ${code(values)} to your e-mail address${mailbox(values.masked)}.`,
    "sent.sms": (values) => say`We have sent ${code(values)} by text message${number(values.masked)}.`,
    "sent.voice": (values) =>
      say`We are calling ${given(endingOf(values.masked), (ending) => say`the number ending in ${ending}`) ?? "you"} with ${code(values)}.`,
    enter: (values) =>
      say`Please ${enter(values)} the ${given(values.digits, (digits) => `${digits}-digit `)}code.`,
    "enter.again": again,
    "enter.authenticator": (values) =>
      say`Please open ${app(values)} and ${enter(values)} the code that it shows.`,
    wrong: (values) => say`That code is not right.${left(values)}`,
    "wrong.last": () => say`That code is not right. You have one more try.`,
    "wrong.length": (values) => say`The code has ${digits(values)}.`,
    expired: () => say`That code has expired.`,
    resent: () => say`The codes before it are no longer valid.`,
    replaced: () => say`That code is not right, and it can no longer be used.`,
    noinput: () => say`Sorry, we did not hear anything.`,
    nomatch: () => say`Sorry, we did not understand that.`,
    success: () => say`Thank you. That is confirmed.`,
    "success.earlier": () => say`Thank you. You have already confirmed that it is you.`,
    exceeded: () => say`Sorry, we could not confirm that it is you.`,
    "method.none": () => say`Sorry, we have no way to send you a code.`,
    "method.only": () => say`Sorry, there is no other way at the moment.`,
    error: () => say`Sorry, something went wrong on our side.`,
    help: (values) =>
      byManner(values, {
        keys: say`For another way, press star. To hear this again, press star and ${keyOf("1")}. For a new code, press star and ${keyOf("2")}.`,
        speech: spoken,
        either: spoken,
        text: say`You can write: again, new code, another way, agent or cancel.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Please press the key of your choice. To hear the choices again, press star and ${keyOf("1")}.`,
        speech: say`Please say the name or the number of your choice. You can also say: again, agent or cancel.`,
        either: say`Please say your choice or press its key. You can also say: again, agent or cancel.`,
        text: say`Please write the name or the number of your choice. You can also write: agent or cancel.`,
      }),
    canceled: () => say`All right, this is canceled.`,
    agent: () => say`One moment, please. Somebody will help you.`,
    "delivery.failed": () => say`Sorry, the message could not be sent.`,
    delayed: () => say`The message is taking longer than usual. Please wait a moment.`,
    slower: () => say`All right, more slowly.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`You can tell that it is us: our message shows the words ${words}.`,
    goodbye: () => say`Goodbye.`,
  },
  methods: {
    sms: ({ masked }) => say`Text message${number(masked)}`,
    voice: ({ masked }) => say`Phone call${number(masked)}`,
    email: ({ masked }) =>
      say`E-mail${given(mailboxOf(masked), ({ letter, domain }) => ` to ${letter ?? ""}… at ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Authenticator app"}`,
    external: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Authenticator app"}`,
    passkey: () => say`Passkey`,
    recovery_code: () => say`Recovery code`,
  },
};

const spoken = say`You can say: again, slower, new code, another way, agent or cancel.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` to the number ending in ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined ? ` at ${domain}` : ` that starts with ${letter} at ${domain}`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`For a text message${number(masked)}`,
  voice: (masked) => say`For a phone call${number(masked)}`,
  email: (masked) => say`For an e-mail to your address${mailbox(masked)}`,
  totp: (_, values) => say`To use ${app(values)}`,
  external: (_, values) => say`To use ${app(values)}`,
  passkey: () => say`To use your passkey`,
  recovery_code: () => say`To use a recovery code`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, { keys: "press", speech: "say", either: "press or say", text: "type" });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted}, ${press} ${key}.`,
    (label) => say`For ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "your authenticator app";
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "a new code" : "a code";
}

function again(values: PhraseValues) {
  return say`Please ${enter(values)} the code again.`;
}

function enter(values: PhraseValues): string {
  return byManner(values, { keys: "enter", speech: "say", either: "enter or say", text: "enter" });
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("en", attemptsLeft, { one: " You have # try left.", other: " You have # tries left." });
}

function digits({ digits }: PhraseValues): string {
  return counted("en", digits, { one: "# digit", other: "# digits" }) ?? "more digits";
}
