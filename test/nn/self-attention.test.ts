import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {gptParts, type ModelParts, type ModelShape} from "../../src/nn/model-shape.js";
import {linear} from "../../src/nn/ops/linear.js";
import {createProgramBuilder, execute} from "../../src/nn/program.js";
import {selfAttention} from "../../src/nn/self-attention.js";
import {recipeOf} from "../../src/recipes/index.js";
import {mup} from "../../src/schemes/mup.js";
import {standard} from "../../src/schemes/standard.js";
import {unitMup} from "../../src/schemes/unit-mup.js";
import {relativeError} from "../kernels/run-on-arrays.js";
import {modelPass} from "./model-pass.js";

/** The file that tools/reference/make_attention_reference.py describes and makes. */
interface Reference {
  readonly shape: Pick<ModelShape, "batch" | "context" | "heads" | "width">;
  readonly outputScale: number;
  readonly qkv: number[];
  readonly outGradient: number[];
  readonly parameters: Record<string, number[]>;
  readonly cases: {
    settings: Partial<ModelParts>;
    out: number[];
    qkvGradient: number[];
    gradients: Record<string, number[]>;
  }[];
}

const file = new URL("../fixtures/torch/attention.json.gz", import.meta.url);
const reference: Reference = JSON.parse(gunzipSync(readFileSync(file)).toString());

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Output and gradients of attention of a block named `block` on the inputs of the reference. */
function run(settings: Partial<ModelParts>, used: Readonly<Record<string, unknown>>) {
  const memory = kernels.mark();
  const sizes = {...reference.shape, layers: 1, vocabulary: 1};
  const shape: ModelShape = {...gptParts, ...sizes, ...settings};
  const {batch, context, width} = shape;
  const parameterCount = Object.keys(used).reduce((sum, name) => sum + reference.parameters[name].length, 0);
  const builder = createProgramBuilder(kernels, parameterCount, () => {});
  const plain = standard({residual: "sum", residualWeight: 1, initialSpread: 1});
  const scheme = {
    ...plain,
    attention: (shape: ModelShape) => ({...plain.attention(shape), output: reference.outputScale}),
  };
  const recipe = recipeOf({recipe: "fp32"});
  const attend = selfAttention(builder, shape, {
    scheme,
    recipe,
    vector: (name, length, value) => builder.parameter(name, [length], {mean: value, spread: 0}, 1),
    project: (_, layer, x, fanOut) => {
      const weight = builder.parameter(layer, [x.columns, fanOut], {mean: 0, spread: 1}, 1);
      const scale = {output: 1, inputGradient: 1, weightGradient: 1};
      return linear(builder, x, weight, {layer, scale, recipe: recipe.linear});
    },
  });

  const qkv = builder.tensor(batch * context, 3 * width);
  const out = attend("block", qkv);
  builder.acquireGradient(out);
  const outGradient = out.gradient;
  const {forward, backward, parameters} = builder.finish();
  const inReference = (name: string) => name.replace("block ", "");
  for (const {name, data, size} of parameters) {
    kernels.float32(data, size).set(reference.parameters[inReference(name)]);
  }
  kernels.float32(qkv.data, qkv.rows * qkv.columns).set(reference.qkv);
  kernels.float32(outGradient, out.rows * width).set(reference.outGradient);
  execute(forward);
  const result = kernels.float32(out.data, out.rows * width).slice();
  execute(backward);
  const qkvGradient = kernels.float32(qkv.gradient, qkv.rows * qkv.columns).slice();
  const gradients = parameters.map(({name, gradient, size}) => ({
    name: inReference(name),
    values: kernels.float32(gradient, size).slice(),
  }));
  kernels.release(memory);
  return {out: result, qkvGradient, gradients};
}

describe("selfAttention(builder, shape, parts)", () => {
  it.each(reference.cases.map((data) => ({title: JSON.stringify(data.settings), data})))(
    "gives the output and the gradients that PyTorch gives: $title",
    ({data: {settings, out, qkvGradient, gradients}}) => {
      const ours = run(settings, gradients);
      expect(relativeError(ours.out, out)).toBeLessThan(2e-6);
      expect(relativeError(ours.qkvGradient, qkvGradient)).toBeLessThan(5e-6);
      expect(ours.gradients.map(({name}) => name).sort()).toEqual(Object.keys(gradients).sort());
      for (const {name, values} of ours.gradients) {
        expect(relativeError(values, gradients[name]), name).toBeLessThan(5e-6);
      }
    },
  );
});

describe("logits that settings ask for", () => {
  const shape: ModelShape = {
    ...gptParts,
    ...{layers: 1, width: 32, heads: 2, context: 11, batch: 2, vocabulary: 17, softmax: "square-root"},
  };
  const multipliers = {
    ...{activationMultiplier: 1, residualMultiplier: 1, residualAttentionRatio: 1, lossMultiplier: 1},
  };
  const plain = {residual: "sum", residualWeight: 0.1} as const;
  const schemes = {
    mup: (attentionMultiplier: number) =>
      mup({...plain, initialSpread: 0.5, baseWidth: 32, optimizer: "adam", attentionMultiplier}),
    "u-µP": (attentionMultiplier: number) =>
      unitMup({...plain, ...multipliers, constraint: "to-output", attentionMultiplier}),
  };

  it.each(["mup", "u-µP"] as const)("have the multiplier of %s, too", (name) => {
    const loss = (attentionLogits: ModelShape["attentionLogits"], attentionMultiplier: number) =>
      modelPass(kernels, {...shape, attentionLogits}, schemes[name](attentionMultiplier)).loss;
    expect(loss("inverse", 4)).toBe(loss("inverse-root", 1)); // 4/16 and 1/√16
    expect(loss("inverse", 4)).toBe(loss("default", 4));
    expect(loss("inverse", 4)).not.toBe(loss("inverse", 1));
  });
});
