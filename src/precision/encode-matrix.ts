import {decode} from "../formats/decode.js";
import {encode} from "../formats/encode.js";
import type {Format} from "../formats/format.js";
import {parseFormat} from "../formats/parse.js";
import {blockGrid, type Shape} from "../kernels/reference/blocks.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {quantizeMatrixReference} from "./matrix-reference.js";
import {blockShape, type ScaleFormat} from "./scaling.js";

/** A matrix as it is stored: codes of elements, and scales. */
export interface EncodedMatrix {
  readonly matrix: Shape;
  readonly block: Shape;
  /** One for each element, row-major. */
  readonly elements: Uint32Array;
  /** The scale of each block, row-major. */
  readonly scales: Float32Array;
  /** The codes of these scales where they have one byte; undefined for float32 scales. */
  readonly scaleCodes: Uint8Array | undefined;
  /** What values are multiplied by at last: one for each row, or one for the tensor; empty without an outer scale. */
  readonly outer: Float32Array;
  /** With torchao's two levels, which multiplies the scales of blocks instead. */
  readonly outerOfScales: Float32Array;
}

/**
 * The codes of a matrix, by way of the reference: for pages and exports.
 * @throws a usage error where a value has no code, such as NaN kept by a policy in a format without it
 */
export function encodeMatrix(quantizer: MatrixQuantizer, x: Float32Array, matrix: Shape): EncodedMatrix {
  const {scaling, element} = quantizer;
  const {elements, scales, outer} = quantizeMatrixReference(quantizer, x, matrix);
  const scaleFormat = formatOfScales(scaling.scaleFormat);
  const isTorchao = scaling.rule === "two-level-torchao";
  return {
    matrix,
    block: blockShape(scaling, matrix),
    elements: Uint32Array.from(elements, (value) => encode(element.format, value)),
    scales: Float32Array.from(scales, ({stored}) => stored),
    scaleCodes: scaleFormat && Uint8Array.from(scales, ({stored}) => encode(scaleFormat, stored)),
    outer: isTorchao ? new Float32Array(0) : Float32Array.from(outer, ({decode}) => decode),
    outerOfScales: isTorchao ? Float32Array.from(outer, ({encode}) => encode) : new Float32Array(0),
  };
}

/** The values that the codes of `encodeMatrix` stand for: those that `quantizeMatrix` gives. */
export function decodeMatrix({element}: MatrixQuantizer, encoded: EncodedMatrix): Float32Array {
  const {matrix, block, elements, scales, outer, outerOfScales} = encoded;
  const grid = blockGrid(matrix, block);
  const of = (levels: Float32Array, row: number): number =>
    levels.length > 1 ? levels[row] : (levels[0] ?? 1);
  return Float32Array.from(elements, (code, i) => {
    const row = Math.floor(i / matrix.columns);
    const column = i % matrix.columns;
    const at = Math.floor(row / block.rows) * grid.columns + Math.floor(column / block.columns);
    const scale = Math.fround(of(outerOfScales, row) * scales[at]);
    return Math.fround(decode(element.format, code) * scale) * of(outer, row);
  });
}

/** The format whose codes scales of one byte have. */
function formatOfScales(scaleFormat: ScaleFormat): Format | undefined {
  if (scaleFormat === "e8m0") return parseFormat("e8m0");
  if (scaleFormat === "e4m3" || scaleFormat === "e5m3") return parseFormat(`u${scaleFormat}`);
  return undefined;
}
