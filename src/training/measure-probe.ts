import {castLimits, formatProperties} from "../formats/derived.js";
import type {Format} from "../formats/format.js";
import {parseFormat} from "../formats/parse.js";
import {binaryExponent} from "../formats/power-of-two.js";
import type {Address, Kernels} from "../kernels/kernels.js";
import type {ProbedCast} from "../nn/program.js";
import {applyCast, type CastUse} from "../precision/apply-cast.js";
import {hadamardTransform, transformerEngineSigns} from "../precision/hadamard.js";
import {type CastOutcome, histogramExponents, type Probe} from "./run-record.js";

/** The formats whose underflow and overflow every probe reports. */
export const probedFormats = ["e4m3fn", "e5m2", "fp16"] as const;

const bins = histogramExponents.max - histogramExponents.min + 1;
const codeMapBytes = 2 ** 16;

/** What is read off one tensor as it is. */
type TensorStatistics = Pick<
  Probe,
  "elements" | "mean" | "spread" | "largest" | "zeros" | "histogram" | "underflow" | "overflow"
>;

/** A sum of squared errors beside that of what should be there. */
export interface SquaredSums {
  readonly signal: number;
  readonly noise: number;
}

/** Measures tensors in the memory of the kernels. Its buffers are allocated once, when it is made. */
export interface TensorMeter {
  statistics(address: Address, count: number): TensorStatistics;
  /** What a cast makes of the tensor. */
  cast(address: Address, cast: ProbedCast): CastOutcome;
  /** Sums over x and y − x; what is not finite in either is left out. */
  compare(x: Address, y: Address, count: number): SquaredSums;
  /**
   * Share of weights that change by less than half the spacing of a cast's format, scaled as the cast would scale
   * `before`; null where the format has no spacing (a table of values), or where values are mixed before they are cast.
   */
  smallUpdates(before: Address, after: Address, cast: ProbedCast, use: CastUse): number | null;
}

/** @param largestCast elements of the largest tensor whose casts are measured; 0 if there is none */
export function tensorMeter(kernels: Kernels, largestCast: number): TensorMeter {
  const sums = kernels.allocate(6 * 8);
  const counts = kernels.allocate(bins * 4);
  const codeMap = kernels.allocate(codeMapBytes);
  const [mixed, result] = [kernels.allocate(largestCast * 4), kernels.allocate(largestCast * 4)];
  const limits = probedFormats.map((name) => ({name, ...castLimits(parseFormat(name))}));
  const doubles = (length: number) => new Float64Array(kernels.memory.buffer, sums, length);

  function statistics(address: Address, count: number): TensorStatistics {
    kernels.statistics(address, count, sums);
    const [sum, sumOfSquares, largest, zeros] = doubles(4);
    kernels.exponentHistogram(address, count, counts, histogramExponents.min, bins);
    const histogram = Array.from(kernels.uint32(counts, bins), (n) => n / count);
    const underflow: Record<string, number> = {};
    const overflow: Record<string, number> = {};
    for (const {name, vanishing, overflowing} of limits) {
      kernels.countMagnitudes(address, count, vanishing, overflowing, sums);
      const [below, above] = kernels.uint32(sums, 2);
      underflow[name] = below / Math.max(1, count - zeros);
      overflow[name] = above / count;
    }
    const spread = Math.sqrt(sumOfSquares / count);
    return {
      ...{elements: count, mean: sum / count, spread, largest},
      ...{zeros: zeros / count, histogram, underflow, overflow},
    };
  }

  function compare(x: Address, y: Address, count: number): SquaredSums {
    kernels.compareTensors(x, y, count, sums);
    const [noise, signal] = doubles(2);
    return {signal, noise};
  }

  function outcome(address: Address, {product, cast, shape, along, use}: ProbedCast): CastOutcome {
    const count = shape.rows * shape.columns;
    const {format} = cast.element;
    const how = {...use(), along};
    // Values that are mixed first are compared with those that are rounded.
    const source = cast.hadamard ? mixed : address;
    if (cast.hadamard) hadamardTransform(kernels, transformerEngineSigns, address, mixed, shape, along);
    const {scaling} = cast;
    const isScaled = scaling.kind !== "constant" || scaling.scale !== 1;
    const to = (stage: CastUse["stage"]) =>
      applyCast(kernels, {...cast, hadamard: false}, source, result, shape, {...how, stage});

    to("values");
    const {signal, noise} = compare(source, result, count);
    const [, , vanished, , zeros] = doubles(5);
    if (isScaled) to("scaled");
    kernels.countMagnitudes(isScaled ? result : source, count, 0, castLimits(format).overflowing, sums);
    const overflowing = kernels.uint32(sums, 2)[1];
    if (isScaled) to("elements");
    return {
      ...{product, cast: cast.text},
      signalToNoise: signal / noise,
      underflow: vanished / Math.max(1, count - zeros),
      overflow: overflowing / count,
      codes: usedCodes(format, count),
    };
  }

  /** Of the elements in `result`: the share of the codes of finite values that occur. */
  function usedCodes(format: Format, count: number): number | null {
    const {bits, finiteValues, zeros} = formatProperties(format);
    const significantBits = format.kind === "float" ? format.mantissaBits + 1 : bits;
    if (bits > 16 || significantBits > 11) return null;
    const hasSignedZeros = zeros === 2;
    const codes = finiteValues + (hasSignedZeros ? 1 : 0);
    return kernels.countCodes(result, count, hasSignedZeros ? 1 : 0, codeMap) / codes;
  }

  return {
    statistics,
    compare,
    cast: outcome,
    smallUpdates(before, after, {cast, shape, along}, use) {
      const grid = spacing(cast.element.format);
      const count = shape.rows * shape.columns;
      if (!grid || cast.hadamard) return null;
      applyCast(kernels, cast, before, result, shape, {...use, along, stage: "scaled"});
      const {mantissaBits, minimumExponent} = grid;
      return (
        kernels.countSmallUpdates(before, after, result, 1, count, mantissaBits, minimumExponent) / count
      );
    },
  };
}

/**
 * The distance between neighbouring values: 2^(max(e, minimumExponent) − mantissaBits) at 2^e ≤ |x| < 2^(e+1). Null for
 * tables of values.
 */
export function spacing(format: Format): {mantissaBits: number; minimumExponent: number} | null {
  if (format.kind === "codebook") return null;
  const {minimumExponent, smallest} = formatProperties(format);
  if (format.kind === "float" && format.exponentBits > 0) {
    return {mantissaBits: format.mantissaBits, minimumExponent};
  }
  return {mantissaBits: uniform - binaryExponent(smallest), minimumExponent: uniform};
}

/** An exponent that no value reaches, so that a grid is the same everywhere. */
const uniform = 127;
