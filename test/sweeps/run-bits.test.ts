import {describe, expect, it} from "vitest";
import {plan} from "../../src/sweeps/plan.js";
import {readPreset} from "../../src/sweeps/preset.js";
import {publishedNames} from "../../src/sweeps/published-sweep.js";
import {bitNames, postTrainingBits, runBits} from "../../src/sweeps/run-bits.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import type {RunSettings} from "../../src/training/run-settings.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";

const choices = settingsChoices();
const parse = settingsParser(choices);
const bitsOf = (changes: Partial<RunSettings>) =>
  runBits(parse({corpus: "lexicon", layers: 2, width: 24, heads: 2, layerRecipes: "head=fp32", ...changes}));

const none = Number.POSITIVE_INFINITY;

/** What the words of a cast say, read without the library: `int4 row`, `e1m2 block:1x16`, `e4m3none row`, `e0m7b1 row`. */
function words(text: string) {
  const [, integer, exponent, mantissa] = /^(?:int(\d+)|e(\d+)m(\d+))/.exec(text) ?? [];
  if (integer) return {bits: Number(integer), exponent: 0, mantissa: Number(integer) - 1};
  if (exponent) return {bits: 1 + +exponent + +mantissa, exponent: +exponent, mantissa: +mantissa};
  return {bits: none, exponent: none, mantissa: none};
}

describe("runBits(settings)", () => {
  const sweeps = [
    "precision",
    "allocation",
    "exponent-mantissa",
    "targets",
    "block-size",
    "overtraining",
    "post-training",
  ];

  it.each(sweeps)("reads the casts of every run of the sweep %s", (name) => {
    expect(publishedNames()).toContain(name);
    const runs = plan(readPreset(name), [], choices);
    expect(runs.length).toBeGreaterThan(20);
    for (const run of runs) {
      // These sweeps name every cast, or a recipe of integers for weights, activations, keys and values.
      const recipe = /^int\d+$/.test(run.recipe) ? run.recipe : "fp32";
      const text = (cast: string) => (cast === "recipe" ? recipe : cast);
      const weights = words(text(run.forwardWeight));
      const weightsAgain = words(run.inputGradientWeight);
      const activations = words(text(run.forwardActivation));
      const activationsAgain = words(run.weightGradientActivation);
      const gradients = [run.inputGradientGradient, run.weightGradientGradient].map(
        (cast) => words(cast).bits,
      );
      const bits = runBits(run);
      const forward = (first: number, again: number) =>
        again === none || again === first ? first : Number.NaN;
      expect(bits).toMatchObject({
        weightBits: forward(weights.bits, weightsAgain.bits),
        activationBits: forward(activations.bits, activationsAgain.bits),
        cacheBits: words(text(run.key)).bits,
        gradientBits: gradients[0] === gradients[1] ? gradients[0] : Number.NaN,
        postTrainingBits: none,
      });
      const rounded = [
        ...[weights, weightsAgain, activations, activationsAgain],
        ...[run.inputGradientGradient, run.weightGradientGradient].map(words),
      ].filter((cast) => cast.bits !== none);
      const one = (values: number[]) =>
        values.length === 0 ? none : new Set(values).size === 1 ? values[0] : Number.NaN;
      expect(bits.exponentBits).toBe(one(rounded.map(({exponent}) => exponent)));
      expect(bits.mantissaBits).toBe(one(rounded.map(({mantissa}) => mantissa)));
      const block = /block:1x(\d+)/.exec(run.forwardWeight)?.[1];
      if (rounded.length === 0) expect(bits.blockSize).toBe(1);
      else if (block) expect(bits.blockSize).toBe(Number(block));
      else expect(bits.blockSize).toBeGreaterThan(1);
    }
  });

  it("gives every variable, for every published run", () => {
    for (const name of publishedNames()) {
      for (const run of plan(readPreset(name), [], choices)) {
        const bits = runBits(run);
        expect(Object.keys(bits)).toEqual([...bitNames]);
        for (const value of Object.values(bits)) expect(Number.isNaN(value) || value >= 0).toBe(true);
      }
    }
  });

  it("knows recipes: one width for all, two for one operand, or none", () => {
    expect(bitsOf({recipe: "fp32"})).toEqual({
      ...{weightBits: none, activationBits: none, cacheBits: none, gradientBits: none},
      ...{exponentBits: none, mantissaBits: none, blockSize: 1, postTrainingBits: none},
    });
    expect(bitsOf({recipe: "int4"})).toMatchObject({
      ...{
        weightBits: 4,
        activationBits: 4,
        cacheBits: 4,
        gradientBits: none,
        exponentBits: 0,
        mantissaBits: 3,
      },
    });
    // E4M3 forward, E5M2 for gradients.
    expect(bitsOf({recipe: "fp8-scaled"})).toMatchObject({
      ...{weightBits: 8, activationBits: 8, cacheBits: none, gradientBits: 8},
      ...{exponentBits: Number.NaN, mantissaBits: Number.NaN},
    });
    expect(bitsOf({recipe: "mxfp4", width: 32})).toMatchObject({
      weightBits: 4,
      exponentBits: 2,
      mantissaBits: 1,
    });
    expect(bitsOf({recipe: "mxfp4", width: 32}).blockSize).toBe(32);
    expect(bitsOf({recipe: "bf16"})).toMatchObject({weightBits: 16, exponentBits: 8, mantissaBits: 7});
    expect(bitsOf({recipe: "bf16"}).blockSize).toBeNaN();
    expect(bitsOf({recipe: "ternary"})).toMatchObject({
      weightBits: 2,
      activationBits: 8,
      mantissaBits: Number.NaN,
    });
  });

  it("has no answer where operands of one kind are rounded to different widths", () => {
    expect(bitsOf({forwardWeight: "int4 row", inputGradientWeight: "int8 row"}).weightBits).toBeNaN();
    expect(bitsOf({inputGradientWeight: "int4 row"}).weightBits).toBeNaN();
    expect(bitsOf({forwardWeight: "int4 row"}).weightBits).toBe(4);
    expect(bitsOf({key: "int4 row", value: "int3 row"}).cacheBits).toBeNaN();
    expect(bitsOf({key: "int4 row"}).cacheBits).toBeNaN();
    expect(bitsOf({inputGradientGradient: "int4 row"}).gradientBits).toBeNaN();
    expect(bitsOf({forwardWeight: "e2m1 row", weightGradientActivation: "e1m2 row"}).exponentBits).toBeNaN();
  });

  it("counts the layers in the blocks, not the head", () => {
    expect(bitsOf({recipe: "int4", layerRecipes: "head=int8"}).weightBits).toBe(4);
    expect(bitsOf({recipe: "int4", layerRecipes: "last=fp32"}).weightBits).toBeNaN();
    expect(bitsOf({recipe: "int4", layerRecipes: "block 1 mlp up=int8"}).activationBits).toBeNaN();
    expect(bitsOf({recipe: "int4", layerRecipes: "block 1=int8, block 2=int8"}).weightBits).toBe(8);
  });

  it("takes the geometric mean of the values that share a scale, of all operands and layers", () => {
    // Inputs of qkv, attention output and both feed-forward layers.
    const hidden = 8 * 8;
    expect(bitsOf({activation: "swiglu", forwardWeight: "e1m1 row"}).blockSize).toBeCloseTo(
      (24 * 24 * 24 * hidden) ** (1 / 4),
      9,
    );
    // A block is no longer than the row that it lies in.
    expect(bitsOf({activation: "swiglu", forwardWeight: "e1m1 block:1x32"}).blockSize).toBeCloseTo(
      (24 * 24 * 24 * 32) ** (1 / 4),
      9,
    );
    const tensor = bitsOf({
      ...{activation: "swiglu", weightGradientActivation: "e1m1 tensor", batch: 8, context: 32},
    }).blockSize;
    const tokens = 8 * 32;
    expect(tensor / tokens).toBeCloseTo((24 * 24 * 24 * hidden) ** (1 / 4), 6);
  });

  it("knows other sequence layers, which have no cache", () => {
    for (const sequenceLayer of ["convolution", "recurrent"] as const) {
      const bits = bitsOf({sequenceLayer, groups: 2, activation: "gelu", recipe: "int4"});
      expect(bits).toMatchObject({weightBits: 4, cacheBits: none});
    }
  });

  it("counts no block of a convolution further than its group", () => {
    const blockSize = (operand: string, cast: string) =>
      bitsOf({
        ...{sequenceLayer: "convolution", kernelSize: 5, groups: 4, batch: 8, context: 32},
        ...{layerRecipes: "* mlp *=fp32, head=fp32", [operand]: cast},
      }).blockSize;
    expect(blockSize("forwardActivation", "e1m1 row")).toBe(5 * 6);
    expect(blockSize("inputGradientGradient", "e1m1 block:1x32")).toBe(6);
    expect(blockSize("weightGradientGradient", "e1m1 block:1x32")).toBe(32);
    expect(blockSize("inputGradientGradient", "e1m1 tensor")).toBeCloseTo(8 * 32 * 24, 6);
  });
});

describe("postTrainingBits(cast)", () => {
  it("is the width of the cast", () => {
    for (let bits = 2; bits <= 16; bits++) expect(postTrainingBits(`int${bits} row`)).toBe(bits);
    expect(postTrainingBits("e2m1 block:1x16")).toBe(4);
    expect(postTrainingBits("fp32")).toBe(none);
  });
});
