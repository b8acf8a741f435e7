import type {Kernels} from "../src/kernels/kernels.js";
import type {ModelShape} from "../src/nn/model-shape.js";
import {gptParts} from "../src/nn/model-shape.js";
import {activation, type ElementwiseName} from "../src/nn/ops/activation.js";
import {attention} from "../src/nn/ops/attention.js";
import {convolution} from "../src/nn/ops/convolution.js";
import {crossEntropy} from "../src/nn/ops/cross-entropy.js";
import {embedding} from "../src/nn/ops/embedding.js";
import {gatedActivation} from "../src/nn/ops/gated-activation.js";
import {layerNorm} from "../src/nn/ops/layer-norm.js";
import {linear} from "../src/nn/ops/linear.js";
import {residual} from "../src/nn/ops/residual.js";
import {rmsNorm} from "../src/nn/ops/rms-norm.js";
import {createProgramBuilder, execute, type ProgramBuilder} from "../src/nn/program.js";
import {linearRecipe} from "../src/nn/recipe.js";
import type {LinearRole, Scheme} from "../src/nn/scheme.js";
import type {Tensor} from "../src/nn/tensor.js";
import {recipeOf} from "../src/recipes/index.js";
import {activationFactors} from "../src/schemes/activation-factors.js";
import {residualScale} from "../src/schemes/residual-rule.js";

/** What an op computes: its output, the gradient of its input, and those of its parameters by their names. */
export interface Spreads {
  readonly output?: number;
  readonly inputGradient?: number;
  readonly parameterGradients?: Readonly<Record<string, number>>;
}

/** One op of the compendium, for inputs, weights and gradients that are normal with spread 1. */
export interface OpCase {
  readonly op: string;
  /** Columns of the input; 0 for an op that makes its own. */
  readonly columns: number;
  readonly parameterCount: number;
  /** Spreads without any constant, by theory. */
  readonly theory: Spreads;
  /** The constants of unit scaling that multiply them. */
  readonly constants: Spreads;
  /** Adds the op, with its constants or with all of them 1. An op without an output, such as the loss, gives none back. */
  build(builder: ProgramBuilder, x: Tensor, isScaled: boolean): Tensor | undefined;
}

const exact = linearRecipe(recipeOf({recipe: "fp32"}), "op", 1);
const normal = {mean: 0, spread: 1};

/** Tokens that look up the embedding, and classes of the loss that a token stands for. */
export interface OpInputs {
  readonly tokens: number;
  readonly targets: number;
}

/** Every op at a width, from the scheme that gives its constants. */
export function opCases(scheme: Scheme, shape: ModelShape, {tokens, targets}: OpInputs): OpCase[] {
  const {width, heads, batch, context, vocabulary} = shape;
  const rows = batch * context;

  const product = (op: string, role: LinearRole, fanIn: number, fanOut: number): OpCase => {
    const {output, inputGradient, weightGradient} = scheme.linear(role, {fanIn, fanOut}, shape);
    const scale = {output, inputGradient, weightGradient};
    return {
      op,
      columns: fanIn,
      parameterCount: fanIn * fanOut,
      theory: {
        output: Math.sqrt(fanIn),
        inputGradient: Math.sqrt(fanOut),
        parameterGradients: {weight: Math.sqrt(rows)},
      },
      constants: {output, inputGradient, parameterGradients: {weight: weightGradient}},
      build: (builder, x, isScaled) =>
        linear(builder, x, builder.parameter("weight", [fanIn, fanOut], normal, 1), {
          ...{layer: "op", recipe: exact},
          scale: isScaled ? scale : {output: 1, inputGradient: 1, weightGradient: 1},
        }),
    };
  };

  const convolved = (): OpCase => {
    const {kernelSize, groups} = shape;
    const seen = (kernelSize * width) / groups;
    const {output, inputGradient, weightGradient} = scheme.linear(
      "convolution",
      {fanIn: seen, fanOut: seen},
      shape,
    );
    // The first positions of a sequence see fewer than the kernel holds, and so do gradients at its end.
    let pairs = 0;
    for (let t = 0; t < context; t++) pairs += Math.min(t + 1, kernelSize);
    const share = Math.sqrt(pairs / (context * kernelSize));
    const plain = {output: 1, inputGradient: 1, weightGradient: 1};
    return {
      ...{op: "convolution", columns: width, parameterCount: seen * width},
      theory: {
        output: Math.sqrt(seen) * share,
        inputGradient: Math.sqrt(seen) * share,
        parameterGradients: {weight: Math.sqrt(rows) * share},
      },
      constants: {output, inputGradient, parameterGradients: {weight: weightGradient}},
      build: (builder, x, isScaled) =>
        convolution(builder, x, builder.parameter("weight", [seen, width], normal, 1), {
          ...{layer: "op", recipe: exact, batch, kernelSize, groups},
          scale: isScaled ? {output, inputGradient, weightGradient} : plain,
        }),
    };
  };

  const elementwise = (op: string, name: ElementwiseName): OpCase => {
    const ideal = activationFactors[name];
    const scale = scheme.activation(name);
    return {
      ...{op, columns: width, parameterCount: 0},
      theory: {output: 1 / ideal.output, inputGradient: 1 / ideal.inputGradient},
      constants: scale,
      build: (builder, x, isScaled) =>
        activation(builder, x, {name, scale: isScaled ? scale : {...scale, output: 1, inputGradient: 1}}),
    };
  };

  const gated = (): OpCase => {
    const ideal = activationFactors.swiglu;
    const scale = scheme.activation("swiglu");
    return {
      ...{op: "SwiGLU", columns: 2 * width, parameterCount: 0},
      theory: {output: 1 / ideal.output, inputGradient: 1 / ideal.inputGradient},
      constants: scale,
      build: (builder, x, isScaled) =>
        gatedActivation(builder, x, {scale: isScaled ? scale : {...scale, output: 1, inputGradient: 1}}),
    };
  };

  const normalization = (op: string, kind: "layer" | "rms"): OpCase => {
    const {parameterGradient} = scheme.norm(shape);
    const names = kind === "layer" ? ["gain", "bias"] : ["gain"];
    const ofEach = (value: number) => Object.fromEntries(names.map((name) => [name, value]));
    return {
      ...{op, columns: width, parameterCount: names.length * width},
      theory: {output: 1, inputGradient: 1, parameterGradients: ofEach(Math.sqrt(rows))},
      constants: {output: 1, inputGradient: 1, parameterGradients: ofEach(parameterGradient)},
      build(builder, x, isScaled) {
        const gain = builder.parameter("gain", [width], {mean: 1, spread: 0}, 1);
        const scale = {parameterGradient: isScaled ? parameterGradient : 1};
        if (kind === "rms") return rmsNorm(builder, x, gain, scale);
        const bias = builder.parameter("bias", [width], {mean: 0, spread: 0}, 1);
        return layerNorm(builder, x, {gain, bias}, scale);
      },
    };
  };

  const mixing = (): OpCase => {
    const scale = scheme.attention(shape);
    return {
      ...{op: "attention", columns: 3 * width, parameterCount: 0},
      theory: {output: Math.sqrt(meanOfInverses(context))},
      constants: {output: scale.output},
      build(builder, tensor, isScaled) {
        const [query, key, value] = [0, 1, 2].map((part) => ({tensor, column: part * width}));
        return attention(
          builder,
          {query, key, value},
          {
            ...{batch, context, heads, headSize: width / heads},
            scale: isScaled ? scale : {...scale, output: 1},
          },
        );
      },
    };
  };

  const sum = (): OpCase => ({
    ...{op: "residual sum", columns: width, parameterCount: width * width},
    theory: {output: Math.SQRT2},
    constants: {output: Math.SQRT1_2},
    build(builder, x, isScaled) {
      const weight = builder.parameter("weight", [width, width], normal, 1);
      const share = 1 / Math.sqrt(width);
      const scale = {output: share, inputGradient: share, weightGradient: 1 / Math.sqrt(rows)};
      return residual(
        builder,
        x,
        (inBranch) => linear(builder, inBranch, weight, {layer: "op", recipe: exact, scale}),
        isScaled ? scheme.residual(shape, 1) : residualScale("sum", 0, 1),
      );
    },
  });

  const tables = (): OpCase => {
    const scale = scheme.embedding(shape);
    return {
      ...{op: "embedding", columns: 0, parameterCount: (vocabulary + context) * width},
      theory: {
        output: Math.SQRT2,
        parameterGradients: {table: Math.sqrt(rows / vocabulary), positions: Math.sqrt(batch)},
      },
      constants: {
        output: scale.token,
        parameterGradients: {table: scale.tokenGradient, positions: scale.positionGradient},
      },
      build(builder, _, isScaled) {
        const table = builder.parameter("table", [vocabulary, width], normal, 1);
        const positions = builder.parameter("positions", [context, width], normal, 1);
        const plain = {token: 1, position: 1, tokenGradient: 1, positionGradient: 1};
        return embedding(
          builder,
          tokens,
          {table, positions},
          {batch, context, layer: "op", scale: isScaled ? scale : plain},
        );
      },
    };
  };

  const loss = (): OpCase => {
    const classes = width;
    const gradient = scheme.lossGradient({...shape, vocabulary: classes});
    return {
      ...{op: "softmax cross-entropy", columns: classes, parameterCount: 0},
      theory: {inputGradient: Math.sqrt(classes - 1) / classes},
      constants: {inputGradient: gradient},
      build(builder, x, isScaled) {
        crossEntropy(builder, x, targets, {gradient: isScaled ? gradient : 1, onLoss: () => {}});
        return undefined;
      },
    };
  };

  return [
    tables(),
    product("product m → m", "attention output", width, width),
    product("product m → 4m", "mlp up", width, 4 * width),
    product("product 4m → m", "mlp down", 4 * width, width),
    product("product m → 2m, cut-edge", "head", width, 2 * width),
    mixing(),
    convolved(),
    elementwise("GELU", "gelu"),
    elementwise("ReLU", "relu"),
    elementwise("SiLU", "silu"),
    gated(),
    normalization("layer norm", "layer"),
    normalization("RMS norm", "rms"),
    sum(),
    loss(),
  ];
}

/** (1/s) Σ 1/k for k from 1 to s. */
function meanOfInverses(length: number): number {
  let sum = 0;
  for (let k = 1; k <= length; k++) sum += 1 / k;
  return sum / length;
}

/** A model of one block at a width, in which the residual branch has half of the variance. */
export const opShape = (width: number): ModelShape => ({
  ...gptParts,
  ...{layers: 1, width, heads: 4, context: 32, batch: 2, vocabulary: 64},
});

/** Runs an op once in both directions. @returns the standard deviations of everything it writes */
export function measureOp(kernels: Kernels, op: OpCase, rows: number, isScaled: boolean): Spreads {
  const memory = kernels.mark();
  const builder = createProgramBuilder(kernels, op.parameterCount, () => {});
  const x = builder.tensor(rows, op.columns);
  let xGradient = 0;
  if (op.columns > 0) {
    builder.backward(() => {
      xGradient = x.gradient;
    });
  }
  const y = op.build(builder, x, isScaled);
  if (y) builder.acquireGradient(y);
  const above = y?.gradient ?? 0;
  const {forward, backward, parameters} = builder.finish();
  const draw = (address: number, count: number, stream: number) =>
    kernels.randomNormal(address, count, 0, 1, 1, stream, 0);
  draw(x.data, rows * op.columns, 1);
  for (const [i, {data, size, initial}] of parameters.entries()) {
    if (initial.spread === 0) kernels.fill(data, initial.mean, size);
    else draw(data, size, 3 + i);
  }
  execute(forward);
  const output = y && deviation(kernels, y.data, y.rows * y.columns);
  if (y) draw(above, y.rows * y.columns, 2);
  execute(backward);
  const spreads = {
    output,
    inputGradient: op.columns > 0 ? deviation(kernels, xGradient, rows * op.columns) : undefined,
    parameterGradients: Object.fromEntries(
      parameters.map(({name, gradient, size}) => [name, deviation(kernels, gradient, size)]),
    ),
  };
  kernels.release(memory);
  return spreads;
}

/** Standard deviation, in double precision. */
function deviation(kernels: Kernels, address: number, count: number): number {
  const statistics = kernels.allocate(6 * 8);
  kernels.statistics(address, count, statistics);
  const [sum, sumOfSquares] = new Float64Array(kernels.memory.buffer, statistics, 2);
  return Math.sqrt(Math.max(0, sumOfSquares / count - (sum / count) ** 2));
}
