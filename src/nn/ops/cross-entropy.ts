import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/**
 * Softmax cross-entropy: Σ −log softmax(logits)[target] over all rows, and
 * ∂logits = gradient · (softmax(logits) − onehot(target)), times the loss scale of the pass.
 *
 * @param targets address of int32 class numbers, one for each row
 * @param onLoss receives the mean loss in nats when the step has run
 */
export function crossEntropy(
  builder: ProgramBuilder,
  logits: Tensor,
  targets: number,
  {gradient, onLoss}: {gradient: number; onLoss: (loss: number) => void},
): void {
  const {kernels, pass} = builder;
  const {rows, columns} = logits;
  const logitsGradient = builder.acquireGradient(logits);
  builder.step(() => {
    const factor = gradient * pass.lossScale;
    onLoss(kernels.crossEntropy(logits.data, targets, logitsGradient, rows, columns, factor) / rows);
  });
}
