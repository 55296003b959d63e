/** Which events a web-hook is told of, as the form asks for them. */
export interface Choice {
  readonly kind: "all" | "outcomes" | "chosen";
  /** Only for `chosen`. */
  readonly types: readonly string[];
}

const outcomes = [
  "verification.approved",
  "verification.denied",
  "verification.expired",
  "verification.canceled",
];

/** As the API takes it: empty is all. */
export function eventsOf({ kind, types }: Choice): readonly string[] {
  if (kind === "all") return [];
  return kind === "outcomes" ? outcomes : types;
}

/** The type in or out. */
export function withType(choice: Choice, type: string): Choice {
  const others = choice.types.filter((one) => one !== type);
  return { ...choice, types: others.length < choice.types.length ? others : [...others, type] };
}
