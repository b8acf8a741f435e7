import {usageError} from "../errors.js";
import {formatProperties} from "../formats/derived.js";
import type {Format} from "../formats/format.js";
import {binaryExponent, powerOfTwo} from "../formats/power-of-two.js";
import type {OuterScale, ScaleChain, ScaleConstants} from "../kernels/reference/block-scales.js";
import type {Shape} from "../kernels/reference/blocks.js";

/** Scales are kept where both they and their inverses are normal float32 numbers. */
const largestScaleExponent = 126;

/**
 * The power of two by which a tensor is multiplied before a cast (and divided after it) so that its largest magnitude
 * comes close to the largest value of the format without exceeding it: 2^floor(log2(largest / amax)), within 2^±126.
 * A tensor of zeros, or one whose largest magnitude is infinite or NaN, keeps the scale 1.
 *
 * @param largest largest finite value of the format, positive
 * @param amax largest magnitude of the tensor
 */
export function tensorScale(largest: number, amax: number): number {
  if (!(amax > 0 && amax < Number.POSITIVE_INFINITY)) return 1;
  const exponent = binaryExponent(largest / amax);
  return powerOfTwo(Math.min(Math.max(exponent, -largestScaleExponent), largestScaleExponent));
}

/** 1 / mean |x|, the mean counting as at least 1e-5 as in BitNet b1.58 (arXiv 2402.17764). */
export const meanScale = (sumOfMagnitudes: number, count: number): number =>
  1 / Math.max(sumOfMagnitudes / count, 1e-5);

/** How a scale is stored: float32, a float32 power of two, or one byte without a sign. */
export type ScaleFormat = "fp32" | "pow2" | "e8m0" | "e4m3" | "e5m3";

/** What a matrix is divided into, each part with a scale of its own. Plain data. */
export interface Scaling {
  /** Rows and columns of a block; `all` for those of the matrix. Edges count as padded with zeros. */
  readonly blockRows: number | "all";
  readonly blockColumns: number | "all";
  readonly scaleFormat: ScaleFormat;
  /** How a scale follows from the largest magnitude; which ones there are depends on the scale format. */
  readonly rule: ScaleChain;
  /** A second scale, in float32, for the tensor or for each row; needs a rule of two levels. */
  readonly outer: "none" | "tensor" | "row";
  /** fp32 and pow2: the largest magnitude of a block counts as at least this. */
  readonly epsilon: number;
  /** e8m0: what an infinite block gets, the NaN scale 0xFF or the largest one, 0xFE. */
  readonly infiniteBlock: "nan" | "largest";
  /** e8m0: elements of a block with the scale 2^-127 are multiplied by 2^127, or kept as they are. */
  readonly tiniestBlock: "scaled" | "kept";
  /** e4m3 and e5m3: whether a block scale may be zero or subnormal, or is at least the smallest normal one. */
  readonly leastScale: "zero" | "normal";
  /** Elements of E2M1: the better of two scales, by the sum of absolute or squared errors. */
  readonly fourOverSix: "none" | "absolute" | "squared";
  /** Two levels: the largest block scale that the outer one provides for. */
  readonly bound: number;
  /**
   * e8m0: what elements are multiplied by before they are rounded, and values divided by at last. With ¾, no element of
   * E2M1 saturates under the rule `floor`, so that stochastic rounding has no bias: Tseng and others 2025, Algorithm 2.
   */
  readonly prescale: number;
}

const defaults: Scaling = {
  blockRows: "all",
  blockColumns: "all",
  scaleFormat: "fp32",
  rule: "encode",
  outer: "none",
  epsilon: 0,
  infiniteBlock: "nan",
  tiniestBlock: "scaled",
  leastScale: "zero",
  fourOverSix: "none",
  bound: 448,
  prescale: 1,
};

/** Narrow scale formats, unsigned: E4M3 and E5M3 whose code of all ones is NaN. */
export const narrowScales = {
  e4m3: {mantissaBits: 3, minimumExponent: -6, largest: 448},
  e5m3: {mantissaBits: 3, minimumExponent: -14, largest: 114688},
} as const;

/** Rules by scale format, the default first. */
export const scaleRules: Readonly<Record<ScaleFormat, readonly ScaleChain[]>> = {
  fp32: ["encode", "divide", "reciprocal"],
  pow2: ["encode", "divide", "reciprocal"],
  e8m0: ["floor", "ceil", "rceil", "even", "midmax"],
  e4m3: ["rounded", "two-level", "two-level-torchao"],
  e5m3: ["rounded", "two-level", "two-level-torchao"],
};

const isTwoLevel = (rule: ScaleChain): boolean => rule === "two-level" || rule === "two-level-torchao";

/**
 * A scaling from what differs from one float32 scale for the tensor.
 * @throws a usage error for a block size below 1, or for parts that do not go together
 */
export function makeScaling(parts: Partial<Scaling>): Scaling {
  const scaleFormat = parts.scaleFormat ?? defaults.scaleFormat;
  const [firstRule] = scaleRules[scaleFormat];
  const outerRule = scaleFormat === "e4m3" || scaleFormat === "e5m3" ? "two-level" : firstRule;
  const rule = parts.rule ?? (parts.outer && parts.outer !== "none" ? outerRule : firstRule);
  const outer = parts.outer ?? (isTwoLevel(rule) ? "tensor" : "none");
  const bound = parts.bound ?? (scaleFormat === "e5m3" ? narrowScales.e5m3.largest : defaults.bound);
  const scaling: Scaling = {...defaults, ...parts, scaleFormat, rule, outer, bound};
  check(scaling);
  return scaling;
}

function check(scaling: Scaling): void {
  const {blockRows, blockColumns, scaleFormat, rule, outer, epsilon, fourOverSix, bound, prescale} = scaling;
  for (const size of [blockRows, blockColumns]) {
    if (size !== "all" && !(Number.isInteger(size) && size >= 1 && size <= largestBlock)) {
      throw usageError(`a block has from 1 to ${largestBlock} rows and columns, not ${size}`);
    }
  }
  if (!scaleRules[scaleFormat].includes(rule)) {
    throw usageError(`${scaleFormat} scales follow ${listed(scaleRules[scaleFormat])}, not ${rule}`);
  }
  if (isTwoLevel(rule) !== (outer !== "none")) {
    throw usageError(
      isTwoLevel(rule)
        ? `the rule ${rule} needs an outer scale`
        : `an outer scale needs e4m3 or e5m3 scales of two levels`,
    );
  }
  if (outer === "row" && blockRows !== 1) {
    throw usageError("an outer scale for each row needs blocks of one row");
  }
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw usageError(`epsilon is a finite number from 0 on, not ${epsilon}`);
  }
  if (!(bound > 0 && bound < Number.POSITIVE_INFINITY)) {
    throw usageError(`bound is a positive number, not ${bound}`);
  }
  // Less than ½ would waste what the next scale has, which halves all elements.
  if (!(prescale >= 0.5 && prescale <= 1)) {
    throw usageError(`prescale is a number from 0.5 to 1, not ${prescale}`);
  }
  if (prescale !== 1 && scaleFormat !== "e8m0") {
    throw usageError(`prescale is for e8m0 scales, not for ${scaleFormat}`);
  }
  if (fourOverSix !== "none" && (rule !== "two-level" || (blockRows !== 1 && blockRows !== 16))) {
    throw usageError("four-over-six needs two-level scales, and blocks of 1 or 16 rows");
  }
}

/** Beyond any matrix that memory holds. */
const largestBlock = powerOfTwo(30);

const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** Whether the tensor has one scale. */
export const isOfTensor = ({blockRows, blockColumns}: Scaling): boolean =>
  blockRows === "all" && blockColumns === "all";

/** Rows and columns of a block of a given matrix. */
export function blockShape({blockRows, blockColumns}: Scaling, matrix: Shape): Shape {
  return {
    rows: blockRows === "all" ? Math.max(matrix.rows, 1) : blockRows,
    columns: blockColumns === "all" ? Math.max(matrix.columns, 1) : blockColumns,
  };
}

/** The outer scale that a prescale amounts to: the same for all values. */
export function constantOuterScale({prescale}: Scaling): OuterScale {
  const encode = Math.fround(prescale);
  return {encode, decode: Math.fround(1 / encode)};
}

/**
 * What the scales of blocks of a format are found with.
 * @throws a usage error for the rule `even` and elements from a table, which have no mantissa
 */
export function scaleConstants(scaling: Scaling, element: Format): ScaleConstants {
  const {scaleFormat, rule, epsilon} = scaling;
  const {largest} = formatProperties(element);
  const narrow = scaleFormat === "e5m3" ? narrowScales.e5m3 : narrowScales.e4m3;
  if (scaling.fourOverSix !== "none" && element.name !== "e2m1") {
    throw usageError(`four-over-six is for elements of e2m1, not of ${element.name}`);
  }
  return {
    chain: rule,
    largest,
    mantissaBits: rule === "even" ? mantissaBits(element) : 0,
    epsilon,
    isPowerOfTwo: scaleFormat === "pow2",
    saturatesScale: scaling.infiniteBlock === "largest",
    keepsTiny: scaling.tiniestBlock === "kept",
    scaleMantissaBits: narrow.mantissaBits,
    scaleMinimumExponent: narrow.minimumExponent,
    scaleLargest: narrow.largest,
    scaleLeast: scaling.leastScale === "normal" ? powerOfTwo(narrow.minimumExponent) : 0,
  };
}

/** Fraction bits of the largest values. */
function mantissaBits(element: Format): number {
  if (element.kind === "float") return element.mantissaBits;
  if (element.kind === "integer")
    return binaryExponent(formatProperties(element).largest) + element.fractionBits;
  throw usageError(`the rule even needs elements with mantissa bits; ${element.name} is a table of values`);
}
