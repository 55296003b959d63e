import type { SwaigSettings } from "./settings.ts";

/** The end of the number would tell that there is one. */
export function whereOf(
  { unknownCaller }: Pick<SwaigSettings, "unknownCaller">,
  hint: string | undefined,
): string {
  const [ending] = /\d{2}$/.exec(hint ?? "") ?? [];
  return unknownCaller === "tell" && ending !== undefined
    ? `to the number ending in ${ending}`
    : "to the number on record, if there is one";
}
