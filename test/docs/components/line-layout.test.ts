import {expect, it} from "vitest";
import {binadeLayout, linearLayout} from "../../../docs/components/line-layout.js";

it("binadeLayout(range) gives every binade the same length, and equal distances in it equal lengths", () => {
  const {rows, placeOf, left, right} = binadeLayout({start: -2, end: 2}, {width: 428, binadeWidth: 50});
  expect([rows, left, right]).toEqual([1, 14, 414]);
  const x = (value: number) => placeOf(value)!.x;
  expect([0.25, 0.5, 0.75, 1, 1.25, 2, 3, 4].map(x)).toEqual([14, 114, 164, 214, 239, 314, 364, 414]);
  expect([0, -1, 0.2, 4.1, Number.POSITIVE_INFINITY, Number.NaN].map(placeOf)).toEqual(
    Array(6).fill(undefined),
  );
});

it("binadeLayout(range) goes on in another row where the line is too long", () => {
  const {rows, placeOf, stretch} = binadeLayout({start: 0, end: 6}, {width: 228, binadeWidth: 60});
  expect(rows).toBe(2);
  expect(placeOf(4)).toEqual({row: 0, x: 14 + (2 * 200) / 3});
  expect(placeOf(8)).toEqual({row: 1, x: 14});
  expect(placeOf(64)).toEqual({row: 1, x: 214});
  expect(stretch(4, 16).map(({row}) => row)).toEqual([0, 1]);
});

it("binadeLayout(range) names powers that are far enough apart", () => {
  const {ticks, placeOf} = binadeLayout({start: -40, end: 40}, {width: 828, binadeWidth: 0});
  const xs = ticks.map((value) => placeOf(value)!.x);
  expect(ticks).toContain(1);
  expect(Math.min(...xs.slice(1).map((x, i) => x - xs[i]))).toBeGreaterThanOrEqual(46);
});

it("binadeLayout(range) is exact at powers of two up to the ends of double precision", () => {
  const {placeOf} = binadeLayout({start: -1074, end: 1024}, {width: 2098 + 28, binadeWidth: 0});
  for (let power = -1074; power < 1024; power++) expect(placeOf(2 ** power)!.x).toBe(14 + power + 1074);
});

it("linearLayout(range) has one row and round numbers", () => {
  const {rows, placeOf, ticks} = linearLayout({start: -8, end: 7}, {width: 328});
  expect(rows).toBe(1);
  expect(placeOf(-8)!.x).toBe(14);
  expect(placeOf(7)!.x).toBe(314);
  expect(ticks).toEqual([-5, 0, 5]);
});
