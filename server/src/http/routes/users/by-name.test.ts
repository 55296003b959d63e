import { expect, test } from "vitest";
import type { User } from "../../../engine/model.ts";
import { usersNamed } from "./by-name.ts";

const idOf = (index: number) => String(index).padStart(6, "0");

/** Users with these names by index; everybody else has none. */
function storeOf(count: number, names: Readonly<Record<number, string>>) {
  const reads: number[] = [];
  const all = Array.from({ length: count }, (_, index) => ({
    id: idOf(index),
    ...(names[index] !== undefined && { displayName: names[index] }),
  })) as User[];
  const list = async (_: string, { after = "", limit }: { after?: string | undefined; limit: number }) => {
    reads.push(limit);
    return all.filter(({ id }) => id > after).slice(0, limit);
  };
  return { list, reads };
}

const named = async (text: string, store: ReturnType<typeof storeOf>, page = {}) => {
  const { rows, next } = await usersNamed(text, page, "o", store);
  return [rows.map(({ id }) => Number(id)), next] as const;
};

test("each word is somewhere in the name, whatever its case and accents", async () => {
  const store = storeOf(5, { 0: "Ánna Adler", 1: "Anna Berg", 2: "Hannah", 3: "Zoë 100% O'Neill" });
  expect(await named("anna", store)).toEqual([[0, 1, 2], null]);
  expect(await named(" ADLER  Anna ", store)).toEqual([[0], null]);
  expect(await named("zoe 100%", store)).toEqual([[3], null]);
  for (const nobody of ["%", "_", "o'x", "adlera"]) {
    expect((await named(nobody, store))[0]).toEqual(nobody === "%" ? [3] : []);
  }
});

test("pages follow on without loss or repetition, and one page looks at a bounded number", async () => {
  const store = storeOf(25_500, { 3: "Ada", 999: "Ada", 1000: "Ada", 20000: "Ada", 25499: "Ada" });
  const seen: number[] = [];
  let after: string | undefined;
  let pages = 0;
  do {
    store.reads.length = 0;
    const [rows, next] = await named("ada", store, { limit: 2, ...(after !== undefined && { after }) });
    expect(store.reads.length).toBeLessThanOrEqual(10);
    expect(rows.length).toBeLessThanOrEqual(2);
    seen.push(...rows);
    after = next ?? undefined;
    pages += 1;
  } while (after !== undefined && pages < 20);
  expect(seen).toEqual([3, 999, 1_000, 20_000, 25_499]);
});
