import {isIdentity, type Quantizer, quantize} from "../../precision/quantizer.js";
import type {ProgramBuilder} from "../program.js";
import type {Parameter, Tensor} from "../tensor.js";

/** Multipliers of y = x W and of its two gradients. */
export interface LinearScale {
  readonly output: number;
  readonly inputGradient: number;
  readonly weightGradient: number;
}

/** How the operands of the three products of a linear layer are rounded. */
export interface LinearQuantizers {
  /** x, in the forward and the weight-gradient product. */
  readonly activation: Quantizer;
  /** W, in the forward and the input-gradient product. */
  readonly weight: Quantizer;
  /** ∂L/∂y, in both gradient products. */
  readonly gradient: Quantizer;
}

/**
 * y = output · Q(x) Q(W)                       (n, m)·(m, k) → (n, k)
 * ∂x = inputGradient · Q(∂y) Q(W)ᵀ             (n, k)·(k, m) → (n, m)
 * ∂W = weightGradient · Q(x)ᵀ Q(∂y)            (m, n)·(n, k) → (m, k)
 *
 * Unless its values are shared, `x` is cast in place.
 */
export function linear(
  builder: ProgramBuilder,
  x: Tensor,
  weight: Parameter,
  {layer, scale, quantizers}: {layer: string; scale: LinearScale; quantizers: LinearQuantizers},
): Tensor {
  const {kernels} = builder;
  const [fanIn, fanOut] = weight.shape;
  const n = x.rows;
  const y = builder.tensor(n, fanOut);
  const castWeight = isIdentity(quantizers.weight) ? weight.data : builder.buffer(weight.size);
  const isCastApart = x.dataShared && !isIdentity(quantizers.activation);
  const castInput = isCastApart ? builder.buffer(n * fanIn) : x.data;

  builder.probe({layer, tensor: "activation", address: x.data, count: n * fanIn});
  builder.probe({layer, tensor: "weight", address: weight.data, count: weight.size});
  if (!isIdentity(quantizers.activation)) {
    builder.step(() => quantize(kernels, quantizers.activation, x.data, castInput, n * fanIn));
  }
  if (castWeight !== weight.data) {
    builder.step(() => quantize(kernels, quantizers.weight, weight.data, castWeight, weight.size));
  }
  builder.step(() =>
    kernels.gemm(
      0,
      0,
      n,
      fanOut,
      fanIn,
      castInput,
      fanIn,
      castWeight,
      fanOut,
      y.data,
      fanOut,
      scale.output,
      0,
    ),
  );

  builder.backward(() => {
    const gradientCount = n * fanOut;
    const isCast = !isIdentity(quantizers.gradient);
    const castGradient = isCast && y.gradientShared ? builder.acquireScratch(gradientCount) : y.gradient;
    builder.probe({layer, tensor: "activation gradient", address: y.gradient, count: gradientCount});
    if (isCast) {
      const {gradient} = y;
      builder.step(() => quantize(kernels, quantizers.gradient, gradient, castGradient, gradientCount));
    }
    const {inputGradient, weightGradient} = scale;
    const xGradient = builder.acquireGradient(x);
    const dw = weight.gradient;
    builder.step(() => {
      kernels.gemm(
        1,
        0,
        fanIn,
        fanOut,
        n,
        castInput,
        fanIn,
        castGradient,
        fanOut,
        dw,
        fanOut,
        weightGradient,
        0,
      );
      kernels.gemm(
        0,
        1,
        n,
        fanIn,
        fanOut,
        castGradient,
        fanOut,
        castWeight,
        fanOut,
        xGradient,
        fanIn,
        inputGradient,
        0,
      );
    });
    builder.probe({layer, tensor: "weight gradient", address: weight.gradient, count: weight.size});
    if (castGradient !== y.gradient) builder.releaseScratch(castGradient, gradientCount);
    builder.releaseGradient(y);
  });
  return y;
}
