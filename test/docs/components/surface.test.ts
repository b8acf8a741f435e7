import fc from "fast-check";
import {expect, it} from "vitest";
import {memoryTakeaway} from "../../../docs/components/allocation-claims.js";
import {indexedPng} from "../../../docs/components/gray-png.js";
import {isoLevels} from "../../../docs/components/iso-levels.js";
import {isoLines} from "../../../docs/components/iso-lines.js";
import {
  colorIndex,
  colorIndices,
  divergingScale,
  pixelsOf,
  sequentialScale,
  shareOfValue,
  valueAtShare,
} from "../../../docs/components/loss-colors.js";
import {shortCount} from "../../../docs/components/short-count.js";
import {
  type Axis,
  axisTicks,
  roundedValue,
  shareOf,
  spokenValue,
  steppedValue,
  valueAt,
} from "../../../docs/components/surface-axis.js";
import {
  budgetLine,
  budgets,
  budgetsOf,
  costAt,
  lossAtPlace,
  lowestPlace,
  optimumOnLine,
  type Plane,
  pointAt,
} from "../../../docs/components/surface-budget.js";
import {surfaceGrid} from "../../../docs/components/surface-grid.js";
import {
  axisOf,
  lossOf,
  outsideRange,
  type SurfaceLaw,
  unrounded,
} from "../../../docs/components/surface-law.js";
import {publishedSurfaces} from "../../../docs/components/surface-laws.js";
import {costOf, tokensFor} from "../../../src/laws/budgets.js";
import {lossAt} from "../../../src/laws/law.js";
import type {Point} from "../../../src/laws/variables.js";

const laws = publishedSurfaces();
const kumar = laws.find(({key}) => key === "kumar")!;
const sun = laws.find(({key}) => key === "sun")!;

const plane = (surface: SurfaceLaw, x: string, y: string, values = {}): Plane => ({
  surface,
  x: axisOf(surface, x as Axis["name"])!,
  y: axisOf(surface, y as Axis["name"])!,
  values: {...surface.start, ...values},
});

it("valueAt(axis, shareOf(axis, value)) is the value, on both scales", () => {
  for (const axis of [...kumar.axes, ...sun.axes]) {
    fc.assert(
      fc.property(fc.double({min: 0, max: 1, noNaN: true}), (share) => {
        const value = valueAt(axis, share);
        expect(shareOf(axis, value)).toBeCloseTo(share, 9);
      }),
      {numRuns: 20},
    );
  }
});

it("axisTicks(axis, most) are round values inside the axis, about as many as asked for at most", () => {
  const parameters = axisOf(kumar, "parameters")!;
  expect(axisTicks({...parameters, range: [1e7, 1e10]}, 20)).toEqual([
    ...[1e7, 2e7, 5e7, 1e8, 2e8, 5e8],
    ...[1e9, 2e9, 5e9, 1e10],
  ]);
  expect(axisTicks({...parameters, range: [2e3, 4e4]}, 6)).toEqual([2e3, 5e3, 1e4, 2e4]);
  expect(axisTicks(axisOf(kumar, "bits")!, 20)).toEqual(Array.from({length: 15}, (_, i) => i + 2));
  expect(axisTicks(axisOf(kumar, "bits")!, 8)).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
});

it("steppedValue(axis, value) goes to whole bits and by tenths of counts, finely with fine, never off the axis", () => {
  const bits = axisOf(kumar, "bits")!;
  expect(steppedValue(bits, 6.4, 1)).toBe(7);
  expect(steppedValue(bits, 6.4, -1)).toBe(6);
  expect(steppedValue(bits, 7, 1)).toBe(8);
  expect(steppedValue(bits, 7, -1, {fine: true})).toBe(6.9);
  expect(steppedValue(bits, 16, 1)).toBe(16);
  const parameters = axisOf(kumar, "parameters")!;
  expect(steppedValue(parameters, 1e8, 1)).toBe(1.1e8);
  expect(steppedValue(parameters, 1e8, -1, {fine: true})).toBe(9.9e7);
});

it("counts and values are written for people", () => {
  expect([7600, 2.2e8, 1.05e11, 2.7e13, 999.6, 12].map(shortCount)).toEqual([
    "7.6k",
    "220M",
    "105B",
    "27T",
    "1k",
    "12",
  ]);
  expect(spokenValue(axisOf(kumar, "weightBits")!, 6.5)).toBe("6.5 bits for weights");
  expect(spokenValue(axisOf(kumar, "weightBits")!, Number.POSITIVE_INFINITY)).toBe("weights not rounded");
  expect(spokenValue(axisOf(sun, "blockSize")!, 128)).toBe("blocks of 128");
  expect(roundedValue(axisOf(kumar, "bits")!, 7.04)).toBe(7);
});

it("surfaceGrid(law, options) is the law at each node, for all pairs of axes, as loss and as rise", () => {
  for (const surface of laws) {
    const names = surface.axes.map(({name}) => name).filter((name) => name !== "bits");
    const pairs = names.flatMap((x) => names.filter((y) => y !== x).map((y) => [x, y] as const));
    for (const [x, y] of [...pairs, ["parameters", "bits"], ["bits", "tokens"]] as const) {
      const {values, ...axes} = plane(surface, x, y);
      for (const shown of ["loss", "rise"] as const) {
        const grid = surfaceGrid(surface, {x: axes.x, y: axes.y, values, shown, columns: 5, rows: 4});
        for (const [i, j] of [
          [0, 0],
          [4, 3],
          [2, 1],
        ]) {
          const point = pointAt({...axes, values}, {u: i / 4, v: j / 3});
          const loss = lossOf(surface, point);
          const expected = shown === "loss" ? loss : loss - lossOf(surface, unrounded(point));
          if (Number.isNaN(expected)) expect(grid[j * 5 + i]).toBeNaN();
          else expect(grid[j * 5 + i]).toBeCloseTo(expected, 10);
        }
      }
    }
  }
});

it("surfaceGrid(law, {tokensAt}) gives every node the tokens that the compute leaves it", () => {
  for (const [surface, x, y] of [
    [kumar, "parameters", "bits"],
    [sun, "parameters", "mantissaBits"],
    [kumar, "weightBits", "activationBits"],
  ] as const) {
    const tokensAt = (point: Point) => tokensFor(1e22, surface.law, point);
    const {values, ...axes} = plane(surface, x, y);
    const grid = surfaceGrid(surface, {
      x: axes.x,
      y: axes.y,
      values,
      shown: "loss",
      tokensAt,
      columns: 4,
      rows: 4,
    });
    for (let k = 0; k < 16; k++) {
      const point = pointAt({...axes, values, tokensAt}, {u: (k % 4) / 3, v: Math.floor(k / 4) / 3});
      expect(costOf("compute", surface.law, point) / 1e22).toBeCloseTo(1, 12);
      const loss = lossOf(surface, point);
      if (Number.isNaN(loss)) expect(grid[k]).toBeNaN();
      else expect(grid[k]).toBeCloseTo(loss, 10);
    }
  }
});

it("bits of everything are those of each operand by Kumar, and the layout with the least loss by Sun", () => {
  const {values, ...axes} = plane(kumar, "parameters", "bits");
  const point = pointAt({...axes, values}, {u: 0.5, v: shareOf(axes.y, 6)});
  expect([point.weightBits, point.activationBits, point.cacheBits]).toEqual([6, 6, 6]);
  const {delta, nu} = sun.law.published[0].values;
  for (const bits of [4, 8, 13.5]) {
    const best = sun.together!(bits);
    expect(best.exponentBits! + best.mantissaBits! + 1).toBeCloseTo(bits, 12);
    const lossOfLayout = (exponentBits: number) =>
      lossAt(sun.law, sun.law.published[0].values, {
        ...{parameters: 1e8, tokens: 1e11, blockSize: 128},
        ...{exponentBits, mantissaBits: bits - 1 - exponentBits},
      });
    const losses = Array.from({length: 4001}, (_, i) => lossOfLayout((i / 4000) * (bits - 1)));
    const brute = (losses.indexOf(Math.min(...losses)) / 4000) * (bits - 1);
    expect(Math.abs(best.exponentBits! - brute)).toBeLessThan((bits - 1) / 2000);
    expect((best.exponentBits! + 0.5) / (best.mantissaBits! + 0.5)).toBeCloseTo(delta / nu, 9);
  }
});

it("isoLines(lattice, levels) cross edges where linear interpolation gives the level, exactly at nodes that have it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({min: 0, max: 6}), {minLength: 20, maxLength: 20}),
      fc.constantFrom(1, 1.5, 2.25, 4),
      (values, level) => {
        const at = (x: number, y: number) => values[y * 5 + x];
        for (const {points} of isoLines({columns: 5, rows: 4, values}, [level])) {
          expect(points.length).toBeGreaterThanOrEqual(4);
          for (let i = 0; i < points.length; i += 2) {
            const [x, y] = [points[i], points[i + 1]];
            const [x0, y0] = [Math.floor(x), Math.floor(y)];
            expect(x === x0 || y === y0).toBe(true);
            const [x1, y1] = [Math.ceil(x), Math.ceil(y)];
            const share = x === x0 ? y - y0 : x - x0;
            expect(at(x0, y0) + share * (at(x1, y1) - at(x0, y0))).toBeCloseTo(level, 9);
          }
        }
      },
    ),
  );
});

it("isoLines(lattice, levels) crosses every edge whose ends lie on different sides of the level, once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({min: 0, max: 1, noNaN: true}), {minLength: 30, maxLength: 30}),
      (values) => {
        const level = 0.5;
        const lines = isoLines({columns: 6, rows: 5, values}, [level]);
        const found = new Map<string, number>();
        for (const {points} of lines) {
          const places = Array.from(
            {length: points.length / 2},
            (_, i) => `${points[2 * i]} ${points[2 * i + 1]}`,
          );
          const isClosed = places[0] === places.at(-1);
          for (const place of isClosed ? places.slice(1) : places)
            found.set(place, (found.get(place) ?? 0) + 1);
        }
        let crossings = 0;
        for (let y = 0; y < 5; y++) {
          for (let x = 0; x < 6; x++) {
            const isAbove = values[y * 6 + x] >= level;
            if (x < 5 && values[y * 6 + x + 1] >= level !== isAbove) crossings++;
            if (y < 4 && values[(y + 1) * 6 + x] >= level !== isAbove) crossings++;
          }
        }
        expect([...found.values()].reduce((sum, count) => sum + count, 0)).toBe(crossings);
      },
    ),
  );
});

it("isoLines(lattice, levels) stays away from squares without a value, and needs no line on a plain", () => {
  const values = [0, 1, 2, 0, Number.NaN, 2, 0, 1, 2];
  expect(isoLines({columns: 3, rows: 3, values}, [0.5, 1.5])).toEqual([]);
  expect(isoLines({columns: 2, rows: 2, values: [3, 3, 3, 3]}, [3])).toEqual([]);
});

it("iso-lines of a law lie where it has the level, much nearer than a node", () => {
  for (const [surface, x, y] of [
    [kumar, "parameters", "bits"],
    [sun, "exponentBits", "mantissaBits"],
    [kumar, "parameters", "tokens"],
  ] as const) {
    const {values, ...axes} = plane(surface, x, y);
    const size = 200;
    const grid = surfaceGrid(surface, {
      x: axes.x,
      y: axes.y,
      values,
      shown: "loss",
      columns: size,
      rows: size,
    });
    const sorted = [...grid].filter(Number.isFinite).sort((a, b) => a - b);
    const level = sorted[Math.floor(sorted.length / 3)];
    const [line] = isoLines({columns: size, rows: size, values: grid}, [level]);
    for (let i = 0; i < line.points.length; i += 2) {
      const [u, v] = [line.points[i] / (size - 1), line.points[i + 1] / (size - 1)];
      const there = lossAtPlace({...axes, values}, {u, v});
      const step = 0.1 / (size - 1);
      const slope = Math.max(
        ...[-step, step].flatMap((by) => [
          Math.abs(lossAtPlace({...axes, values}, {u: u + by, v}) - there),
          Math.abs(lossAtPlace({...axes, values}, {u, v: v + by}) - there),
        ]),
      );
      expect(Math.abs(there - level)).toBeLessThan(slope); // a tenth of a node
    }
  }
});

it("isoLevels(scale) are round, ascend inside the colours, and have zero where signs differ", () => {
  const levels = isoLevels(sequentialScale(2.8, 5.2, 0.1));
  expect(levels.length).toBeGreaterThan(7);
  expect(levels).toEqual([...levels].sort((a, b) => a - b));
  for (const level of levels) expect(String(level).length).toBeLessThanOrEqual(5);
  expect(isoLevels(divergingScale(0.4, 0.02))).toContain(0);
});

it("a budget's line has the cost everywhere, and ends at the borders of the plane", () => {
  for (const [surface, x, y] of [
    [kumar, "parameters", "bits"],
    [kumar, "parameters", "tokens"],
    [kumar, "weightBits", "activationBits"],
    [sun, "exponentBits", "mantissaBits"],
  ] as const) {
    const base = plane(surface, x, y);
    for (const budget of budgetsOf(base)) {
      const amount = costAt(base, budget, {u: 0.45, v: 0.55});
      const line = budgetLine(base, budget, amount);
      expect(line.length).toBeGreaterThan(100);
      for (const place of line) expect(costAt(base, budget, place) / amount).toBeCloseTo(1, 8);
      for (const {u, v} of [line[0], line.at(-1)!]) {
        expect(Math.min(u, v, 1 - u, 1 - v)).toBeLessThan(1e-6);
      }
    }
  }
});

it("optimumOnLine(plane, budget, amount) is the best place of a walk in a hundred thousand steps", () => {
  const base = plane(kumar, "parameters", "bits");
  for (const amount of [3e7, 1.2e8, 2e9]) {
    const optimum = optimumOnLine(base, budgets.memory, amount)!;
    const steps = 1e5;
    let best = {loss: Number.POSITIVE_INFINITY, bits: 0};
    for (let i = 0; i <= steps; i++) {
      const bits = 2 + (14 * i) / steps;
      const parameters = (8 * amount) / bits;
      if (parameters < base.x.range[0] || parameters > base.x.range[1]) continue;
      const loss = lossOf(kumar, {
        parameters,
        tokens: 2.6e10,
        weightBits: bits,
        activationBits: bits,
        cacheBits: bits,
      });
      if (loss < best.loss) best = {loss, bits};
    }
    expect(optimum.loss).toBeCloseTo(best.loss, 9);
    expect(optimum.loss).toBeLessThanOrEqual(best.loss + 1e-12);
    expect(valueAt(base.y, optimum.v)).toBeCloseTo(best.bits, 2);
    expect(optimum.isAtEdge).toBe(false);
  }
});

it("seven bits are best for a memory, by Kumar's law with its offsets, however large it is", () => {
  const base = plane(kumar, "parameters", "bits");
  for (const amount of [5e7, 5e8, 2e9]) {
    expect(valueAt(base.y, optimumOnLine(base, budgets.memory, amount)!.v)).toBeCloseTo(7.0, 2);
  }
});

it("optimumOnLine says where the best place is only where the picture ends", () => {
  const base = plane(kumar, "parameters", "tokens", {bits: 16});
  const optimum = optimumOnLine(base, budgets.memory, 2e9)!;
  expect(optimum.isAtEdge).toBe(true);
  expect(optimum.v).toBeCloseTo(1, 6);
  expect(optimumOnLine(base, budgets.memory, 1e15)).toBeNull();
});

it("lowestPlace(plane, grid) is the joint optimum: 7 bits by Kumar whatever the compute, and more with more by Sun", () => {
  const lowest = (surface: SurfaceLaw, compute: number, parameters: readonly [number, number]) => {
    const base = plane(surface, "parameters", "bits");
    const tokensAt = (point: Point) => tokensFor(compute, surface.law, point);
    const wide = {...base, x: {...base.x, range: parameters}, tokensAt};
    const options = {
      x: wide.x,
      y: wide.y,
      values: wide.values,
      shown: "loss",
      tokensAt: wide.tokensAt,
    } as const;
    const values = surfaceGrid(surface, {...options, columns: 100, rows: 100});
    const place = lowestPlace(wide, {columns: 100, rows: 100, values})!;
    const sample = Math.min(...[...values].filter((value) => !Number.isNaN(value)));
    expect(place.loss).toBeLessThanOrEqual(sample);
    return valueAt(wide.y, place.v);
  };
  expect(lowest(kumar, 1e21, [1e7, 1e11])).toBeCloseTo(7.0, 2);
  expect(lowest(kumar, 1e24, [1e8, 1e13])).toBeCloseTo(7.0, 2);
  // Published for blocks of 128: 4.190 at 1e21, 5.005 at 1e24, 5.979 at 1e27.
  expect(lowest(sun, 1e21, [1e7, 1e12])).toBeCloseTo(4.19, 2);
  expect(lowest(sun, 1e24, [1e8, 1e14])).toBeCloseTo(5.005, 2);
  expect(lowest(sun, 1e27, [1e9, 1e16])).toBeCloseTo(5.979, 2);
});

it("outsideRange(law, values) names what the constants were not fitted on; what is not rounded was", () => {
  const names = (values: object) => outsideRange(kumar, values).map(({name}) => name);
  expect(names({parameters: 6e7, tokens: 1e10, bits: 6})).toEqual([]);
  expect(names({parameters: 6e9, tokens: 1e10, bits: 16, weightBits: Number.POSITIVE_INFINITY})).toEqual([
    "parameters",
  ]);
  expect(names({weightBits: 2, tokens: 1e13})).toEqual(["tokens", "weightBits"]);
});

it("colours ascend with the value, and nothing has one where there is no value", () => {
  const scale = sequentialScale(2, 6, 0.3);
  fc.assert(
    fc.property(fc.double({min: 0, max: 1, noNaN: true}), (share) => {
      expect(shareOfValue(scale, valueAtShare(scale, share))).toBeCloseTo(share, 9);
    }),
  );
  const values = Float64Array.from([2, 3, Number.NaN, 9]);
  // Rows from the top down: the second of the grid comes first.
  const indices = colorIndices(scale, {columns: 2, rows: 2, values});
  expect([...indices]).toEqual([0, 255, 1, indices[3]]);
  expect(Math.abs(indices[3] - 1 - colorIndex(scale, 3))).toBeLessThanOrEqual(1);
  const pixels = new Uint8ClampedArray(16);
  pixelsOf(scale, indices, pixels);
  expect([...pixels.slice(0, 4)]).toEqual([0, 0, 0, 0]);
  expect([...pixels.slice(4, 8)]).toEqual([...scale.colors[254], 255]);
  const middle = divergingScale(1, 0.1);
  expect(colorIndex(middle, 0)).toBe(127);
});

it("indexedPng(pixels, colors) is a PNG file of a palette whose first colour is transparent", () => {
  const file = Buffer.from(
    indexedPng({width: 2, height: 1, bytes: Uint8Array.of(0, 1)}, [
      [0, 0, 0],
      [255, 128, 0],
    ]).split(",")[1],
    "base64",
  );
  expect(file.subarray(1, 4).toString()).toBe("PNG");
  expect(file[25]).toBe(3); // indexed
  const at = file.indexOf("PLTE");
  expect([...file.subarray(at + 4, at + 10)]).toEqual([0, 0, 0, 255, 128, 0]);
  expect(file[file.indexOf("tRNS") + 4]).toBe(0);
});

it("memoryTakeaway(law) is what the law says of the best model for a memory", () => {
  expect(memoryTakeaway(kumar)).toBe(
    "By Kumar’s law, 120 MB are best spent on 137M parameters in 7 bits: a loss of 3.342, where 60M parameters in 16 bits " +
      "take as much and lose 3.479.",
  );
});
