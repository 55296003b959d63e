import { hundreds, type LanguageWords, numbered, tens } from "./language.ts";

export function spanish(): LanguageWords {
  return {
    numbers: {
      ...numbered(
        0,
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
      ),
      ...numbered(16, "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés"),
      ...numbered(24, "veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"),
      ...tens("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"),
      ...{ veintiún: 21, veintiuna: 21, cien: 100, ciento: 100 },
      ...hundreds(
        "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
      ),
    },
    maybeDigits: { un: 1, una: 1 },
    hundred: [],
    thousand: ["mil"],
    and: ["y"],
    repeats: { doble: 2, triple: 3, cuádruple: 4 },
    times: ["veces", "vez"],
    fillers:
      "mi mis el la los las lo este esta esto es son era aquí sí vale bueno bien ok okay por favor gracias código códigos " +
      "pin clave contraseña número números dígito dígitos cifra cifras seguridad verificación confirmación acceso " +
      "recuperación temporal de del he recibido recibí tengo me dice ha llegado para con luego después entonces ahora " +
      "otra nuevo mensaje sms correo enviado creo sería hola eh em mm este pues guion guión menos punto coma espacio barra",
    phrases: [
      ["de", "un", "solo", "uso"],
      ["otra", "vez"],
      ["de", "una", "sola", "vez"],
    ],
  };
}
