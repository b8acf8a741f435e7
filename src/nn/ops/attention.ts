import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Multipliers of the logits q·kᵀ and of the output, each the same on the forward and the backward pass. */
export interface AttentionScale {
  readonly logits: number;
  readonly output: number;
}

/**
 * Causal attention of all heads: out = output · softmax(logits · q kᵀ) v.
 *
 * @param qkv (B·T, 3·H·D): queries, keys and values side by side, each as H heads of D
 * @returns (B·T, H·D)
 */
export function attention(
  builder: ProgramBuilder,
  qkv: Tensor,
  {batch, heads, scale}: {batch: number; heads: number; scale: AttentionScale},
): Tensor {
  const {kernels} = builder;
  const context = qkv.rows / batch;
  const headSize = qkv.columns / (3 * heads);
  const out = builder.tensor(qkv.rows, heads * headSize);
  const probabilities = builder.buffer(batch * heads * context * context);
  const shape = [batch, heads, context, headSize, scale.logits, scale.output] as const;

  builder.step(() => kernels.attentionForward(qkv.data, out.data, probabilities, ...shape));

  builder.backward(() => {
    const {gradient} = out;
    const qkvGradient = builder.acquireGradient(qkv);
    const scratch = builder.acquireScratch(context * context);
    builder.step(() =>
      kernels.attentionBackward(qkv.data, probabilities, gradient, qkvGradient, scratch, ...shape),
    );
    builder.releaseScratch(scratch, context * context);
    builder.releaseGradient(out);
  });
  return out;
}
