import {usageError} from "../errors.js";
import type {Kernels} from "../kernels/kernels.js";
import type {ProbePoint} from "../nn/program.js";
import type {Parameter} from "../nn/tensor.js";
import {applyCast} from "../precision/apply-cast.js";
import {gptq} from "../precision/gptq.js";
import {gridRounding} from "../precision/grid-rounding.js";
import type {Cast} from "../precision/parse-cast.js";
import {layerHessians} from "./layer-hessians.js";
import type {PostTrainingItem} from "./parse-post-training.js";
import type {PostTrainingLoss} from "./run-record.js";
import type {Trainer} from "./trainer.js";

/** A linear layer of a block. */
interface BlockLayer {
  readonly block: string;
  /** [inputs, outputs] */
  readonly weight: Parameter;
  /** Where the weight is probed, with the casts that the recipe makes of it. */
  readonly weightPoint: ProbePoint;
  readonly inputPoint: ProbePoint;
}

/**
 * Held-out losses of a trained model whose weights are quantized: those of all linear layers in the blocks (`qkv`,
 * `attention output`, `mlp up`, `mlp down` and what stands in their place). Embedding, head, norms and biases stay.
 *
 * What is quantized are the values that the forward pass multiplies. Where the recipe rounds weights, these are the
 * rounded ones, and the forward pass rounds what comes of them once more: quantized as they were trained, weights
 * stay what they are. With other casts that second rounding has a cost of its own, since their grids are not nested:
 * thirds of a scale become two, five and seven sevenths.
 *
 * GPTQ goes block by block: the inputs of all layers in a block come from the blocks that are quantized already, as in the
 * paper (see `gptq`).
 *
 * Afterwards the model has its own weights again, to the bit. The buffer of the gradients is overwritten.
 */
export function postTrainingLosses(
  items: readonly PostTrainingItem[],
  kernels: Kernels,
  trainer: Trainer,
  evaluationBatches: number,
): PostTrainingLoss[] {
  if (items.length === 0) return [];
  const layers = blockLayers(trainer);
  const own = trainer.weights().slice();
  castAsMultiplied(kernels, layers);
  const multiplied = trainer.weights().slice();
  const quantizeByGptq = blockByBlock(kernels, trainer, layers);
  const losses = items.map(({cast, method}) => {
    trainer.weights().set(multiplied);
    if (method === "gptq") quantizeByGptq(cast);
    else for (const {weight} of layers) roundToNearest(kernels, weight, cast);
    return {cast: cast.text, method, heldOutLoss: trainer.evaluate(evaluationBatches)};
  });
  trainer.weights().set(own);
  return losses;
}

/** @throws a usage error for a recipe whose forward pass does not multiply by something like the weights themselves */
export function checkPostTraining(items: readonly PostTrainingItem[], trainer: Trainer): void {
  if (items.length === 0) return;
  const mixed = blockLayers(trainer).find(({weightPoint}) => forwardCast(weightPoint)?.cast.hadamard);
  if (!mixed) return;
  throw usageError(
    `postTraining: ${mixed.weight.name} multiplies by mixed weights, "${forwardCast(mixed.weightPoint)!.cast.text}": ` +
      "it needs a recipe without hadamard in the forward pass",
  );
}

function blockLayers({parameters, probePoints}: Trainer): BlockLayer[] {
  const ofTensor = (tensor: ProbePoint["tensor"]) => probePoints.filter((point) => point.tensor === tensor);
  const inputs = ofTensor("activation");
  return ofTensor("weight").flatMap((weightPoint) => {
    const [block] = /^block \d+/.exec(weightPoint.layer) ?? [];
    if (block === undefined) return [];
    const weight = parameters.find(({data}) => data === weightPoint.address)!;
    const inputPoint = inputs.find(({layer}) => layer === weightPoint.layer)!;
    return [{block, weight, weightPoint, inputPoint}];
  });
}

const forwardCast = ({casts}: ProbePoint) => casts?.find(({product}) => product === "forward");

function castAsMultiplied(kernels: Kernels, layers: readonly BlockLayer[]): void {
  for (const {weightPoint} of layers) {
    const forward = forwardCast(weightPoint);
    const {address} = weightPoint;
    if (forward) applyCast(kernels, forward.cast, address, address, forward.shape, forward.use());
  }
}

function roundToNearest(kernels: Kernels, {data, shape: [rows, columns]}: Parameter, cast: Cast): void {
  applyCast(kernels, cast, data, data, {rows, columns}, {along: "columns"});
}

/** Quantizes the model by GPTQ, one cast after another, each time from its weights before. */
function blockByBlock(
  kernels: Kernels,
  trainer: Trainer,
  layers: readonly BlockLayer[],
): (cast: Cast) => void {
  const blocks = [...new Set(layers.map(({block}) => block))].map((name) =>
    layers.filter(({block}) => block === name),
  );
  const hessiansOf = (block: readonly BlockLayer[]) =>
    layerHessians(
      kernels,
      trainer,
      block.map(({inputPoint, weight}) => ({point: inputPoint, fanIn: weight.shape[0]})),
    );
  // What comes into the first block does not depend on the cast.
  let first: Float64Array[][] | undefined;
  return (cast) => {
    for (const [i, block] of blocks.entries()) {
      if (i === 0) first ??= hessiansOf(block);
      const hessians = i === 0 ? first! : hessiansOf(block);
      for (const [j, {weight}] of block.entries()) quantizeLayer(kernels, weight, cast, hessians[j]);
    }
  };
}

function quantizeLayer(
  kernels: Kernels,
  {data, size, shape: [rows, columns]}: Parameter,
  cast: Cast,
  hessians: readonly Float64Array[],
): void {
  const values = kernels.float32(data, size);
  const round = gridRounding(cast, values, {rows, columns}, "columns");
  values.set(gptq(values, {rows, columns}, hessians, round));
}
