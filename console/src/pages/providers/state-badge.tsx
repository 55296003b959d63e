import { Badge } from "../../parts/notes.tsx";
import { useWords } from "../../words/words.ts";
import type { ProviderHealth } from "./use-providers.ts";

interface StateBadgeProps {
  readonly enabled: boolean;
  /** Undefined while it is not known. */
  readonly breaker: ProviderHealth["breaker"] | undefined;
}

/** On, off, or on and left out. */
export function StateBadge({ enabled, breaker = "closed" }: StateBadgeProps) {
  const { states } = useWords().providers;
  if (!enabled) return <Badge tone="quiet">{states.off}</Badge>;
  if (breaker === "closed") return <Badge tone="good">{states.on}</Badge>;
  return <Badge tone="bad">{states[breaker]}</Badge>;
}
