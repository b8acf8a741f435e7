import {beforeAll, describe, expect, it} from "vitest";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {attentionProbabilities} from "../../src/kernels/reference/attention.js";
import {gptParts, type ModelShape} from "../../src/nn/model-shape.js";
import {type AttentionOptions, attention} from "../../src/nn/ops/attention.js";
import {createProgramBuilder, execute, type ProgramBuilder} from "../../src/nn/program.js";
import type {Recipe} from "../../src/nn/recipe.js";
import {selfAttention} from "../../src/nn/self-attention.js";
import type {Tensor} from "../../src/nn/tensor.js";
import {applyCast} from "../../src/precision/apply-cast.js";
import {type Cast, parseCast} from "../../src/precision/parse-cast.js";
import {recipeOf} from "../../src/recipes/index.js";
import {standard} from "../../src/schemes/standard.js";
import {bits, floats, relativeError} from "../kernels/run-on-arrays.js";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

const [batch, context, heads, headSize] = [2, 11, 2, 6];
const width = heads * headSize;
const tokens = batch * context;
const fp32 = recipeOf({recipe: "fp32"});
const input = floats(tokens * 3 * width, 1).map((x) => 3 * x);
const outGradient = floats(tokens * width, 2);

/** Output, and gradient of queries, keys and values side by side. */
function run(attend: (builder: ProgramBuilder, qkv: Tensor) => Tensor) {
  const memory = kernels.mark();
  const builder = createProgramBuilder(kernels, 0, () => {});
  const qkv = builder.tensor(tokens, 3 * width);
  const out = attend(builder, qkv);
  builder.acquireGradient(out);
  const gradient = out.gradient;
  const {forward, backward} = builder.finish();
  kernels.float32(qkv.data, input.length).set(input);
  kernels.float32(gradient, outGradient.length).set(outGradient);
  execute(forward);
  execute(backward);
  const result = {
    out: kernels.float32(out.data, tokens * width).slice(),
    gradient: kernels.float32(qkv.gradient, input.length).slice(),
  };
  kernels.release(memory);
  return result;
}

/** With the casts of a recipe. */
function withCasts(casts: Partial<Recipe["attention"]>, softmaxOutput = fp32.softmaxOutput) {
  const recipe = {...fp32, softmaxOutput, attention: {...fp32.attention, ...casts}};
  const shape: ModelShape = {...gptParts, batch, context, heads, width, layers: 1, vocabulary: 1};
  const scheme = standard({residual: "sum", residualWeight: 1, initialSpread: 1});
  const unused = () => {
    throw new Error("plain attention has no parameters");
  };
  const parts = {scheme, recipe, project: unused, vector: unused};
  return run((builder, qkv) => selfAttention(builder, shape, parts)("block", qkv));
}

/** A cast of `rows` rows, or of each matrix of so many. */
function cast(values: Float32Array, {text}: Cast, rows: number, columns: number): Float32Array {
  const address = kernels.mark();
  kernels.allocate(4 * values.length);
  kernels.float32(address, values.length).set(values);
  for (let i = 0; i < values.length; i += rows * columns) {
    applyCast(kernels, parseCast(text), address + 4 * i, address + 4 * i, {rows, columns});
  }
  const result = kernels.float32(address, values.length).slice();
  kernels.release(address);
  return result;
}

/** Attention with casts in plain loops, in double precision between the casts. */
function expected(casts: Recipe["attention"], softmaxOutput: Cast) {
  const part = (index: number) =>
    Float32Array.from({length: tokens * width}, (_, i) => {
      return input[Math.floor(i / width) * 3 * width + index * width + (i % width)];
    });
  const [q, k, v] = [casts.query, casts.key, casts.value].map((operand, i) =>
    cast(part(i), operand, tokens * heads, headSize),
  );
  const dy = cast(outGradient, casts.gradient, tokens * heads, headSize);
  const sideBySide = Float32Array.from(input, (_, i) => {
    const [row, column] = [Math.floor(i / (3 * width)), i % (3 * width)];
    return [q, k, v][Math.floor(column / width)][row * width + (column % width)];
  });
  const logitScale = 1 / Math.sqrt(headSize);
  const shape = {batch, heads, context, headSize};
  const softmax = attentionProbabilities(sideBySide, shape, {logitScale, outputScale: 1});
  const p = cast(Float32Array.from(softmax), softmaxOutput, context, context);
  const weights = cast(p, casts.probabilities, context, context);

  const at = (head: number, row: number, d: number) =>
    (Math.floor(head / heads) * context + row) * width + (head % heads) * headSize + d;
  const sum = (count: number, term: (i: number) => number) =>
    Array.from({length: count}, (_, i) => term(i)).reduce((a, b) => a + b, 0);
  const exactDs = new Float32Array(p.length);
  for (let head = 0; head < batch * heads; head++) {
    for (let i = 0; i < context; i++) {
      const row = (head * context + i) * context;
      const dp = (j: number) => sum(headSize, (d) => dy[at(head, i, d)] * v[at(head, j, d)]);
      const mean = sum(i + 1, (j) => p[row + j] * dp(j));
      for (let j = 0; j <= i; j++) exactDs[row + j] = p[row + j] * (dp(j) - mean);
    }
  }
  const ds = cast(exactDs, casts.gradient, context, context);

  const out = new Float32Array(tokens * width);
  const gradient = new Float32Array(input.length);
  for (let head = 0; head < batch * heads; head++) {
    const row = (i: number, j: number) => (head * context + i) * context + j;
    for (let i = 0; i < context; i++) {
      for (let d = 0; d < headSize; d++) {
        out[at(head, i, d)] = sum(context, (j) => weights[row(i, j)] * v[at(head, j, d)]);
        const token = Math.floor(at(head, i, d) / width);
        const place = token * 3 * width + (at(head, i, d) % width);
        gradient[place] = logitScale * sum(context, (j) => ds[row(i, j)] * k[at(head, j, d)]);
        gradient[place + width] = logitScale * sum(context, (j) => ds[row(j, i)] * q[at(head, j, d)]);
        gradient[place + 2 * width] = sum(context, (j) => weights[row(j, i)] * dy[at(head, j, d)]);
      }
    }
  }
  return {out, gradient};
}

describe("attention with roundings", () => {
  it("computes the same bits with roundings that change nothing, which take other ways through it", () => {
    const options: AttentionOptions = {batch, context, heads, headSize, scale: {logits: 0.4, output: 1.5}};
    const attend = (more: Partial<AttentionOptions>) =>
      run((builder, tensor) => {
        const [query, key, value] = [0, 1, 2].map((i) => ({tensor, column: i * width}));
        return attention(builder, {query, key, value}, {...options, ...more});
      });
    const nothing = () => {};
    for (const squareRoot of [false, true]) {
      const plain = attend({squareRoot});
      for (const name of ["softmaxOutput", "probabilities", "outputGradient", "logitGradient"]) {
        const rounded = attend({squareRoot, roundings: {[name]: nothing}});
        expect(bits(rounded.out), name).toEqual(bits(plain.out));
        expect(bits(rounded.gradient), name).toEqual(bits(plain.gradient));
      }
    }
  });

  const texts = ["bf16", "e4m3fn ocp-saturate", "int4 row", "e5m2 tensor ocp-saturate", "mxfp8"];
  const names = ["query", "key", "value", "probabilities", "gradient"] as const;
  it.each(names.flatMap((name) => texts.map((text) => ({name, text}))))(
    "casts where the recipe says: $name in $text",
    ({name, text}) => {
      const casts = {...fp32.attention, [name]: parseCast(text)};
      const ours = withCasts(casts);
      const theirs = expected(casts, fp32.softmaxOutput);
      expect(relativeError(ours.out, theirs.out)).toBeLessThan(1e-6);
      expect(relativeError(ours.gradient, theirs.gradient)).toBeLessThan(2e-6);
    },
  );

  it("casts what the softmax gives before everything that uses it", () => {
    const casts = {...fp32.attention, probabilities: parseCast("e4m3fn")};
    const ours = withCasts(casts, parseCast("bf16"));
    const theirs = expected(casts, parseCast("bf16"));
    expect(relativeError(ours.out, theirs.out)).toBeLessThan(1e-6);
    expect(relativeError(ours.gradient, theirs.gradient)).toBeLessThan(2e-6);
    expect(relativeError(withCasts(casts).gradient, theirs.gradient)).toBeGreaterThan(1e-5);
  });

  it("rounds weights alike on both passes: Σ dO∘out and Σ v∘dv are both dO·P·v with the rounded P", () => {
    const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
    const partOfValues = (x: Float32Array) => x.filter((_, i) => i % (3 * width) >= 2 * width);
    for (const text of ["e2m1 stochastic ocp-saturate", "e4m3fn stochastic", "e4m3fn delayed", "mxfp4"]) {
      const {out, gradient} = withCasts({probabilities: parseCast(text)});
      const forward = inner(out, outGradient);
      const backward = inner(partOfValues(input), partOfValues(gradient));
      expect(Math.abs(forward - backward), text).toBeLessThan(1e-5 * Math.abs(forward));
    }
  });

  it("gives the weights the delayed scale of their largest, which is 1 at every step, from the first step on", () => {
    const [a, b] = ["e4m3fn delayed", "e4m3fn tensor"].map((text) =>
      withCasts({probabilities: parseCast(text)}),
    );
    expect(bits(a.gradient)).toEqual(bits(b.gradient));
  });
});
