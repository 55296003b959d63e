import { CountersignApiError } from "@countersign/client";

/** What the server said of a form, by JSON pointer. */
export type FieldProblems = ReadonlyMap<string, string>;

export const noProblems: FieldProblems = new Map();

/** The problems of a refusal; none of anything else. */
export function problemsOf(error: unknown): FieldProblems {
  if (!(error instanceof CountersignApiError)) return noProblems;
  return new Map(error.fields.map(({ field, problem }) => [field, problem]));
}

/** The pointer of a member. */
export function at(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What is wrong with a value, or with something inside of it. */
export function problemWithin(problems: FieldProblems, pointer: string): string | undefined {
  const exact = problems.get(pointer);
  if (exact !== undefined) return exact;
  const inside = [...problems].find(([field]) => field.startsWith(`${pointer}/`));
  return inside && `${inside[0].slice(pointer.length + 1)}: ${inside[1]}`;
}

/** What is wrong with an object and belongs to none of its members: nobody else would show it. */
export function problemBeside(
  problems: FieldProblems,
  pointer: string,
  /** Names of members whose problems are shown at their inputs. */
  names: readonly string[],
): string | undefined {
  const shown = names.map((name) => at(pointer, name));
  const beside = [...problems].filter(
    ([field]) =>
      (field === pointer || field.startsWith(`${pointer}/`)) &&
      !shown.some((one) => field === one || field.startsWith(`${one}/`)),
  );
  if (beside.length === 0) return undefined;
  return beside
    .map(([field, problem]) => [field.slice(pointer.length + 1), problem].filter(Boolean).join(": "))
    .join(" · ");
}
