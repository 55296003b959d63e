import type { SettingsChange } from "../../engine/collection.ts";
import type { Clock } from "../../engine/tools.ts";
import type {
  LeasedWebhook,
  Notice,
  NoticeState,
  NoticeView,
  WebhookProgress,
  WebhookStore,
} from "../../engine/webhooks.ts";
import { eventFromRow } from "./audit-read.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import type { Queries } from "./queries.ts";
import { webhookFromRow } from "./webhook-definition.ts";
import { createWebhookStatements } from "./webhook-statements.ts";

export interface WebhookTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
  readonly clock: Clock;
  /** Told when the sender has to look again. */
  readonly changed: (change: SettingsChange) => void;
  /** `one`: nobody else can hold a lease, so an earlier process has died and its leases are void. */
  readonly nodes: "one" | "many";
}

/** The sender's book over one executor. */
export function createWebhookStore(tools: WebhookTools): WebhookStore {
  const { executor, queries, nodes, clock, changed } = tools;
  const statements = createWebhookStatements(queries, nodes);
  const told = (organization: string, id: string) => changed({ organization, collection: "webhooks", id });
  return {
    lease: async (owner, now, until) => {
      await executor.write([statements.lease(owner, now, until)], [], now);
      return (await executor.read(statements.leased(owner))).map(leasedFromRow);
    },
    release: async (owner) => {
      await executor.write([statements.release(owner)], [], clock.now());
    },
    progress: async (organization) => {
      const rows = await executor.read(statements.progress(organization));
      return new Map(rows.map((row) => [String(row["webhook"]), progressFromRow(row)]));
    },
    open: async (organization, webhook, position) =>
      (await executor.read(statements.open(organization, webhook, position))).map(noticeFromRow),
    record: (step) => executor.write(statements.record(step), [], step.now),
    notices: async (organization, webhook, page) =>
      (await executor.read(statements.notices(organization, webhook, page))).map(viewFromRow),
    forget: async (organization, webhook, keep) => {
      const ended: readonly NoticeState[] = ["delivered", "failed"];
      const forgotten = ended.map((state) => statements.forget(organization, webhook, { state, keep }));
      await executor.write(forgotten, [], clock.now());
    },
    repeat: async (organization, webhook, seq, audit) => {
      const now = clock.now();
      const kept = await executor.write([statements.repeat(organization, webhook, seq, now)], [audit], now);
      if (kept) told(organization, webhook);
      return kept;
    },
    rewind: async (organization, webhook, position, audit) => {
      const rewinding = statements.rewind(organization, webhook, position);
      const moved = await executor.write(rewinding, [audit], clock.now());
      if (moved) told(organization, webhook);
      return moved;
    },
  };
}

function noticeFromRow(row: SqlRow): Notice {
  const { status, due_at: dueAt } = row;
  return {
    seq: Number(row["seq"]),
    state: row["state"] as NoticeState,
    tries: Number(row["tries"]),
    at: Number(row["tried_at"] ?? row["at"]),
    ...(status !== null && { status: Number(status) }),
    ...(dueAt !== null && { dueAt: Number(dueAt) }),
  };
}

function viewFromRow(row: SqlRow): NoticeView {
  return { notice: noticeFromRow(row), event: eventFromRow(row) };
}

function progressFromRow(row: SqlRow): WebhookProgress {
  const since = row["failing_since"];
  return { position: Number(row["position"]), ...(since !== null && { failingSince: Number(since) }) };
}

function leasedFromRow(row: SqlRow): LeasedWebhook {
  return { webhook: webhookFromRow(row), progress: progressFromRow(row) };
}
