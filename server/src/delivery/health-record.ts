import type { AuditEvent } from "../engine/audit/event.ts";
import type { AuditStore } from "../engine/audit/store.ts";
import type { OrganizationId } from "../engine/model.ts";
import { type Health, outsideLane } from "./health.ts";
import type { Lane } from "./health-hours.ts";

type Notes = Pick<Health, "noteHandOver" | "noteReport" | "noteApproval">;

/** What earlier processes measured, read from the record once per organization. */
export interface HealthRecord {
  /** Resolves when the record of an organization has been read; a record that cannot be read tells nothing. */
  ready(organization: OrganizationId): Promise<void>;
}

export interface HealthRecordTools {
  readonly audit: Pick<AuditStore, "before">;
  readonly health: Notes;
  /** When this process began to measure by itself. */
  readonly startedAt: number;
}

const pageSize = 500;
const mostEvents = 10_000;
const lookBackMs = 24 * 3_600_000;

export function createHealthRecord(tools: HealthRecordTools): HealthRecord {
  const read = new Map<OrganizationId, Promise<void>>();
  return {
    ready(organization) {
      const known = read.get(organization);
      if (known !== undefined) return known;
      const reading = readOnce(organization, tools).catch(() => void read.delete(organization));
      read.set(organization, reading);
      return reading;
    },
  };
}

async function readOnce(organization: OrganizationId, tools: HealthRecordTools): Promise<void> {
  const { audit, health, startedAt } = tools;
  const events: AuditEvent[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (events.length < mostEvents) {
    const page = await audit.before(organization, before, pageSize);
    events.push(...page);
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < pageSize || oldest.at < startedAt - lookBackMs) break;
    before = oldest.seq;
  }
  for (const event of events.reverse()) {
    if (event.at < startedAt && event.at >= startedAt - lookBackMs) noteEvent(event, health);
  }
}

function noteEvent({ type, verification, at, details = {}, organization }: AuditEvent, health: Notes): void {
  if (verification === undefined) return;
  if (type === "verification.approved") health.noteApproval(verification);
  const { delivery, reported, codes, via, country } = details;
  const provider = typeof codes === "string" ? outsideLane(codes) : details["provider"];
  if (typeof delivery !== "string" || typeof provider !== "string" || !isVia(via)) return;
  if (type === "delivery.delivered") health.noteReport(delivery, "delivered");
  if (!handOvers.has(type)) return;
  if (reported === true) {
    health.noteReport(delivery, type === "delivery.failed" ? "failed" : "accepted");
    return;
  }
  const lane: Lane = { organization, provider, via, ...(typeof country === "string" && { country }) };
  const outcome = type === "delivery.accepted" ? "accepted" : "other";
  health.noteHandOver({ lane, at, delivery, verification, outcome });
}

const handOvers = new Set(["delivery.accepted", "delivery.failed", "delivery.maybe_sent"]);

function isVia(via: unknown): via is Lane["via"] {
  return via === "sms" || via === "voice" || via === "email";
}
