import {usageError} from "../../errors.js";
import {formatProperties} from "../../formats/derived.js";
import type {FloatFormat, Format} from "../../formats/format.js";
import {parseFormat} from "../../formats/parse.js";
import type {Policy} from "../../formats/policy.js";
import {presets} from "../../formats/preset.js";
import {isStochastic, type RoundingMode} from "../../formats/rounding.js";
import type {Accumulation, IntegerAccumulation} from "../../kernels/reference/accumulate.js";

export const orders = ["sequential", "pairwise", "blocked"] as const;

/** Loose settings of an accumulation; formats are named. */
export interface AccumulationSettings {
  readonly accumulator: string;
  /** A format, or `exact`; without it that of the accumulator, or `exact` if `fused`. */
  readonly product?: string;
  /** One rounding for a·b + s. */
  readonly fused?: boolean;
  readonly order?: Accumulation["order"];
  /** Products per block, for `pairwise` (a power of two) and `blocked`; by default 32. */
  readonly blockLength?: number;
  /** The format in which sums of blocks are added; by default fp32. */
  readonly outer?: string;
  readonly compensated?: boolean;
  readonly promotion?: number;
  readonly rounding?: RoundingMode;
  readonly bits?: number;
  readonly policy?: Policy;
  readonly seed?: number;
}

const largestFloat32 = formatProperties(parseFormat("fp32")).largest;

/**
 * Complete and checked settings.
 * @throws usage errors for formats that cannot accumulate and settings that do not go together
 */
export function accumulation(settings: AccumulationSettings): Accumulation {
  const {
    fused = false,
    order = "sequential",
    compensated = false,
    blockLength = 32,
    promotion = 0,
  } = settings;
  const accumulator = accumulatorFormat(settings.accumulator, "accumulator");
  if (fused && settings.product !== undefined && settings.product !== "exact") {
    throw usageError(
      `a fused product is exact; leave out either the product format ${settings.product} or fused`,
    );
  }
  const product = settings.product ?? (fused ? "exact" : accumulator.name);
  if (compensated && order === "pairwise") {
    throw usageError("a compensated sum is sequential or blocked, not pairwise");
  }
  checkCount("a block", blockLength, 1);
  checkCount("the promotion interval", promotion, 0);
  if (order === "pairwise" && (blockLength & (blockLength - 1)) !== 0) {
    throw usageError(`a balanced tree has a power of two of products, not ${blockLength}`);
  }
  const {rounding = "nearest-even", bits, seed = 0} = settings;
  if (bits !== undefined && !isStochastic(rounding)) {
    throw usageError(`${rounding} uses no random bits; stochastic modes do`);
  }
  return {
    product: product === "exact" ? product : accumulatorFormat(product, "product format"),
    accumulator,
    rounding,
    bits,
    policy: settings.policy ?? presets.default.policy,
    order,
    blockLength,
    outer: accumulatorFormat(settings.outer ?? "fp32", "outer format"),
    compensated,
    promotion,
    seed,
  };
}

function checkCount(what: string, count: number, least: number): void {
  if (!Number.isInteger(count) || count < least || count > 2 ** 30) {
    throw usageError(`${what} has a length of ${least} or more, not ${count}`);
  }
}

/** A signed float format within float32, so that sums in double precision can be rounded to it exactly. */
function accumulatorFormat(name: string, role: string): FloatFormat {
  const format = parseFormat(name);
  const refuse = (why: string): never => {
    throw usageError(`${format.name} cannot be the ${role}: ${why}; allowed are signed floats within fp32`);
  };
  if (format.kind !== "float") return refuse("it is no float format");
  if (!format.signed) return refuse("it has no negative values");
  const {largest, minimumExponent} = formatProperties(format);
  if (format.mantissaBits > 23 || largest > largestFloat32 || minimumExponent < -126)
    return refuse("it is too wide");
  return format;
}

/**
 * A register of `bits` for products of integer or fixed-point operands.
 * @throws usage errors for other operands and impossible widths
 */
export function integerAccumulation(
  a: Format,
  b: Format,
  {bits, overflow = "wrap"}: {readonly bits: number; readonly overflow?: IntegerAccumulation["overflow"]},
): IntegerAccumulation {
  if (a.kind !== "integer" || b.kind !== "integer") {
    const wrong = a.kind === "integer" ? b : a;
    throw usageError(`an accumulator of ${bits} bits adds integers, such as int8 by int8, not ${wrong.name}`);
  }
  if (!Number.isInteger(bits) || bits < 2 || bits > 32) {
    throw usageError(`an integer accumulator has 2 to 32 bits, not ${bits}`);
  }
  return {bits, overflow, fractionBits: a.fractionBits + b.fractionBits};
}
