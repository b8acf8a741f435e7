import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {
  type LayerNormShape,
  layerNormBackward,
  layerNormForward,
} from "../../src/kernels/reference/layer-norm.js";
import {bits, floats, relativeError, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const epsilon = 1e-5;
const shapes = fc.record({rows: fc.integer({min: 1, max: 70}), width: fc.integer({min: 1, max: 75})});

/** Rows with different means and spreads. */
function inputOf({rows, width}: LayerNormShape): Float32Array {
  return floats(rows * width, 1).map((value, i) => (1 + (Math.floor(i / width) % 5)) * value + (i % 7));
}

function forward(x: Float32Array, gain: Float32Array, bias: Float32Array, {rows, width}: LayerNormShape) {
  const y = new Float32Array(x.length);
  const normalized = new Float32Array(x.length);
  const inverseSpread = new Float32Array(rows);
  runOnArrays(
    kernels,
    [x, gain, bias, y, normalized, inverseSpread],
    (x, gain, bias, y, normalized, inverse) =>
      kernels.layerNormForward(x, gain, bias, y, normalized, inverse, rows, width, epsilon),
  );
  return {y, normalized, inverseSpread};
}

interface BackwardInput {
  readonly normalized: Float32Array;
  readonly inverseSpread: Float32Array;
  readonly gain: Float32Array;
  readonly yGradient: Float32Array;
}

function backward(
  {normalized, inverseSpread, gain, yGradient}: BackwardInput,
  {rows, width}: LayerNormShape,
  {parameterScale = 1, startingFrom}: {parameterScale?: number; startingFrom?: Float32Array} = {},
) {
  const xGradient = startingFrom?.slice() ?? new Float32Array(rows * width).fill(Number.NaN);
  const gainGradient = new Float32Array(width).fill(Number.NaN);
  const biasGradient = new Float32Array(width).fill(Number.NaN);
  runOnArrays(
    kernels,
    [normalized, inverseSpread, gain, yGradient, xGradient, gainGradient, biasGradient],
    (normalized, inverseSpread, gain, yGradient, xGradient, gainGradient, biasGradient) =>
      kernels.layerNormBackward(
        ...([normalized, inverseSpread, gain, yGradient, xGradient, gainGradient, biasGradient] as const),
        ...([rows, width, parameterScale, startingFrom ? 1 : 0] as const),
      ),
  );
  return {xGradient, gainGradient, biasGradient};
}

describe("layerNormForward(…)", () => {
  test("agrees with double precision for any shape", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const x = inputOf(shape);
        const [gain, bias] = [floats(shape.width, 2), floats(shape.width, 3)];
        const expected = layerNormForward(x, gain, bias, shape, epsilon);
        const actual = forward(x, gain, bias, shape);
        // A row of one element is all rounding error divided by √epsilon.
        if (shape.width === 1) return;
        expect(relativeError(actual.y, expected.y)).toBeLessThan(1e-5);
        expect(relativeError(actual.normalized, expected.normalized)).toBeLessThan(1e-5);
        expect(relativeError(actual.inverseSpread, expected.inverseSpread)).toBeLessThan(1e-5);
      }),
    );
  });

  test("keeps its digits far from zero: the variance is not a difference of squares", () => {
    const shape = {rows: 1, width: 64};
    const x = Float32Array.from({length: 64}, (_, i) => 4096 + i / 64);
    const [gain, bias] = [new Float32Array(64).fill(1), new Float32Array(64)];
    const {y} = forward(x, gain, bias, shape);
    expect(relativeError(y, layerNormForward(x, gain, bias, shape, epsilon).y)).toBeLessThan(1e-3);
  });

  test("gives a row the same bits whatever the other rows are, and in place", () => {
    const shape = {rows: 9, width: 21};
    const x = inputOf(shape);
    const [gain, bias] = [floats(21, 2), floats(21, 3)];
    const {y} = forward(x, gain, bias, shape);
    const row = forward(x.slice(5 * 21, 6 * 21), gain, bias, {rows: 1, width: 21});
    expect(bits(row.y)).toEqual(bits(y.subarray(5 * 21, 6 * 21)));
    const kept = [new Float32Array(x.length), new Float32Array(9)];
    runOnArrays(kernels, [x, gain, bias, ...kept], (x, gain, bias, normalized, inverse) =>
      kernels.layerNormForward(x, gain, bias, x, normalized, inverse, 9, 21, epsilon),
    );
    expect(bits(x)).toEqual(bits(y));
  });
});

describe("layerNormBackward(…)", () => {
  const inputFor = ({rows, width}: LayerNormShape): BackwardInput => ({
    normalized: floats(rows * width, 4).map((value) => 1.7 * value),
    inverseSpread: floats(rows, 5).map((value) => 1.5 + value),
    gain: floats(width, 6),
    yGradient: floats(rows * width, 7),
  });

  test("agrees with double precision for any shape", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const input = inputFor(shape);
        const {normalized, inverseSpread, gain, yGradient} = input;
        const expected = layerNormBackward(normalized, inverseSpread, gain, yGradient, shape);
        const actual = backward(input, shape);
        expect(relativeError(actual.xGradient, expected.xGradient, 1)).toBeLessThan(3e-6);
        // Sums over up to 70 rows reach 16, where float32 has a spacing of 2e-6.
        expect(relativeError(actual.gainGradient, expected.gainGradient, 1)).toBeLessThan(8e-6);
        expect(relativeError(actual.biasGradient, expected.biasGradient, 1)).toBeLessThan(8e-6);
      }),
    );
  });

  test("sums the parameter gradients of many rows to 1e-6", () => {
    const shape = {rows: 5000, width: 5};
    const input = inputFor(shape);
    const yGradient = input.yGradient.map((value) => value + 1);
    const expected = layerNormBackward(input.normalized, input.inverseSpread, input.gain, yGradient, shape);
    const actual = backward({...input, yGradient}, shape);
    expect(relativeError(actual.gainGradient, expected.gainGradient, 5000)).toBeLessThan(1e-6);
    expect(relativeError(actual.biasGradient, expected.biasGradient)).toBeLessThan(1e-6);
  });

  test("adds to the input gradient when told so, and scales only the parameter gradients", () => {
    const shape = {rows: 6, width: 19};
    const input = inputFor(shape);
    const plain = backward(input, shape);
    const startingFrom = floats(6 * 19, 8);
    const added = backward(input, shape, {startingFrom, parameterScale: 0.3});
    expect(added.xGradient).toEqual(startingFrom.map((value, i) => value + plain.xGradient[i]));
    const scaled = (values: Float32Array) => values.map((value) => value * Math.fround(0.3));
    expect(added.gainGradient).toEqual(scaled(plain.gainGradient));
    expect(added.biasGradient).toEqual(scaled(plain.biasGradient));
  });

  test("may overwrite the output gradient", () => {
    const shape = {rows: 40, width: 18};
    const input = inputFor(shape);
    const {xGradient} = backward(input, shape);
    const inPlace = input.yGradient.slice();
    const parameters = [new Float32Array(18), new Float32Array(18)];
    runOnArrays(
      kernels,
      [input.normalized, input.inverseSpread, input.gain, inPlace, ...parameters],
      (normalized, inverse, gain, gradient, gains, biases) =>
        kernels.layerNormBackward(
          ...([normalized, inverse, gain, gradient, gradient, gains, biases] as const),
          ...([40, 18, 1, 0] as const),
        ),
    );
    expect(bits(inPlace)).toEqual(bits(xGradient));
  });

  test("agrees with finite differences of the forward pass", () => {
    const shape = {rows: 3, width: 10};
    const x = inputOf(shape);
    const [gain, bias, yGradient] = [floats(10, 2), floats(10, 3), floats(30, 9)];
    const {normalized, inverseSpread} = forward(x, gain, bias, shape);
    const gradients = backward({normalized, inverseSpread, gain, yGradient}, shape);
    const objective = () =>
      layerNormForward(x, gain, bias, shape, epsilon).y.reduce((sum, y, i) => sum + y * yGradient[i], 0);
    const step = 2 ** -9;
    const numeric = (parameter: Float32Array) =>
      Float64Array.from(parameter, (value, i) => {
        parameter[i] = value + step;
        const up = objective();
        parameter[i] = value - step;
        const down = objective();
        parameter[i] = value;
        return (up - down) / (2 * step);
      });
    expect(relativeError(gradients.xGradient, numeric(x))).toBeLessThan(1e-4);
    expect(relativeError(gradients.gainGradient, numeric(gain))).toBeLessThan(1e-5);
    expect(relativeError(gradients.biasGradient, numeric(bias))).toBeLessThan(1e-5);
  });
});
