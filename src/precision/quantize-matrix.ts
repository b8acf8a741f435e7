import type {Address, Kernels} from "../kernels/kernels.js";
import {type OuterScale, outerScale, scaleChains} from "../kernels/reference/block-scales.js";
import type {Shape} from "../kernels/reference/blocks.js";
import type {RandomPlace} from "../kernels/reference/random.js";
import type {MatrixQuantizer} from "./matrix-quantizer.js";
import {preparedCast, quantizeScaled} from "./quantizer.js";
import {blockShape, constantOuterScale, isOfTensor} from "./scaling.js";

/**
 * Elements whose scales are found and which are cast while they are in the second cache; many, so that what a chunk has
 * of each row is long enough for processors to fetch it ahead of time.
 */
const chunkElements = 65536;

/** Room of the kernels for the scales of blocks that are cast together, and for the magnitudes of a matrix of blocks. */
const scratchBlocks = 2048;
const scratchMagnitudes = 131072;

/** Part of a matrix: whole blocks, besides those at the edges. */
interface Region extends Shape {
  readonly row: number;
  readonly column: number;
}

/** What the regions of a matrix have in common. */
interface Task {
  readonly kernels: Kernels;
  readonly quantizer: MatrixQuantizer;
  readonly input: Address;
  readonly output: Address;
  readonly block: Shape;
  readonly columns: number;
  /** Elements from one row to the next. */
  readonly stride: number;
  /** Largest magnitude of the only block, where it is known. */
  readonly blockAmax: number | undefined;
  /** Whether the largest magnitudes of all blocks lie in the scratch, row-major; else there are those of a region. */
  readonly hasMagnitudes: boolean;
  readonly startIndex: number;
  readonly random: RandomPlace | undefined;
  readonly stage: CastStage;
  readonly scales: ScalePlaces | undefined;
}

/** The second level of a task, and the largest magnitude it comes from. */
interface Outer extends OuterScale {
  readonly amax: number;
}

/**
 * What of a cast is wanted: what is rounded, x divided by the scales; what that is rounded to, the elements that have a
 * code; or the values of these, multiplied by the scales.
 */
export type CastStage = "scaled" | "elements" | "values";

/** Where scales are written apart from the elements: one for each block, row-major, and outer ones, 1 where there are none. */
export interface ScalePlaces {
  readonly blocks: Address;
  /** One for the tensor, or one for each row. */
  readonly outer: Address;
}

export interface MatrixPart {
  /**
   * The largest magnitude of the whole tensor, for matrices that are cast part by part: what a scale for the tensor,
   * outer or only, is found from. Without it that of the matrix itself.
   */
  readonly tensorAmax?: number;
  /** Whether the largest magnitudes of all blocks have been put where `placeForMagnitudes` says. */
  readonly hasMagnitudes?: boolean;
  /** Elements from one row to the next; as many as there are columns by default. */
  readonly stride?: number;
  /** Index of its first element in the tensor, which decides the random bits of stochastic modes. */
  readonly startIndex?: number;
  /** In place of the quantizer's own address of random bits. */
  readonly random?: RandomPlace;
  /** `values` by default. */
  readonly stage?: CastStage;
  /** What elements are multiplied by is written here, too. */
  readonly scales?: ScalePlaces;
}

/**
 * Casts a row-major float32 matrix at `input` to `output`, which may be the same address: y = (q · s) · g with the
 * scale s of the block, the outer scale g (1 where there is none) and the element q. Allocates nothing.
 *
 * Each chunk is read once for its scales and once more, from the cache, for the cast. A scale for the whole tensor
 * needs two passes over memory; the first finds the magnitudes of all blocks, where there is room for them.
 */
export function quantizeMatrix(
  kernels: Kernels,
  quantizer: MatrixQuantizer,
  input: Address,
  output: Address,
  rows: number,
  columns: number,
  {
    tensorAmax,
    hasMagnitudes = false,
    stride = columns,
    startIndex = 0,
    random,
    stage = "values",
    scales,
  }: MatrixPart = {},
): void {
  const {scaling} = quantizer;
  const isByRow = scaling.outer === "row";
  const block = blockShape(scaling, {rows, columns});
  const isContiguous = stride === columns;
  const isOneBlock = isContiguous && block.rows >= rows && block.columns >= columns;
  // Rows of whole blocks are as good as one long row, and a single block as a row.
  const isRowOfBlocks = isContiguous && block.rows === 1 && columns % block.columns === 0 && !isByRow;
  const isFlat = isOneBlock || isRowOfBlocks;
  const common: Task = {
    kernels,
    quantizer,
    input,
    output,
    block: isOneBlock ? {rows: 1, columns: Math.max(rows * columns, 1)} : block,
    columns: isFlat ? rows * columns : columns,
    stride: isFlat ? rows * columns : stride,
    blockAmax: isOfTensor(scaling) ? tensorAmax : undefined,
    hasMagnitudes,
    startIndex,
    random,
    stage,
    scales,
  };
  if (isByRow) {
    for (let row = 0; row < rows; row++) {
      const outer = outerOf(common, kernels.largestMagnitude(input + 4 * row * stride, columns));
      if (scales) kernels.fill(scales.outer + 4 * row, outer.decode, 1);
      castRows(common, row, row + 1, outer);
    }
    return;
  }
  const height = isFlat ? 1 : rows;
  const isSearched = !hasMagnitudes && scaling.outer === "tensor" && tensorAmax === undefined;
  const isWithRoom = isSearched && placeForMagnitudes(kernels, blockCount(common, height)) !== undefined;
  if (isWithRoom) findMagnitudes(common, {rows: height, columns: common.columns}, input);
  const task = {...common, hasMagnitudes: hasMagnitudes || isWithRoom};
  const outer =
    scaling.outer === "tensor" ? outerOf(task, tensorAmax ?? largestOf(task, height)) : constantOuterOf(task);
  if (scales) kernels.fill(scales.outer, outer.decode, 1);
  castRows(task, 0, height, outer);
}

/** Casts rows from `first` to the one before `end`, in regions of whole blocks, of about `chunkElements` each. */
function castRows(task: Task, first: number, end: number, outer: Outer): void {
  const {block, columns} = task;
  if (columns === 0) return;
  const perRow = Math.ceil(columns / block.columns);
  const fitting = Math.floor(chunkElements / (block.rows * block.columns));
  const cacheLine = Math.ceil(16 / block.columns);
  const blocks = Math.min(Math.max(fitting, cacheLine), scratchBlocks);
  const width = Math.min(blocks * block.columns, columns);
  const height = Math.max(Math.floor(blocks / perRow), 1) * block.rows;
  for (let row = first; row < end; row += height) {
    for (let column = 0; column < columns; column += width) {
      castRegion(
        task,
        {row, column, rows: Math.min(height, end - row), columns: Math.min(width, columns - column)},
        outer,
      );
    }
  }
}

const constantOuterOf = ({quantizer}: Task): Outer => ({...constantOuterScale(quantizer.scaling), amax: 0});

const outerOf = ({quantizer}: Task, amax: number): Outer => ({
  ...outerScale(amax, quantizer.scaleConstants, quantizer.scaling.bound),
  amax,
});

/** The largest magnitude of all elements. */
function largestOf(task: Task, rows: number): number {
  const {kernels, input, columns, stride} = task;
  if (task.hasMagnitudes)
    return kernels.largestMagnitude(scratch(kernels).magnitudes, blockCount(task, rows));
  if (columns === stride) return kernels.largestMagnitude(input, rows * columns);
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    largest = Math.max(largest, kernels.largestMagnitude(input + 4 * row * stride, columns));
  }
  return largest;
}

const blockCount = ({block, columns}: Task, rows: number): number =>
  Math.ceil(rows / block.rows) * Math.ceil(columns / block.columns);

/** Where the largest magnitudes of so many blocks can lie before a cast; undefined where there is no room. */
export const placeForMagnitudes = (kernels: Kernels, blocks: number): Address | undefined =>
  blocks <= scratchMagnitudes ? scratch(kernels).magnitudes : undefined;

/** Where the kernels have room for multipliers, scales and magnitudes of blocks. */
function scratch(kernels: Kernels): Record<"encodes" | "decodes" | "magnitudes", Address> {
  const encodes = kernels.blockScratch();
  const decodes = encodes + 4 * scratchBlocks;
  return {encodes, decodes, magnitudes: decodes + 4 * scratchBlocks};
}

function castRegion(task: Task, region: Region, outer: Outer): void {
  const {kernels, quantizer, block, stride, stage} = task;
  const {rows, columns} = region;
  const {encodes, decodes} = scratch(kernels);
  const offset = 4 * (region.row * stride + region.column);
  const x = task.input + offset;
  const out = task.output + offset;
  const areFinite = findScales(task, region, x, outer);
  if (task.scales) copyScales(task, region, decodes, task.scales.blocks);
  const divides = quantizer.scaleConstants.chain === "divide" ? 1 : 0;
  const {fused} = quantizer;
  if (areFinite && fused && stage !== "scaled") {
    const {mantissaBits, minimumExponent, largest} = fused;
    kernels.castBlocks(
      x,
      out,
      rows,
      columns,
      stride,
      block.rows,
      block.columns,
      encodes,
      stage === "values" ? decodes : 0,
      outer.decode,
      divides,
      mantissaBits,
      minimumExponent,
      largest,
    );
    return;
  }
  const startIndex = firstIndex(task, region);
  if (areFinite && fusesRandomBits(task, startIndex) && stage === "values") {
    const cast = preparedCast(kernels, quantizer.element, task.random);
    const castBlocks =
      quantizer.fusedRandomBits === 16 ? kernels.castBlocksByHalves : kernels.castBlocksStochastically;
    castBlocks(
      x,
      out,
      rows,
      columns,
      stride,
      block.rows,
      block.columns,
      encodes,
      decodes,
      outer.decode,
      cast,
      startIndex,
    );
    return;
  }
  kernels.scaleBlocks(x, out, rows, columns, stride, block.rows, block.columns, encodes, 1, divides);
  if (stage !== "scaled") castElements(task, region, out);
  if (stage === "values")
    kernels.scaleBlocks(out, out, rows, columns, stride, block.rows, block.columns, decodes, outer.decode, 0);
}

/** Index of a region's first element in the tensor. */
const firstIndex = ({startIndex, stride}: Task, {row, column}: Region): number =>
  startIndex + row * stride + column;

/** Whether the stochastic kernel suits. With 16 bits two elements share a word, and blocks may not part them. */
function fusesRandomBits({quantizer, block, columns, stride}: Task, startIndex: number): boolean {
  const {fusedRandomBits} = quantizer;
  if (fusedRandomBits !== 16) return fusedRandomBits !== undefined;
  const arePairsWhole = block.columns === 1 || block.columns % 8 === 0 || block.columns >= columns;
  return arePairsWhole && startIndex % 2 === 0 && stride % 2 === 0;
}

/** Writes the largest magnitudes of the blocks of a region to the beginning of the scratch. */
const findMagnitudes = ({kernels, block, stride}: Task, {rows, columns}: Shape, x: Address): void =>
  kernels.blockMagnitudes(x, rows, columns, stride, block.rows, block.columns, scratch(kernels).magnitudes);

/** Number of a region's first block among those of the matrix, of which its blocks are neighbours. */
const firstBlock = ({block, columns}: Task, {row, column}: Region): number =>
  (row / block.rows) * Math.ceil(columns / block.columns) + column / block.columns;

/** Copies the scales of the region's blocks to their places among those of the matrix. */
function copyScales(
  {kernels, block, columns: matrixColumns}: Task,
  {row, column, rows, columns}: Region,
  from: Address,
  to: Address,
): void {
  const perRow = Math.ceil(matrixColumns / block.columns);
  const width = Math.ceil(columns / block.columns);
  for (let i = 0; i < Math.ceil(rows / block.rows); i++) {
    const place = (row / block.rows + i) * perRow + column / block.columns;
    kernels.scale(from + 4 * i * width, 1, to + 4 * place, width);
  }
}

/** Writes the multipliers and scales of the region's blocks; whether all of them, and the elements, are finite. */
function findScales(task: Task, region: Region, x: Address, outer: Outer): boolean {
  const {kernels, quantizer, block, stride, blockAmax, hasMagnitudes} = task;
  const {rows, columns} = region;
  const {encodes, decodes, magnitudes} = scratch(kernels);
  const amaxes = hasMagnitudes ? magnitudes + 4 * firstBlock(task, region) : magnitudes;
  const {scaling, scaleConstants: c} = quantizer;
  if (blockAmax !== undefined) kernels.fill(amaxes, blockAmax, 1);
  else if (!hasMagnitudes) findMagnitudes(task, region, x);
  if (scaling.fourOverSix !== "none") {
    return !!kernels.fourOverSixScales(
      x,
      rows,
      columns,
      stride,
      block.rows,
      block.columns,
      amaxes,
      encodes,
      decodes,
      c.scaleMantissaBits,
      c.scaleMinimumExponent,
      c.scaleLargest,
      c.scaleLeast,
      outer.encode,
      outer.decode,
      outer.amax,
      c.largest * scaling.bound,
      scaling.fourOverSix === "squared" ? 1 : 0,
    );
  }
  const count = Math.ceil(rows / block.rows) * Math.ceil(columns / block.columns);
  const areFinite = kernels.blockScales(
    amaxes,
    count,
    encodes,
    decodes,
    scaleChains.indexOf(c.chain),
    c.largest,
    c.mantissaBits,
    c.epsilon,
    (c.isPowerOfTwo ? 1 : 0) | (c.saturatesScale ? 2 : 0) | (c.keepsTiny ? 4 : 0),
    c.scaleMantissaBits,
    c.scaleMinimumExponent,
    c.scaleLargest,
    c.scaleLeast,
    outer.encode,
    outer.decode,
  );
  // The kernel takes no outer scale into powers of two.
  if (scaling.prescale !== 1) kernels.scale(encodes, outer.encode, encodes, count);
  return !!areFinite;
}

/** Casts the scaled elements where they lie. */
function castElements(task: Task, region: Region, out: Address): void {
  const {kernels, quantizer, stride, random} = task;
  const {element} = quantizer;
  const first = firstIndex(task, region);
  const isContiguous = region.columns === stride;
  const [rows, columns] = isContiguous ? [1, region.rows * region.columns] : [region.rows, region.columns];
  for (let row = 0; row < rows; row++) {
    const address = out + 4 * row * stride;
    quantizeScaled(kernels, element, address, address, columns, 1, {
      random,
      startIndex: first + row * stride,
    });
  }
}
