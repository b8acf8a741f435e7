import {describe, expect, test} from "vitest";
import {
  createDelayedScale,
  type DelayedScaling,
  delayedScaling,
} from "../../src/precision/delayed-scaling.js";

/** The scale before each step, and after the last. */
const scales = (scaling: DelayedScaling, amaxes: readonly number[]): number[] => {
  const state = createDelayedScale(scaling);
  return [
    state.scale,
    ...amaxes.map((amax) => {
      state.record(amax);
      return state.scale;
    }),
  ];
};

describe("delayed scaling", () => {
  test("uses the scale of the steps before: the first step has the scale 1", () => {
    expect(scales(delayedScaling(448), [2, 4])).toEqual([1, 224, 112]);
  });

  test("keeps the largest magnitude of as many steps as the history is long", () => {
    const found = scales(delayedScaling(448, {historyLength: 3}), [4, 1, 1, 1]);
    expect(found).toEqual([1, 112, 112, 112, 448]);
    expect(scales(delayedScaling(448, {historyLength: 1}), [4, 1])).toEqual([1, 112, 448]);
  });

  test("follows the most recent magnitude where that is the algorithm", () => {
    expect(scales(delayedScaling(57344, {algorithm: "most-recent"}), [4, 1])).toEqual([1, 14336, 57344]);
  });

  test("gives the scales of a history that is rolled, with the coming step in slot 0", () => {
    const historyLength = 5;
    const amaxes = Array.from({length: 40}, (_, i) => 1 + ((i * 7919) % 23));
    // As TransformerEngine's reference has it: record in slot 0, take the maximum, roll by one, clear slot 0.
    let history = new Array(historyLength).fill(0);
    const expected = amaxes.map((amax) => {
      history[0] = amax;
      const largest = Math.max(...history);
      history = [0, ...history.slice(2), history[0]];
      return Math.fround(448 / largest);
    });
    expect(scales(delayedScaling(448, {historyLength}), amaxes)).toEqual([1, ...expected]);
  });

  test("leaves room for the margin", () => {
    expect(scales(delayedScaling(448, {margin: 2}), [1])).toEqual([1, 112]);
    expect(scales(delayedScaling(448, {margin: -1}), [1])).toEqual([1, 896]);
  });

  test("keeps the scale for magnitudes of zero, infinity and NaN", () => {
    const recent = delayedScaling(448, {algorithm: "most-recent"});
    for (const amax of [0, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(scales(recent, [2, amax])).toEqual([1, 224, 224]);
    }
    const max = delayedScaling(448, {historyLength: 2});
    expect(scales(max, [2, Number.POSITIVE_INFINITY, 2, 2])).toEqual([1, 224, 224, 224, 224]);
    expect(scales(max, [2, Number.NaN, 1])).toEqual([1, 224, 224, 448]);
  });

  test("stops at the largest float32", () => {
    expect(scales(delayedScaling(448), [2 ** -140])).toEqual([1, 3.4028234663852886e38]);
  });

  test("rounds to float32 as (F / amax) / 2^margin", () => {
    expect(scales(delayedScaling(448, {margin: 3}), [0.3])[1]).toBe(Math.fround(448 / Math.fround(0.3)) / 8);
  });

  test("refuses histories and margins that make no sense", () => {
    expect(() => delayedScaling(448, {historyLength: 0})).toThrow("at least one step, not 0");
    expect(() => delayedScaling(448, {margin: 0.5})).toThrow("a whole number from -126 to 126, not 0.5");
  });
});
