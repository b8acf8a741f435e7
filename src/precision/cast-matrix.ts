import type {Kernels} from "../kernels/kernels.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {type MatrixPart, quantizeMatrix} from "./quantize-matrix.js";
import {isOfTensor, type Scaling} from "./scaling.js";

/** Works through a float32 matrix of any size, as little-endian bytes, part by part. */
export interface MatrixCaster {
  /** Parts, but for the last, consist of a multiple of so many elements; infinite where they cannot be divided. */
  readonly elementsTogether: number;
  /** Whether `cast` needs the largest magnitude of the tensor. */
  readonly needsTensorAmax: boolean;
  /** The values of a part after the cast, in fresh memory. */
  cast(bytes: Uint8Array, part: MatrixPart): Uint8Array;
}

/** @param columns of the matrix; undefined where all data are one row */
export function matrixCaster(
  kernels: Kernels,
  quantizer: MatrixQuantizer,
  columns: number | undefined,
): MatrixCaster {
  const scaling = columns === undefined ? ofOneRow(quantizer.scaling) : quantizer.scaling;
  const matrix = {...quantizer, scaling};
  return {
    elementsTogether: elementsTogether(scaling, columns),
    needsTensorAmax: isOfTensor(scaling) || scaling.outer === "tensor",
    cast(bytes, part) {
      const count = bytes.length / 4;
      const mark = kernels.mark();
      const address = kernels.allocate(bytes.length);
      new Uint8Array(kernels.memory.buffer).set(bytes, address);
      quantizeMatrix(
        kernels,
        matrix,
        address,
        address,
        columns ? count / columns : 1,
        columns ?? count,
        part,
      );
      const out = new Uint8Array(kernels.memory.buffer).slice(address, address + bytes.length);
      kernels.release(mark);
      return out;
    },
  };
}

/** In a single row a scale for the row is one for the tensor, and its blocks are as good as those of one row. */
function ofOneRow(scaling: Scaling): Scaling {
  const blockRows = scaling.blockColumns === "all" ? "all" : 1;
  return {...scaling, blockRows, outer: scaling.outer === "none" ? "none" : "tensor"};
}

function elementsTogether(scaling: Scaling, columns: number | undefined): number {
  const {blockRows, blockColumns} = scaling;
  if (isOfTensor(scaling)) return columns ?? 1;
  if (columns === undefined) return blockColumns as number;
  return blockRows === "all" ? Number.POSITIVE_INFINITY : blockRows * columns;
}
