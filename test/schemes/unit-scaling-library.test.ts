import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import type {Parameter} from "../../src/nn/tensor.js";
import {schemeNames} from "../../src/schemes/index.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {createTrainer} from "../../src/training/trainer.js";

/** Made by tools/reference/make_unit_scaling_reference.py from the authors' library. */
interface Reference {
  readonly shape: Record<"layers" | "width" | "heads" | "context" | "batch" | "vocabulary", number>;
  readonly learningRates: Readonly<Record<string, number>>;
  readonly runs: readonly {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly loss: number;
    /** Root mean square, and values at equal distances. */
    readonly gradients: Readonly<Record<string, {spread: number; values: number[]}>>;
  }[];
}

const reference: Reference = JSON.parse(readFileSync("test/fixtures/unit-scaling/model.json", "utf8"));
const {vocabulary, ...sizes} = reference.shape;
const parse = settingsParser({schemes: schemeNames, recipes: ["fp32"], corpusChecksum: () => ""});

/** A linear congruential generator, as the script has it. */
function words(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({length: count}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  });
}

function initialValues({shape, size, initial}: Parameter, index: number): number[] {
  const spread = shape.length === 2 ? 1 : 0.25;
  return words(size, 100 + index).map(
    (word) => initial.mean + Math.fround(spread * Math.fround((word / 2 ** 31 - 1) * Math.sqrt(3))),
  );
}

const tokens = (seed: number) =>
  Int32Array.from(words(sizes.batch * sizes.context, seed), (word) => Math.floor(word / 256) % vocabulary);

async function trainer(settings: Readonly<Record<string, unknown>>) {
  const kernels = await createKernels();
  const corpus = {name: "none", vocabularySize: vocabulary, floor: null, fill: () => 0, decode: String};
  return {kernels, ...createTrainer(parse({...sizes, ...settings}), kernels, corpus)};
}

describe.each(reference.runs)("$settings against the unit-scaling library", ({settings, loss, gradients}) => {
  it("has the same loss and the same gradient of every parameter", async () => {
    const {kernels, parameters, weights, gradients: compute} = await trainer(settings);
    weights().set(parameters.flatMap(initialValues));
    expect(Math.abs(compute(tokens(1), tokens(2)) - loss)).toBeLessThan(1e-5 * loss);
    expect(parameters.map(({name}) => name).sort()).toEqual(Object.keys(gradients).sort());
    for (const {name, gradient, size} of parameters) {
      const {spread, values} = gradients[name];
      const ours = kernels.float32(gradient, size);
      const ourSpread = Math.sqrt(ours.reduce((sum, value) => sum + value * value, 0) / size);
      expect(Math.abs(ourSpread / spread - 1), `spread of ${name}`).toBeLessThan(1e-5);
      const stride = Math.floor(size / values.length);
      values.forEach((value, i) => {
        expect(Math.abs(ours[i * stride] - value), `${name} ${i}`).toBeLessThan(2e-5 * spread);
      });
    }
  });
});

describe("u-µP", () => {
  it("has the library's multipliers of the learning rate", async () => {
    const {parameters} = await trainer({scheme: "unit-mup"});
    for (const {name, learningRate} of parameters) {
      expect(learningRate, name).toBeCloseTo(reference.learningRates[name], 12);
    }
  });
});
