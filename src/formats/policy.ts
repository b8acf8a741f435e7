import {specialCodes} from "./decode.js";
import {formatProperties} from "./derived.js";
import type {FloatFormat, Format, Specials} from "./format.js";

/**
 * What becomes of a magnitude that the format cannot hold.
 *
 * - `infinity`: infinity; where the format has none NaN, and where it lacks that too the largest value
 * - `nan`: NaN, or the largest value
 * - `largest`: the largest value
 * - `infinity-or-largest`: infinity, or the largest value
 * - `infinity-anyway`: infinity even in a format without it, as a simulator in float32 may leave it
 */
export type BeyondLargest = "infinity" | "nan" | "largest" | "infinity-or-largest" | "infinity-anyway";

/**
 * What becomes of finite values whose magnitude rounds beyond the largest one. `by-rounding` is IEEE 754, section 7.4:
 * the largest value where the rounding mode points toward zero there, and else `infinity`; `by-rounding-or-largest`
 * (P3109's OvfInf) the same with `infinity-or-largest`; `by-rounding-or-chance` (chop) the same as `by-rounding`, but
 * the largest value also for stochastic rounding, unless its chances are equal.
 */
export type FiniteOverflow =
  | BeyondLargest
  | "by-rounding"
  | "by-rounding-or-largest"
  | "by-rounding-or-chance";

/** What a cast does with values that are not simply rounded; decisions in the order in which they are made. */
export interface PolicyRules {
  /**
   * What NaN becomes in a format without NaN: a zero with the sign that the NaN does not have, a positive zero, the
   * largest value, or NaN all the same, as a simulator in float32 may leave it. Integers have no zero with a sign.
   */
  readonly nanReplacement: "opposite-zero" | "zero" | "largest" | "nan-anyway";
  readonly infiniteInput: BeyondLargest;
  /** What negative values become in an unsigned float format: zero, NaN (or zero without it), or their magnitude. */
  readonly negativeInput: "zero" | "nan" | "magnitude";
  /**
   * Small inputs. `zero` treats those below 2^-126, the subnormals of float32, as zero, and `zero-or-normal` takes them
   * to zero or 2^-126, whichever is nearer. `float32-shifted` first rounds those below the smallest normal value of the
   * format to nearest even, 23 bits below it, as a multiplication does that moves the format's subnormals onto those of
   * float32. `rounded-first` (chop) rounds those below the smallest value of the format with the format's full
   * precision before they are rounded again, both by the mode; stochastic modes take them to zero.
   */
  readonly subnormalInput: "keep" | "zero" | "zero-or-normal" | "float32-shifted" | "rounded-first";
  readonly finiteOverflow: FiniteOverflow;
  /**
   * Results below the smallest normal value: kept; zero, decided after or before rounding; or rounded by the mode to
   * either zero or the smallest normal value, where `nearest-even` takes ties to zero. `rounded-twice` (chop) does so
   * with the value already rounded to a subnormal one, takes ties up, and stochastic modes to zero.
   */
  readonly subnormalOutput: "keep" | "flush-after" | "flush-before" | "zero-or-normal" | "rounded-twice";
  /** Whether zeros keep the sign of what became zero, lose it, or lose only that of inputs that were -0 already. */
  readonly negativeZero: "keep" | "drop" | "drop-input";
  /** What zero becomes in a format without zero. Positive values below the smallest become the smallest. */
  readonly missingZero: "nan" | "smallest";
  /** Integers beyond the range: the nearest end of it, or modulo 2^bits, where infinities become 0. */
  readonly integerOverflow: "saturate" | "wrap";
  /**
   * `float32` has two defects of microxcaling: exponents come from a logarithm in float32, which is one too high just
   * below a power of two (NaN below 2^128), and nearest modes add a half in float32, which rounds 1/2 - 2^-25 up.
   */
  readonly arithmetic: "exact" | "float32";
}

/** Rules for all formats, and what differs for some of them: by kind, by specials, then by name. */
export interface Policy extends PolicyRules {
  readonly overrides?: Readonly<Record<string, Partial<PolicyRules>>>;
}

/** Keys of `overrides` that mean more than one format. */
export type OverrideGroup = Specials | Format["kind"];

/** The rules that apply to one format. */
export function rulesFor(format: Format, {overrides = {}, ...rules}: Policy): PolicyRules {
  const specials = format.kind === "float" ? overrides[format.specials] : undefined;
  return {...rules, ...overrides[format.kind], ...specials, ...overrides[format.name]};
}

/** The same policy, except that whatever lies beyond the largest value becomes the largest value. */
export function saturating({overrides, ...rules}: Policy): Policy {
  const saturation = {
    finiteOverflow: "largest",
    infiniteInput: "largest",
    integerOverflow: "saturate",
  } as const;
  const kept = Object.entries(overrides ?? {}).map(([key, some]) => [key, {...some, ...saturation}] as const);
  return {...rules, ...saturation, ...(overrides && {overrides: Object.fromEntries(kept)})};
}

/** The magnitude that stands for `choice` in a format: the largest finite value, infinity or NaN. */
export function magnitudeBeyond(format: FloatFormat, choice: BeyondLargest): number {
  const {infinities, nans} = specialCodes(format);
  const prefersInfinity = choice === "infinity" || choice === "infinity-or-largest";
  if (choice === "infinity-anyway" || (prefersInfinity && infinities > 0)) return Number.POSITIVE_INFINITY;
  if ((choice === "infinity" || choice === "nan") && nans > 0) return Number.NaN;
  return formatProperties(format).largest;
}
