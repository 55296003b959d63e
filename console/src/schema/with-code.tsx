import { createElement, Fragment, type ReactNode } from "react";

/** A description with what stands between backticks as code. */
export function withCode(text: string | undefined): ReactNode {
  if (text === undefined || text === "") return undefined;
  const parts = text.split("`").map((part, index) => (index % 2 === 0 ? part : <code>{part}</code>));
  // As children of their own, parts need no keys.
  return createElement(Fragment, null, ...parts);
}
