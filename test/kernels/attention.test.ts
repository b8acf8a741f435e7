import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {
  type AttentionKind,
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
  {batch: 1, heads: 1, context: 264, headSize: 3},
  {batch: 1, heads: 1, context: 40, headSize: 64},
];
/** Plain attention, and everything that it can do besides. */
const kindsOf = (shape: AttentionShape): AttentionKind[] => {
  const relative = floats(shape.context * shape.heads * shape.headSize, 16);
  const scales = {logitScale: 0.7, outputScale: 1.3};
  return [scales, {...scales, squareRoot: true}, {...scales, relative}];
};
const cases = shapes.flatMap((shape) =>
  kindsOf(shape).map((kind) => {
    const name = kind.squareRoot ? "square roots" : kind.relative ? "relative positions" : "plain";
    return {title: `${name}, ${JSON.stringify(shape)}`, shape, kind};
  }),
);

/** Calls with the number of each head's matrix, its place among rows of a number of columns, and each block of queries. */
function forEachBlock(
  {batch, heads, context, headSize}: AttentionShape,
  blockRows: number,
  run: (matrix: number, place: (columns: number) => number, first: number, rows: number) => void,
) {
  for (let matrix = 0; matrix < batch * heads; matrix++) {
    const [sequence, head] = [Math.floor(matrix / heads), matrix % heads];
    const place = (columns: number) => 4 * (sequence * context * columns + head * headSize);
    for (let first = 0; first < context; first += blockRows) {
      run(matrix, place, first, Math.min(blockRows, context - first));
    }
  }
}

/** The output and the matrices of weights, which are complete unless their rows have room between them. */
function forward(
  qkv: Float32Array,
  shape: AttentionShape,
  {logitScale, outputScale, squareRoot, relative}: AttentionKind,
  blockRows = 10,
  pitch = shape.context,
) {
  const {batch, heads, context, headSize} = shape;
  const width = heads * headSize;
  const out = floats(batch * context * width, 11);
  const probabilities = new Float32Array(batch * heads * context * pitch);
  if (pitch > context) probabilities.fill(Number.NaN);
  const statistics = floats(2 * batch * heads * context, 12);
  const shifted = new Float32Array(context * pitch).fill(Number.NaN);
  const arrays = [qkv, out, probabilities, statistics, relative ?? new Float32Array(0), shifted];
  runOnArrays(kernels, arrays, (qkv, out, probabilities, statistics, r, shifted) =>
    forEachBlock(shape, blockRows, (matrix, place, first, rows) => {
      const [q, k, v] = [0, 1, 2].map((part) => qkv + 4 * part * width + place(3 * width));
      const p = probabilities + 4 * (matrix * context + first) * pitch;
      const distances = relative ? r + 4 * (matrix % heads) * headSize : 0;
      const size = [first, rows, context, headSize] as const;
      kernels.attentionProbabilities(
        ...([q, k, 3 * width, distances, width, p, shifted, pitch] as const),
        ...([statistics + 8 * (matrix * context + first), ...size, logitScale, squareRoot ? 1 : 0] as const),
      );
      kernels.attentionOutput(
        ...([p, pitch, v, 3 * width, out + place(width), width, first, rows, headSize, outputScale] as const),
      );
    }),
  );
  return {out, probabilities, statistics};
}

function backward(
  {qkv, statistics, outGradient}: Record<"qkv" | "statistics" | "outGradient", Float32Array>,
  shape: AttentionShape,
  {logitScale, outputScale, squareRoot, relative}: AttentionKind,
  blockRows = 10,
  pitch = shape.context,
) {
  const {batch, heads, context, headSize} = shape;
  const width = heads * headSize;
  const qkvGradient = floats(qkv.length, 13);
  const relativeGradient = new Float32Array(relative?.length ?? 0);
  const block = () => new Float32Array(blockRows * pitch).fill(Number.NaN);
  runOnArrays(
    kernels,
    [
      ...[qkv, statistics, outGradient, qkvGradient, block(), block(), block()],
      ...[relative ?? new Float32Array(0), relativeGradient],
    ],
    (qkv, statistics, outGradient, qkvGradient, p, ds, shifted, r, relativeGradient) =>
      forEachBlock(shape, blockRows, (matrix, place, first, rows) => {
        const [q, k, v] = [0, 1, 2].map((part) => qkv + 4 * part * width + place(3 * width));
        const [dq, dk, dv] = [0, 1, 2].map((part) => qkvGradient + 4 * part * width + place(3 * width));
        const dy = outGradient + place(width);
        const distances = 4 * (matrix % heads) * headSize;
        const at = relative ? r + distances : 0;
        const size = [first, rows, context, headSize, logitScale, outputScale] as const;
        kernels.attentionLogitGradients(
          ...([q, k, v, 3 * width, at, dy, width, p, 0, ds, shifted, pitch] as const),
          ...([statistics + 8 * (matrix * context + first), ...size, squareRoot ? 1 : 0] as const),
        );
        const isLast = matrix >= (batch - 1) * heads ? 1 : 0;
        kernels.attentionGradients(
          ...([p, ds, shifted, pitch, q, k, 3 * width, at, dy, width, dq, dk, dv] as const),
          ...([relative ? relativeGradient + distances : 0, ...size, isLast] as const),
        );
      }),
  );
  return {qkvGradient, relativeGradient};
}

const inputOf = ({batch, context, heads, headSize}: AttentionShape): Float32Array =>
  floats(batch * context * 3 * heads * headSize, 14);
const gradientOf = ({batch, context, heads, headSize}: AttentionShape): Float32Array =>
  floats(batch * context * heads * headSize, 15);

describe("attentionProbabilities(…)", () => {
  test.each(cases)("gives the probabilities of a causal softmax, $title", ({shape, kind}) => {
    const qkv = inputOf(shape);
    const {probabilities} = forward(qkv, shape, kind);
    const expected = attentionProbabilities(qkv, shape, kind);
    const words = bits(probabilities);
    expect(expected.every((probability, i) => probability !== 0 || words[i] === 0)).toBe(true);
    expect(relativeError(probabilities, expected, 1)).toBeLessThan(1e-6);
  });

  test.each([23, 24])("looks at no later position, of %d", (context) => {
    const shape = {batch: 1, heads: 1, context, headSize: 8};
    for (const kind of kindsOf(shape)) {
      const qkv = inputOf(shape);
      const {out} = forward(qkv, shape, kind);
      const changed = qkv.slice().fill(9, 14 * 24);
      const {out: outOfChanged} = forward(changed, shape, kind);
      expect(bits(outOfChanged.subarray(0, 14 * 8))).toEqual(bits(out.subarray(0, 14 * 8)));
      expect(outOfChanged.subarray(14 * 8)).not.toEqual(out.subarray(14 * 8));
    }
  });

  test("keeps probabilities exact where logits are far apart", () => {
    const shape = {batch: 1, heads: 1, context: 4, headSize: 1};
    // The query is 1 everywhere, so the keys are the logits.
    const qkv = Float32Array.of(1, 0, 1, 1, 200, 2, 1, 200, 3, 1, -1e30, 4);
    const {probabilities} = forward(qkv, shape, {logitScale: 1, outputScale: 1});
    expect([...probabilities]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5, 0]);
  });
});

describe("attentionOutput(…)", () => {
  test.each(cases)("sums P·v in the order of the keys, $title", ({shape, kind}) => {
    const qkv = inputOf(shape);
    const {out, probabilities} = forward(qkv, shape, kind);
    const expected = new Float32Array(out.length);
    attentionOutput(qkv, probabilities, expected, shape, kind);
    expect(bits(out)).toEqual(bits(expected));
  });
});

/** Both gradients from the kernels, and from the plain loops. */
function gradients(shape: AttentionShape, kind: AttentionKind, blockRows?: number, pitch?: number) {
  const qkv = inputOf(shape);
  const outGradient = gradientOf(shape);
  const {probabilities, statistics} = forward(qkv, shape, kind, blockRows);
  const byKernels = backward({qkv, statistics, outGradient}, shape, kind, blockRows, pitch);
  const expected = {
    qkvGradient: new Float32Array(qkv.length),
    relativeGradient: new Float32Array(kind.relative?.length ?? 0),
  };
  const {qkvGradient, relativeGradient} = expected;
  attentionBackward(qkv, probabilities, outGradient, qkvGradient, shape, kind, relativeGradient);
  return {byKernels, expected};
}

describe("attentionLogitGradients(…) and attentionGradients(…)", () => {
  test.each(cases)("equal the plain loops bit for bit, $title", ({shape, kind}) => {
    const {byKernels, expected} = gradients(shape, kind);
    expect(bits(byKernels.qkvGradient)).toEqual(bits(expected.qkvGradient));
    expect(bits(byKernels.relativeGradient)).toEqual(bits(expected.relativeGradient));
  });

  test("equal the plain loops for any small shape and blocks of any size and pitch", () => {
    const shapeArbitrary = fc.record({
      batch: fc.integer({min: 1, max: 2}),
      heads: fc.integer({min: 1, max: 3}),
      context: fc.integer({min: 1, max: 30}),
      headSize: fc.integer({min: 1, max: 20}),
    });
    const blockArbitraries = [fc.integer({min: 1, max: 31}), fc.nat(9)] as const;
    fc.assert(
      fc.property(shapeArbitrary, ...blockArbitraries, fc.nat(2), (shape, blockRows, room, which) => {
        const pitch = shape.context + room;
        const kind = kindsOf(shape)[which];
        const qkv = inputOf(shape);
        const {out, probabilities} = forward(qkv, shape, kind, blockRows);
        expect(bits(probabilities)).toEqual(bits(forward(qkv, shape, kind, 1).probabilities));
        const expectedOut = new Float32Array(out.length);
        attentionOutput(qkv, probabilities, expectedOut, shape, kind);
        expect(bits(out)).toEqual(bits(expectedOut));
        expect(bits(forward(qkv, shape, kind, blockRows, pitch).out)).toEqual(bits(out));
        const {byKernels, expected} = gradients(shape, kind, blockRows, pitch);
        expect(bits(byKernels.qkvGradient)).toEqual(bits(expected.qkvGradient));
        expect(bits(byKernels.relativeGradient)).toEqual(bits(expected.relativeGradient));
      }),
      {numRuns: 100},
    );
  });

  test("stay finite where all logits are far below zero", () => {
    const shape = {batch: 1, heads: 1, context: 3, headSize: 1};
    const qkv = Float32Array.of(1, -1e30, 1, 1, -1e30, 2, 1, -1e30, 3);
    const kind = {logitScale: 1, outputScale: 1};
    const {statistics} = forward(qkv, shape, kind);
    const {qkvGradient} = backward({qkv, statistics, outGradient: Float32Array.of(1, 1, 1)}, shape, kind);
    expect([...qkvGradient].every(Number.isFinite)).toBe(true);
  });

  test("agree with finite differences of the forward pass", () => {
    const shape = {batch: 2, heads: 2, context: 6, headSize: 3};
    for (const kind of kindsOf(shape)) {
      const qkv = inputOf(shape);
      const outGradient = gradientOf(shape);
      const {statistics} = forward(qkv, shape, kind);
      const {qkvGradient, relativeGradient} = backward({qkv, statistics, outGradient}, shape, kind);
      const objective = (qkv: Float32Array, relative = kind.relative) => {
        const p = attentionProbabilities(qkv, shape, {...kind, relative});
        return weightedOutput(qkv, p, outGradient, shape, kind);
      };
      expect(relativeError(qkvGradient, differences(qkv, objective))).toBeLessThan(1e-5);
      if (kind.relative) {
        const numeric = differences(kind.relative, (relative) => objective(qkv, relative));
        expect(relativeError(relativeGradient, numeric)).toBeLessThan(1e-5);
      }
    }
  });
});

/** Central differences of a function of many values. */
function differences(x: Float32Array, f: (x: Float32Array) => number): Float64Array {
  const step = 2 ** -10;
  return Float64Array.from(x, (_, i) => {
    const [up, down] = [x.slice(), x.slice()];
    up[i] += step;
    down[i] -= step;
    return (f(up) - f(down)) / (up[i] - down[i]);
  });
}

/** Σ outGradient·out with out = outputScale·P·v, in double precision. */
function weightedOutput(
  qkv: Float32Array,
  probabilities: Float64Array,
  outGradient: Float32Array,
  {batch, heads, context, headSize}: AttentionShape,
  {outputScale}: AttentionKind,
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
