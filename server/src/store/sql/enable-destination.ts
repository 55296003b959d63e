import { destinationGuard } from "../../engine/policy/guards.ts";
import type { ReasonedContext } from "../../engine/store.ts";
import type { SqlExecutor } from "./executor.ts";
import { mustChange, type Queries } from "./queries.ts";

/** Takes failures, waits and a disable off a destination; its send log stays. False: there was nothing to take off. */
export function enableDestination(
  context: ReasonedContext,
  destinationKey: string,
  hint: string,
  { executor, queries }: { readonly executor: SqlExecutor; readonly queries: Queries },
): Promise<boolean> {
  const { organization, actor, now, reason } = context;
  const cleared = queries
    .updateTable("guards")
    .set({ failures: 0, blocked_until: null, disabled_at: null, updated_at: now })
    .where("organization", "=", organization)
    .where("key", "=", destinationGuard(destinationKey))
    .where("failures", ">", 0);
  const details = { to: hint, ...(reason !== undefined && { reason }) };
  return executor.write(
    [mustChange(cleared)],
    [{ type: "authenticator.enabled", organization, actor, details }],
    now,
  );
}
