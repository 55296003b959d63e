import { hundreds, type LanguageWords, numbered, tens } from "./language.ts";

/** Brazilian Portuguese; the European spellings of 16, 17 and 19 are understood too. */
export function portuguese(): LanguageWords {
  return {
    numbers: {
      zero: 0,
      ...numbered(2, "dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze"),
      // On the telephone 6 is "meia", half a dozen, because "seis" sounds like "três".
      ...{ duas: 2, meia: 6, catorze: 14 },
      ...numbered(16, "dezesseis dezessete dezoito dezenove"),
      ...{ dezasseis: 16, dezassete: 17, dezanove: 19, cem: 100, cento: 100 },
      ...tens("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"),
      ...hundreds("duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"),
    },
    maybeDigits: { um: 1, uma: 1 },
    hundred: [],
    thousand: ["mil"],
    and: ["e"],
    repeats: { dobro: 2, duplo: 2, dupla: 2, triplo: 3, tripla: 3, quádruplo: 4 },
    times: ["vezes", "vez"],
    fillers:
      "meu minha meus o a os as este esta esse essa isso é são era aqui sim tá bom bem ok okay por favor obrigado obrigada " +
      "código códigos pin senha número números dígito dígitos algarismo chave segurança verificação confirmação acesso " +
      "recuperação mensagem sms mail email enviado acho de do da no na recebi tenho eu veio diz para com depois então agora novamente novo olá oi né " +
      "hã hum ah traço hífen menos ponto vírgula espaço barra",
    phrases: [
      ["de", "uso", "único"],
      ["outra", "vez"],
      ["mais", "uma", "vez"],
    ],
  };
}
