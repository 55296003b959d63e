import type { FieldProblem } from "../../../engine/errors.ts";
import { type Bounds, isWhole } from "../../../engine/policy/bounds.ts";
import type { SurfaceBody } from "./body.ts";
import { invalidFields } from "./errors.ts";

/**
 * Reads the fields of one request and gathers what is wrong with them, so that all of it is told at once. What nobody reads is
 * ignored, as SignalWire does: its own examples send a misspelt `allow_alpha`.
 */
export interface Fields {
  /** Undefined when absent or wrong. */
  text(name: string): string | undefined;
  /** The same for a telephone number: in a form, a plus sign that was not encoded arrives as a space. */
  number(name: string): string | undefined;
  /** `fallback` when absent or wrong. */
  whole(name: string, bounds: Bounds, fallback: number): number;
  flag(name: string, fallback: boolean): boolean;
  wrong(field: string, problem: string): void;
  /** Throws all problems together. */
  demandSound(): void;
}

export function readFields({ form, values }: SurfaceBody): Fields {
  const problems: FieldProblem[] = [];
  const wrong = (field: string, problem: string) => void problems.push({ field, problem });
  const given = (name: string): unknown => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!form || !Array.isArray(value)) return value;
    wrong(name, "must be given once");
    return undefined;
  };
  const text = (name: string): string | undefined => {
    const value = given(name);
    if (value === undefined || typeof value === "string") return value;
    wrong(name, "must be a string");
    return undefined;
  };
  return {
    wrong,
    text,
    number: (name) => (form ? text(name)?.replace(/^ (?=\d)/, "+") : text(name)),
    whole: (name, bounds, fallback) => {
      const value = given(name);
      if (value === undefined) return fallback;
      const number = form ? wholeOf(value) : value;
      if (isWhole(number, bounds)) return number;
      wrong(name, `must be a whole number from ${bounds.least} to ${bounds.most}`);
      return fallback;
    },
    flag: (name, fallback) => {
      const value = given(name);
      if (value === undefined) return fallback;
      const flag = form ? truthOf(value) : value;
      if (typeof flag === "boolean") return flag;
      wrong(name, "must be true or false");
      return fallback;
    },
    demandSound: () => {
      if (problems.length > 0) throw invalidFields(problems);
    },
  };
}

function wholeOf(value: unknown): unknown {
  return typeof value === "string" && /^(?:0|[1-9]\d{0,8})$/.test(value) ? Number(value) : undefined;
}

/** As the usual languages write a boolean into a form. */
const truths: Readonly<Record<string, boolean>> = { true: true, "1": true, false: false, "0": false };

function truthOf(value: unknown): unknown {
  const word = typeof value === "string" ? value.toLowerCase() : "";
  return Object.hasOwn(truths, word) ? truths[word] : undefined;
}
