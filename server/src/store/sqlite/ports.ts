import type { Policy } from "../../engine/policy/policy.ts";
import type { CheckOutcome, Store } from "../../engine/store.ts";
import type { Clock } from "../../engine/tools.ts";
import type { Keyring } from "../keys/keyring.ts";
import { createAnswerStore } from "../sql/answers.ts";
import { createAuditReader } from "../sql/audit-read.ts";
import { createCallStore } from "../sql/calls.ts";
import { createConversationStore } from "../sql/conversations.ts";
import { createEnrollmentStore } from "../sql/enrollments.ts";
import type { SqlExecutor } from "../sql/executor.ts";
import { createQueries } from "../sql/queries.ts";
import { type RecentConversations, rememberConversations } from "../sql/recent-conversations.ts";
import { createSendingStore } from "../sql/send-counters.ts";
import { createChangeFeed, createSettingsStore } from "../sql/settings.ts";
import { createUserStore } from "../sql/users.ts";
import { createWebhookStore } from "../sql/webhooks.ts";
import type { Pipe } from "./pipe.ts";
import { createSealTally } from "./seal-counts.ts";

export interface PortParts {
  readonly pipe: Pipe;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly close: () => Promise<void>;
}

/** The engine's port over the writer thread: hot verbs as commands, everything else as the shared SQL. */
export function createPorts(parts: PortParts): Store {
  const { pipe, keyring, clock, close } = parts;
  const executor: SqlExecutor = {
    read: (statement) => pipe.submit({ kind: "read", statement }),
    write: (statements, audit, now) => pipe.submit({ kind: "write", statements, audit, now }),
  };
  const queries = createQueries("sqlite");
  const numberOf = createPolicyNumbers(pipe);
  const shared = { executor, queries, clock };
  const sealedSince = createSealTally(keyring);
  const changes = createChangeFeed();
  const settings = createSettingsStore(changes, shared);
  const conversations = rememberConversations(createConversationStore(shared));
  return {
    verifications: {
      start: ({ policy, ...command }) => pipe.submit({ kind: "start", command, policy: numberOf(policy) }),
      check: async (command) => {
        const outcome: CheckOutcome = await pipe.submit({ kind: "check", command });
        const { whenApproved } = command;
        const isKept = outcome.kind === "approved" && outcome.kept === true;
        if (isKept && whenApproved !== undefined) conversations.note(whenApproved.conversation);
        return outcome;
      },
      resend: (command) => pipe.submit({ kind: "resend", command }),
      cancel: (command) => pipe.submit({ kind: "cancel", command }),
      outside: {
        note: (command) => pipe.submit({ kind: "outside", asked: { verb: "note", command } }),
        count: (command) => pipe.submit({ kind: "outside", asked: { verb: "count", command } }),
        settle: (command) => pipe.submit({ kind: "outside", asked: { verb: "settle", command } }),
      },
      find: (organization, id) => pipe.submit({ kind: "find", organization, id }),
      consumeReceipt: (command) => pipe.submit({ kind: "consume", command }),
      expire: (now, limit) => pipe.submit({ kind: "expire", now, limit }),
    },
    enrollments: {
      ...createEnrollmentStore(shared),
      confirm: (command) => pipe.submit({ kind: "confirm", command }),
    },
    users: tidied(createUserStore(shared), conversations, pipe),
    conversations,
    sending: createSendingStore(shared),
    settings: { ...settings, organizations: withDataKey(settings.organizations, parts) },
    outbox: {
      claim: (ids, owner) => pipe.submit({ kind: "claim", ids, owner }),
      finish: (result) => pipe.submit({ kind: "finish", result }),
      leftovers: (owner, limit) => pipe.submit({ kind: "leftovers", owner, limit }),
      report: (report) => pipe.submit({ kind: "report", report }),
    },
    retention: {
      step: (rules, limit, now) => pipe.submit({ kind: "retain", rules, limit, now, sealed: sealedSince() }),
    },
    answers: createAnswerStore(shared),
    calls: createCallStore(shared),
    audit: {
      ...createAuditReader(shared),
      append: async (draft, now) => {
        await pipe.submit({ kind: "write", statements: [], audit: [draft], now });
      },
      onAppend: pipe.onAppend,
    },
    webhooks: createWebhookStore({ ...shared, changed: changes.tell, nodes: "one" }),
    ready: () => proveReady(pipe, clock),
    close,
  };
}

/** Nothing of an erased person is left in the write-ahead log or in memory. */
function tidied(users: Store["users"], conversations: RecentConversations, pipe: Pipe): Store["users"] {
  return {
    ...users,
    erase: async (organization, id, audit) => {
      const erased = await users.erase(organization, id, audit);
      conversations.forgetAll();
      if (erased) await pipe.submit({ kind: "tidy" });
      return erased;
    },
  };
}

/** A store that refused a change is asked for another one, since nobody else may come to try. */
async function proveReady(pipe: Pipe, clock: Clock): Promise<void> {
  if (!pipe.isRefusing()) {
    await pipe.submit({ kind: "read", statement: { sql: "SELECT 1 FROM meta LIMIT 1", parameters: [] } });
    return;
  }
  const now = clock.now();
  const sql = "INSERT OR REPLACE INTO meta (name, value) VALUES ('ready_at', ?)";
  await pipe.submit({ kind: "write", statements: [{ sql, parameters: [String(now)] }], audit: [], now });
}

/** Numbers in use at once; then counting starts anew. Commands keep their order, so a start never meets a later owner. */
const mostPolicies = 10_000;

/** The number of a policy in the writer, which is told of it before the first start that names it. */
function createPolicyNumbers(pipe: Pipe): (policy: Policy) => number {
  let numbers = new WeakMap<Policy, number>();
  let next = 0;
  return (policy) => {
    const known = numbers.get(policy);
    if (known !== undefined) return known;
    if (next === mostPolicies) {
      numbers = new WeakMap();
      next = 0;
    }
    const number = next;
    next += 1;
    numbers.set(policy, number);
    // A pipe that has died refuses the start behind it as well.
    pipe.submit({ kind: "policy", number, policy }).catch(() => undefined);
    return number;
  };
}

/** An organization has a data key of its own before its first row exists; destroying that key erases the organization. */
function withDataKey(
  organizations: Store["settings"]["organizations"],
  { pipe, keyring, clock }: PortParts,
): Store["settings"]["organizations"] {
  return {
    ...organizations,
    insert: async (organization, audit) => {
      if (!keyring.hasDataKey(organization.id)) {
        const row = keyring.newKey({ purpose: "data", organization: organization.id, now: clock.now() });
        await pipe.submit({ kind: "add_key", row });
        keyring.add(row);
      }
      await organizations.insert(organization, audit);
    },
  };
}
