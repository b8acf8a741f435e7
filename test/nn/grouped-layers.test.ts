// A linear layer in groups, as under a convolution, against a layer for each group.
import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {recipeOf} from "../../src/recipes/index.js";
import {type LayerInput, type LayerOutput, linearLayer} from "./linear-layer.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Columns of one group out of a matrix of so many. */
function columnsOf(values: Float32Array, columns: number, groups: number, group: number): Float32Array {
  const width = columns / groups;
  return values.filter((_, i) => Math.floor((i % columns) / width) === group);
}

function joined(parts: readonly Float32Array[], columns: number): Float32Array {
  const width = columns / parts.length;
  return Float32Array.from({length: parts.length * parts[0].length}, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return parts[Math.floor(column / width)][row * width + (column % width)];
  });
}

/** Operands of many magnitudes; each group of each has the same largest one, as scales of tensors have to be the same. */
function layerInput({n, m, k, groups, seed}: Layer): LayerInput {
  const matrix = (rows: number, columns: number, stream: number) => {
    const address = kernels.allocate(4 * rows * columns);
    kernels.randomNormal(address, rows * columns, 0, 1, seed, stream, 0);
    const values = kernels.float32(address, rows * columns).slice();
    for (let i = 0; i < values.length; i++) values[i] *= 2 ** ((i % 13) - 8);
    for (let group = 0; group < groups; group++) values[(group * columns) / groups] = 300;
    return values;
  };
  return {n, m, k, x: matrix(n, m, 1), w: matrix(m / groups, k, 2), dy: matrix(n, k, 3)};
}

interface Layer {
  readonly n: number;
  readonly m: number;
  readonly k: number;
  readonly groups: number;
  readonly seed: number;
}

function groupByGroup(recipe: ReturnType<typeof linearOf>, input: LayerInput, groups: number): LayerOutput {
  const {n, m, k} = input;
  const shape = {n, m: m / groups, k: k / groups};
  const outputs = Array.from({length: groups}, (_, group) =>
    linearLayer(
      kernels,
      recipe,
      shape,
    )({
      ...shape,
      x: columnsOf(input.x, m, groups, group),
      w: columnsOf(input.w, k, groups, group),
      dy: columnsOf(input.dy, k, groups, group),
    }),
  );
  const join = (name: keyof LayerOutput, columns: number) =>
    joined(
      outputs.map((output) => output[name]),
      columns,
    );
  return {y: join("y", k), dx: join("dx", m), dw: join("dw", k)};
}

const linearOf = (parts: object) => recipeOf({recipe: "fp32", ...parts}).linear;
const operands = [
  ...["forwardActivation", "forwardWeight", "inputGradientGradient", "inputGradientWeight"],
  ...["weightGradientActivation", "weightGradientGradient"],
];
const everywhere = (cast: string) => Object.fromEntries(operands.map((operand) => [operand, cast]));
const units = (text: string) => ({
  ...{forwardUnit: text, inputGradientUnit: text, weightGradientUnit: text},
});

const layers = fc.record({
  n: fc.integer({min: 1, max: 40}),
  fanIn: fc.integer({min: 1, max: 40}),
  fanOut: fc.integer({min: 1, max: 40}),
  groups: fc.integer({min: 1, max: 4}),
  seed: fc.integer({min: 1, max: 1000}),
});

function expectGroups(parts: object): void {
  const recipe = linearOf(parts);
  fc.assert(
    fc.property(layers, ({n, fanIn, fanOut, groups, seed}) => {
      const layer = {n, m: groups * fanIn, k: groups * fanOut, groups, seed};
      const input = layerInput(layer);
      const actual = linearLayer(kernels, recipe, layer, {groups})(input);
      expect(actual).toEqual(groupByGroup(recipe, input, groups));
    }),
    {numRuns: 25},
  );
}

describe("a layer in groups", () => {
  it.each([
    ...["mxfp8", "mxfp4", "nvfp4", "int4 row", "int4 column", "e4m3fn block:16x16,fp32"],
    ...["e4m3fn block:1x24,pow2", "e2m1 nvfp4,four-over-six", "e2m1 nvfp4,2d,four-over-six-mse"],
    ...["e4m3fn block:1x16,e4m3,two-level,row-outer", "e4m3fn tensor", "int8 tensor,fp32", "e5m2"],
  ])("is a layer for each group under %s", (cast) => expectGroups(everywhere(cast)));

  it.each(["mxfp8", "nvfp4", "e4m3fn row", "e4m3fn block:16x16,fp32", "e4m3fn tensor"])(
    "is one whose matrix unit takes the scales of %s apart",
    (cast) => expectGroups({...everywhere(cast), ...units("fp32 promotion=24")}),
  );

  it.each(["mxfp4", "int4 row", "e2m1 block:16x16,pow2", "e2m1 ocp-saturate"])(
    "is one whose gradients stop where those of the group do under %s",
    (cast) => expectGroups({...everywhere(cast), straightThrough: "clipped"}),
  );

  it("shares a scale of the tensor", () => {
    const [n, fanIn, k] = [5, 24, 6];
    const recipe = linearOf({forwardActivation: "nvfp4"});
    const {x, w, dy} = layerInput({n, m: 2 * fanIn, k, groups: 2, seed: 1});
    x[fanIn] = 1e5;
    const both = linearLayer(kernels, recipe, {n, m: 2 * fanIn, k}, {groups: 2});
    const y = columnsOf(both({n, m: 2 * fanIn, k, x, w, dy}).y, k, 2, 0);

    // The first group, with one row more that has the largest magnitude of the second.
    const taller = {n: n + 1, m: fanIn, k: k / 2};
    const row = Float32Array.from({length: fanIn}, (_, i) => (i === 0 ? 1e5 : 0));
    const alone = linearLayer(
      kernels,
      recipe,
      taller,
    )({
      ...{...taller, x: Float32Array.of(...columnsOf(x, 2 * fanIn, 2, 0), ...row)},
      ...{w: columnsOf(w, k, 2, 0), dy: new Float32Array((n + 1) * (k / 2))},
    });
    expect(y).toEqual(alone.y.subarray(0, n * (k / 2)));
  });

  it("mixes no values of two groups", () => {
    const build = (fanOut: number) =>
      linearLayer(
        kernels,
        linearOf({inputGradientGradient: "mxfp8 hadamard", inputGradientWeight: "mxfp8 hadamard"}),
        {n: 16, m: 16, k: 2 * fanOut},
        {groups: 2},
      );
    expect(() => build(16)).not.toThrow();
    expect(() => build(8)).toThrow(
      /^inputGradientGradient: hadamard needs sums over a multiple of 16 values, not 8;/,
    );
  });
});
