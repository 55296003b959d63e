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

export const french: PhraseSet = {
  phrases: {
    intro: () => say`Pour votre sécurité, merci de confirmer qu'il s'agit bien de vous.`,
    menu: (values) => say`Comment souhaitez-vous confirmer votre identité ? ${lines(values)}`,
    "menu.invalid": () => say`Désolé, ce choix n'existe pas.`,
    "sent.email": (values) =>
      say`Nous vous avons envoyé ${code(values)} par e-mail${mailbox(values.masked)}.`,
    "sent.sms": (values) => say`Nous vous avons envoyé ${code(values)} par SMS${number(values.masked)}.`,
    "sent.voice": (values) =>
      say`Nous vous appelons${number(values.masked)} pour vous donner ${code(values)}.`,
    enter: (values) =>
      say`Veuillez ${enter(values)} le code${given(values.digits, (digits) => ` à ${digits} chiffres`)}.`,
    "enter.again": again,
    "enter.authenticator": (values) =>
      say`Veuillez ouvrir ${app(values)}, puis ${enter(values)} le code affiché.`,
    wrong: (values) => say`Ce code n'est pas le bon.${left(values)}`,
    "wrong.last": () => say`Ce code n'est pas le bon. Il vous reste un essai.`,
    "wrong.length": (values) => say`Le code comporte ${digits(values)}.`,
    expired: () => say`Ce code a expiré.`,
    resent: () => say`Les codes précédents ne sont plus valables.`,
    replaced: () => say`Ce code n'est pas le bon, et il n'est plus valable.`,
    noinput: () => say`Désolé, nous n'avons rien entendu.`,
    nomatch: () => say`Désolé, nous n'avons pas compris.`,
    success: () => say`Merci. C'est confirmé.`,
    "success.earlier": () => say`Merci. Votre identité est déjà confirmée.`,
    exceeded: () => say`Désolé, nous n'avons pas pu confirmer votre identité.`,
    "method.none": () => say`Désolé, nous n'avons aucun moyen de vous envoyer un code.`,
    "method.only": () => say`Désolé, il n'y a pas d'autre moyen pour le moment.`,
    error: () => say`Désolé, un problème est survenu de notre côté.`,
    help: (values) =>
      byManner(values, {
        keys: say`Pour un autre moyen, tapez étoile. Pour réécouter, tapez étoile puis ${keyOf("1")}. Pour un nouveau code, tapez étoile puis ${keyOf("2")}.`,
        speech: spoken,
        either: spoken,
        text: say`Vous pouvez écrire : répéter, nouveau code, autre moyen, conseiller ou annuler.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Veuillez taper le chiffre de votre choix. Pour réécouter les choix, tapez étoile puis ${keyOf("1")}.`,
        speech: say`Veuillez dire le nom ou le numéro de votre choix. Vous pouvez aussi dire : répéter, conseiller ou annuler.`,
        either: say`Veuillez dire ou taper votre choix. Vous pouvez aussi dire : répéter, conseiller ou annuler.`,
        text: say`Veuillez écrire le nom ou le numéro de votre choix. Vous pouvez aussi écrire : conseiller ou annuler.`,
      }),
    canceled: () => say`D'accord, c'est annulé.`,
    agent: () => say`Un instant, s'il vous plaît. Quelqu'un va vous aider.`,
    "delivery.failed": () => say`Désolé, le message n'a pas pu être envoyé.`,
    delayed: () => say`Le message met plus de temps que d'habitude. Merci de patienter un instant.`,
    slower: () => say`D'accord, plus lentement.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`Pour nous reconnaître : notre message contient les mots ${words}.`,
    goodbye: () => say`Au revoir.`,
  },
  methods: {
    sms: ({ masked }) => say`SMS${number(masked)}`,
    voice: ({ masked }) => say`Appel${number(masked)}`,
    email: ({ masked }) =>
      say`E-mail${given(mailboxOf(masked), ({ letter, domain }) => ` à ${letter ?? ""}… chez ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Application d'authentification"}`,
    external: ({ authenticatorName }) =>
      say`${nameOf(authenticatorName) ?? "Application d'authentification"}`,
    passkey: () => say`Clé d'accès`,
    recovery_code: () => say`Code de secours`,
  },
};

const spoken = say`Vous pouvez dire : répéter, plus lentement, nouveau code, autre moyen, conseiller ou annuler.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` au numéro se terminant par ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined
      ? ` à votre adresse chez ${domain}`
      : ` à votre adresse chez ${domain} qui commence par ${letter}`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`Pour un SMS${number(masked)}`,
  voice: (masked) => say`Pour un appel${number(masked)}`,
  email: (masked) => say`Pour un e-mail${mailbox(masked)}`,
  totp: (_, values) => say`Pour utiliser ${app(values)}`,
  external: (_, values) => say`Pour utiliser ${app(values)}`,
  passkey: () => say`Pour utiliser votre clé d'accès`,
  recovery_code: () => say`Pour utiliser un code de secours`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, {
    keys: "tapez",
    speech: "dites",
    either: "tapez ou dites",
    text: "écrivez",
  });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted}, ${press} ${key}.`,
    (label) => say`Pour ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "votre application d'authentification";
}

function enter(values: PhraseValues): string {
  return byManner(values, { keys: "saisir", speech: "dire", either: "saisir ou dire", text: "saisir" });
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "un nouveau code" : "un code";
}

function again(values: PhraseValues) {
  return say`Veuillez ${enter(values)} le code à nouveau.`;
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("fr", attemptsLeft, {
    one: " Il vous reste # essai.",
    other: " Il vous reste # essais.",
  });
}

function digits({ digits }: PhraseValues): string {
  return counted("fr", digits, { one: "# chiffre", other: "# chiffres" }) ?? "plus de chiffres";
}
