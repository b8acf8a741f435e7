import type {Address, Kernels} from "../kernels/kernels.js";
import type {ProbePoint} from "../nn/program.js";
import type {Trainer} from "./trainer.js";

/** Tokens of training text that the inputs of layers are taken from, if not more are in one batch. */
const calibrationTokens = 8192;

/** A linear layer as its inputs see it. */
export interface LayerInput {
  /** Where its inputs are probed: a matrix of one row for each. */
  readonly point: ProbePoint;
  /** Inputs of one group: so many columns of the matrix belong together. */
  readonly fanIn: number;
}

/**
 * XᵀX of each layer's inputs, the parts right of the diagonal and on it; one for each group. The inputs are those of the
 * present weights, before a recipe rounds them, in the batches that training would have gone on with. Products of a batch
 * are in float32, their sum is in double precision.
 *
 * @param layers any that a forward pass comes by; it ends behind the last of them
 */
export function layerHessians(
  kernels: Kernels,
  trainer: Trainer,
  layers: readonly LayerInput[],
): Float64Array[][] {
  const {batch, context} = trainer.shape;
  const hessians = layers.map(({point, fanIn}) =>
    Array.from({length: point.columns! / fanIn}, () => new Float64Array(fanIn * fanIn)),
  );
  const batches = Math.ceil(calibrationTokens / (batch * context));
  for (let i = 0; i < batches; i++) {
    let left = layers.length;
    trainer.watchForward(i, (point) => {
      const at = layers.findIndex((layer) => layer.point === point);
      if (at === -1) return true;
      for (const [group, hessian] of hessians[at].entries()) {
        addProducts(kernels, trainer, layers[at], group, hessian);
      }
      left -= 1;
      return left > 0;
    });
  }
  return hessians;
}

/** Columns whose products are computed together. */
const tileColumns = 64;

/** Adds XᵀX of one group, tile by tile, with the buffer of the gradients for scratch, which no layer's tile exceeds. */
function addProducts(
  kernels: Kernels,
  {parameters, parameterCount}: Trainer,
  {point, fanIn}: LayerInput,
  group: number,
  hessian: Float64Array,
): void {
  const {rows, columns: stride} = point as Required<ProbePoint>;
  const x = point.address + 4 * group * fanIn;
  const scratch: Address = parameters[0].gradient;
  const tile = Math.min(tileColumns, Math.floor(parameterCount / fanIn));
  for (let first = 0; first < fanIn; first += tile) {
    const width = Math.min(tile, fanIn - first);
    const height = first + width;
    kernels.gemm(
      ...([1, 0, height, width, rows] as const),
      ...([x, stride, x + 4 * first, stride, scratch, width, 1, 0] as const),
    );
    const products = kernels.float32(scratch, height * width);
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) hessian[i * fanIn + first + j] += products[i * width + j];
    }
  }
}
