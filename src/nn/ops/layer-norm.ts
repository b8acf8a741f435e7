import {measuredStep} from "../measured-step.js";
import type {ProgramBuilder} from "../program.js";
import type {Parameter, Tensor} from "../tensor.js";

/** Added to the variance before the root, as in PyTorch's default. */
export const epsilon = 1e-5;

/**
 * y = gain · (x − mean(x)) / √(var(x) + ε) + bias, over each row.
 * The gradients of gain and bias are multiplied by `parameterGradient`.
 */
export function layerNorm(
  builder: ProgramBuilder,
  x: Tensor,
  {gain, bias}: {gain: Parameter; bias: Parameter},
  {parameterGradient}: {parameterGradient: number},
): Tensor {
  const {kernels} = builder;
  const {rows, columns} = x;
  const y = builder.tensor(rows, columns);
  const normalized = builder.buffer(rows * columns);
  const inverseSpread = builder.buffer(rows);

  y.dataMagnitude = measuredStep(builder, () =>
    kernels.layerNormForward(
      ...([x.data, gain.data, bias.data, y.data, normalized, inverseSpread, rows, columns, epsilon] as const),
    ),
  );

  builder.backward(() => {
    const {gradient} = y;
    const xGradient = builder.acquireGradient(x);
    builder.step(() =>
      kernels.layerNormBackward(
        ...([
          normalized,
          inverseSpread,
          gain.data,
          gradient,
          xGradient,
          gain.gradient,
          bias.gradient,
        ] as const),
        ...([rows, columns, parameterGradient, 0] as const),
      ),
    );
    builder.releaseGradient(y);
  });
  return y;
}
