import { describe, expect, it } from "vitest";
import { merge } from "./merge.ts";

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly note?: string | undefined;
  readonly createdAt: number;
}

const thing: Thing = { id: "1", name: "one", note: "kept", createdAt: 7 };

describe("merge", () => {
  it("takes what is said and leaves what is not", () => {
    expect(merge<Thing>(thing, { name: "two", note: undefined })).toEqual({ ...thing, name: "two" });
  });

  it("takes a member away for null, as if it had never been there", () => {
    expect(Object.keys(merge<Thing>(thing, { note: null }))).toEqual(["id", "name", "createdAt"]);
  });

  it("never changes identity", () => {
    expect(merge<Thing>(thing, { id: "2", createdAt: 8 })).toEqual(thing);
  });
});
