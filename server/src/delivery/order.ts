import type { Organization } from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import type { Health } from "./health.ts";
import type { HealthCounts } from "./health-hours.ts";
import type { HealthRecord } from "./health-record.ts";
import type { ConfiguredProvider } from "./open-providers.ts";

/** Puts the providers of a delivery in the order in which they are tried. */
export type Arrange = (
  choices: readonly ConfiguredProvider[],
  delivery: Message,
) => Promise<readonly ConfiguredProvider[]>;

type Message = Pick<Delivery, "organization" | "via" | "country">;

export interface OrderTools {
  readonly routingOf: (organization: string) => Promise<Organization["routing"]>;
  readonly health: Pick<Health, "weighed">;
  readonly record: HealthRecord;
}

/** Fewer messages than this, the newer counting more, tell nothing of a provider in a country. */
const leastCalls = 20;
/** Shares that differ by less are the same. */
const step = 0.05;
/** Every so many messages the provider of which least is known goes first, or nothing would ever be known of it. */
const exploreEvery = 20;
const mostCounters = 2_000;

/**
 * By position. Where the organization wants it measured, providers of the same position are ordered by how many of their
 * messages to this country, by this via, were answered; where that is the same, by how many arrived.
 */
export function createOrder(tools: OrderTools): Arrange {
  const turns = new Map<string, number>();

  function isExploring({ organization, via, country }: Message): boolean {
    const key = [organization, via, country ?? ""].join("\n");
    const turn = (turns.get(key) ?? 0) + 1;
    if (turns.size >= mostCounters && !turns.has(key)) turns.clear();
    turns.set(key, turn % exploreEvery);
    return turn % exploreEvery === 0;
  }

  return async (choices, delivery) => {
    const fit = choices.filter((choice) => carries(choice, delivery));
    const hasChoice = fit.some((one, index) => one.position === fit[index + 1]?.position);
    if (!hasChoice || (await tools.routingOf(delivery.organization)) !== "measured") return fit;
    await tools.record.ready(delivery.organization);
    const { organization, via, country } = delivery;
    const measured = fit.map((choice) => ({
      choice,
      counts: tools.health.weighed({ organization, provider: choice.name, via, country }),
    }));
    const compare = isExploring(delivery) ? byKnowledge : byShare;
    return measured
      .toSorted((a, b) => a.choice.position - b.choice.position || compare(a.counts, b.counts))
      .map(({ choice }) => choice);
  };
}

/** E-mail has no country; a number of no country goes by those that carry all. */
function carries({ countries }: ConfiguredProvider, { via, country }: Message): boolean {
  if (countries === undefined || via === "email") return true;
  return country !== undefined && countries.includes(country);
}

function byKnowledge(a: Readonly<HealthCounts>, b: Readonly<HealthCounts>): number {
  return a.calls - b.calls;
}

/** Zero as long as too little is known of one of them, which leaves them as they are. */
function byShare(a: Readonly<HealthCounts>, b: Readonly<HealthCounts>): number {
  if (a.calls < leastCalls || b.calls < leastCalls) return 0;
  return stepOf(b.converted, b.calls) - stepOf(a.converted, a.calls) || arrived(b) - arrived(a);
}

/** A provider that reports nothing is taken to have delivered what it accepted. */
function arrived({ calls, accepted, failed }: Readonly<HealthCounts>): number {
  return stepOf(accepted - failed, calls);
}

function stepOf(part: number, whole: number): number {
  return Math.round(part / whole / step);
}
