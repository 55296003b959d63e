import { Refused } from "../model.ts";

/** Values of variables; an object is what a sub-dialogue gave back. */
export type Value = string | number | boolean | undefined | { readonly [name: string]: Value };

/** Variables by name, innermost scope first. */
export interface Scope {
  readonly variables: Map<string, Value>;
  readonly outer?: Scope | undefined;
}

const tokenPattern =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|(===|!==|==|!=|&&|\|\||[!+()]))/y;

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "sign"; readonly sign: string };

/**
 * The value of an expression: the part of ECMAScript that call flows use, which is literals, variables, comparison, `!`, `&&`,
 * `||` and `+`. @throws Refused (error.semantic) for anything else and for a variable that was never declared.
 */
export function evaluate(expression: string, scope: Scope): Value {
  const tokens = tokensOf(expression);
  const reader = { tokens, at: 0, scope };
  const value = readOr(reader);
  if (reader.at < tokens.length) throw new Refused("An expression cannot be read.");
  return value;
}

export function isTrue(expression: string, scope: Scope): boolean {
  return Boolean(evaluate(expression, scope));
}

function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < expression.trimEnd().length) {
    const match = tokenPattern.exec(expression);
    if (match === null) throw new Refused("An expression cannot be read.");
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf([, text, number, name, sign = ""]: RegExpExecArray): Token {
  if (text !== undefined) return { kind: "text", text: text.slice(1, -1).replace(/\\(.)/g, "$1") };
  if (number !== undefined) return { kind: "number", number: Number(number) };
  return name === undefined ? { kind: "sign", sign } : { kind: "name", name };
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly scope: Scope;
}

function takes(reader: Reader, ...signs: readonly string[]): string | undefined {
  const token = reader.tokens[reader.at];
  if (token?.kind !== "sign" || !signs.includes(token.sign)) return undefined;
  reader.at += 1;
  return token.sign;
}

function readOr(reader: Reader): Value {
  let value = readAnd(reader);
  while (takes(reader, "||")) {
    const right = readAnd(reader);
    value = value || right;
  }
  return value;
}

function readAnd(reader: Reader): Value {
  let value = readEquality(reader);
  while (takes(reader, "&&")) {
    const right = readEquality(reader);
    value = value && right;
  }
  return value;
}

function readEquality(reader: Reader): Value {
  let value = readSum(reader);
  for (
    let sign = takes(reader, "===", "!==", "==", "!=");
    sign;
    sign = takes(reader, "===", "!==", "==", "!=")
  ) {
    const right = readSum(reader);
    const isSame = sign.length === 3 ? value === right : value === right || `${value}` === `${right}`;
    value = sign.startsWith("!") ? !isSame : isSame;
  }
  return value;
}

function readSum(reader: Reader): Value {
  let value = readOne(reader);
  while (takes(reader, "+")) {
    const right = readOne(reader);
    value = typeof value === "number" && typeof right === "number" ? value + right : `${value}${right}`;
  }
  return value;
}

const constants: Readonly<Record<string, Value>> = { true: true, false: false, undefined, null: undefined };

function readOne(reader: Reader): Value {
  if (takes(reader, "!")) return !readOne(reader);
  if (takes(reader, "(")) {
    const value = readOr(reader);
    if (!takes(reader, ")")) throw new Refused("An expression cannot be read.");
    return value;
  }
  const token = reader.tokens[reader.at];
  reader.at += 1;
  switch (token?.kind) {
    case "text":
      return token.text;
    case "number":
      return token.number;
    case "name":
      return Object.hasOwn(constants, token.name) ? constants[token.name] : lookUp(token.name, reader.scope);
    default:
      throw new Refused("An expression cannot be read.");
  }
}

/** @throws Refused where it was never declared. */
function lookUp(path: string, scope: Scope): Value {
  const [name = "", ...members] = path.split(".");
  let value = scopeOf(name, scope).variables.get(name);
  for (const member of members) {
    if (typeof value !== "object") throw new Refused(`error.semantic: ${path} has no value.`);
    value = Object.hasOwn(value, member) ? value[member] : undefined;
  }
  return value;
}

/** @throws Refused where it was never declared. */
export function assign(name: string, value: Value, scope: Scope): void {
  scopeOf(name, scope).variables.set(name, value);
}

function scopeOf(name: string, scope: Scope): Scope {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.outer) {
    if (one.variables.has(name)) return one;
  }
  throw new Refused(`error.semantic: ${name} is not declared.`);
}
