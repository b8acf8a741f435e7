import {formatProperties} from "../formats/derived.js";
import type {Format} from "../formats/format.js";
import type {Shape} from "../kernels/reference/blocks.js";
import {feedForwardWidths} from "../nn/model-shape.js";
import {type LinearRecipe, linearRecipe} from "../nn/recipe.js";
import {type Cast, leavesAsIs, parseCast} from "../precision/parse-cast.js";
import {blockShape, isOfTensor} from "../precision/scaling.js";
import {recipeOf} from "../recipes/index.js";
import type {RunSettings} from "../training/run-settings.js";

/**
 * With how many bits a run multiplies, under the names of the variables of scaling laws. Infinity where nothing is rounded,
 * and NaN where casts differ so that no single number says it.
 */
export interface RunBits {
  /** Of weights in the forward product of linear layers (P2); NaN if the backward product rounds to another width. */
  readonly weightBits: number;
  /** Of their inputs (P1), likewise. */
  readonly activationBits: number;
  /** Of keys and values. */
  readonly cacheBits: number;
  /** Of the gradients of outputs, in the two products that they enter (P3, P5). */
  readonly gradientBits: number;
  /** Of all operands of linear layers that are rounded; a symmetric integer counts as E0, as in Sun et al. */
  readonly exponentBits: number;
  /** Stored fraction bits of the same; sign, exponent and mantissa together make the width. */
  readonly mantissaBits: number;
  /**
   * Values that share a scale, of the same operands; 1 where nothing is rounded. For scales by channel or tensor it is the
   * geometric mean over operands and layers, since the law is linear in its logarithm; NaN where values have no scale.
   */
  readonly blockSize: number;
  /** Of weights rounded after training; of a run itself always Infinity, see `PostTrainingLoss`. */
  readonly postTrainingBits: number;
}

export const bitNames = [
  "weightBits",
  "activationBits",
  "cacheBits",
  "gradientBits",
  "exponentBits",
  "mantissaBits",
  "blockSize",
  "postTrainingBits",
] as const satisfies readonly (keyof RunBits)[];

/**
 * The bits of the casts of a run. Counted are the linear layers in the blocks, and keys and values; the head, norms,
 * probabilities, the state of the optimizer and what matrix units round have no variable in the laws.
 */
export function runBits(settings: RunSettings): RunBits {
  const recipe = recipeOf(settings);
  const layers = blockLayers(settings).map((layer) => ({
    ...layer,
    casts: linearRecipe(recipe, layer.name, settings.layers),
  }));
  const overLayers = (bits: (casts: LinearRecipe) => number) => common(layers.map(({casts}) => bits(casts)));
  const {key, value} = recipe.attention;
  const rounded = layers.flatMap((layer) => roundedOperands(layer, settings));
  return {
    weightBits: overLayers((casts) => forwardBits(casts.forwardWeight, casts.inputGradientWeight)),
    activationBits: overLayers((casts) =>
      forwardBits(casts.forwardActivation, casts.weightGradientActivation),
    ),
    cacheBits: settings.sequenceLayer === "attention" ? common([castBits(key), castBits(value)]) : unrounded,
    gradientBits: overLayers((casts) =>
      common([castBits(casts.inputGradientGradient), castBits(casts.weightGradientGradient)]),
    ),
    exponentBits: common(rounded.map(({cast}) => layout(cast.element.format).exponentBits)),
    mantissaBits: common(rounded.map(({cast}) => layout(cast.element.format).mantissaBits)),
    blockSize: rounded.length === 0 ? 1 : geometricMean(rounded.map(({blockSize}) => blockSize)),
    postTrainingBits: unrounded,
  };
}

/** Bits of a cast given as text, such as `int4 row`, to which weights are rounded after training. */
export const postTrainingBits = (cast: string): number => castBits(parseCast(cast));

const unrounded = Number.POSITIVE_INFINITY;
const noAnswer = Number.NaN;

const castBits = (cast: Cast): number =>
  leavesAsIs(cast) ? unrounded : formatProperties(cast.element.format).bits;

/** Of an operand whose second cast, for the backward pass, may be left out, but not be to another width. */
function forwardBits(forward: Cast, backward: Cast | "forward"): number {
  const bits = castBits(forward);
  const again = backward === "forward" ? unrounded : castBits(backward);
  return again === unrounded || again === bits ? bits : noAnswer;
}

/** The number that all are; Infinity for none. */
const common = ([first = unrounded, ...rest]: readonly number[]): number =>
  rest.every((value) => value === first) ? first : noAnswer;

function layout(format: Format): {exponentBits: number; mantissaBits: number} {
  if (format.kind === "float") return format;
  if (format.kind === "codebook") return {exponentBits: noAnswer, mantissaBits: noAnswer};
  return {exponentBits: 0, mantissaBits: format.bits - (format.signed ? 1 : 0)};
}

/** A mean of equal values is that value to the bit. */
function geometricMean(values: readonly number[]): number {
  const single = common(values);
  if (!Number.isNaN(single)) return single;
  return 2 ** (values.reduce((sum, value) => sum + Math.log2(value), 0) / values.length);
}

interface BlockLayer {
  readonly name: string;
  /** In each group, where there are some. */
  readonly fanIn: number;
  readonly fanOut: number;
  readonly groups?: number;
}

/** The layers in the blocks that multiply by a matrix of weights. */
function blockLayers(settings: RunSettings): BlockLayer[] {
  const {width, sequenceLayer, kernelSize, groups} = settings;
  const {up, hidden} = feedForwardWidths(settings);
  const seen = (kernelSize * width) / groups;
  const sequence = {
    attention: [
      {name: "qkv", fanIn: width, fanOut: 3 * width},
      {name: "attention output", fanIn: width, fanOut: width},
    ],
    convolution: [{name: "convolution", fanIn: seen, fanOut: width / groups, groups}],
    recurrent: [
      {name: "recurrent input", fanIn: width, fanOut: 2 * width},
      {name: "recurrent state", fanIn: width, fanOut: 2 * width},
    ],
  }[sequenceLayer];
  const layers = [
    ...sequence,
    {name: "mlp up", fanIn: width, fanOut: up},
    {name: "mlp down", fanIn: hidden, fanOut: width},
  ];
  return Array.from({length: settings.layers}, (_, i) =>
    layers.map((layer) => ({...layer, name: `block ${i + 1} ${layer.name}`})),
  ).flat();
}

/** The operands that a layer rounds, each with the number of values that share a scale. */
function roundedOperands(
  {fanIn, fanOut, groups = 1, casts}: BlockLayer & {readonly casts: LinearRecipe},
  {batch, context}: RunSettings,
): {readonly cast: Cast; readonly blockSize: number}[] {
  const tokens = batch * context;
  // Rows and columns as a scaling sees them: columns are summed over.
  const operands = {
    forwardActivation: {rows: tokens, columns: fanIn},
    forwardWeight: {rows: fanOut, columns: fanIn},
    inputGradientGradient: {rows: tokens, columns: fanOut},
    inputGradientWeight: {rows: fanIn, columns: fanOut},
    weightGradientActivation: {rows: fanIn, columns: tokens},
    weightGradientGradient: {rows: fanOut, columns: tokens},
  } as const;
  return Object.entries(operands).flatMap(([name, matrix]) => {
    const cast = casts[name as keyof typeof operands];
    if (cast === "forward" || leavesAsIs(cast)) return [];
    return [{cast, blockSize: sharedBy(cast, matrix, groups)}];
  });
}

/** Values that share a scale, of a matrix for each group. */
function sharedBy({scaling}: Cast, matrix: Shape, groups: number): number {
  if (scaling.kind === "constant") return noAnswer;
  if (scaling.kind !== "blocks" || isOfTensor(scaling.quantizer.scaling)) {
    return groups * matrix.rows * matrix.columns;
  }
  const {rows, columns} = blockShape(scaling.quantizer.scaling, matrix);
  return Math.min(rows, matrix.rows) * Math.min(columns, matrix.columns);
}
