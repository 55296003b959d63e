import { expect, test } from "vitest";
import { inOrder, moved, type Provider } from "./order.ts";

const provider = (id: string, position: number) => ({ id, position }) as Provider;

test("the least changes that let one provider change places, also where positions are alike", () => {
  const alike = inOrder([provider("a", 0), provider("b", 0), provider("c", 0)]);
  expect(moved(alike, "c", "up")).toEqual([
    { id: "c", position: 1 },
    { id: "b", position: 2 },
  ]);
  const apart = inOrder([provider("b", 1), provider("a", 0), provider("c", 2)]);
  expect(moved(apart, "a", "down")).toEqual([
    { id: "a", position: 1 },
    { id: "b", position: 0 },
  ]);
  const shared = inOrder([provider("a", 0), provider("b", 0), provider("c", 7)]);
  expect(moved(shared, "c", "up")).toEqual([
    { id: "c", position: 0 },
    { id: "b", position: 7 },
  ]);
  expect([moved(apart, "a", "up"), moved(apart, "c", "down"), moved(apart, "x", "up")]).toEqual([[], [], []]);
});
