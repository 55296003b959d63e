import type { Notice, NoticeState, WebhookStep } from "../../engine/webhooks.ts";
import type { Statement } from "./executor.ts";
import { mustChange, type Queries, statementOf } from "./queries.ts";

/** The statements of the sender's book. `nodes`: whether somebody else may hold a lease. */
export function createWebhookStatements(queries: Queries, nodes: "one" | "many") {
  return { ...leaseStatements(queries, nodes), ...stepStatements(queries), ...repeatStatements(queries) };
}

function leaseStatements(queries: Queries, nodes: "one" | "many") {
  return {
    lease: (owner: string, now: number, until: number): Statement =>
      statementOf(
        queries
          .updateTable("webhook_progress")
          .set({ owner, leased_until: until })
          .where((where) =>
            nodes === "one"
              ? where("owner", "is distinct from", owner)
              : where.or([
                  where("owner", "is", null),
                  where("owner", "=", owner),
                  where("leased_until", "<", now),
                ]),
          ),
      ),
    leased: (owner: string): Statement =>
      statementOf(
        queries
          .selectFrom("webhook_progress as progress")
          .innerJoin("webhooks", "webhooks.id", "progress.webhook")
          .selectAll("webhooks")
          .select(["progress.position", "progress.failing_since"])
          .where("progress.owner", "=", owner),
      ),
    release: (owner: string): Statement =>
      statementOf(queries.updateTable("webhook_progress").set({ owner: null }).where("owner", "=", owner)),
    progress: (organization: string): Statement =>
      statementOf(
        queries.selectFrom("webhook_progress").selectAll().where("organization", "=", organization),
      ),
  };
}

function stepStatements(queries: Queries) {
  return {
    record: (step: WebhookStep): readonly Statement[] => [
      mustChange(
        progressOf(step.organization, step.webhook, queries)
          .set({ position: step.to, failing_since: step.failingSince ?? null })
          .where("owner", "=", step.owner)
          .where("position", "=", step.from),
      ),
      ...step.notices.map((notice) => upsert(step, notice, queries)),
    ],
    open: (organization: string, webhook: string, position: number): Statement =>
      statementOf(
        queries
          .selectFrom("webhook_notices")
          .selectAll()
          .where("organization", "=", organization)
          .where("webhook", "=", webhook)
          .where((where) => where.or([where("due_at", "is not", null), where("seq", ">", position)]))
          .orderBy("seq"),
      ),
    notices: (
      organization: string,
      webhook: string,
      page: { readonly before: number; readonly limit: number; readonly state?: NoticeState | undefined },
    ): Statement => {
      let query = queries
        .selectFrom("webhook_notices as notice")
        .innerJoin("audit", "audit.seq", "notice.seq")
        .selectAll("audit")
        .select(["notice.state", "notice.tries", "notice.status", "notice.due_at"])
        .select("notice.at as tried_at")
        .where("notice.organization", "=", organization)
        .where("notice.webhook", "=", webhook)
        .where("notice.seq", "<", page.before);
      if (page.state !== undefined) query = query.where("notice.state", "=", page.state);
      return statementOf(query.orderBy("notice.seq", "desc").limit(page.limit));
    },
    /** All of a state but the newest. */
    forget: (
      organization: string,
      webhook: string,
      { state, keep }: { readonly state: NoticeState; readonly keep: number },
    ): Statement =>
      statementOf(
        noticesOf(organization, webhook, queries)
          .where("state", "=", state)
          .where("seq", "<", (of) =>
            of
              .selectFrom("webhook_notices")
              .select("seq")
              .where("webhook", "=", webhook)
              .where("state", "=", state)
              .orderBy("seq", "desc")
              .offset(keep - 1)
              .limit(1),
          ),
      ),
  };
}

function repeatStatements(queries: Queries) {
  return {
    repeat: (organization: string, webhook: string, seq: number, now: number): Statement =>
      mustChange(
        queries
          .insertInto("webhook_notices")
          .columns(["webhook", "organization", "seq", "state", "tries", "status", "at", "due_at"])
          .expression((of) =>
            of
              .selectFrom("webhook_progress")
              .select((value) => [
                "webhook",
                "organization",
                value.cast<number>(value.val(seq), "bigint").as("seq"),
                value.cast<string>(value.val("waiting"), "text").as("state"),
                value.cast<number>(value.val(0), "bigint").as("tries"),
                value.cast<number | null>(value.val(null), "bigint").as("status"),
                value.cast<number>(value.val(now), "bigint").as("at"),
                value.cast<number | null>(value.val(now), "bigint").as("due_at"),
              ])
              .where("organization", "=", organization)
              .where("webhook", "=", webhook),
          )
          .onConflict((conflict) =>
            conflict
              .columns(["webhook", "seq"])
              .doUpdateSet({ state: "waiting", tries: 0, status: null, at: now, due_at: now }),
          ),
      ),
    rewind: (organization: string, webhook: string, position: number): readonly Statement[] => [
      mustChange(
        progressOf(organization, webhook, queries).set((of) => ({
          // Never forwards: that would leave events out.
          position: of.case().when("position", ">", position).then(position).else(of.ref("position")).end(),
        })),
      ),
      statementOf(noticesOf(organization, webhook, queries).where("seq", ">", position)),
    ],
  };
}

function progressOf(organization: string, webhook: string, queries: Queries) {
  return queries
    .updateTable("webhook_progress")
    .where("organization", "=", organization)
    .where("webhook", "=", webhook);
}

function noticesOf(organization: string, webhook: string, queries: Queries) {
  return queries
    .deleteFrom("webhook_notices")
    .where("organization", "=", organization)
    .where("webhook", "=", webhook);
}

function upsert({ organization, webhook }: WebhookStep, notice: Notice, queries: Queries): Statement {
  const { seq, state, tries, at } = notice;
  const written = { state, tries, status: notice.status ?? null, at, due_at: notice.dueAt ?? null };
  return statementOf(
    queries
      .insertInto("webhook_notices")
      .values({ webhook, seq, organization, ...written })
      .onConflict((conflict) => conflict.columns(["webhook", "seq"]).doUpdateSet(written)),
  );
}
