import type {Kernels} from "../kernels/kernels.js";
import type {Parameter} from "../nn/tensor.js";

/** Keeps the quotient finite where all gradients are zero, as PyTorch's `clip_grad_norm_`. */
const tiny = 1e-6;

/**
 * Scales all gradients together so that their norm, taken over all of them, is at most `largestNorm`. A norm that is
 * not finite leaves them as they are.
 */
export function clipGradients(
  kernels: Pick<Kernels, "sumOfSquares" | "scale">,
  parameters: readonly Parameter[],
  largestNorm: number,
): void {
  let squares = 0;
  for (const {gradient, size} of parameters) squares += kernels.sumOfSquares(gradient, size);
  const share = largestNorm / (Math.sqrt(squares) + tiny);
  if (!Number.isFinite(squares) || share >= 1) return;
  for (const {gradient, size} of parameters) kernels.scale(gradient, share, gradient, size);
}
