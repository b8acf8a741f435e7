import {blockCast, blockLosses} from "./block-cast.js";
import type {Matrix} from "./matrix-data.js";
import {percentage} from "./percentage.js";

/** What the first figure says, in numbers of its data. */
export function blockTakeaway(matrix: Matrix): string {
  const flushed = (scaling: string): string => {
    const {flushed, elements} = blockLosses(blockCast(matrix, "e2m1", scaling));
    return percentage(flushed / elements);
  };
  return (
    `Two outlying columns of ${matrix.columns}, and one scale for the whole matrix turns ${flushed("tensor")} of the values ` +
    `into zeros in 4 bits. A scale for every 32 values, as in MX, brings that down to ${flushed("mx")}; one for every ` +
    `16, as in NVFP4, to ${flushed("nvfp4")}.`
  );
}
