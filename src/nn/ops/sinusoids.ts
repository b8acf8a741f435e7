import type {ProgramBuilder} from "../program.js";
import type {Tensor} from "../tensor.js";

/** Sinusoids and the longest of their periods in positions, as in the models of the unit-scaling paper. */
export const sinusoidCount = 128;
const longestPeriod = 1024;

/**
 * √2·sin and √2·cos of a distance, whose spread is 1, at frequencies from half a turn for each position down to one turn
 * in 1024 (Vaswani and others 2017, section 3.5; frequencies as in Blake and others 2023, arXiv 2303.11257):
 * (T, 128), for the distances from T − 1 down to 0. A constant.
 */
export function sinusoids(builder: ProgramBuilder, context: number): Tensor {
  const {kernels} = builder;
  const table = builder.tensor(context, sinusoidCount);
  table.dataShared = true;
  const values = kernels.float32(table.data, context * sinusoidCount);
  const ratio = kernels.log(2 / longestPeriod) / (sinusoidCount / 2 - 1);
  for (let row = 0; row < context; row++) {
    const distance = context - 1 - row;
    for (let i = 0; i < sinusoidCount; i++) {
      const angle = Math.PI * kernels.exp(Math.floor(i / 2) * ratio) * distance;
      const wave = i % 2 === 0 ? kernels.sin(angle) : kernels.cos(angle);
      values[row * sinusoidCount + i] = Math.SQRT2 * wave;
    }
  }
  return table;
}
