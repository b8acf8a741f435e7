import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {normal, shuffled, threefry, uniforms} from "../../src/laws/random.js";

describe("random numbers of fits", () => {
  it("are Threefry-2x32 with 20 rounds: the known answers of its authors' Random123", () => {
    expect(threefry([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry([0x243f6a88, 0x85a308d3], [0x13198a2e, 0x03707344])).toEqual([0xc4923a9c, 0x483df7a0]);
  });

  it("do not depend on the order in which they are drawn", () => {
    const forward = Array.from({length: 100}, (_, i) => uniforms(3, "noise")(7, i));
    const source = uniforms(3, "noise");
    const backward = Array.from({length: 100}, (_, i) => source(7, 99 - i)).reverse();
    expect(backward).toEqual(forward);
  });

  it("fill a hundred equal parts of (0, 1) evenly, whichever of seed, purpose, row and index runs", () => {
    const count = 100_000;
    const draws: Record<string, (i: number) => number> = {
      index: (i) => uniforms(1, "noise")(0, i),
      row: (i) => uniforms(1, "noise")(i, 0),
      seed: (i) => uniforms(i, "bootstrap")(0, 0),
      purpose: (i) => uniforms(i >> 2, (["starts", "bootstrap", "folds", "noise"] as const)[i & 3])(5, 5),
    };
    for (const [name, draw] of Object.entries(draws)) {
      const parts = new Float64Array(100);
      for (let i = 0; i < count; i++) parts[Math.floor(100 * draw(i))] += 1;
      const expected = count / 100;
      const chiSquare = parts.reduce((sum, part) => sum + (part - expected) ** 2 / expected, 0);
      // 99 degrees of freedom: mean 99, standard deviation 14; six of them either way.
      expect(chiSquare, name).toBeGreaterThan(99 - 6 * 14);
      expect(chiSquare, name).toBeLessThan(99 + 6 * 14);
    }
  });

  it("have neighbours without correlation", () => {
    const source = uniforms(11, "noise");
    const count = 50_000;
    for (const [rowStep, indexStep] of [
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      let sum = 0;
      for (let i = 0; i < count; i++)
        sum += (source(i % 50, i) - 0.5) * (source((i % 50) + rowStep, i + indexStep) - 0.5);
      const correlation = (12 * sum) / count;
      expect(Math.abs(correlation)).toBeLessThan(6 / Math.sqrt(count));
    }
  });

  it("become normal ones with mean 0, variance 1 and 1.96 as the 97.5 % point", () => {
    const source = uniforms(2, "noise");
    const count = 40_000;
    const values = Array.from({length: count}, (_, i) => normal(source, 0, i));
    const mean = values.reduce((a, b) => a + b) / count;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / count;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    const beyond = values.filter((value) => value > 1.959964).length / count;
    expect(Math.abs(beyond - 0.025)).toBeLessThan(5 * Math.sqrt((0.025 * 0.975) / count));
  });

  it("shuffle into a permutation", () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 60}), fc.nat(), (count, row) => {
        const order = shuffled(count, uniforms(0, "folds"), row);
        expect(order.toSorted((a, b) => a - b)).toEqual([...Array(count).keys()]);
      }),
    );
  });
});
