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

export const italian: PhraseSet = {
  phrases: {
    intro: () => say`Per la Sua sicurezza, confermi per favore che è Lei.`,
    menu: (values) => say`Come desidera confermare che è Lei? ${lines(values)}`,
    "menu.invalid": () => say`Purtroppo questa scelta non esiste.`,
    "sent.email": (values) => say`Le abbiamo inviato ${code(values)} per e-mail${mailbox(values.masked)}.`,
    "sent.sms": (values) => say`Le abbiamo inviato ${code(values)} per SMS${number(values.masked)}.`,
    "sent.voice": (values) => say`La stiamo chiamando${number(values.masked)} per darLe ${code(values)}.`,
    enter: (values) =>
      say`Per favore, ${enter(values)} il codice${given(values.digits, (digits) => ` di ${digits} cifre`)}.`,
    "enter.again": again,
    "enter.authenticator": (values) =>
      say`Per favore, apra ${app(values)} e ${enter(values)} il codice che mostra.`,
    wrong: (values) => say`Questo codice non è corretto.${left(values)}`,
    "wrong.last": () => say`Questo codice non è corretto. Le resta un tentativo.`,
    "wrong.length": (values) => say`Il codice ha ${digits(values)}.`,
    expired: () => say`Questo codice è scaduto.`,
    resent: () => say`I codici precedenti non sono più validi.`,
    replaced: () => say`Questo codice non è corretto e non è più valido.`,
    noinput: () => say`Purtroppo non abbiamo sentito nulla.`,
    nomatch: () => say`Purtroppo non abbiamo capito.`,
    success: () => say`Grazie. È confermato.`,
    "success.earlier": () => say`Grazie. Ha già confermato che è Lei.`,
    exceeded: () => say`Purtroppo non abbiamo potuto confermare che è Lei.`,
    "method.none": () => say`Purtroppo non abbiamo modo di inviarLe un codice.`,
    "method.only": () => say`Purtroppo al momento non c'è un altro modo.`,
    error: () => say`Purtroppo c'è stato un problema da parte nostra.`,
    help: (values) =>
      byManner(values, {
        keys: say`Per un altro modo, prema asterisco. Per riascoltare, prema asterisco e ${keyOf("1")}. Per un nuovo codice, prema asterisco e ${keyOf("2")}.`,
        speech: spoken,
        either: spoken,
        text: say`Può scrivere: ripeti, nuovo codice, altro modo, operatore o annulla.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Per favore, prema il numero della Sua scelta. Per riascoltare le scelte, prema asterisco e ${keyOf("1")}.`,
        speech: say`Per favore, dica il nome o il numero della Sua scelta. Può anche dire: ripeti, operatore o annulla.`,
        either: say`Per favore, dica la Sua scelta o ne prema il numero. Può anche dire: ripeti, operatore o annulla.`,
        text: say`Per favore, scriva il nome o il numero della Sua scelta. Può anche scrivere: operatore o annulla.`,
      }),
    canceled: () => say`Va bene, è annullato.`,
    agent: () => say`Un momento, per favore. Qualcuno La aiuterà.`,
    "delivery.failed": () => say`Purtroppo non è stato possibile inviare il messaggio.`,
    delayed: () => say`Il messaggio richiede più tempo del solito. Attenda un momento, per favore.`,
    slower: () => say`Va bene, più lentamente.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`Per riconoscerci: il nostro messaggio contiene le parole ${words}.`,
    goodbye: () => say`Arrivederci.`,
  },
  methods: {
    sms: ({ masked }) => say`SMS${number(masked)}`,
    voice: ({ masked }) => say`Chiamata${number(masked)}`,
    email: ({ masked }) =>
      say`E-mail${given(mailboxOf(masked), ({ letter, domain }) => ` a ${letter ?? ""}… presso ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "App di autenticazione"}`,
    external: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "App di autenticazione"}`,
    passkey: () => say`Passkey`,
    recovery_code: () => say`Codice di recupero`,
  },
};

const spoken = say`Può dire: ripeti, più lentamente, nuovo codice, altro modo, operatore o annulla.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` al numero che termina con ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined
      ? ` al Suo indirizzo presso ${domain}`
      : ` al Suo indirizzo presso ${domain} che inizia con ${letter}`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`Per un SMS${number(masked)}`,
  voice: (masked) => say`Per una chiamata${number(masked)}`,
  email: (masked) => say`Per un'e-mail${mailbox(masked)}`,
  totp: (_, values) => say`Per usare ${app(values)}`,
  external: (_, values) => say`Per usare ${app(values)}`,
  passkey: () => say`Per usare la Sua passkey`,
  recovery_code: () => say`Per usare un codice di recupero`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, { keys: "prema", speech: "dica", either: "prema o dica", text: "scriva" });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted}, ${press} ${key}.`,
    (label) => say`Per ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "la Sua app di autenticazione";
}

function enter(values: PhraseValues): string {
  return byManner(values, { keys: "digiti", speech: "dica", either: "digiti o dica", text: "scriva" });
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "un nuovo codice" : "un codice";
}

function again(values: PhraseValues) {
  return say`Per favore, ${enter(values)} di nuovo il codice.`;
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("it", attemptsLeft, { one: " Le resta # tentativo.", other: " Le restano # tentativi." });
}

function digits({ digits }: PhraseValues): string {
  return counted("it", digits, { one: "# cifra", other: "# cifre" }) ?? "più cifre";
}
