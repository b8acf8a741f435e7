import {expect, it} from "vitest";
import {listed} from "../../src/laws/listed.js";

it("listed(words) joins them as prose does", () => {
  expect([[], ["A"], ["A", "B"], ["A", "B", "C"]].map((words) => listed(words))).toEqual([
    ...["", "A", "A and B", "A, B and C"],
  ]);
  expect(listed(["A", "B", "C"], "or")).toBe("A, B or C");
});
