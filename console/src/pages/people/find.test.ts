import { type Client, CountersignApiError, type User } from "@countersign/client";
import { expect, test } from "vitest";
import { narrowed, withId } from "./find.ts";

const anna = { id: "1", displayName: "Ánna Adler", externalId: "A-17" } as User;
const nameless = { id: "2" } as User;

test("part of a name or id narrows a list, whatever its case and accents; nothing narrows nothing", () => {
  const people = [anna, nameless];
  expect([narrowed(people, " anna "), narrowed(people, "a-1"), narrowed(people, "zoe")]).toEqual([
    [anna],
    [anna],
    [],
  ]);
  expect(narrowed(people, "")).toEqual(people);
});

const refusal = (status: number, code: "not_found" | "forbidden") =>
  new CountersignApiError(status, { code });

test("an id is first looked for as one of the calling system, then as ours; only a refusal of another kind is told", async () => {
  const clientWith = (externals: readonly User[], get: () => Promise<User>) =>
    ({ users: { list: async () => ({ users: externals, next: null }), get } }) as unknown as Client;
  const never = () => Promise.reject(new Error("asked in vain"));
  expect(await withId("A-17", clientWith([anna], never))).toBe(anna);
  expect(
    await withId(
      "2",
      clientWith([], async () => nameless),
    ),
  ).toBe(nameless);
  const nobody = clientWith([], () => Promise.reject(refusal(404, "not_found")));
  expect(await withId("3", nobody)).toBeUndefined();
  const forbidden = clientWith([], () => Promise.reject(refusal(403, "forbidden")));
  await expect(withId("3", forbidden)).rejects.toThrow();
});
