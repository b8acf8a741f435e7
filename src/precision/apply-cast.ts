import type {Address, Kernels} from "../kernels/kernels.js";
import {blockGrid, type Shape} from "../kernels/reference/blocks.js";
import {hadamardSize} from "../kernels/reference/hadamard.js";
import type {RandomPlace} from "../kernels/reference/random.js";
import {type ColumnMagnitudes, hadamardTransform, transformerEngineSigns} from "./hadamard.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {type Cast, type CastScaling, isRandom} from "./parse-cast.js";
import {
  type CastStage,
  type MatrixPart,
  placeForMagnitudes,
  quantizeMatrix,
  type ScalePlaces,
} from "./quantize-matrix.js";
import {quantizeScaled} from "./quantizer.js";
import {blockShape, isOfTensor, meanScale, tensorScale} from "./scaling.js";

/** Whether the dimension of a stored matrix over which a product sums runs along its rows or down its columns. */
export type Direction = "rows" | "columns";

export interface CastUse {
  /** Where the sum runs; blocks and Hadamard transforms lie along it. */
  readonly along?: Direction;
  /**
   * The columns fall into so many groups of equal width, of which a product sums over each by itself, or which have sums of
   * their own: 1 by default. Blocks, tiles and the scales of rows end with their group, as if it were a matrix of its own;
   * a scale of the tensor is one for all groups.
   */
  readonly groups?: number;
  /** Address of the random bits of stochastic roundings. */
  readonly random?: RandomPlace;
  /** The present scale of delayed scaling. */
  readonly scale?: number;
  /** The largest magnitude of the matrix, where it is known: what `largestMagnitude` would find. */
  readonly magnitude?: {readonly present: number};
  /** `values` by default. */
  readonly stage?: CastStage;
  /**
   * What elements are multiplied by is written here, too: for blocks as the matrix is stored, see `scaleBlock`, and group
   * after group where they are cast apart, see `groupsApart`.
   */
  readonly scales?: ScalePlaces;
}

/**
 * Casts a row-major float32 matrix at `input` to `output`, which may be the same address. Allocates nothing.
 * @throws a usage error for a Hadamard transform of a dimension that is no multiple of 16
 */
export function applyCast(
  kernels: Kernels,
  {element, scaling, hadamard}: Cast,
  input: Address,
  output: Address,
  shape: Shape,
  {along = "rows", groups = 1, random, scale = 1, magnitude, stage = "values", scales}: CastUse = {},
): void {
  const {rows, columns} = shape;
  const count = rows * columns;
  const source = hadamard ? output : input;
  const known = hadamard ? undefined : magnitude?.present;
  const magnitudes = hadamard && along === "columns" ? columnMagnitudes(kernels, scaling, shape) : undefined;
  if (hadamard) hadamardTransform(kernels, transformerEngineSigns, input, output, shape, along, magnitudes);
  if (scaling.kind === "blocks") {
    const {quantizer} = scaling;
    const how = {random, stage, scales, tensorAmax: known, hasMagnitudes: magnitudes !== undefined};
    const parts = groupsApart({scaling}, shape, along, groups);
    if (parts > 1 && quantizer.scaling.outer === "tensor") {
      how.tensorAmax ??= kernels.largestMagnitude(source, count);
    }
    if (along === "rows") castGroups(kernels, quantizer, source, output, shape, parts, how);
    else castDownColumns(kernels, quantizer, source, output, shape, parts, how);
    return;
  }
  const factor = multiplier(kernels, {element, scaling}, {source, count, delayed: scale, known});
  if (scales) {
    kernels.fill(scales.blocks, 1 / factor, 1);
    kernels.fill(scales.outer, 1, 1);
  }
  if (stage === "values") {
    quantizeScaled(kernels, element, source, output, count, factor, {random});
    return;
  }
  kernels.scale(source, factor, output, count);
  if (stage === "elements") quantizeScaled(kernels, element, output, output, count, 1, {random});
}

/** What the values are multiplied by before they are rounded. */
function multiplier(
  kernels: Kernels,
  {element, scaling}: Pick<Cast, "element" | "scaling">,
  {source, count, delayed, known}: {source: Address; count: number; delayed: number; known?: number},
): number {
  if (scaling.kind === "constant") return scaling.scale;
  if (scaling.kind === "delayed") return delayed;
  if (scaling.kind === "mean") return meanScale(kernels.sumOfMagnitudes(source, count), count);
  return element.isIdentity
    ? 1
    : tensorScale(element.largest, known ?? kernels.largestMagnitude(source, count));
}

/** Whether a matrix and its transpose are cast to the same values: the scale is one for all, or for square tiles. */
export function isSymmetric({scaling, hadamard}: Cast): boolean {
  if (hadamard) return false;
  if (scaling.kind !== "blocks") return true;
  const {blockRows, blockColumns, outer} = scaling.quantizer.scaling;
  return blockRows === blockColumns && outer !== "row";
}

/** Whether each row of a matrix is cast to the same values whatever the others hold. */
export function isRowByRow(cast: Cast): boolean {
  if (isRandom(cast)) return false;
  const {scaling} = cast;
  if (scaling.kind !== "blocks") return scaling.kind === "constant";
  const {blockRows, outer} = scaling.quantizer.scaling;
  return blockRows === 1 && outer !== "tensor";
}

/** How many groups of columns are cast one by one: all, or 1 where that is the same as to cast the whole matrix. */
export function groupsApart(
  {scaling}: Pick<Cast, "scaling">,
  {columns}: Shape,
  along: Direction,
  groups: number,
): number {
  if (scaling.kind !== "blocks" || isOfTensor(scaling.quantizer.scaling)) return 1;
  const {blockRows, blockColumns, outer} = scaling.quantizer.scaling;
  const width = along === "rows" ? blockColumns : blockRows;
  const isSame =
    width !== "all" && (columns / groups) % width === 0 && !(along === "rows" && outer === "row");
  return isSame ? 1 : groups;
}

/** The block of a stored matrix that has a scale of its own. */
export function scaleBlock({scaling}: Cast, shape: Shape, along: Direction): Shape {
  if (scaling.kind !== "blocks") return shape;
  const {quantizer} = scaling;
  return blockShape((along === "rows" ? quantizer : transposed(quantizer)).scaling, shape);
}

/** Whether blocks down the columns have scales that can be told apart from their elements. */
export const hasOwnScales = ({scaling}: Cast, along: Direction): boolean =>
  along === "rows" || scaling.kind !== "blocks" || isTurnable(scaling.quantizer);

/** Whether the kernels find the scales of such blocks down the columns, too. */
const isTurnable = ({scaling}: MatrixQuantizer): boolean =>
  scaling.outer !== "row" && scaling.fourOverSix === "none";

/** Where a transform down the columns puts the magnitudes of blocks; undefined where it does not find them. */
function columnMagnitudes(
  kernels: Kernels,
  scaling: CastScaling,
  {rows, columns}: Shape,
): ColumnMagnitudes | undefined {
  if (scaling.kind !== "blocks" || !isTurnable(scaling.quantizer)) return undefined;
  const {blockRows, blockColumns: length} = scaling.quantizer.scaling;
  if (blockRows !== 1 || length === "all" || length % hadamardSize !== 0) return undefined;
  const address = placeForMagnitudes(kernels, Math.ceil(rows / length) * columns);
  return address === undefined ? undefined : {address, blockRows: length};
}

type GroupCast = Pick<MatrixPart, "random" | "stage" | "scales" | "tensorAmax" | "hasMagnitudes">;

/** Casts group after group of a matrix's columns. */
function castGroups(
  kernels: Kernels,
  quantizer: MatrixQuantizer,
  input: Address,
  output: Address,
  {rows, columns}: Shape,
  groups: number,
  how: GroupCast,
): void {
  if (groups === 1) {
    quantizeMatrix(kernels, quantizer, input, output, rows, columns, how);
    return;
  }
  const group = {rows, columns: columns / groups};
  for (let i = 0; i < groups; i++) {
    const startIndex = i * group.columns;
    const [from, to] = [input + 4 * startIndex, output + 4 * startIndex];
    const scales = how.scales && scalesOfGroup(how.scales, quantizer, group, i);
    const part = {...how, scales, startIndex, stride: columns};
    quantizeMatrix(kernels, quantizer, from, to, rows, group.columns, part);
  }
}

function scalesOfGroup(
  {blocks, outer}: ScalePlaces,
  {scaling}: MatrixQuantizer,
  group: Shape,
  i: number,
): ScalePlaces {
  const grid = blockGrid(group, blockShape(scaling, group));
  const outers = scaling.outer === "row" ? group.rows : 1;
  return {blocks: blocks + 4 * i * grid.rows * grid.columns, outer: outer + 4 * i * outers};
}

function castDownColumns(
  kernels: Kernels,
  quantizer: MatrixQuantizer,
  input: Address,
  output: Address,
  shape: Shape,
  groups: number,
  how: GroupCast,
): void {
  if (isTurnable(quantizer)) {
    castGroups(kernels, transposed(quantizer), input, output, shape, groups, how);
    return;
  }
  // What is defined along rows alone is done there, where a group of columns is one of rows.
  const {rows, columns} = shape;
  const [height, size] = [columns / groups, (rows * columns) / groups];
  transpose(kernels, input, output, shape);
  for (let i = 0; i < groups; i++) {
    const group = output + 4 * i * size;
    quantizeMatrix(kernels, quantizer, group, group, height, rows, {...how, startIndex: i * size});
  }
  transpose(kernels, output, output, {rows: columns, columns: rows});
}

const transposedQuantizers = new WeakMap<MatrixQuantizer, MatrixQuantizer>();

/** The same blocks down the columns. */
function transposed(quantizer: MatrixQuantizer): MatrixQuantizer {
  const known = transposedQuantizers.get(quantizer);
  if (known) return known;
  const {blockRows, blockColumns} = quantizer.scaling;
  const scaling = {...quantizer.scaling, blockRows: blockColumns, blockColumns: blockRows};
  const turned = {...quantizer, scaling};
  transposedQuantizers.set(quantizer, turned);
  return turned;
}

function transpose(kernels: Kernels, input: Address, output: Address, {rows, columns}: Shape): void {
  const source = kernels.float32(input, rows * columns).slice();
  const target = kernels.float32(output, rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      target[column * rows + row] = source[row * columns + column];
    }
  }
}
