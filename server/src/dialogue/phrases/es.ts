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

export const spanish: PhraseSet = {
  phrases: {
    intro: () => say`Por su seguridad, confirme por favor que es usted.`,
    menu: (values) => say`¿Cómo desea confirmar que es usted? ${lines(values)}`,
    "menu.invalid": () => say`Lo sentimos, esa opción no existe.`,
    "sent.email": (values) =>
      say`Le hemos enviado ${code(values)} por correo electrónico${mailbox(values.masked)}.`,
    "sent.sms": (values) => say`Le hemos enviado ${code(values)} por SMS${number(values.masked)}.`,
    "sent.voice": (values) => say`Le estamos llamando${number(values.masked)} para darle ${code(values)}.`,
    enter: (values) =>
      say`Por favor, ${enter(values)} el código${given(values.digits, (digits) => ` de ${digits} dígitos`)}.`,
    "enter.again": again,
    "enter.authenticator": (values) =>
      say`Por favor, abra ${app(values)}. Después ${enter(values)} el código que muestra.`,
    wrong: (values) => say`Ese código no es correcto.${left(values)}`,
    "wrong.last": () => say`Ese código no es correcto. Le queda un intento.`,
    "wrong.length": (values) => say`El código tiene ${digits(values)}.`,
    expired: () => say`Ese código ha caducado.`,
    resent: () => say`Los códigos anteriores ya no son válidos.`,
    replaced: () => say`Ese código no es correcto y ya no es válido.`,
    noinput: () => say`Lo sentimos, no hemos oído nada.`,
    nomatch: () => say`Lo sentimos, no le hemos entendido.`,
    success: () => say`Gracias. Está confirmado.`,
    "success.earlier": () => say`Gracias. Ya ha confirmado que es usted.`,
    exceeded: () => say`Lo sentimos, no hemos podido confirmar que es usted.`,
    "method.none": () => say`Lo sentimos, no tenemos ningún medio para enviarle un código.`,
    "method.only": () => say`Lo sentimos, no hay otro medio por el momento.`,
    error: () => say`Lo sentimos, algo ha fallado por nuestra parte.`,
    help: (values) =>
      byManner(values, {
        keys: say`Para otro medio, pulse asterisco. Para escuchar de nuevo, pulse asterisco y ${keyOf("1")}. Para un código nuevo, pulse asterisco y ${keyOf("2")}.`,
        speech: spoken,
        either: spoken,
        text: say`Puede escribir: repetir, código nuevo, otro medio, agente o cancelar.`,
      }),
    "help.menu": (values) =>
      byManner(values, {
        keys: say`Por favor, pulse el número de su opción. Para escuchar de nuevo las opciones, pulse asterisco y ${keyOf("1")}.`,
        speech: say`Por favor, diga el nombre o el número de su opción. También puede decir: repetir, agente o cancelar.`,
        either: say`Por favor, diga su opción o pulse su número. También puede decir: repetir, agente o cancelar.`,
        text: say`Por favor, escriba el nombre o el número de su opción. También puede escribir: agente o cancelar.`,
      }),
    canceled: () => say`De acuerdo, está cancelado.`,
    agent: () => say`Un momento, por favor. Alguien le ayudará.`,
    "delivery.failed": () => say`Lo sentimos, no se ha podido enviar el mensaje.`,
    delayed: () => say`El mensaje tarda más de lo habitual. Espere un momento, por favor.`,
    slower: () => say`De acuerdo, más despacio.`,
    "proof.words": ({ words }) =>
      words === undefined ? [] : say`Para que nos reconozca: nuestro mensaje contiene las palabras ${words}.`,
    goodbye: () => say`Hasta luego.`,
  },
  methods: {
    sms: ({ masked }) => say`SMS${number(masked)}`,
    voice: ({ masked }) => say`Llamada${number(masked)}`,
    email: ({ masked }) =>
      say`Correo electrónico${given(mailboxOf(masked), ({ letter, domain }) => ` a ${letter ?? ""}… en ${domain}`)}`,
    totp: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Aplicación de autenticación"}`,
    external: ({ authenticatorName }) => say`${nameOf(authenticatorName) ?? "Aplicación de autenticación"}`,
    passkey: () => say`Clave de acceso`,
    recovery_code: () => say`Código de recuperación`,
  },
};

const spoken = say`Puede decir: repetir, más despacio, código nuevo, otro medio, agente o cancelar.`;

function number(masked: string | undefined) {
  return given(endingOf(masked), (ending) => say` al número terminado en ${ending}`);
}

function mailbox(masked: string | undefined) {
  return given(mailboxOf(masked), ({ letter, domain }) =>
    letter === undefined
      ? ` a su dirección de ${domain}`
      : ` a su dirección de ${domain} que empieza por ${letter}`,
  );
}

const wanting: Wanting = {
  sms: (masked) => say`Para un SMS${number(masked)}`,
  voice: (masked) => say`Para una llamada${number(masked)}`,
  email: (masked) => say`Para un correo electrónico${mailbox(masked)}`,
  totp: (_, values) => say`Para usar ${app(values)}`,
  external: (_, values) => say`Para usar ${app(values)}`,
  passkey: () => say`Para usar su clave de acceso`,
  recovery_code: () => say`Para usar un código de recuperación`,
};

function lines(values: PhraseValues) {
  const press = byManner(values, { keys: "pulse", speech: "diga", either: "pulse o diga", text: "escriba" });
  return menuLines(
    values,
    wanting,
    (wanted, key) => say`${wanted}, ${press} ${key}.`,
    (label) => say`Para ${label}`,
  );
}

function app({ authenticatorName }: PhraseValues): string {
  return nameOf(authenticatorName) ?? "su aplicación de autenticación";
}

function enter(values: PhraseValues): string {
  return byManner(values, { keys: "marque", speech: "diga", either: "marque o diga", text: "escriba" });
}

function code({ code = "first" }: PhraseValues): string {
  return code === "new" ? "un código nuevo" : "un código";
}

function again(values: PhraseValues) {
  return say`Por favor, ${enter(values)} el código de nuevo.`;
}

function left({ attemptsLeft }: PhraseValues): string | undefined {
  return counted("es", attemptsLeft, { one: " Le queda # intento.", other: " Le quedan # intentos." });
}

function digits({ digits }: PhraseValues): string {
  return counted("es", digits, { one: "# dígito", other: "# dígitos" }) ?? "más dígitos";
}
