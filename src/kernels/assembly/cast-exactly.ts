// One value at a time in double precision, for what vectors of float32 cannot do exactly. Follows `castValue` of
// src/formats/cast.ts step by step.
import {CastConstants, codebookOffset} from "./cast-constants";

/** Rounding modes in the order of `roundings` in src/formats/rounding.ts. */
enum Mode {
  NearestEven, NearestAway, NearestZero, NearestOdd, Zero, Up, Down, Away, Odd,
  Stochastic, StochasticA, StochasticB, StochasticC, StochasticOdd, StochasticEqual,
}

/** What sets a format or a policy apart; numbers that can be added. */
enum Shape {
  /** There is no zero: smaller magnitudes become the smallest value. */
  NoZero = 1,
  /** Between zero and the smallest normal value is nothing. */
  NoSubnormals = 2,
  /** The spacing is the same everywhere. */
  Uniform = 4,
  /** Integers beyond the range count modulo their number. */
  Wraps = 8,
  /** A list of values. */
  Codebook = 16,
  /** Results lose their sign. */
  DropsSign = 32,
  /** What is flushed before rounding counts as an input of zero. */
  FlushesToInput = 64,
  // The policies of the same names, see `PolicyRules` in src/formats/policy.ts.
  Float32Shifted = 128, InputZeroOrNormal = 256, RoundedFirst = 512, RoundedTwice = 1024, Float32Arithmetic = 2048,
}

/** cast(x) by the constants at `cast`; `random` is the word of random bits for stochastic modes. */
@inline
export function castExactly(cast: usize, x: f32, random: u32): f32 {
  return castDouble(cast, <f64>x, reinterpret<i32>(x) < 0, random);
}

/** The same for any double but those below 2^-900; a sum that is rounded to odd is cast as the exact sum would be. */
export function castDouble(cast: usize, x: f64, isNegative: bool, random: u32): f32 {
  const c = changetype<CastConstants>(cast);
  if (x != x) return asFloat(isNegative ? c.nanNegative : c.nanPositive);
  let magnitude = abs(x);
  if (magnitude == Infinity) return asFloat(isNegative ? c.infinityNegative : c.infinityPositive);
  if (c.shape & Shape.Codebook) return <f32>castToCodebook(c, cast + codebookOffset, <f32>x, random);
  if (magnitude == 0) return zeroOf(c, isNegative, true);
  if (isNegative && c.limitNegative < 0) return asFloat(c.overflowNegative);
  magnitude = flushInput(c, magnitude);
  if (magnitude == 0) return zeroOf(c, isNegative, false);
  if (magnitude < <f64>c.flushBefore) return zeroOf(c, isNegative, (c.shape & Shape.FlushesToInput) != 0);

  const rounded = roundToGrid(c, magnitude, isNegative, random);
  if (rounded != rounded) return f32.NaN;
  if (c.shape & Shape.Wraps) return <f32>wrap(c, isNegative ? -rounded : rounded);
  const y = <f32>rounded;
  if (reinterpret<i32>(y) > (isNegative ? c.limitNegative : c.limitPositive)) {
    return asFloat(isNegative ? c.overflowNegative : c.overflowPositive);
  }
  return y == 0 || y < c.flushAfter ? zeroOf(c, isNegative, false) : withSign(c, y, isNegative);
}

function zeroOf(c: CastConstants, isNegative: bool, isInput: bool): f32 {
  if (c.shape & Shape.NoZero) return isInput ? asFloat(c.zeroResult) : c.smallestNormal;
  return withSign(c, 0, isNegative && !(isInput && c.dropsNegativeZero)) + c.zero;
}

/** A small magnitude as the policy's `subnormalInput` has it; `zero` is done by `flushBefore`. */
function flushInput(c: CastConstants, magnitude: f64): f64 {
  if (c.shape & Shape.Float32Shifted && magnitude < <f64>c.smallestNormal) {
    const spacing = <f64>c.smallestNormal / 8388608;
    return nearest(magnitude / spacing) * spacing;
  }
  if (c.shape & Shape.InputZeroOrNormal && magnitude < powerOfTwo(-126)) {
    return magnitude > powerOfTwo(-127) ? powerOfTwo(-126) : 0;
  }
  return magnitude;
}

/** The neighbour of a magnitude that the mode picks on the format's grid, continued beyond its largest value. */
function roundToGrid(c: CastConstants, magnitude: f64, isNegative: bool, random: u32): f64 {
  const smallestNormal = <f64>c.smallestNormal;
  if (magnitude < smallestNormal) {
    if (c.shape & Shape.NoZero) return smallestNormal;
    if (c.shape & Shape.NoSubnormals) {
      return goesUp(c, magnitude / smallestNormal, false, isNegative, random) ? smallestNormal : 0;
    }
    if (c.shape & Shape.RoundedFirst && magnitude < powerOfTwo(c.minimumExponent - c.mantissaBits)) {
      if (c.mode >= Mode.Stochastic) return 0;
      magnitude = roundInBinade(c, magnitude, exponentOf(magnitude), isNegative, random);
    }
  }
  let exponent = c.minimumExponent;
  if (!(c.shape & Shape.Uniform)) {
    const own = c.shape & Shape.Float32Arithmetic ? exponentByLogarithm(magnitude) : exponentOf(magnitude);
    if (c.shape & Shape.Float32Arithmetic && own > 127) return NaN;
    exponent = max(own, exponent);
  }
  const rounded = roundInBinade(c, magnitude, exponent, isNegative, random);
  if (!(c.shape & Shape.RoundedTwice) || rounded == 0 || rounded >= smallestNormal) return rounded;
  if (c.mode >= Mode.Stochastic) return 0;
  return goesUp(c, rounded / smallestNormal, true, isNegative, random) ? smallestNormal : 0;
}

function roundInBinade(c: CastConstants, magnitude: f64, exponent: i32, isNegative: bool, random: u32): f64 {
  const spacing = powerOfTwo(exponent - c.mantissaBits);
  const steps = magnitude / spacing;
  const below = floor(steps);
  // The last bit of the lower code is the fraction's, or without a fraction that of the exponent field.
  const lastBit = c.mantissaBits > 0 || below == 0 ? <i64>below : <i64>(exponent + c.bias);
  let rest = steps - below;
  if (c.shape & Shape.Float32Arithmetic && c.mode <= Mode.NearestOdd && steps == halfLess) rest = 0.75;
  return (goesUp(c, rest, (lastBit & 1) != 0, isNegative, random) ? below + 1 : below) * spacing;
}

/** 1/2 - 2^-25, to which float32 addition of a half is inexact. */
const halfLess: f64 = 0.4999999701976776;

/** See the function of this name in src/formats/cast.ts. */
function exponentByLogarithm(magnitude: f64): i32 {
  const exponent = exponentOf(magnitude);
  const next = exponent + 1;
  if (next == 0) return exponent;
  const j = exponentOf(next > 0 ? <f64>next - 0.5 : <f64>next);
  const distance = (1 - magnitude / powerOfTwo(next)) * 16777216;
  return distance < powerOfTwo(j) * 0.6931471805599453 ? next : exponent;
}

@inline
function exponentOf(x: f64): i32 {
  return (<i32>(reinterpret<u64>(x) >> 52) & 0x7ff) - 1023;
}

/** An integer format has 2^mantissaBits codes; see `integerConstants` of src/precision/cast-constants.ts. */
function wrap(c: CastConstants, x: f64): f64 {
  const range = powerOfTwo(c.minimumExponent);
  let rest = x - floor(x / range) * range;
  if (c.lowest < 0 && rest >= range / 2) rest -= range;
  return max(rest, <f64>c.lowest);
}

/** The list of values: their number, then the values, ascending, in double precision. */
function castToCodebook(c: CastConstants, codebook: usize, x: f64, random: u32): f64 {
  const last = load<i32>(codebook) - 1;
  const values = codebook + 8;
  if (x <= load<f64>(values)) return load<f64>(values);
  if (x >= load<f64>(values + (<usize>last << 3))) return load<f64>(values + (<usize>last << 3));
  let below = 0;
  for (let above = last; above - below > 1;) {
    const middle = (below + above) >> 1;
    if (load<f64>(values + (<usize>middle << 3)) <= x) below = middle;
    else above = middle;
  }
  const lower = load<f64>(values + (<usize>below << 3)), upper = load<f64>(values + (<usize>below << 3), 8);
  if (x == lower) return lower;
  const isNegative = x < 0;
  const share = upper - x == x - lower ? 0.5 : (x - lower) / (upper - lower);
  const goesOut = goesUp(c, isNegative ? 1 - share : share, isNegative, isNegative, random);
  return goesOut == isNegative ? lower : upper;
}

/** Whether the mode goes to the upper of two neighbours; `rest` is the distance from the lower one, 0 ≤ rest < 1. */
function goesUp(c: CastConstants, rest: f64, isOdd: bool, isNegative: bool, random: u32): bool {
  switch (c.mode) {
    case Mode.NearestEven: return rest > 0.5 || (rest == 0.5 && isOdd);
    case Mode.NearestAway: return rest >= 0.5;
    case Mode.NearestZero: return rest > 0.5;
    case Mode.NearestOdd: return rest > 0.5 || (rest == 0.5 && !isOdd);
    case Mode.Zero: return false;
    case Mode.Up: return rest > 0 && !isNegative;
    case Mode.Down: return rest > 0 && isNegative;
    case Mode.Away: return rest > 0;
    case Mode.Odd: return rest > 0 && !isOdd;
    case Mode.StochasticEqual: return rest > 0 && <i32>random < 0;
  }
  if (c.mode == Mode.Stochastic && c.randomBits == 0) return <f64>random + 0.5 < rest * 4294967296;
  const range = powerOfTwo(c.randomBits);
  let steps = rest * range;
  if (c.mode == Mode.StochasticA) steps = floor(steps);
  else if (c.mode == Mode.StochasticB) steps = floor(steps + 0.5);
  else if (c.mode == Mode.StochasticOdd) steps = nearestOdd(steps);
  else steps = nearest(steps);
  return steps + <f64>(random >>> (32 - c.randomBits)) >= range;
}

function nearestOdd(x: f64): f64 {
  const below = floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest == 0.5 && (<i64>below & 1) == 0) ? below + 1 : below;
}

@inline
function asFloat(bits: i32): f32 {
  return reinterpret<f32>(bits);
}

@inline
function withSign(c: CastConstants, magnitude: f32, isNegative: bool): f32 {
  return isNegative && !(c.shape & Shape.DropsSign) ? -magnitude : magnitude;
}

/** 2^exponent for exponents of normal doubles. */
@inline
function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>((<i64>exponent + 1023) << 52);
}
