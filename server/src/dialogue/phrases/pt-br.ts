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

export const brazilian: PhraseSet = {
  phrases: {
    intro: () => say`Para sua segurança, confirme por favor que é você.`,
    menu: (values) => say`Como deseja confirmar que é você? ${lines(values)}`,
    "menu.invalid": () => say`Desculpe, essa opção não existe.`,
    "sent.email": (values) => say`Enviamos ${code(values)} por e-mail${mailbox(values.masked)}.`,
    "sent.sms": (values) => say`Enviamos ${code(values)} por SMS${number(values.masked)}.`,
    "sent.voice": (values) =>
      say`Estamos ligando para ${given(endingOf(values.masked), (ending) => say`o número com final ${ending}`) ?? "você"} com ${code(values)}.`,
    enter: (values) =>
      say`Por favor, ${enter(values)} o código${given(values.digits, (digits) => ` de ${digits} dígitos`)}.`,
    "enter.again": again,
    "enter.authenticator": (values) =>
      say`Por favor, abra ${app(values)} e ${enter(values)} o código que aparece.`,
    wrong: (values) => say`Esse código não está certo.${left(values)}`,
    "wrong.last": () => say`Esse código não está certo. Você tem mais uma tentativa.`,
    "wrong.length": (values) => say`O código tem ${digits(values)}.`,
    expired: () => say`Esse código expirou.`,
    resent: () => say`Os códigos anteriores não valem mais.`,
    replaced: () => say`Esse código não está certo e não vale mais.`,
    noinput: () => say`Desculpe, não ouvimos nada.`,
    nomatch: () => say`Desculpe, não entendemos.`,
    success: () => say`Obrigado. Está confirmado.`,
    "success.earlier": () => say`Obrigado. Você já confirmou que é você.`,
    exceeded: () => say`Desculpe, não conseguimos confirmar que é você.`,
    "method.none": () => say`Desculpe, não temos como enviar um código para você.`,
    "method.only": () => say`Desculpe, não há outro meio no momento.`,
    error: () => say`Desculpe, houve um problema do nosso lado.`,
    help: (values) =>
      byManner(values, {
        keys: say`Para outro meio, tecle asterisco. Para ouvir de novo, tecle asterisco e ${keyOf("1")}. Para um novo código, tecle asterisco e ${keyOf("2")}.`,
        speech: spoken,
        either: spoken,
        text: say`Você pode escrever: repetir, novo código, outro meio, atendente ou cancelar.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Por favor, tecle o número da sua opção. Para ouvir as opções de novo, tecle asterisco e ${keyOf("1")}.`,
        speech: say`Por favor, diga o nome ou o número da sua opção. Também pode dizer: repetir, atendente ou cancelar.`,
        either: say`Por favor, diga a sua opção ou tecle o número. Também pode dizer: repetir, atendente ou cancelar.`,
        text: say`Por favor, escreva o nome ou o número da sua opção. Também pode escrever: atendente ou cancelar.`,
      }),
    canceled: () => say`Tudo bem, está cancelado.`,
    agent: () => say`Um momento, por favor. Alguém vai ajudar você.`,
    "delivery.failed": () => say`Desculpe, não foi possível enviar a mensagem.`,
    delayed: () => say`A mensagem está demorando mais que o normal. Aguarde um momento, por favor.`,
    slower: () => say`Tudo bem, mais devagar.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`Para você nos reconhecer: nossa mensagem mostra as palavras ${words}.`,
    goodbye: () => say`Até logo.`,
  },
  methods: {
    sms: ({ masked }) => say`SMS${number(masked)}`,
    voice: ({ masked }) => say`Ligação${number(masked)}`,
    email: ({ masked }) =>
      say`E-mail${given(mailboxOf(masked), ({ letter, domain }) => ` para ${letter ?? ""}… em ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Aplicativo autenticador"}`,
    external: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Aplicativo autenticador"}`,
    passkey: () => say`Chave de acesso`,
    recovery_code: () => say`Código de recuperação`,
  },
};

const spoken = say`Você pode dizer: repetir, mais devagar, novo código, outro meio, atendente ou cancelar.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` para o número com final ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined
      ? ` para o seu endereço em ${domain}`
      : ` para o seu endereço em ${domain} que começa com ${letter}`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`Para um SMS${number(masked)}`,
  voice: (masked) => say`Para uma ligação${number(masked)}`,
  email: (masked) => say`Para um e-mail${mailbox(masked)}`,
  totp: (_, values) => say`Para usar ${app(values)}`,
  external: (_, values) => say`Para usar ${app(values)}`,
  passkey: () => say`Para usar a sua chave de acesso`,
  recovery_code: () => say`Para usar um código de recuperação`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, { keys: "tecle", speech: "diga", either: "tecle ou diga", text: "digite" });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted}, ${press} ${key}.`,
    (label) => say`Para ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "o seu aplicativo autenticador";
}

function enter(values: PhraseValues): string {
  return byManner(values, { keys: "digite", speech: "diga", either: "digite ou diga", text: "digite" });
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "um novo código" : "um código";
}

function again(values: PhraseValues) {
  return say`Por favor, ${enter(values)} o código de novo.`;
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("pt-BR", attemptsLeft, {
    one: " Você ainda tem # tentativa.",
    other: " Você ainda tem # tentativas.",
  });
}

function digits({ digits }: PhraseValues): string {
  return counted("pt-BR", digits, { one: "# dígito", other: "# dígitos" }) ?? "mais dígitos";
}
