import { type TSchema, Type } from "typebox";
import type { Page } from "../engine/collection.ts";

/** Query parameters of every list, by id order. */
export const pageParameters = {
  after: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z0-9_.:-]{1,128}$",
      description: "Id of the last entry of the page before (`next` of its answer).",
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: 50, description: "Entries at most; 50 if not given." }),
  ),
};

/** The query schema of a list without filters of its own. */
export const PageQuery = Type.Object(pageParameters, { additionalProperties: false });

export interface PageRequest {
  readonly after?: string;
  readonly limit?: number;
}

/** One page as it was read, and where the next one begins. */
export interface PageOf<Row> {
  readonly rows: readonly Row[];
  /** Null: this was the last page. */
  readonly next: string | null;
}

/** Reads one row more than asked for, to know whether there is a next page without counting. */
export async function readPage<Row extends { readonly id: string }>(
  query: PageRequest,
  read: (page: Page) => Promise<readonly Row[]>,
): Promise<PageOf<Row>> {
  const limit = query.limit ?? 50;
  const found = await read({ after: query.after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

/** The answer schema of a list: `{ "<name>": [...], "next": id | null }`. */
export function listOf<Name extends string, Item extends TSchema>(name: Name, item: Item) {
  return Type.Object({
    [name]: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: "Give it as `after` to read on; null on the last page.",
    }),
  } as Record<Name, ReturnType<typeof Type.Array<Item>>> & { next: TSchema });
}
