import {usageError} from "../errors.js";
import {formatProperties} from "../formats/derived.js";
import type {Address} from "../kernels/kernels.js";
import {blockGrid} from "../kernels/reference/blocks.js";
import type {Cast} from "../precision/parse-cast.js";
import type {Operand, Source} from "./operand.js";
import type {ProgramBuilder} from "./program.js";

/**
 * A scale that brings the largest magnitude onto the largest value is rounded to float32, and so are its inverse and the
 * limit: what is beyond the limit by less than that is what the scale was made for.
 */
const roundingOfLimits = 2 ** -22;

/**
 * Adds the step of a clipped straight-through estimator (Bengio and others 2013, arXiv 1308.3432; Courbariaux and others
 * 2016, arXiv 1602.02830): no gradient for what lay beyond the largest value of its block in the forward product. The
 * source must still hold its values.
 *
 * @param operand made of the source with its scales
 */
export function clipGradients(
  builder: ProgramBuilder,
  {cast, operand, source, gradient}: {cast: Cast; operand: Operand; source: Source; gradient: Address},
): void {
  const {kernels} = builder;
  if (!operand.matrices) return;
  if (cast.hadamard) {
    throw usageError(`straightThrough: clipped gradients do not go with ${cast.text} in the forward product`);
  }
  const largest = formatProperties(cast.element.format).largest * (1 + roundingOfLimits);
  for (const {elements, stride, scales, block, shape, hasRowScales} of operand.matrices) {
    const offset = elements - operand.address;
    const grid = blockGrid(shape, block);
    const limits = builder.buffer(grid.rows * grid.columns);
    const rowBytes = 4 * grid.columns;
    builder.step(() => {
      for (let row = 0; row < grid.rows; row++) {
        const outer = kernels.float32(scales.outer + (hasRowScales ? 4 * row : 0), 1)[0];
        kernels.scale(scales.blocks + row * rowBytes, largest * outer, limits + row * rowBytes, grid.columns);
      }
      kernels.clipGradients(
        ...([gradient + offset, source.address + offset, shape.rows, shape.columns, stride] as const),
        ...([block.rows, block.columns, limits] as const),
      );
    });
  }
}
