import { type Api, connectApi } from "../api.ts";
import { exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { show, table } from "../output.ts";
import type { ProviderAnswer } from "./answers.ts";

export interface ListOptions extends ServerOptions {
  readonly health?: true;
}

interface MeasuresAnswer {
  readonly lastFailure?: { readonly reason: string; readonly at: string };
  readonly handOverP95Ms?: number;
  readonly countries: readonly CountryAnswer[];
}

interface HealthAnswer extends Omit<ProviderAnswer, "countries">, MeasuresAnswer {
  readonly breaker: "closed" | "open" | "half_open";
  readonly openedAt?: string;
}

interface AllHealthAnswer {
  readonly providers: readonly HealthAnswer[];
  readonly outside: readonly (MeasuresAnswer & { readonly service: string })[];
}

type CountryAnswer = Readonly<
  Record<"calls" | "accepted" | "delivered" | "failed" | "converted", number> & { via: string } & {
    country?: string;
  }
>;

export async function listProviders(options: ListOptions) {
  const api = connectApi(options, process.env);
  return options.health ? listHealth(api, options) : listPlain(api, options);
}

async function listPlain(api: Api, options: ListOptions) {
  const all = await api.all<ProviderAnswer>("/v1/providers", "providers");
  const providers = all.toSorted((a, b) => a.position - b.position);
  const rows = providers.map(({ id, name, kind, vias, position, enabled, countries }) => [
    String(position),
    name,
    kind,
    vias.join(","),
    enabled ? "used" : "disabled",
    countries?.join(",") ?? "all",
    id,
  ]);
  show(options, { providers }, table(["POSITION", "NAME", "KIND", "VIAS", "STATE", "COUNTRIES", "ID"], rows));
  return exits.ok;
}

const states = { closed: "works", open: "left out", half_open: "being tried" } as const;

async function listHealth(api: Api, options: ListOptions) {
  const answer = await api.request<AllHealthAnswer>("GET", "/v1/providers/health");
  const heads = [
    ...["NAME", "STATE", "LAST FAILURE", "P95", "VIA", "COUNTRY"],
    ...["CALLS", "ACCEPTED", "DELIVERED", "FAILED", "ANSWERED"],
  ];
  const rows = [
    ...answer.providers.flatMap((one) =>
      rowsOf(one.name, one.enabled ? states[one.breaker] : "disabled", one),
    ),
    ...answer.outside.flatMap((one) => rowsOf(one.service, "own codes", one)),
  ];
  show(options, answer, table(heads, rows));
  return exits.ok;
}

/** One row for each country; what is said of the provider stands in the first. */
function rowsOf(
  name: string,
  state: string,
  { lastFailure, handOverP95Ms, countries }: MeasuresAnswer,
): readonly (readonly string[])[] {
  const about = [
    name,
    state,
    lastFailure ? `${lastFailure.reason} ${lastFailure.at.slice(11, 19)}` : "-",
    handOverP95Ms === undefined ? "-" : `${handOverP95Ms} ms`,
  ];
  if (countries.length === 0) return [[...about, ...Array<string>(7).fill("-")]];
  return countries.map((counts, index) => [
    ...(index === 0 ? about : about.map(() => "")),
    counts.via,
    counts.country ?? "-",
    ...[counts.calls, counts.accepted, counts.delivered, counts.failed, counts.converted].map(String),
  ]);
}
