import { describeAudit } from "./audit.ts";
import { describeCalls } from "./calls.ts";
import { describeChecks } from "./checks.ts";
import { describeCollections } from "./collections.ts";
import { describeConversations } from "./conversations.ts";
import { describeEndings } from "./endings.ts";
import { describeEnrollments } from "./enrollments.ts";
import { describeIdempotency } from "./idempotency.ts";
import { describeLimits } from "./limits.ts";
import type { OpenedColdStore, OpenedStore } from "./opened.ts";
import { describeOutbox } from "./outbox.ts";
import { describeOutsideAnswers } from "./outside-answers.ts";
import { describeOutsideFailures } from "./outside-failures.ts";
import { describeOutsideResends } from "./outside-resends.ts";
import { describeOutsideStarts } from "./outside-starts.ts";
import { describePublications } from "./publications.ts";
import { describeRecord } from "./record.ts";
import { describeReports } from "./reports.ts";
import { describeReportedFailures } from "./reports-failures.ts";
import { describeResends } from "./resends.ts";
import { describeRetention } from "./retention.ts";
import { describeSendRules } from "./send-rules.ts";
import { describeSettings } from "./settings.ts";
import { describeSignalwire } from "./signalwire.ts";
import { describeSpentOnce } from "./spent-once.ts";
import { describeStarts } from "./starts.ts";
import { describeUsers } from "./users.ts";
import { describeWebhooks } from "./webhooks.ts";

const cold = [describeCollections, describeSettings, describeUsers, describeEnrollments, describeAudit];

const hot = [
  describeStarts,
  describeChecks,
  describeResends,
  describeLimits,
  describeEndings,
  describeIdempotency,
  describeSpentOnce,
  describeOutbox,
  describeRecord,
];

const others = [
  describeConversations,
  describeWebhooks,
  describeReports,
  describeReportedFailures,
  describeCalls,
  describeSignalwire,
  describeSendRules,
  describeOutsideStarts,
  describeOutsideResends,
  describeOutsideAnswers,
  describeOutsideFailures,
  describePublications,
  describeRetention,
];

/**
 * What every store must do, by behaviour: a store's own test file calls this with its name and a way to open an empty one. A
 * part that has only the cold verbs is driven by `describeColdStore`.
 */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describeColdStore(name, open);
  for (const describeTopic of [...hot, ...others]) describeTopic(name, open);
}

/** Settings, users, enrollments without their counters, and reading the audit. */
export function describeColdStore(name: string, open: () => Promise<OpenedColdStore>): void {
  for (const describeTopic of cold) describeTopic(name, open);
}
