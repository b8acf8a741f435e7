import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {fold, type UnfoldShape, unfold} from "../../src/kernels/reference/unfold.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const small = (max: number) => fc.integer({min: 1, max});
const shapes = fc.record({
  batch: small(3),
  context: small(9),
  groups: small(4),
  channels: small(9),
  kernelSize: small(12),
});
const sizes = ({batch, context, groups, channels, kernelSize}: UnfoldShape) =>
  [batch, context, groups, channels, kernelSize] as const;
const count = ({batch, context, groups, channels}: UnfoldShape) => batch * context * groups * channels;

describe("unfold(…)", () => {
  test("lays out what each position sees, with the bits of the reference for any shape", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const x = floats(count(shape), 1);
        const out = new Float32Array(x.length * shape.kernelSize).fill(Number.NaN);
        runOnArrays(kernels, [x, out], (x, out) => kernels.unfold(x, out, ...sizes(shape)));
        expect(bits(out)).toEqual(bits(unfold(x, shape)));
      }),
    );
  });

  test("shows two groups of two channels their last three values", () => {
    const x = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const shape = {batch: 1, context: 2, groups: 2, channels: 2, kernelSize: 3};
    const first = [0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 4];
    const second = [0, 0, 1, 2, 5, 6, 0, 0, 3, 4, 7, 8];
    expect([...unfold(x, shape)]).toEqual([...first, ...second]);
  });
});

describe("fold(…)", () => {
  test("sums over the places that saw an element, with the bits of the reference for any shape", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const unfolded = floats(count(shape) * shape.kernelSize, 2);
        const x = new Float32Array(count(shape)).fill(Number.NaN);
        runOnArrays(kernels, [unfolded, x], (from, to) => kernels.fold(from, to, ...sizes(shape)));
        expect(bits(x)).toEqual(bits(fold(unfolded, shape)));
      }),
    );
  });
});
