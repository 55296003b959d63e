import { Type } from "typebox";
import { sendingOverview, type Totals } from "../../../engine/policy/sending-overview.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { Time } from "../../schemas.ts";
import { isoTime } from "../../views/verification.ts";
import { demandApp } from "../entries.ts";

const Limit = Type.Union([Type.Integer(), Type.Null()], { description: "Null: no limit." });

const TotalsView = Type.Object({
  sends: Type.Integer(),
  sendsLimit: Limit,
  spentMicros: Type.Integer({
    description: "Millionths of the currency: as priced by the organization, then as said by the provider.",
  }),
  spendLimitMicros: Limit,
});

const place = {
  country: Type.String({ description: "ISO 3166-1 alpha-2." }),
  callingCode: Type.String({ examples: ["+49"] }),
};

const OverviewView = Type.Object({
  enforce: Type.Enum(["block", "monitor"]),
  currency: Type.String({ description: "ISO 4217." }),
  hour: { ...TotalsView, description: "The last hour, up to five minutes more." },
  day: { ...TotalsView, description: "The last day, up to an hour more." },
  countries: Type.Array(
    Type.Object({
      ...place,
      sends: Type.Integer({ description: "In the last day." }),
      judged: Type.Object(
        { sends: Type.Integer(), approved: Type.Integer() },
        { description: "Messages and right codes that the country is judged by." },
      ),
      blockedUntil: Type.Optional({ ...Time, description: "New numbers get nothing until then." }),
    }),
    { description: "Busiest first." },
  ),
  blockedPrefixes: Type.Array(
    Type.Object({
      id: Type.String({ description: "Tells two ranges apart; it does not name the range." }),
      ...place,
      blockedUntil: Time,
    }),
    { description: "Ranges of ten thousand numbers in which new numbers get nothing for now." },
  ),
});

/** `GET /v1/sending` */
export function overviewRoute(app: App, services: EngineServices): void {
  app.get(
    "/v1/sending",
    {
      config: { access: requireScope("settings:read") },
      schema: {
        operationId: "sending.get",
        summary: "Read what goes to telephones",
        description:
          "Text messages and calls of the organization, what they cost, and where new numbers get none for now.",
        tags: ["settings"],
        response: { 200: OverviewView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { clock, settings, store } = services;
      const { sending } = (await settings.scopeOf({ organization })).policy;
      const overview = await sendingOverview(organization, store.sending, clock.now());
      return {
        enforce: sending.enforce,
        currency: sending.currency,
        hour: viewTotals(overview.hour, sending.sendsPerHour, sending.spendPerHour),
        day: viewTotals(overview.day, sending.sendsPerDay, sending.spendPerDay),
        countries: overview.countries.map(({ blockedUntil, callingCode, ...one }) => ({
          ...one,
          callingCode: `+${callingCode}`,
          ...(blockedUntil !== undefined && { blockedUntil: isoTime(blockedUntil) }),
        })),
        blockedPrefixes: overview.blockedPrefixes.map(({ blockedUntil, callingCode, ...one }) => ({
          ...one,
          callingCode: `+${callingCode}`,
          blockedUntil: isoTime(blockedUntil),
        })),
      };
    },
  );
}

function viewTotals(
  { sends, spentMicros }: Totals,
  sendsLimit: number | null,
  spendLimitMicros: number | null,
) {
  return { sends, sendsLimit, spentMicros, spendLimitMicros };
}
