import type { Webhook } from "@countersign/client";
import { Badge } from "../../parts/notes.tsx";
import { useWords } from "../../words/words.ts";

/** On, off, or on and nothing arrives. */
export function StateBadge({ webhook }: { readonly webhook: Webhook }) {
  const { states } = useWords().webhooks;
  if (!webhook.enabled) return <Badge tone="quiet">{states.off}</Badge>;
  return webhook.failingSince === undefined ? (
    <Badge tone="good">{states.on}</Badge>
  ) : (
    <Badge tone="bad">{states.failing}</Badge>
  );
}
