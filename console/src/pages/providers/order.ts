import type { AnswerOf } from "@countersign/client";

export type Provider = AnswerOf<"providers.get">;

/** As they are tried: by position, older ones first where positions are alike. */
export function inOrder(providers: readonly Provider[]): readonly Provider[] {
  return providers.toSorted((one, other) => one.position - other.position);
}

/**
 * The positions that must change so that one provider changes places with its neighbour. Two that have places of their own
 * exchange them, so those that share a place go on sharing it; two that share one get places of their own, like all others.
 */
export function moved(
  providers: readonly Provider[],
  id: string,
  direction: "up" | "down",
): readonly Pick<Provider, "id" | "position">[] {
  const from = providers.findIndex((provider) => provider.id === id);
  const to = direction === "up" ? from - 1 : from + 1;
  const one = providers[from];
  const other = providers[to];
  if (one === undefined || other === undefined) return [];
  if (one.position !== other.position) {
    return [
      { id: one.id, position: other.position },
      { id: other.id, position: one.position },
    ];
  }
  const wanted = providers.with(from, other).with(to, one);
  return wanted
    .map((provider, position) => ({ id: provider.id, position, before: provider.position }))
    .filter(({ position, before }) => position !== before)
    .map(({ id: changed, position }) => ({ id: changed, position }));
}
