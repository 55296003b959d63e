import type { OrganizationId } from "../../engine/model.ts";
import { callingCodeKey, organizationKey, type SendCounter } from "../../engine/policy/sending-counters.ts";
import type { SendingStore } from "../../engine/sending.ts";
import { counterFromRow } from "./counter-rows.ts";
import type { SqlExecutor } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";
import { afterPrefix } from "./rows.ts";

export interface SendCounterTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}

/** Reading what the send rules counted; it is written in the step of the message that it counts. */
export function createSendingStore({ executor, queries }: SendCounterTools): SendingStore {
  const ofOrganization = (organization: OrganizationId) =>
    queries.selectFrom("send_counters").selectAll().where("organization", "=", organization);
  const read = async (query: ReturnType<typeof ofOrganization>): Promise<readonly SendCounter[]> =>
    (await executor.read(statementOf(query))).map(counterFromRow);
  return {
    find: (organization, keys) => read(ofOrganization(organization).where("key", "in", [...keys])),
    totals: async (organization) => {
      const codes = callingCodeKey(organization);
      const [all, own] = await Promise.all([
        read(ofOrganization(organization).where("key", ">=", codes).where("key", "<", afterPrefix(codes))),
        read(ofOrganization(organization).where("key", "=", organizationKey(organization))),
      ]);
      return [...own, ...all];
    },
  };
}
