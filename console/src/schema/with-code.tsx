import type { ReactNode } from "react";

/** A description with what stands between backticks as code. */
export function withCode(text: string | undefined): ReactNode {
  if (text === undefined || text === "") return undefined;
  return [...text.matchAll(/[^`]+|`[^`]*`/gu)].map(({ 0: part, index: place }) =>
    part.startsWith("`") ? <code key={place}>{part.slice(1, -1)}</code> : part,
  );
}
