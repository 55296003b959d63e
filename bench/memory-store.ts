import type { Authenticator, Guard, Organization, User, Verification } from "../server/src/engine/model.ts";
import { emptyGuard } from "../server/src/engine/policy/guards.ts";
import type { ApiKey } from "../server/src/engine/settings.ts";
import type { Store } from "../server/src/engine/store.ts";
import type { EngineTools } from "../server/src/engine/tools.ts";
import { decideCheck } from "../server/src/engine/verification/check.ts";
import type { Decision, Rows } from "../server/src/engine/verification/decision.ts";
import { decideStart } from "../server/src/engine/verification/start.ts";

export interface MemoryContent {
  readonly organization: Organization;
  readonly apiKey: ApiKey;
  readonly users: readonly User[];
  readonly authenticators: readonly Authenticator[];
  /** Sealed fixed code of every destination. */
  readonly testCode: { readonly id: string; readonly code: string };
}

/**
 * The engine without a disk: the same decisions over maps. It is what "the same route with the store stubbed out" means
 * in the results; nothing else uses it.
 */
export function createMemoryStore(content: MemoryContent, tools: EngineTools): Store {
  const users = new Map(content.users.map((user) => [user.id, user]));
  const authenticators = Map.groupBy(content.authenticators, (one) => one.user);
  const guards = new Map<string, Guard>();
  const verifications = new Map<string, Verification>();
  const rows: Rows = {
    user: (_organization, id) => users.get(id),
    authenticators: (_organization, id) => authenticators.get(id) ?? [],
    recoveryCode: () => undefined,
    guard: (organization, key) => guards.get(key) ?? emptyGuard(organization, key),
    userGuards: () => [],
    counter: () => undefined,
    verification: (_organization, id) => verifications.get(id),
    conversationVersion: () => undefined,
    testCode: () => content.testCode,
  };
  const keep = async <Outcome>(decision: Decision<Outcome>): Promise<Outcome> => {
    for (const change of decision.changes) {
      if (change.write === "guard") guards.set(change.guard.key, change.guard);
      if (change.write === "verification" || change.write === "verification_added") {
        verifications.set(change.verification.id, change.verification);
      }
    }
    return decision.outcome;
  };
  const store = {
    verifications: {
      start: (command) => keep(decideStart(command, rows, tools)),
      check: (command) => keep(decideCheck(command, rows, tools)),
    },
    settings: {
      organizations: { find: async () => content.organization },
      apiKey: async () => content.apiKey,
      onChange: () => undefined,
    },
  } as { verifications: Partial<Store["verifications"]>; settings: unknown };
  return store as unknown as Store;
}
