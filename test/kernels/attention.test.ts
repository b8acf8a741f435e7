import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {
  type AttentionScales,
  type AttentionShape,
  attentionBackward,
  attentionOutput,
  attentionProbabilities,
} from "../../src/kernels/reference/attention.js";
import {bits, floats, relativeError, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const shapes: AttentionShape[] = [
  {batch: 2, heads: 2, context: 32, headSize: 16},
  {batch: 1, heads: 3, context: 37, headSize: 7},
  {batch: 3, heads: 1, context: 5, headSize: 33},
  {batch: 1, heads: 1, context: 1, headSize: 1},
  {batch: 1, heads: 1, context: 523, headSize: 4},
  {batch: 1, heads: 1, context: 40, headSize: 64},
];
const scales: AttentionScales = {logitScale: 0.7, outputScale: 1.3};

function forward(qkv: Float32Array, shape: AttentionShape, {logitScale, outputScale}: AttentionScales) {
  const {batch, heads, context, headSize} = shape;
  const out = floats(batch * context * heads * headSize, 11);
  const probabilities = floats(batch * heads * context * context, 12);
  runOnArrays(kernels, [qkv, out, probabilities], (qkv, out, probabilities) =>
    kernels.attentionForward(
      ...([qkv, out, probabilities, batch, heads, context, headSize, logitScale, outputScale] as const),
    ),
  );
  return {out, probabilities};
}

function backward(
  {qkv, probabilities, outGradient}: Record<"qkv" | "probabilities" | "outGradient", Float32Array>,
  shape: AttentionShape,
  {logitScale, outputScale}: AttentionScales,
): Float32Array {
  const {batch, heads, context, headSize} = shape;
  const qkvGradient = floats(qkv.length, 13);
  const scratch = new Float32Array(context * context).fill(Number.NaN);
  runOnArrays(
    kernels,
    [qkv, probabilities, outGradient, qkvGradient, scratch],
    (qkv, probabilities, outGradient, qkvGradient, scratch) =>
      kernels.attentionBackward(
        ...([qkv, probabilities, outGradient, qkvGradient, scratch] as const),
        ...([batch, heads, context, headSize, logitScale, outputScale] as const),
      ),
  );
  return qkvGradient;
}

const inputOf = ({batch, context, heads, headSize}: AttentionShape): Float32Array =>
  floats(batch * context * 3 * heads * headSize, 14);
const gradientOf = ({batch, context, heads, headSize}: AttentionShape): Float32Array =>
  floats(batch * context * heads * headSize, 15);

describe("attentionForward(…)", () => {
  test.each(shapes)("gives the probabilities of a causal softmax, %o", (shape) => {
    const qkv = inputOf(shape);
    const {probabilities} = forward(qkv, shape, scales);
    const expected = attentionProbabilities(qkv, shape, scales);
    for (let i = 0; i < expected.length; i++) {
      if (expected[i] === 0) expect(bits(probabilities)[i]).toBe(0);
    }
    expect(relativeError(probabilities, expected, 1)).toBeLessThan(1e-6);
  });

  test.each(shapes)("sums P·v in the order of the keys, %o", (shape) => {
    const qkv = inputOf(shape);
    const {out, probabilities} = forward(qkv, shape, scales);
    const expected = new Float32Array(out.length);
    attentionOutput(qkv, probabilities, expected, shape, scales);
    expect(bits(out)).toEqual(bits(expected));
  });

  test("looks at no later position", () => {
    const shape = {batch: 1, heads: 1, context: 23, headSize: 8};
    const qkv = inputOf(shape);
    const {out} = forward(qkv, shape, scales);
    const changed = qkv.slice().fill(9, 12 * 24);
    const {out: outOfChanged} = forward(changed, shape, scales);
    expect(bits(outOfChanged.subarray(0, 12 * 8))).toEqual(bits(out.subarray(0, 12 * 8)));
    expect(outOfChanged.subarray(12 * 8)).not.toEqual(out.subarray(12 * 8));
  });

  test("keeps probabilities exact where logits are far apart", () => {
    const shape = {batch: 1, heads: 1, context: 4, headSize: 1};
    // The query is 1 everywhere, so the keys are the logits.
    const qkv = Float32Array.of(1, 0, 1, 1, 200, 2, 1, 200, 3, 1, -1e30, 4);
    const {probabilities} = forward(qkv, shape, {logitScale: 1, outputScale: 1});
    expect([...probabilities]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5, 0]);
  });
});

describe("attentionBackward(…)", () => {
  test.each(shapes)("equals the plain loops bit for bit, %o", (shape) => {
    const qkv = inputOf(shape);
    const outGradient = gradientOf(shape);
    const {probabilities} = forward(qkv, shape, scales);
    const byKernel = backward({qkv, probabilities, outGradient}, shape, scales);
    const expected = new Float32Array(qkv.length);
    attentionBackward(qkv, probabilities, outGradient, expected, shape, scales);
    expect(bits(byKernel)).toEqual(bits(expected));
  });

  test("equals the plain loops for any small shape", () => {
    const shapeArbitrary = fc.record({
      batch: fc.integer({min: 1, max: 2}),
      heads: fc.integer({min: 1, max: 3}),
      context: fc.integer({min: 1, max: 30}),
      headSize: fc.integer({min: 1, max: 20}),
    });
    fc.assert(
      fc.property(shapeArbitrary, (shape) => {
        const qkv = inputOf(shape);
        const outGradient = gradientOf(shape);
        const {out, probabilities} = forward(qkv, shape, scales);
        const expectedOut = new Float32Array(out.length);
        attentionOutput(qkv, probabilities, expectedOut, shape, scales);
        expect(bits(out)).toEqual(bits(expectedOut));
        const expected = new Float32Array(qkv.length);
        attentionBackward(qkv, probabilities, outGradient, expected, shape, scales);
        expect(bits(backward({qkv, probabilities, outGradient}, shape, scales))).toEqual(bits(expected));
      }),
      {numRuns: 60},
    );
  });

  test("agrees with finite differences of the forward pass", () => {
    const shape = {batch: 1, heads: 2, context: 6, headSize: 3};
    const qkv = inputOf(shape);
    const outGradient = gradientOf(shape);
    const {probabilities} = forward(qkv, shape, scales);
    const gradient = backward({qkv, probabilities, outGradient}, shape, scales);
    const step = 2 ** -10;
    const objective = (changed: Float32Array) => {
      const p = attentionProbabilities(changed, shape, scales);
      return weightedOutput(changed, p, outGradient, shape, scales);
    };
    const numeric = Float64Array.from(qkv, (_, i) => {
      const [up, down] = [qkv.slice(), qkv.slice()];
      up[i] += step;
      down[i] -= step;
      return (objective(up) - objective(down)) / (up[i] - down[i]);
    });
    expect(relativeError(gradient, numeric)).toBeLessThan(1e-5);
  });
});

/** Σ outGradient·out with out = outputScale·P·v, in double precision. */
function weightedOutput(
  qkv: Float32Array,
  probabilities: Float64Array,
  outGradient: Float32Array,
  {batch, heads, context, headSize}: AttentionShape,
  {outputScale}: AttentionScales,
): number {
  const width = heads * headSize;
  let total = 0;
  for (let b = 0; b < batch; b++) {
    for (let column = 0; column < width; column++) {
      const rows = (b * heads + Math.floor(column / headSize)) * context;
      for (let i = 0; i < context; i++) {
        for (let j = 0; j <= i; j++) {
          const v = qkv[(b * context + j) * 3 * width + 2 * width + column];
          total +=
            outGradient[(b * context + i) * width + column] * probabilities[(rows + i) * context + j] * v;
        }
      }
    }
  }
  return outputScale * total;
}
