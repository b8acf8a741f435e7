import fc from "fast-check";
import {expect, it} from "vitest";
import {separate} from "../../../docs/components/separate.js";

const extents = fc.array(
  fc.record({
    middle: fc.double({min: -50, max: 250, noNaN: true}),
    size: fc.double({min: 1, max: 20, noNaN: true}),
  }),
  {maxLength: 8},
);
const bounds = [0, 200] as const;

it("separate(extents, bounds) neither overlaps nor leaves the bounds", () => {
  fc.assert(
    fc.property(extents, (items) => {
      const placed = separate(items, bounds)
        .map((middle, i) => [middle - items[i].size / 2, middle + items[i].size / 2])
        .sort(([a], [b]) => a - b);
      for (const [i, [start, end]] of placed.entries()) {
        expect(start).toBeGreaterThanOrEqual(bounds[0] - 1e-9);
        expect(end).toBeLessThanOrEqual(bounds[1] + 1e-9);
        if (i > 0) expect(start).toBeGreaterThanOrEqual(placed[i - 1][1] - 1e-9);
      }
    }),
  );
});

it("separate(extents, bounds) leaves alone what does not touch", () => {
  const items = [
    {middle: 150, size: 20},
    {middle: 20, size: 30},
  ];
  expect(separate(items, bounds)).toEqual([150, 20]);
});

it("separate(extents, bounds) shares the distance between labels that want the same place", () => {
  const items = Array.from({length: 2}, () => ({middle: 100, size: 30}));
  expect(separate(items, bounds)).toEqual([85, 115]);
});
