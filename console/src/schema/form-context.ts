import { createContext, use } from "react";
import { type FieldProblems, noProblems } from "./problems.ts";

/** What the server said of the form around. */
export const ProblemsContext = createContext<FieldProblems>(noProblems);

export function useProblems(): FieldProblems {
  return use(ProblemsContext);
}
