import type { Api } from "../api.ts";
import type { Ended } from "./phone/model.ts";

/** The path as the platform was told it; undefined where it is told nothing, because the call simply ends. */
export function pathOf({ values }: Ended, name: string): string | undefined {
  return values[name] || undefined;
}

interface Event {
  readonly seq: number;
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Begins now; later tells the path with which the newest dialogue of the publication ended in the record, if one did. */
export async function pathWatch(publication: string, api: Api): Promise<() => Promise<string | undefined>> {
  const read = async (limit: number) => {
    const { events } = await api.request<{ readonly events: readonly Event[] }>(
      "GET",
      `/v1/audit?limit=${limit}`,
    );
    return events;
  };
  const first = (await read(1))[0]?.seq ?? 0;
  return async () => {
    const ended = (await read(200)).find(
      ({ seq, type, details }) =>
        seq > first && type === "conversation.ended" && details?.["publication"] === publication,
    );
    const path = ended?.details?.["path"];
    return typeof path === "string" ? path : undefined;
  };
}
