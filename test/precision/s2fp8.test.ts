import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {logarithmStatistics, s2fp8Decode, s2fp8Encode} from "../../src/kernels/reference/s2fp8.js";
import {quantizer} from "../../src/precision/quantizer.js";
import {findPowerMap, type PowerMap, powerMap, quantizeS2fp8} from "../../src/precision/s2fp8.js";
import {bits, floats, runOnArrays} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const element = quantizer("e5m2", {policy: "ocp-saturate"});
const mapOf = (x: Float32Array): PowerMap =>
  runOnArrays(kernels, [x], (a) => findPowerMap(kernels, a, x.length));
function cast(x: Float32Array, map = mapOf(x)): Float32Array {
  const out = new Float32Array(x.length);
  runOnArrays(kernels, [x, out], (a, b) => quantizeS2fp8(kernels, element, map, a, b, x.length));
  return out;
}

/** Normal in the logarithm, spread over some 40 binades about 2^-60. */
const data = floats(500, 7).map((u, i) => (i % 9 === 4 ? 0 : u ** 3 * 2 ** (-60 + 15 * Math.sin(i))));

describe("S2FP8", () => {
  test("brings log2 |x| to the mean 0 and the maximum 15", () => {
    const map = mapOf(data);
    const encoded = s2fp8Encode(data, map.exponent, map.shift, kernels);
    const {sum, count, largest} = logarithmStatistics(encoded, kernels);
    expect(sum / count).toBeCloseTo(0, 6);
    expect(largest).toBeCloseTo(15, 6);
  });

  test("the kernels are the reference, bit by bit", () => {
    const map = mapOf(data);
    expect(map).toEqual(powerMap(logarithmStatistics(data, kernels)));
    const out = new Float32Array(data.length);
    runOnArrays(kernels, [data, out], (a, b) =>
      kernels.s2fp8Encode(a, b, data.length, map.exponent, map.shift),
    );
    expect(bits(out)).toEqual(bits(s2fp8Encode(data, map.exponent, map.shift, kernels)));
    const back = new Float32Array(data.length);
    runOnArrays(kernels, [out, back], (a, b) =>
      kernels.s2fp8Decode(a, b, data.length, map.exponent, map.shift),
    );
    expect(bits(back)).toEqual(bits(s2fp8Decode(out, map.exponent, map.shift, kernels)));
  });

  test("keeps values far outside E5M2 to within its squeezed steps", () => {
    const map = mapOf(data);
    // A relative step of up to 1/8 in y is one of 1/(8α) in log x.
    const tolerance = 2 ** (0.2 / map.exponent) - 1;
    cast(data).forEach((y, i) => {
      const isNormal =
        Math.abs(s2fp8Encode(data.subarray(i, i + 1), map.exponent, map.shift, kernels)[0]) >= 2 ** -14;
      if (isNormal) expect(Math.abs(y / data[i] - 1)).toBeLessThan(tolerance);
      else if (data[i] === 0) expect(y).toBe(0);
    });
  });

  test("does nothing to equal magnitudes but round their logarithm", () => {
    const x = Float32Array.of(0.3, -0.3, 0, 0.3);
    expect(mapOf(x).exponent).toBe(1);
    cast(x).forEach((y, i) => {
      expect(y).toBeCloseTo(x[i], 7);
    });
    expect([...cast(Float32Array.of(2 ** -80))]).toEqual([2 ** -80]);
  });

  test("keeps zeros, and infinities and NaN as the cast of the elements makes them", () => {
    expect([...cast(Float32Array.of(0, -0))]).toEqual([0, -0]);
    const x = Float32Array.of(Number.NEGATIVE_INFINITY, 1, 2, Number.NaN);
    const y = cast(x);
    expect(y[0]).toBeCloseTo(-(2 ** (0.5 + Math.log2(57344) / 30)), 6);
    expect(y[3]).toBeNaN();
    expect(mapOf(x)).toEqual(mapOf(Float32Array.of(1, 2)));
    expect(mapOf(new Float32Array(0))).toEqual({exponent: 1, shift: 0});
  });
});
