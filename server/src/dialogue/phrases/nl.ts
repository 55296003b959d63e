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

export const dutch: PhraseSet = {
  phrases: {
    intro: () => say`Bevestig voor uw veiligheid alstublieft dat u het bent.`,
    menu: (values) => say`Hoe wilt u bevestigen dat u het bent? ${lines(values)}`,
    "menu.invalid": () => say`Sorry, die keuze is er niet.`,
    "sent.email": (values) => say`We hebben u ${code(values)} gemaild${mailbox(values.masked)}.`,
    "sent.sms": (values) => say`We hebben u ${code(values)} per sms gestuurd${number(values.masked)}.`,
    "sent.voice": (values) =>
      say`We bellen u met ${code(values)}${given(endingOf(values.masked), (ending) => say`, op het nummer dat eindigt op ${ending}`)}.`,
    enter: (values) =>
      say`${enter(values)} alstublieft de code${given(values.digits, (digits) => ` van ${digits} cijfers`)}${particle(values)}.`,
    "enter.again": (values) => say`${again(values)}`,
    "enter.authenticator": (values) =>
      say`Open alstublieft ${app(values)} en ${enter(values).toLowerCase()} de getoonde code${particle(values)}.`,
    wrong: (values) => say`Deze code klopt niet.${left(values)}`,
    "wrong.last": () => say`Deze code klopt niet. U hebt nog één poging.`,
    "wrong.length": (values) => say`De code heeft ${digits(values)}.`,
    expired: () => say`Deze code is verlopen.`,
    resent: () => say`Eerdere codes zijn niet meer geldig.`,
    replaced: () => say`Deze code klopt niet en is niet meer geldig.`,
    noinput: () => say`Sorry, we hebben niets gehoord.`,
    nomatch: () => say`Sorry, dat hebben we niet begrepen.`,
    success: () => say`Dank u wel. Het is bevestigd.`,
    "success.earlier": () => say`Dank u wel. U hebt al bevestigd dat u het bent.`,
    exceeded: () => say`Sorry, we konden niet bevestigen dat u het bent.`,
    "method.none": () => say`Sorry, we hebben geen manier om u een code te sturen.`,
    "method.only": () => say`Sorry, er is op dit moment geen andere manier.`,
    error: () => say`Sorry, er ging bij ons iets mis.`,
    help: (values) =>
      byManner(values, {
        keys: say`Toets sterretje voor een andere manier, sterretje en ${keyOf("1")} om dit nog eens te horen, sterretje en ${keyOf("2")} voor een nieuwe code.`,
        speech: spoken,
        either: spoken,
        text: say`U kunt typen: herhalen, nieuwe code, andere manier, medewerker of annuleren.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Toets alstublieft het nummer van uw keuze. Om de keuzes nog eens te horen toetst u sterretje en ${keyOf("1")}.`,
        speech: say`Zeg alstublieft de naam of het nummer van uw keuze. U kunt ook zeggen: herhalen, medewerker of annuleren.`,
        either: say`Zeg alstublieft uw keuze of toets het nummer. U kunt ook zeggen: herhalen, medewerker of annuleren.`,
        text: say`Typ alstublieft de naam of het nummer van uw keuze. U kunt ook typen: medewerker of annuleren.`,
      }),
    canceled: () => say`Goed, dit is geannuleerd.`,
    agent: () => say`Een ogenblik alstublieft. Iemand helpt u zo verder.`,
    "delivery.failed": () => say`Sorry, het bericht kon niet worden verstuurd.`,
    delayed: () => say`Het bericht duurt langer dan gewoonlijk. Een ogenblik geduld alstublieft.`,
    slower: () => say`Goed, wat langzamer.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`Zo herkent u ons: in ons bericht staan de woorden ${words}.`,
    goodbye: () => say`Tot ziens.`,
  },
  methods: {
    sms: ({ masked }) => say`Sms${number(masked)}`,
    voice: ({ masked }) => say`Telefoontje${number(masked)}`,
    email: ({ masked }) =>
      say`E-mail${given(mailboxOf(masked), ({ letter, domain }) => ` naar ${letter ?? ""}… bij ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Authenticator-app"}`,
    external: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Authenticator-app"}`,
    passkey: () => say`Passkey`,
    recovery_code: () => say`Herstelcode`,
  },
};

const spoken = say`U kunt zeggen: herhalen, langzamer, nieuwe code, andere manier, medewerker of annuleren.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` naar het nummer dat eindigt op ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined
      ? ` naar uw adres bij ${domain}`
      : ` naar uw adres bij ${domain} dat begint met ${letter}`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`Voor een sms${number(masked)}`,
  voice: (masked) => say`Voor een telefoontje${number(masked)}`,
  email: (masked) => say`Voor een e-mail${mailbox(masked)}`,
  totp: (_, values) => say`Voor ${app(values)}`,
  external: (_, values) => say`Voor ${app(values)}`,
  passkey: () => say`Voor uw passkey`,
  recovery_code: () => say`Voor een herstelcode`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, {
    keys: "toetst u",
    speech: "zegt u",
    either: "toetst of zegt u",
    text: "typt u",
  });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted} ${press} ${key}.`,
    (label) => say`Voor ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "uw authenticator-app";
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "een nieuwe code" : "een code";
}

/** The verb at the beginning; what it leaves for the end of the sentence is the particle. */
function enter(values: PhraseValues): string {
  return byManner(values, { keys: "Toets", speech: "Zeg", either: "Zeg", text: "Typ" });
}

function particle(values: PhraseValues): string {
  return byManner(values, { keys: " in", speech: "", either: " of toets hem in", text: " in" });
}

function again(values: PhraseValues): string {
  return byManner(values, {
    keys: "Toets de code alstublieft nog eens in.",
    speech: "Zeg de code alstublieft nog eens.",
    either: "Zeg de code alstublieft nog eens of toets hem in.",
    text: "Typ de code alstublieft nog eens in.",
  });
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("nl", attemptsLeft, { one: " U hebt nog # poging.", other: " U hebt nog # pogingen." });
}

function digits({ digits }: PhraseValues): string {
  return counted("nl", digits, { one: "# cijfer", other: "# cijfers" }) ?? "meer cijfers";
}
