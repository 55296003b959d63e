import { describe, expect, test } from "vitest";
import { filtersOf, fits, withFilter } from "./filters.ts";

describe("the filters of the feed", () => {
  test("stand in the address, and leave it when they are emptied", () => {
    const typed = withFilter(new URLSearchParams("type=user.created"), "verification", " 01a2 ");
    expect(typed.toString()).toBe("type=user.created&verification=01a2");
    expect(filtersOf(typed)).toEqual({ type: "user.created", verification: "01a2" });
    expect(withFilter(typed, "type", "").toString()).toBe("verification=01a2");
    expect(filtersOf(new URLSearchParams("type="))).toEqual({ type: undefined, verification: undefined });
  });

  test("choose by type and by the beginning of an id", () => {
    const event = { seq: 1, at: "", type: "attempt.refused", verification: "01a2-b" };
    expect(fits(event, { type: undefined, verification: undefined })).toBe(true);
    expect(fits(event, { type: "attempt.refused", verification: "01a2" })).toBe(true);
    expect(fits(event, { type: "user.created", verification: undefined })).toBe(false);
    expect(fits(event, { type: undefined, verification: "01a3" })).toBe(false);
    expect(fits({ ...event, verification: undefined } as never, { type: undefined, verification: "0" })).toBe(
      false,
    );
  });
});
