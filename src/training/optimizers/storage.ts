import {usageError} from "../../errors.js";
import type {Address, Kernels} from "../../kernels/kernels.js";
import type {Shape} from "../../kernels/reference/blocks.js";
import type {RandomPlace} from "../../kernels/reference/random.js";
import {applyCast} from "../../precision/apply-cast.js";
import {type Cast, leavesAsIs, parseCast} from "../../precision/parse-cast.js";

/** Values in the memory of the kernels: [length] or [rows, columns]. */
export interface StoredValues {
  readonly address: Address;
  readonly shape: readonly number[];
}

/**
 * The cast with which values are stored from one step to the next; undefined where float32 keeps them as they are.
 * @throws a usage error about the text, or for a cast that makes no sense here
 */
export function parseStorage(text: string): Cast | undefined {
  const cast = parseCast(text);
  if (cast.hadamard) throw usageError("hadamard is for operands of products, not for stored values");
  if (cast.scaling.kind === "delayed")
    throw usageError("stored values have present scales, not delayed ones");
  return leavesAsIs(cast) ? undefined : cast;
}

/**
 * Rounds values in place to what can be stored, so that they are float32 values on its grid, as if they had been written
 * and read again. Blocks of one row run on through the rows of a matrix, as in bitsandbytes, whose state is one long
 * vector for each parameter.
 */
export function store(
  kernels: Kernels,
  cast: Cast,
  {address, shape}: StoredValues,
  random: RandomPlace,
): void {
  applyCast(kernels, cast, address, address, storedMatrix(cast, shape), {random});
}

/** The matrix as which values of a shape are stored. */
export function storedMatrix(cast: Cast, shape: readonly number[]): Shape {
  const size = shape.reduce((product, length) => product * length, 1);
  const [rows, columns] = shape.length < 2 || runsOn(cast) ? [1, size] : shape;
  return {rows, columns};
}

function runsOn({scaling}: Cast): boolean {
  if (scaling.kind !== "blocks") return true;
  const {blockRows, blockColumns, outer} = scaling.quantizer.scaling;
  return blockRows === 1 && blockColumns !== "all" && outer !== "row";
}
