import { type Client, CountersignApiError, type User } from "@countersign/client";
import { expect, test } from "vitest";
import { lookFor, narrowed } from "./find.ts";

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
  const clientWith = (externals: readonly User[], get: () => Promise<User>) => {
    const list = async (query: { externalId?: string }) => ({
      users: query.externalId === undefined ? [] : externals,
      next: null,
    });
    return { users: { list, get } } as unknown as Client;
  };
  const never = () => Promise.reject(new Error("asked in vain"));
  expect(await lookFor("A-17", clientWith([anna], never))).toEqual([anna]);
  expect(
    await lookFor(
      "2",
      clientWith([], async () => nameless),
    ),
  ).toEqual([nameless]);
  const nobody = clientWith([], () => Promise.reject(refusal(404, "not_found")));
  expect(await lookFor("3", nobody)).toEqual([]);
  const forbidden = clientWith([], () => Promise.reject(refusal(403, "forbidden")));
  await expect(lookFor("3", forbidden)).rejects.toThrow();
});

test("who has no such id is looked for by name, over pages that hold nobody", async () => {
  const asked: unknown[] = [];
  const list = async (query: { externalId?: string; after?: string }) => {
    asked.push(query);
    if (query.externalId !== undefined) return { users: [], next: null };
    return query.after === "p1" ? { users: [anna], next: "p2" } : { users: [], next: "p1" };
  };
  const get = () => Promise.reject(refusal(400, "not_found"));
  expect(await lookFor("anna", { users: { list, get } } as unknown as Client)).toEqual([anna]);
  expect(asked).toEqual([{ externalId: "anna" }, { name: "anna" }, { name: "anna", after: "p1" }]);
});
