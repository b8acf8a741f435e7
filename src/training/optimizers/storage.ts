import type {Address, Kernels} from "../../kernels/kernels.js";
import type {RandomPlace} from "../../kernels/reference/random.js";
import type {MatrixQuantizer} from "../../precision/matrix-quantizer.js";
import {quantizeMatrix} from "../../precision/quantize-matrix.js";
import {isIdentity, type Quantizer, quantize} from "../../precision/quantizer.js";

/** How values that live from step to step are stored: as elements alone, or with scales of blocks. */
export type StorageFormat = Quantizer | MatrixQuantizer;

/** Values in the memory of the kernels: [length] or [rows, columns]. */
export interface StoredValues {
  readonly address: Address;
  readonly shape: readonly number[];
}

/** Whether float32 values can be stored as they are. */
export const storesAll = (format: StorageFormat): boolean => !("element" in format) && isIdentity(format);

/**
 * Rounds values in place to what the format can store, so that they are float32 values on its grid, as if they had been
 * written in it and read again. Blocks of one row run on through the rows of a matrix, as in bitsandbytes, whose state
 * is one long vector for each parameter.
 */
export function store(
  kernels: Kernels,
  format: StorageFormat,
  {address, shape}: StoredValues,
  random: RandomPlace,
): void {
  const size = shape.reduce((product, length) => product * length, 1);
  if ("element" in format) {
    const [rows, columns] = runsOn(format) || shape.length < 2 ? [1, size] : shape;
    quantizeMatrix(kernels, format, address, address, rows, columns, {random});
  } else {
    quantize(kernels, format, address, address, size, {random});
  }
}

const runsOn = ({scaling}: MatrixQuantizer): boolean =>
  scaling.blockRows === 1 && scaling.blockColumns !== "all" && scaling.outer !== "row";
