import fc from "fast-check";
import {beforeAll, describe, expect, test} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {embeddingBackward, embeddingForward} from "../../src/kernels/reference/embedding.js";
import {bits, floats, runOnArrays} from "./run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const shapes = fc.record({
  batch: fc.integer({min: 1, max: 5}),
  context: fc.integer({min: 1, max: 9}),
  width: fc.integer({min: 1, max: 35}),
  vocabulary: fc.integer({min: 1, max: 6}),
});
const tokensOf = (count: number, vocabulary: number): Int32Array =>
  Int32Array.from(floats(count, 1), (value) => Math.floor(((value + 1) / 2) * vocabulary));

describe("embeddingForward(…)", () => {
  test("equals the plain loop", () => {
    fc.assert(
      fc.property(shapes, ({vocabulary, ...shape}) => {
        const {batch, context, width} = shape;
        const tokens = tokensOf(batch * context, vocabulary);
        const [table, positions] = [floats(vocabulary * width, 2), floats(context * width, 3)];
        const byKernel = new Float32Array(batch * context * width);
        const byLoop = byKernel.slice();
        runOnArrays(kernels, [tokens, table, positions, byKernel], (tokens, table, positions, out) =>
          kernels.embeddingForward(tokens, table, positions, out, batch, context, width, 0.6, 1.1),
        );
        embeddingForward(tokens, table, positions, byLoop, shape, {tokenWeight: 0.6, positionWeight: 1.1});
        expect(bits(byKernel)).toEqual(bits(byLoop));
      }),
    );
  });
});

describe("embeddingBackward(…)", () => {
  test("equals the plain loop and overwrites what the gradients held", () => {
    fc.assert(
      fc.property(shapes, ({vocabulary, ...shape}) => {
        const {batch, context, width} = shape;
        const tokens = tokensOf(batch * context, vocabulary);
        const gradient = floats(batch * context * width, 4);
        const [table, positions] = [floats(vocabulary * width, 5), floats(context * width, 6)];
        const [tableByLoop, positionsByLoop] = [table.slice(), positions.slice()];
        runOnArrays(kernels, [tokens, gradient, table, positions], (tokens, gradient, table, positions) =>
          kernels.embeddingBackward(
            ...([tokens, gradient, table, positions] as const),
            ...([batch, context, width, vocabulary, 0.3, 0.7] as const),
          ),
        );
        const scales = {tokenScale: 0.3, positionScale: 0.7};
        embeddingBackward(tokens, gradient, tableByLoop, positionsByLoop, shape, scales);
        expect(bits(table)).toEqual(bits(tableByLoop));
        expect(bits(positions)).toEqual(bits(positionsByLoop));
      }),
    );
  });
});
