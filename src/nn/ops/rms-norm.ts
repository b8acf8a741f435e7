import type {ProgramBuilder} from "../program.js";
import type {Parameter, Tensor} from "../tensor.js";
import {epsilon} from "./layer-norm.js";

/**
 * y = gain · x / √(mean(x²) + ε), over each row (Zhang and Sennrich 2019, arXiv 1910.07467).
 * The gradient of the gain is multiplied by `parameterGradient`.
 */
export function rmsNorm(
  builder: ProgramBuilder,
  x: Tensor,
  gain: Parameter,
  {parameterGradient}: {parameterGradient: number},
): Tensor {
  const {kernels} = builder;
  const {rows, columns} = x;
  const y = builder.tensor(rows, columns);
  const normalized = builder.buffer(rows * columns);
  const inverseSpread = builder.buffer(rows);

  builder.step(() =>
    kernels.rmsNormForward(
      ...([x.data, gain.data, y.data, normalized, inverseSpread, rows, columns, epsilon] as const),
    ),
  );

  builder.backward(() => {
    const {gradient} = y;
    const xGradient = builder.acquireGradient(x);
    builder.step(() =>
      kernels.rmsNormBackward(
        ...([normalized, inverseSpread, gain.data, gradient, xGradient, gain.gradient] as const),
        ...([rows, columns, parameterGradient] as const),
      ),
    );
    builder.releaseGradient(y);
  });
  return y;
}
