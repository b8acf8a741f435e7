import {aboutSetting, usageError} from "../errors.js";
import type {Format} from "../formats/format.js";
import type {Address} from "../kernels/kernels.js";
import {blockGrid, type Shape} from "../kernels/reference/blocks.js";
import {type Direction, groupsApart, hasOwnScales, scaleBlock} from "../precision/apply-cast.js";
import {type Cast, leavesAsIs} from "../precision/parse-cast.js";
import type {ScaledMatrix} from "../precision/units/scaled-product.js";
import {operandCast} from "./operand-cast.js";
import type {LinearProduct, ProbedCast, ProbePoint, ProgramBuilder} from "./program.js";
import type {Magnitude} from "./tensor.js";

/** A matrix from which operands are made, as probes see it. */
export interface Source extends ProbePoint {
  readonly rows: number;
  readonly columns: number;
  /** Groups of columns that products keep apart. */
  readonly groups: number;
  /** Of the values, where it is known. */
  readonly magnitude?: Magnitude;
  /** The product that each direction of its sum belongs to. */
  readonly products: Readonly<Record<Direction, LinearProduct>>;
  readonly casts: ProbedCast[];
}

export const source = (
  matrix: Omit<ProbePoint, "count" | "casts"> & Shape & Partial<Pick<Source, "magnitude" | "groups">>,
  products: Source["products"],
): Source => ({groups: 1, ...matrix, count: matrix.rows * matrix.columns, casts: [], products});

/** How a source becomes an operand. */
export interface OperandOptions {
  /** Name of the operand in recipes, for errors. */
  readonly name: string;
  readonly cast: Cast;
  /** Where the product sums. */
  readonly along: Direction;
  /** Whether elements and scales are wanted apart. */
  readonly asElements: boolean;
  /** Whether the scales are wanted besides the values. */
  readonly keepsScales?: boolean;
  /** Where the result is to lie. */
  readonly place?: Address;
}

/** An operand that has been cast. */
export interface Operand {
  readonly address: Address;
  readonly format: Format;
  /** The scales, where they are wanted, with what lies at `address`: one for all groups, or one for each. */
  readonly matrices: readonly ScaledMatrix[] | undefined;
  /** When the steps that read it have been added. */
  release(): void;
}

const nothing = () => {};

/** Adds the step of a cast whose result lasts until the backward pass, at `place` or in a buffer of its own. */
export function castToKeep(builder: ProgramBuilder, source: Source, options: OperandOptions): Operand {
  if (isSource(options)) return sourceItself(source, options);
  const address = options.place ?? builder.buffer(source.count);
  return addCast(builder, source, options, address, nothing);
}

/** Adds the step of a cast whose result is read by the steps up to its release; at `place` or in a pooled buffer. */
export function castForNow(builder: ProgramBuilder, source: Source, options: OperandOptions): Operand {
  if (isSource(options)) return sourceItself(source, options);
  if (options.place !== undefined) return addCast(builder, source, options, options.place, nothing);
  const address = builder.acquireScratch(source.count);
  return addCast(builder, source, options, address, () => builder.releaseScratch(address, source.count));
}

const isSource = ({cast, asElements}: OperandOptions): boolean => leavesAsIs(cast) && !asElements;

const sourceItself = ({address}: Source, {cast}: OperandOptions): Operand => ({
  ...{address, format: cast.element.format, matrices: undefined, release: nothing},
});

function addCast(
  builder: ProgramBuilder,
  {address, rows, columns, groups, magnitude, casts, products}: Source,
  {name, cast, along, asElements, keepsScales}: OperandOptions,
  output: Address,
  release: () => void,
): Operand {
  const shape = {rows, columns};
  const {matrices, run} = aboutSetting(name, () => {
    const matrices =
      asElements || keepsScales ? scaledMatrices(builder, cast, shape, along, groups, output) : undefined;
    const stage = asElements ? "elements" : "values";
    const how = {stage, scales: matrices?.[0].scales, magnitude, groups} as const;
    return {matrices, run: operandCast(builder, cast, shape, along, how)};
  });
  casts.push({product: products[along], cast, shape, along, use: run.use});
  builder.step(() => run(address, output));
  return {address: output, format: cast.element.format, matrices, release};
}

function scaledMatrices(
  builder: ProgramBuilder,
  cast: Cast,
  {rows, columns}: Shape,
  along: Direction,
  groups: number,
  elements: Address,
): ScaledMatrix[] {
  if (!hasOwnScales(cast, along)) {
    throw usageError(
      `${cast.text} has no scales apart from its elements, as matrix units and clipped gradients need them`,
    );
  }
  const {scaling} = cast;
  const parts = groupsApart(cast, {rows, columns}, along, groups);
  const shape = {rows, columns: columns / parts};
  const block = scaleBlock(cast, shape, along);
  const grid = blockGrid(shape, block);
  const hasRowScales = scaling.kind === "blocks" && scaling.quantizer.scaling.outer === "row";
  const [blockCount, outerCount] = [grid.rows * grid.columns, hasRowScales ? rows : 1];
  const blocks = builder.buffer(parts * blockCount);
  const outer = builder.buffer(parts * outerCount);
  return Array.from({length: parts}, (_, i) => ({
    ...{elements: elements + 4 * i * shape.columns, stride: columns, shape, block, hasRowScales},
    scales: {blocks: blocks + 4 * i * blockCount, outer: outer + 4 * i * outerCount},
  }));
}
