import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";
import type {ActivationScale} from "./activation.js";

/**
 * SwiGLU (Shazeer 2020, arXiv 2002.05202): y = output · a ⊙ silu(µ·b)/µ for x = [a, b], with
 * ∂a = inputGradient · silu(µ·b)/µ ⊙ ∂y and ∂b = inputGradient · a ⊙ silu′(µ·b) ⊙ ∂y. Both derivatives are computed on
 * the way forward and take the place of `x`, (n, 2·m), which must have no other consumer.
 *
 * @returns (n, m)
 */
export function gatedActivation(
  builder: ProgramBuilder,
  x: Tensor,
  {scale}: {scale: ActivationScale},
): Tensor {
  const {kernels} = builder;
  const {rows, columns} = x;
  const width = columns / 2;
  const y = builder.tensor(rows, width);
  const {output, inputGradient, multiplier} = scale;

  builder.step(() => kernels.swigluForward(x.data, y.data, x.data, rows, width, output, multiplier));

  builder.backward(() => {
    const {gradient} = y;
    const xGradient = builder.acquireGradient(x);
    builder.step(() =>
      kernels.swigluBackward(x.data, gradient, xGradient, rows, width, inputGradient / output),
    );
    builder.releaseGradient(y);
  });
  return y;
}
