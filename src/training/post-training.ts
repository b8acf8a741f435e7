import {usageError} from "../errors.js";
import type {Kernels} from "../kernels/kernels.js";
import type {ProbePoint} from "../nn/program.js";
import type {Parameter} from "../nn/tensor.js";
import {applyCast} from "../precision/apply-cast.js";
import type {PostTrainingItem} from "./parse-post-training.js";
import type {PostTrainingLoss} from "./run-record.js";
import type {Trainer} from "./trainer.js";

/** A linear layer of a block: its weight, and how the forward pass casts that. */
interface BlockLayer {
  readonly weight: Parameter;
  readonly point: ProbePoint;
}

/**
 * Held-out losses of a trained model whose weights are quantized: those of all linear layers in the blocks (`qkv`,
 * `attention output`, `mlp up`, `mlp down` and what stands in their place). Embedding, head, norms and biases stay.
 *
 * What is quantized are the values that the forward pass multiplies. Where the recipe rounds weights, these are the
 * rounded ones, and the forward pass rounds what comes of them once more: quantized as they were trained, weights
 * stay what they are.
 *
 * Afterwards the model has its own weights again, to the bit. The buffer of the gradients may be overwritten.
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
  const losses = items.map(({cast, method}) => {
    trainer.weights().set(multiplied);
    for (const {weight} of layers) roundToNearest(kernels, weight, cast);
    return {cast: cast.text, method, heldOutLoss: trainer.evaluate(evaluationBatches)};
  });
  trainer.weights().set(own);
  return losses;
}

/** @throws a usage error for a recipe whose forward pass does not multiply by something like the weights themselves */
export function checkPostTraining(items: readonly PostTrainingItem[], trainer: Trainer): void {
  if (items.length === 0) return;
  const mixed = blockLayers(trainer).find(({point}) => forwardCast(point)?.cast.hadamard);
  if (!mixed) return;
  throw usageError(
    `postTraining: ${mixed.weight.name} multiplies by mixed weights, "${forwardCast(mixed.point)!.cast.text}": ` +
      "it needs a recipe without hadamard in the forward pass",
  );
}

function blockLayers({parameters, probePoints}: Trainer): BlockLayer[] {
  return probePoints
    .filter(({layer, tensor}) => tensor === "weight" && layer.startsWith("block "))
    .map((point) => ({point, weight: parameters.find(({data}) => data === point.address)!}));
}

const forwardCast = ({casts}: ProbePoint) => casts?.find(({product}) => product === "forward");

function castAsMultiplied(kernels: Kernels, layers: readonly BlockLayer[]): void {
  for (const {point} of layers) {
    const forward = forwardCast(point);
    if (forward) applyCast(kernels, forward.cast, point.address, point.address, forward.shape, forward.use());
  }
}

function roundToNearest(
  kernels: Kernels,
  {data, shape: [rows, columns]}: Parameter,
  cast: PostTrainingItem["cast"],
): void {
  applyCast(kernels, cast, data, data, {rows, columns}, {along: "columns"});
}
