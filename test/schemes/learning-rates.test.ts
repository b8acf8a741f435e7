import {describe, expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {schemeNames} from "../../src/schemes/index.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {createTrainer} from "../../src/training/trainer.js";

const parse = settingsParser({schemes: schemeNames, recipes: ["fp32"], corpusChecksum: () => ""});
const corpus = {name: "none", vocabularySize: 16, floor: null, fill: () => 0, decode: String};
const small = {layers: 4, width: 32, heads: 2, context: 8, batch: 2, baseWidth: 32} as const;

async function trainer(settings: Partial<RunSettings>) {
  const kernels = await createKernels();
  return {kernels, ...createTrainer(parse({...small, ...settings}), kernels, corpus)};
}

/** Multipliers at four times the base width, over those at the base width: of tables, hidden matrices, head and vectors. */
async function growth(settings: Partial<RunSettings>): Promise<number[]> {
  const rates = async (width: number) => {
    const {parameters} = await trainer({...settings, width});
    const of = (name: string) => parameters.find((parameter) => parameter.name === name)!.learningRate;
    return ["embedding", "block 1 mlp down", "head", "block 1 norm 1 gain"].map(of);
  };
  const [base, wide] = [await rates(32), await rates(128)];
  return wide.map((rate, i) => rate / base[i]);
}

describe("the learning rate at four times the width", () => {
  it.each([
    ["standard", "adamw", [1, 1, 1, 1]],
    ["mup", "adamw", [1, 1 / 4, 1, 1]],
    ["mup", "sgd", [4, 1, 4, 4]],
    ["mup", "lamb", [1, 1 / 2, 1, 1]],
    ["unit", "adamw", [1, 1, 1, 1 / 2]],
    ["unit-mup", "adamw", [1 / 2, 1 / 2, 1, 1]],
    ["munit", "lion", [1, 1 / 2, 1, 1]],
    ["munit", "adamw", [1, 1 / 2, 1, 1]],
    ["munit", "sgd", [1, 1, 4, 1]],
    ["munit", "lamb", [1, 1 / 2, 1, 1]],
  ] as const)(
    "of embedding, hidden layers, head and vectors under %s with %s goes with %o",
    async (...row) => {
      const [scheme, optimizer, expected] = row;
      const measured = await growth({scheme, optimizer});
      measured.forEach((rate, i) => {
        expect(rate).toBeCloseTo(expected[i], 12);
      });
    },
  );
});

describe("µP", () => {
  it("is the standard parametrization at the base width, if the multiplier of attention is the root of the head size", async () => {
    const weights = async (settings: Partial<RunSettings>) => {
      const {step, weights} = await trainer({...settings, learningRate: 0.01});
      for (let i = 0; i < 3; i++) step();
      return weights().slice();
    };
    const mup = await weights({scheme: "mup", attentionMultiplier: 4});
    expect(mup).toEqual(await weights({scheme: "standard"}));
  });

  it("starts hidden layers with a spread that goes with the root of the fan-in, and the head with the same", async () => {
    const spreads = async (width: number) => {
      const {parameters} = await trainer({scheme: "mup", width, initialSpread: 0.04});
      return ["block 1 qkv", "head"].map((name) => parameters.find((p) => p.name === name)!.initial.spread);
    };
    expect(await spreads(32)).toEqual([0.04, 0.04]);
    expect(await spreads(128)).toEqual([0.02, 0.04]);
  });
});

describe("weight decay", () => {
  /** Share of a matrix that is left after a step; what the gradient adds is alike with and without decay. */
  const left = async (settings: Partial<RunSettings>) => {
    const {kernels, parameters, weights, step} = await trainer({
      ...{schedule: "constant", warmup: 0, layers: 1, ...settings},
    });
    const {data, size} = parameters.find(({name}) => name === "block 1 mlp up")!;
    const before = kernels.float32(data, size).slice();
    step();
    expect(weights().every(Number.isFinite)).toBe(true);
    const after = kernels.float32(data, size);
    const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
    return inner(after, before) / inner(before, before);
  };

  it.each(["standard", "mup", "unit-mup", "munit"])(
    "is learning rate times λ at every width under %s, whatever its multipliers",
    async (scheme) => {
      for (const width of [32, 128]) {
        const settings = {scheme, width, learningRate: 2 ** -12, weightDecay: 8};
        const ratio = (await left(settings)) / (await left({...settings, weightDecay: 0}));
        expect(Math.abs(ratio - (1 - 2 ** -9))).toBeLessThan(1e-5);
      }
    },
  );

  it("is λ alone where it is independent of the learning rate", async () => {
    const settings = {scheme: "munit", learningRate: 2 ** -12, weightDecayRule: "independent"} as const;
    const ratio =
      (await left({...settings, weightDecay: 0.125})) / (await left({...settings, weightDecay: 0}));
    expect(Math.abs(ratio - 0.875)).toBeLessThan(1e-4);
  });
});
